/** Characters, and pairs of them, that OCR takes for each other. Of each row, all count as the first. */
const LOOK_ALIKES: ReadonlyArray<readonly [string, RegExp]> = [
	['o', /0/g],
	['l', /[1i|!]/g],
	['s', /[5$]/g],
	['b', /8/g],
	['z', /2/g],
	['m', /rn/g],
	['w', /vv/g],
	['.', /[。·•∙・‧]/g],
	['-', /[‐‑‒–—―_~]/g],
	["'", /[‘’`´]/g],
];

/**
 * A text in a form in which texts that OCR cannot tell apart are equal: without spaces, and with one
 * character for upper and lower case, for full and half width, and for look-alikes such as `0` and `O`,
 * `l`, `1` and `I`, or `rn` and `m`.
 */
export function asRead(text: string): string {
	const plain = text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
	return LOOK_ALIKES.reduce((read, [one, others]) => read.replace(others, one), plain);
}
