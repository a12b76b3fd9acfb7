/**
 * Keeps secrets out of what is shown of a response: a gateway may repeat the request that it could not
 * forward, and the service the part of it that it refuses. `MaskPic` alone is a presigned link in
 * Base64 in a percent-encoded query.
 */

/** Parts of a signature, the shape of a SecretId, and what goes with the name of a header. */
const CREDENTIAL = [
	/q-(?:sign|ak|key-time|header-list|url-param-list)/i,
	/security-token/i,
	/authorization["']?\s*(?:[:=]|<\/|&lt;)/i,
	/AKID[A-Za-z0-9_-]{8,}/,
	// A login for a proxy or a server; words such as "basic processing" have small letters only.
	/\b[Bb](?:asic|earer)\s+(?=\S*(?:[A-Z]|\d|=))[\w+/.=~-]{8,}/,
];

/** A link with a query or a login; without them it is no more than a name. */
const LINK = /https?:\/\/(?:[^\s"<>]*\?[^\s"<>]|[^\s"<>/?#]*@)/i;

/** The SHA-1 of a signature, and what is as long as a security token and no word. */
const LONG_TOKEN =
	/(?<![A-Za-z0-9])(?:[0-9a-f]{40}|(?=[\w+/=-]*\d)[\w+/=-]{120,})(?![A-Za-z0-9])/gi;

/** What stands between characters that neither a link nor an encoding of it holds; Base64 has lines. */
const TOKEN = /[^\s"<>]{60,}(?:\r?\n[^\s"<>]+)+|[^\s"<>]{12,}/g;

/** Shorter ones would be found in ordinary words. */
const SHORTEST_SECRET = 8;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64Decoded(run: string): string {
	let bits = 0;
	let buffer = 0;
	let decoded = '';
	for (const character of run) {
		buffer = ((buffer << 6) | ALPHABET.indexOf(character)) & 0xffff;
		bits += 6;
		if (bits < 8) continue;
		bits -= 8;
		decoded += String.fromCharCode((buffer >> bits) & 0xff);
	}
	return decoded;
}

/** Every run that may be Base64, of either alphabet, broken into lines or not. */
function fromBase64(text: string): string {
	const runs = text.replace(/\s*\n\s*/g, '').match(/[\w+/-]{11,}/g) ?? [];
	return (
		runs
			.map((run) => run.replace(/-/g, '+').replace(/_/g, '/'))
			// Where a run begins earlier than what is encoded, three of four beginnings give nothing.
			.flatMap((run) => [0, 1, 2, 3].map((start) => base64Decoded(run.slice(start))))
			.join('\n')
	);
}

const fromCode = (hex: string) => String.fromCharCode(parseInt(hex, 16));

function fromHex(text: string): string {
	const decode = (run: string) => (run.match(/../g) ?? []).map(fromCode).join('');
	return (text.match(/[0-9a-f]{16,}/gi) ?? [])
		.flatMap((run) => [decode(run), decode(run.slice(1))])
		.join('\n');
}

/** Percent-encoding byte by byte: everything that is looked for is ASCII. */
function fromPercent(text: string): string {
	return text.replace(/%([0-9a-f]{2})/gi, (_, code: string) => fromCode(code));
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', amp: '&', apos: "'" };

/** From left to right, here and below: what was escaped twice is left escaped once. */
function fromHtml(text: string): string {
	return text.replace(/&(?:#(x?)([0-9a-f]{1,6})|(quot|amp|apos));/gi, (_, ...found: string[]) => {
		const [x, digits, name = ''] = found;
		if (!digits) return ENTITIES[name.toLowerCase()] ?? '';
		return String.fromCharCode(parseInt(digits, x ? 16 : 10));
	});
}

function fromJson(text: string): string {
	return text.replace(
		/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([nrt])|(["/\\]))/gi,
		(_, ...found: string[]) => {
			const [unicode, byte, blank, itself = ''] = found;
			const code = unicode ?? byte;
			if (code) return fromCode(code);
			return blank ? '\n' : itself;
		},
	);
}

const DECODERS = [fromPercent, fromHtml, fromJson, fromBase64, fromHex];

/** Encodings inside one another. */
const MAX_LAYERS = 4;
/** Characters; what unfolds to more is not read to its end, and not shown. */
const MAX_DECODED = 1_000_000;

/** The text and all that it may be an encoding of, or undefined when that is too much to look at. */
function layersOf(text: string): Set<string> | undefined {
	const layers = new Set([text]);
	let newest = [text];
	let size = text.length;
	for (let layer = 0; layer < MAX_LAYERS; layer++) {
		const decoded = newest.flatMap((one) => DECODERS.map((decode) => decode(one)));
		newest = [...new Set(decoded)].filter((one) => one !== '' && !layers.has(one));
		size += newest.reduce((sum, one) => sum + one.length, 0);
		if (size > MAX_DECODED) return undefined;
		for (const one of newest) layers.add(one);
	}
	return layers;
}

/** Whether a test holds for any layer; what cannot be looked at whole counts as if it did. */
function inLayers(layers: Set<string> | undefined, test: (layer: string) => boolean): boolean {
	return layers === undefined || [...layers].some(test);
}

const isLink = (layer: string) => LINK.test(layer);

function isSecret(secrets: readonly string[]): (layer: string) => boolean {
	const long = secrets.filter(({ length }) => length >= SHORTEST_SECRET);
	return (layer) =>
		CREDENTIAL.some((pattern) => pattern.test(layer)) ||
		long.some((secret) => layer.includes(secret));
}

/**
 * Whether a text holds part of a signature, a SecretId or one of the secrets, in any encoding.
 *
 * @param secrets further texts that nobody may see
 */
export function holdsSecret(text: string, secrets: readonly string[] = []): boolean {
	return inLayers(layersOf(text), isSecret(secrets));
}

/**
 * A text of the service or of a gateway as it may be shown: `…` in place of links with a query and of
 * long tokens, in any encoding.
 *
 * @param secrets further texts that nobody may see
 * @returns '' when the text holds a secret, since what stands around it belongs to it
 */
export function withoutSecrets(text: string, secrets: readonly string[] = []): string {
	const layers = layersOf(text);
	if (inLayers(layers, isSecret(secrets))) return '';
	if (!inLayers(layers, isLink)) return text.replace(LONG_TOKEN, '…');
	const shown = text
		.replace(TOKEN, (token) => (inLayers(layersOf(token), isLink) ? '…' : token))
		.replace(LONG_TOKEN, '…');
	return inLayers(layersOf(shown), isLink) ? '' : shown;
}
