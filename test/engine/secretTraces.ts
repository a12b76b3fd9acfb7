/** Finds secrets in a text, whichever way they were written down. */

const BASE64 = /[A-Za-z0-9+/_-]{32,}={0,2}/g;
/** A signature is the only thing of this shape that the sandbox's world holds. */
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

/** The text and all it may hold in disguise: percent-encoded, in Base64, and both. */
function readings(text: string): string[] {
	const plain = percentDecoded(percentDecoded(text));
	const inside = base64Decoded(plain);
	return [text, plain, inside, percentDecoded(inside), base64Decoded(inside)];
}

/**
 * What of the secrets shows in a text, with a little of what stands around it.
 *
 * @param canaries secrets that are known; signatures are told by their form
 */
export function tracesOf(text: string, canaries: readonly string[]): string[] {
	return readings(text).flatMap((reading) => {
		const places = canaries.map((canary) => reading.indexOf(canary));
		places.push(reading.search(SIGNATURE));
		return places
			.filter((place) => place >= 0)
			.map((place) => reading.slice(Math.max(0, place - 60), place + 80));
	});
}
