import { skip, take, uint64, type Findings, type Steps, type Walk } from '../walk';

/** Tags of TIFF 6.0, of which EXIF has some. */
const TAGS = {
	subfile: 254,
	width: 256,
	height: 257,
	stripAt: 273,
	orientation: 274,
	stripBytes: 279,
	tileAt: 324,
	tileBytes: 325,
	extraSamples: 338,
};
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

function layoutOf(header: DataView): Layout | undefined {
	const order = header.getUint16(0);
	const littleEndian = order === 0x4949;
	if (!littleEndian && order !== 0x4d4d) return undefined;
	const version = header.getUint16(2, littleEndian);
	if (version === 43) return { littleEndian, isBig: true, firstDirectory: 0, headerSize: 16 };
	const firstDirectory = header.getUint32(4, littleEndian);
	return version === 42 ? { littleEndian, isBig: false, firstDirectory, headerSize: 8 } : undefined;
}

/** Reads the header; undefined when there is none. */
function* tiffHeader(): Steps<Layout | undefined> {
	const layout = layoutOf(yield take(8));
	if (!layout?.isBig) return layout;
	return { ...layout, firstDirectory: uint64(yield take(8), 0, layout.littleEndian) };
}

/** @returns undefined for values of other types, and where there are several */
function valueOf(entry: DataView, { littleEndian, isBig }: Layout): number | undefined {
	const type = entry.getUint16(2, littleEndian);
	const count = isBig ? uint64(entry, 4, littleEndian) : entry.getUint32(4, littleEndian);
	if (count !== 1) return undefined;
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

function orientationOf(value: number | undefined): number | undefined {
	return value !== undefined && value >= 1 && value <= 8 ? value : undefined;
}

/** Where the data of an image end that stand in one piece; 0 where that is not known. */
function dataEnd(values: Directory['values']): number {
	const at = values.get(TAGS.stripAt) ?? values.get(TAGS.tileAt);
	const bytes = values.get(TAGS.stripBytes) ?? values.get(TAGS.tileBytes);
	return at === undefined || bytes === undefined ? 0 : at + bytes;
}

function describe({ values }: Directory, found: Findings): void {
	// A smaller copy stands first in the raw files of cameras.
	const isCopy = ((values.get(TAGS.subfile) ?? 0) & 1) === 1;
	if (!isCopy) {
		found.width = values.get(TAGS.width);
		found.height = values.get(TAGS.height);
	}
	found.orientation = orientationOf(values.get(TAGS.orientation));
	found.hasAlpha = [1, 2].includes(values.get(TAGS.extraSamples) ?? 0);
}

/** What stands before EXIF data in a JPEG, and in some WebP. */
const EXIF_START = { letters: 0x45786966, zeros: 0, size: 6 };

/**
 * Reads the orientation of EXIF data, which are a TIFF file of their own (CIPA DC-008, 4.5.2). They may
 * begin as in a JPEG.
 *
 * @param size bytes of the data; no more is taken
 * @returns what was taken
 */
export function* exifOrientation(size: number, found: Findings): Steps<number> {
	if (size < EXIF_START.size + 8) return 0;
	const start = yield take(EXIF_START.size);
	const hasStart =
		start.getUint32(0) === EXIF_START.letters && start.getUint16(4) === EXIF_START.zeros;
	if (hasStart) {
		const layout = layoutOf(yield take(8));
		const length = size - EXIF_START.size;
		return EXIF_START.size + 8 + (yield* firstOrientation(layout, length, found));
	}
	const header = new DataView(start.buffer.slice(0, 8));
	header.setUint16(6, (yield take(2)).getUint16(0));
	return 8 + (yield* firstOrientation(layoutOf(header), size, found));
}

/** Goes through the first directory of EXIF data behind their header; gives what was taken. */
function* firstOrientation(
	layout: Layout | undefined,
	size: number,
	found: Findings,
): Steps<number> {
	if (!layout || layout.isBig) return 0;
	const { firstDirectory, littleEndian } = layout;
	if (firstDirectory < 8 || firstDirectory + 2 > size) return 0;
	if (firstDirectory > 8) yield skip(firstDirectory - 8);
	const count = (yield take(2)).getUint16(0, littleEndian);
	let at = firstDirectory + 2;
	for (let left = count; left > 0 && at + 12 <= size; left--) {
		const entry = yield take(12);
		at += 12;
		if (entry.getUint16(0, littleEndian) !== TAGS.orientation) continue;
		found.orientation ??= orientationOf(valueOf(entry, layout));
		break;
	}
	return at - 8;
}

/**
 * Directories, of which the first is that of the image, in the order in which they point to each other. One
 * that stands before the place that was read last is left out: the number of frames is not known then.
 * The data may stand anywhere and in many pieces, so nothing tells where the file ends.
 */
export const tiff: Walk = function* (found) {
	const layout = yield* tiffHeader();
	if (!layout) return 'missing';
	let at = layout.headerSize;
	let next = layout.firstDirectory;
	let [frames, end] = [0, 0];
	while (next >= at) {
		yield skip(next - at);
		const read = yield* directory(layout);
		if (frames === 0) describe(read, found);
		end = Math.max(end, dataEnd(read.values));
		frames++;
		const pointer = yield take(layout.isBig ? 8 : 4);
		at = next + read.read + (layout.isBig ? 8 : 4);
		next = layout.isBig
			? uint64(pointer, 0, layout.littleEndian)
			: pointer.getUint32(0, layout.littleEndian);
	}
	if (frames === 0) return 'missing';
	if (next === 0) found.frames = frames;
	if (end > at) yield skip(end - at);
	return 'untold';
};
