import fc from 'fast-check';

const SURROGATES = { first: 0xd800, count: 0x800 };

/**
 * Any character of Unicode, as the `unit` of `fc.string`. fast-check's own unit `binary` gives the same,
 * but first makes a table of all of them, which takes each file of tests a second.
 */
export const CHARACTER = fc
	.integer({ min: 0, max: 0x10ffff - SURROGATES.count })
	.map((n) => String.fromCodePoint(n < SURROGATES.first ? n : n + SURROGATES.count));
