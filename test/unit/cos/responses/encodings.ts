/** What gateways and services do to what they repeat, and how it is undone: written without the product. */

type Encode = (text: string) => string;

const everyByte = (text: string, upper: boolean) =>
	text.replace(/[^]/g, (c) => {
		const hex = c.charCodeAt(0).toString(16).padStart(2, '0');
		return `%${upper ? hex.toUpperCase() : hex}`;
	});
const lowerEscapes = (text: string) =>
	encodeURIComponent(text).replace(/%../g, (escape) => escape.toLowerCase());
const base64 = (text: string) => Buffer.from(text).toString('base64');

const ENCODINGS: Readonly<Record<string, Encode>> = {
	percent: encodeURIComponent,
	'percent, twice': (text) => encodeURIComponent(encodeURIComponent(text)),
	'percent in small letters, twice': (text) => lowerEscapes(lowerEscapes(text)),
	'percent, every byte': (text) => everyByte(text, false),
	'percent, every byte, twice': (text) => everyByte(everyByte(text, true), true),
	base64,
	'base64 without padding': (text) => base64(text).replace(/=+$/, ''),
	'base64 one byte later': (text) => base64(`:${text}`),
	'base64 two bytes later': (text) => base64(`: ${text} and more`),
	'URL-safe base64': (text) => Buffer.from(text).toString('base64url'),
	'base64 in lines': (text) => base64(text).replace(/.{76}/g, '$&\r\n'),
	'base64 in short, indented lines': (text) => base64(text).replace(/.{20}/g, '$&\n\t'),
	hex: (text) => Buffer.from(text).toString('hex'),
	'hex in capital letters': (text) => Buffer.from(text).toString('hex').toUpperCase(),
	'HTML references': (text) =>
		text.replace(/[^A-Za-z0-9]/g, (c) => `&#x${c.charCodeAt(0).toString(16)};`),
	'decimal HTML references': (text) => text.replace(/[^]/g, (c) => `&#${c.charCodeAt(0)};`),
	'HTML names': (text) =>
		text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;'),
	'JSON with escaped slashes': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
	'JSON with escaped characters': (text) =>
		text.replace(/[^A-Za-z0-9]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
};

export const NAMES = Object.keys(ENCODINGS);

export const encode = (text: string, names: readonly string[]) =>
	names.reduce((encoded, name) => (ENCODINGS[name] ?? String)(encoded), text);

const code = (radix: number) => (_: string, digits: string) =>
	String.fromCharCode(parseInt(digits, radix));

/** Everything that can be undone without knowing how something was encoded. */
function undone(text: string): string[] {
	const joined = text.replace(/\s*[\r\n]\s*/g, '');
	const runs = (pattern: RegExp, phases: number, as: BufferEncoding) =>
		(joined.match(pattern) ?? []).flatMap((run) =>
			Array.from({ length: phases }, (_, phase) =>
				Buffer.from(run.slice(phase), as).toString('latin1'),
			),
		);
	return [
		joined,
		text.replace(/%([0-9a-f]{2})/gi, code(16)),
		text
			.replace(/&#x([0-9a-f]+);/gi, code(16))
			.replace(/&#(\d+);/g, code(10))
			.replaceAll('&quot;', '"')
			.replaceAll('&lt;', '<')
			.replaceAll('&amp;', '&'),
		text
			.replace(/\\u([0-9a-f]{4})/gi, code(16))
			.replaceAll('\\/', '/')
			.replaceAll('\\r', '\r')
			.replaceAll('\\n', '\n')
			.replaceAll('\\t', '\t'),
		...runs(/[\w+/-]{11,}/g, 4, 'base64'),
		...runs(/[0-9a-f]{16,}/gi, 2, 'hex'),
	];
}

/** The text, and all that it can be read as in so many steps. */
function decodings(text: string, steps: number): Set<string> {
	const all = new Set([text]);
	let newest = [text];
	for (let step = 0; step < steps; step++) {
		newest = [...new Set(newest.flatMap(undone))].filter((one) => one !== '' && !all.has(one));
		for (const one of newest) all.add(one);
	}
	return all;
}

/** Whether so many characters of a secret that stand side by side can be read in a text. */
export function canBeRead(text: string, secret: string, characters: number, steps = 3): boolean {
	const readable = [...decodings(text, steps)];
	for (let start = 0; start + characters <= secret.length; start++) {
		const part = secret.slice(start, start + characters);
		if (readable.some((one) => one.includes(part))) return true;
	}
	return false;
}
