const DATA_URL = /^data:[^,]{0,200};base64,/i;
/** Longer than the beginning of a data URL. */
const BEGINNING = 300;

const DIGIT = 1;
const SPACE = 2;
const PADDING = 3;
/** What each byte is, by its value; 0 for what has no place in Base64. */
const KINDS = new Uint8Array(256);
for (const [signs, kind] of [
	['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_', DIGIT],
	[' \t\n\v\f\r', SPACE],
	['=', PADDING],
] as const) {
	for (const byte of Buffer.from(signs)) KINDS[byte] = kind;
}
const MOST_PADDING = 2;

/** Whether a text is digits, and padding behind them; spaces anywhere do not count. */
function isBase64(text: Buffer): boolean {
	let digits = 0;
	let padding = 0;
	for (const byte of text) {
		const kind = KINDS[byte];
		if (kind === DIGIT && padding === 0) digits++;
		else if (kind === PADDING) padding++;
		else if (kind !== SPACE) return false;
	}
	// Four digits are three bytes: one digit alone is less than a byte.
	return padding <= MOST_PADDING && digits % 4 !== 1;
}

/**
 * The bytes of Base64 text, as programs and people write it: in lines, in the URL-safe alphabet, without
 * padding, or with the beginning of a data URL.
 *
 * Files of many megabytes come this way, so no regular expression runs over the whole text.
 *
 * @returns undefined when it is not Base64
 */
export function decodeBase64(value: unknown): Buffer | undefined {
	if (typeof value !== 'string') return undefined;
	const text = value.trim();
	const content = text.slice(DATA_URL.exec(text.slice(0, BEGINNING))?.[0].length ?? 0);
	return isBase64(Buffer.from(content)) ? Buffer.from(content, 'base64') : undefined;
}
