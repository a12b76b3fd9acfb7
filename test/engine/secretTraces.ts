/** Finds secrets in a text, even in encoded form. */

const BASE64 = /[A-Za-z0-9+/_-]{32,}={0,2}/g;
/** Nothing else in the tests looks like a signature. */
const SIGNATURE = /q-signature|q-sign-algorithm|q-ak=|x-cos-security-token=|\b[0-9a-f]{40}\b/i;

function percentDecoded(text: string): string {
	return text.replace(/(?:%[0-9a-f]{2})+/gi, (escaped) => {
		try {
			return decodeURIComponent(escaped);
		} catch {
			return escaped;
		}
	});
}

const base64Decoded = (text: string): string =>
	(text.match(BASE64) ?? []).map((found) => Buffer.from(found, 'base64').toString('latin1')).join();

/** The text with all that it may contain decoded: percent-encoded, in Base64, and both. */
function decodings(text: string): string[] {
	const plain = percentDecoded(percentDecoded(text));
	const inside = base64Decoded(plain);
	return [text, plain, inside, percentDecoded(inside), base64Decoded(inside)];
}

/**
 * The secrets found in a text, each with some of the text around it.
 *
 * @param canaries known secrets; signatures are recognized by their form
 */
export function tracesOf(text: string, canaries: readonly string[]): string[] {
	return decodings(text).flatMap((decoded) => {
		const places = canaries.map((canary) => decoded.indexOf(canary));
		places.push(decoded.search(SIGNATURE));
		return places
			.filter((place) => place >= 0)
			.map((place) => decoded.slice(Math.max(0, place - 60), place + 80));
	});
}
