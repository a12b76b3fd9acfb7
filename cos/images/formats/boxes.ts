import { skip, take, uint64, type Steps } from '../walk';

/** A box of ISO/IEC 14496-12; `size` counts its header in, Infinity is a box up to the end of the file. */
export interface Box {
	/** As `fourCC` gives it. */
	type: number;
	size: number;
	headerSize: number;
}

/** Reads the header of a box. */
export function* box(): Steps<Box> {
	const header = yield take(8);
	const [size, type] = [header.getUint32(0), header.getUint32(4)];
	if (size === 0) return { type, size: Infinity, headerSize: 8 };
	if (size !== 1) return { type, size, headerSize: 8 };
	return { type, size: uint64(yield take(8), 0), headerSize: 16 };
}

/** Boxes side by side; images of hundreds of tiles have fewer than a hundred. */
const MOST_BOXES = 4096;

/**
 * Reads what is in a box. It takes or skips no more than `size` bytes, and gives how many it did; undefined
 * when they make no sense.
 */
export type Content = (size: number, type: number) => Steps<number | undefined>;

/**
 * Walks through the boxes within a box.
 *
 * @param size bytes that they have together
 * @returns whether they fit into it, and are no more than any image has
 */
export function* boxesWithin(size: number, content: Content): Steps<boolean> {
	let count = 0;
	for (let left = size; left > 0;) {
		const { type, size: inner, headerSize } = yield* box();
		left -= inner;
		if (left < 0 || inner < headerSize || ++count > MOST_BOXES) return false;
		const length = inner - headerSize;
		const read = yield* content(length, type);
		if (read === undefined || read > length) return false;
		if (read < length) yield skip(length - read);
	}
	return true;
}
