/** UTF-16 puts the surrogates below U+E000..U+FFFF; UTF-8 bytes put them above. */
const rank = (unit: number) =>
	unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;

/** Orders two texts by their UTF-8 bytes, as the service lists keys. Negative: `a` comes first. */
export function compareKeys(a: string, b: string): number {
	const length = Math.min(a.length, b.length);
	for (let index = 0; index < length; index++) {
		const left = a.charCodeAt(index);
		const right = b.charCodeAt(index);
		if (left !== right) return rank(left) - rank(right);
	}
	return a.length - b.length;
}

/** The first position in a sorted list of keys for which `isPast` holds; the length when none. */
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
