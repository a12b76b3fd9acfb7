import { skip, take, type Walk } from '../walk';

/** Compressions whose rows all have the same length: none, and bit fields. */
const EVEN_ROWS = [0, 3, 6];
/** Bytes of the headers: OS/2 1.x; OS/2 2.x, cut or whole; Windows 3 and later (BITMAPINFOHEADER to V5). */
const CORE_HEADER = 12;
const SHORTEST_LONG_HEADER = 16;
const OTHER_HEADERS = [108, 124];
const LONGEST_OS2_HEADER = 64;
/** Headers from this size on have a mask for alpha. */
const WITH_ALPHA_MASK = 56;
const FILE_HEADER = 14;

interface Pixels {
	width: number;
	height: number;
	bits: number;
	compression: number;
	/** Bytes, as the header says; 0 where it does not. */
	bytes: number;
}

function coreHeader(view: DataView): Pixels {
	const [width, height] = [view.getUint16(0, true), view.getUint16(2, true)];
	return { width, height, bits: view.getUint16(6, true), compression: 0, bytes: 0 };
}

/** @param length bytes of the header that were taken, its own size left out */
function longHeader(view: DataView, length: number): Pixels {
	const [width, height] = [view.getInt32(0, true), view.getInt32(4, true)];
	const bits = view.getUint16(10, true);
	if (length < 20) return { width, height, bits, compression: 0, bytes: 0 };
	const [compression, bytes] = [view.getUint32(12, true), view.getUint32(16, true)];
	return { width, height, bits, compression, bytes };
}

function isHeaderSize(size: number): boolean {
	if (size === CORE_HEADER || OTHER_HEADERS.includes(size)) return true;
	return size >= SHORTEST_LONG_HEADER && size <= LONGEST_OS2_HEADER;
}

function bytesOf({ width, height, bits, compression, bytes }: Pixels): number {
	if (!EVEN_ROWS.includes(compression)) return bytes;
	return Math.ceil((width * bits) / 32) * 4 * Math.abs(height);
}

/**
 * Ends behind the pixels, or where the header says if that is later: some encoders leave it zero. A negative
 * height stands for rows from top to bottom.
 */
export const bmp: Walk = function* (found) {
	const file = yield take(FILE_HEADER + 4);
	const told = file.getUint32(2, true);
	const pixelsAt = file.getUint32(10, true);
	const headerSize = file.getUint32(FILE_HEADER, true);
	if (!isHeaderSize(headerSize)) return 'missing';
	const length = Math.min(headerSize - 4, 20);
	const header = yield take(length);
	const pixels = headerSize === CORE_HEADER ? coreHeader(header) : longHeader(header, length);
	let read = FILE_HEADER + 4 + length;
	found.width = Math.max(0, pixels.width);
	found.height = Math.abs(pixels.height);
	found.frames = 1;
	found.hasAlpha = false;
	if (headerSize >= WITH_ALPHA_MASK && headerSize !== LONGEST_OS2_HEADER) {
		const masks = yield take(32);
		read += 32;
		found.hasAlpha = pixels.bits === 32 && masks.getUint32(28, true) !== 0;
	}
	const end = Math.max(told, pixelsAt + bytesOf(pixels), read);
	if (end > read) yield skip(end - read);
	return 'reached';
};
