import { skip, take, uint64, type Findings, type Steps, type Walk } from '../walk';

/** Tags of TIFF 6.0, of which EXIF has some. */
const TAGS = { width: 256, height: 257, orientation: 274, extraSamples: 338 };
const KNOWN_TAGS: ReadonlySet<number> = new Set(Object.values(TAGS));
const TYPES = { short: 3, long: 4, long8: 16 };

interface Layout {
	littleEndian: boolean;
	/** BigTIFF: offsets and counts of 64 bits. */
	isBig: boolean;
	/** Of the first directory, counted from the start of the header. */
	firstDirectory: number;
	/** Bytes of the header, all of which have been taken. */
	headerSize: number;
}

/** Reads the header; undefined when there is none. */
function* tiffHeader(): Steps<Layout | undefined> {
	const header = yield take(8);
	const order = header.getUint16(0);
	const littleEndian = order === 0x4949;
	if (!littleEndian && order !== 0x4d4d) return undefined;
	const version = header.getUint16(2, littleEndian);
	if (version === 42) {
		const firstDirectory = header.getUint32(4, littleEndian);
		return { littleEndian, isBig: false, firstDirectory, headerSize: 8 };
	}
	if (version !== 43) return undefined;
	const firstDirectory = uint64(yield take(8), 0, littleEndian);
	return { littleEndian, isBig: true, firstDirectory, headerSize: 16 };
}

/** @returns undefined for values of other types, and those that stand elsewhere */
function valueOf(entry: DataView, { littleEndian, isBig }: Layout): number | undefined {
	const type = entry.getUint16(2, littleEndian);
	const at = isBig ? 12 : 8;
	if (type === TYPES.short) return entry.getUint16(at, littleEndian);
	if (type === TYPES.long) return entry.getUint32(at, littleEndian);
	if (type === TYPES.long8 && isBig) return uint64(entry, at, littleEndian);
	return undefined;
}

interface Directory {
	/** Values by their tags. */
	values: ReadonlyMap<number, number>;
	/** Bytes that were taken. */
	read: number;
}

/** Reads the directory that begins here. */
function* directory(layout: Layout): Steps<Directory> {
	const { littleEndian, isBig } = layout;
	const countBytes = isBig ? 8 : 2;
	const counted = yield take(countBytes);
	const count = isBig ? uint64(counted, 0, littleEndian) : counted.getUint16(0, littleEndian);
	const entryBytes = isBig ? 20 : 12;
	const values = new Map<number, number>();
	for (let left = count; left > 0; left--) {
		const entry = yield take(entryBytes);
		const tag = entry.getUint16(0, littleEndian);
		if (!KNOWN_TAGS.has(tag) || values.has(tag)) continue;
		const value = valueOf(entry, layout);
		if (value !== undefined) values.set(tag, value);
	}
	return { values, read: countBytes + count * entryBytes };
}

function orientationOf({ values }: Directory): number | undefined {
	const orientation = values.get(TAGS.orientation);
	return orientation !== undefined && orientation >= 1 && orientation <= 8
		? orientation
		: undefined;
}

/**
 * Reads the orientation of EXIF data, which are a TIFF file of their own (CIPA DC-008, 4.5.2).
 *
 * @param size bytes of the data; no more is taken
 * @returns what was taken
 */
export function* exifOrientation(size: number, found: Findings): Steps<number> {
	if (size < 8) return 0;
	const layout = yield* tiffHeader();
	if (!layout || layout.isBig) return layout?.headerSize ?? 8;
	const { firstDirectory, littleEndian } = layout;
	// Twelve bytes for each entry, two for their number.
	if (firstDirectory < 8 || firstDirectory + 2 > size) return 8;
	yield skip(firstDirectory - 8);
	const count = (yield take(2)).getUint16(0, littleEndian);
	let read = firstDirectory + 2;
	for (let left = count; left > 0 && read + 12 <= size; left--) {
		const entry = yield take(12);
		read += 12;
		if (entry.getUint16(0, littleEndian) !== TAGS.orientation) continue;
		const values = new Map([[TAGS.orientation, valueOf(entry, layout) ?? 0]]);
		found.orientation ??= orientationOf({ values, read });
		break;
	}
	return read;
}

/**
 * Directories, of which the first is that of the image, in the order in which they point to each other. One
 * that stands before the place that was read last is left out: the number of frames is not known then.
 * The data may stand anywhere, so nothing tells where the file ends.
 */
export const tiff: Walk = function* (found) {
	const layout = yield* tiffHeader();
	if (!layout) return 'missing';
	let at = layout.headerSize;
	let next = layout.firstDirectory;
	let frames = 0;
	while (next >= at) {
		yield skip(next - at);
		const read = yield* directory(layout);
		if (frames === 0) {
			found.width = read.values.get(TAGS.width);
			found.height = read.values.get(TAGS.height);
			found.orientation = orientationOf(read);
			found.hasAlpha = [1, 2].includes(read.values.get(TAGS.extraSamples) ?? 0);
		}
		frames++;
		const pointer = yield take(layout.isBig ? 8 : 4);
		at = next + read.read + (layout.isBig ? 8 : 4);
		next = layout.isBig
			? uint64(pointer, 0, layout.littleEndian)
			: pointer.getUint32(0, layout.littleEndian);
	}
	if (frames === 0) return 'missing';
	if (next === 0) found.frames = frames;
	return 'untold';
};
