/** How a key grew out of an earlier one. */
export interface Way {
	/** What was added, and on which side: two steps of one loop look alike. */
	shape: string;
	/** Whether the file name grew, and not only the folders before it. */
	isOfName: boolean;
}

interface Parts {
	folder: string;
	/** Without extension: a result can be of another type. */
	name: string;
}

function partsOf(key: string): Parts {
	const slash = key.lastIndexOf('/') + 1;
	const fileName = key.slice(slash);
	const dot = fileName.lastIndexOf('.');
	return { folder: key.slice(0, slash), name: dot > 0 ? fileName.slice(0, dot) : fileName };
}

/** What stands before and after the earlier text; undefined when the later one does not hold it. */
function added(earlier: string, later: string): [before: string, after: string] | undefined {
	if (later.startsWith(earlier)) return ['', later.slice(earlier.length)];
	if (later.endsWith(earlier)) return [later.slice(0, -earlier.length), ''];
	const at = later.indexOf(earlier);
	return at < 0 ? undefined : [later.slice(0, at), later.slice(at + earlier.length)];
}

/** A number in what is added differs at each step, such as a time; a number alone is counting. */
function shapeOf(parts: readonly [string, string]): string {
	const text = parts.join('|');
	return /\p{L}/u.test(text) ? text.replace(/\p{N}+/gu, '#') : text;
}

/** Counting up makes "11" of "1" and "aa" of "a", which are images of their own. */
function isTelling(text: string): boolean {
	return /[^\p{L}\p{N}]/u.test(text) || (text.length > 1 && /\p{L}/u.test(text));
}

/** How a key could have been made of an earlier one; undefined when it was not. */
export function wayFrom(earlier: string, later: string): Way | undefined {
	const from = partsOf(earlier);
	const to = partsOf(later);
	const isOfName = to.name !== from.name;
	const parts = isOfName ? added(from.name, to.name) : added(from.folder, to.folder);
	return parts && isTelling(parts.join('')) ? { shape: shapeOf(parts), isOfName } : undefined;
}
