const DATA_URL = /^\s*data:[^,]{0,200};base64,/i;

/**
 * The bytes of Base64 text, as programs and people write it: in lines, in the URL-safe alphabet, without
 * padding, or with the beginning of a data URL.
 *
 * @returns undefined when it is not Base64
 */
export function decodeBase64(value: unknown): Buffer | undefined {
	if (typeof value !== 'string') return undefined;
	const text = value.slice(DATA_URL.exec(value)?.[0].length ?? 0).replace(/\s+/g, '');
	const end = text.indexOf('=');
	const digits = end < 0 ? text : text.slice(0, end);
	const padding = text.slice(digits.length);
	if (/[^\w+/-]/.test(digits) || !['', '=', '=='].includes(padding)) return undefined;
	// Four digits are three bytes: one digit alone is less than a byte.
	return digits.length % 4 === 1 ? undefined : Buffer.from(digits, 'base64');
}
