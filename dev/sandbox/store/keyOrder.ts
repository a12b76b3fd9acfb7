/** Surrogates sort below U+E000..U+FFFF in UTF-16, but above them in UTF-8. */
const rank = (unit: number) =>
	unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;

/** Compares two keys by their UTF-8 bytes, the order in which the service lists them. */
export function compareKeys(a: string, b: string): number {
	const length = Math.min(a.length, b.length);
	for (let index = 0; index < length; index++) {
		const left = a.charCodeAt(index);
		const right = b.charCodeAt(index);
		if (left !== right) return rank(left) - rank(right);
	}
	return a.length - b.length;
}

/** The index of the first key in a sorted list that satisfies `isPast`; the length if none does. */
export function firstIndex(keys: readonly string[], isPast: (key: string) => boolean): number {
	let low = 0;
	let high = keys.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (isPast(keys[middle] ?? '')) high = middle;
		else low = middle + 1;
	}
	return low;
}
