/** Finds secrets in a text, even in part or in encoded form. */

const BASE64 = /[A-Za-z0-9+/_-]{22,}/g;
/** Nothing else in the tests looks like a signature. */
const SIGNATURE = /q-signature|q-sign-algorithm|q-ak=|x-cos-security-token=|\b[0-9a-f]{40}\b/i;

/** Of 16 characters of a secret, one of its parts of so many is always whole. */
const PART = 8;

function percentDecoded(text: string): string {
	return text.replace(/(?:%[0-9a-f]{2})+/gi, (escaped) => {
		try {
			return decodeURIComponent(escaped);
		} catch {
			return escaped;
		}
	});
}

/** Where the encoding begins is not known: each of four beginnings gives other bytes. */
const base64Decoded = (text: string): string =>
	(text.match(BASE64) ?? [])
		.flatMap((found) =>
			[0, 1, 2, 3].map((start) => Buffer.from(found.slice(start), 'base64').toString('latin1')),
		)
		.join();

/** The text with all that it may contain decoded: percent-encoded, in Base64, and both. */
function decodings(text: string): string[] {
	const plain = percentDecoded(percentDecoded(text));
	const inside = base64Decoded(plain);
	return [text, plain, inside, percentDecoded(inside), base64Decoded(inside)];
}

function partsOf(secret: string): string[] {
	const parts = secret.match(new RegExp(`[^]{${PART}}`, 'g')) ?? [];
	return secret.length < 2 * PART ? [secret] : parts;
}

/**
 * The secrets found in a text, each with some of the text around it.
 *
 * @param canaries known secrets, which are found from 16 characters on; signatures are recognized by their form
 */
export function tracesOf(text: string, canaries: readonly string[]): string[] {
	const parts = canaries.flatMap(partsOf);
	return decodings(text).flatMap((decoded) => {
		const places = parts.map((part) => decoded.indexOf(part));
		places.push(decoded.search(SIGNATURE));
		return places
			.filter((place) => place >= 0)
			.map((place) => decoded.slice(Math.max(0, place - 60), place + 80));
	});
}
