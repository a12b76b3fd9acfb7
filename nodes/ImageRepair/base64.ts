const DATA_URL = /^data:[^,]{0,200};base64,/i;
/** Longer than the beginning of a data URL. */
const BEGINNING = 300;
/** Files of many megabytes come this way: no regular expression runs over more than this at once. */
const PART = 65_536;
const MOST_PADDING = 2;

/** A text without its spaces, in parts. */
function* withoutSpaces(text: string): Generator<string> {
	for (let start = 0; start < text.length; start += PART) {
		yield text.slice(start, start + PART).replace(/\s+/g, '');
	}
}

/** Whether parts are digits, and padding behind them. */
function isBase64(parts: readonly string[]): boolean {
	let digits = 0;
	let padding = 0;
	for (const part of parts) {
		const [whole, before = '', behind = ''] = /^([\w+/-]*)(=*)$/.exec(part) ?? [];
		if (whole === undefined || (padding > 0 && before !== '')) return false;
		digits += before.length;
		padding += behind.length;
	}
	// Four digits are three bytes: one digit alone is less than a byte.
	return padding <= MOST_PADDING && digits % 4 !== 1;
}

/**
 * The bytes of Base64 text, as programs and people write it: in lines, in the URL-safe alphabet, without
 * padding, or with the beginning of a data URL.
 *
 * @returns undefined when it is not Base64
 */
export function decodeBase64(value: unknown): Buffer | undefined {
	if (typeof value !== 'string') return undefined;
	const text = value.trimStart();
	const content = text.slice(DATA_URL.exec(text.slice(0, BEGINNING))?.[0].length ?? 0);
	const parts = [...withoutSpaces(content)];
	return isBase64(parts) ? Buffer.from(parts.join(''), 'base64') : undefined;
}
