import { UnreadableResponse } from '../responses/xml';

/** A small picture that the service has decoded. */
export interface Bitmap {
	readonly width: number;
	readonly height: number;
	/** Red, green, blue and alpha of each pixel, from the top left, row by row. */
	readonly pixels: Uint8Array;
}

const FILE_HEADER = 14;
const SHORTEST = 54;
/** No bitmap that is asked for is larger: what is, is something else. */
const LONGEST_SIDE = 4096;

interface Layout {
	pixelsAt: number;
	width: number;
	height: number;
	/** Bytes of a pixel: blue, green, red, and alpha where there are four. */
	depth: 3 | 4;
	isTopDown: boolean;
}

function layoutOf(view: DataView): Layout | undefined {
	if (view.byteLength < SHORTEST || view.getUint16(0) !== 0x424d) return undefined;
	const headerSize = view.getUint32(FILE_HEADER, true);
	const [width, height] = [view.getInt32(18, true), view.getInt32(22, true)];
	const bits = view.getUint16(28, true);
	const isPlain = [0, 3].includes(view.getUint32(30, true));
	const fits = [width, Math.abs(height)].every((side) => side >= 1 && side <= LONGEST_SIDE);
	if (headerSize < 40 || !isPlain || !fits || (bits !== 24 && bits !== 32)) return undefined;
	return {
		pixelsAt: view.getUint32(10, true),
		width,
		height: Math.abs(height),
		depth: bits === 24 ? 3 : 4,
		isTopDown: height < 0,
	};
}

/**
 * Reads a BMP of 24 or 32 bits, as `imageMogr2/format/bmp` gives it. Four bytes a pixel of which the last is
 * always zero have no alpha.
 *
 * @throws UnreadableResponse for anything else
 */
export function readBitmap(bytes: Uint8Array): Bitmap {
	const layout = layoutOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
	if (!layout) throw new UnreadableResponse('BMP');
	const { pixelsAt, width, height, depth, isTopDown } = layout;
	const stride = Math.ceil((width * depth) / 4) * 4;
	if (bytes.length < pixelsAt + stride * height) throw new UnreadableResponse('BMP');
	const pixels = new Uint8Array(width * height * 4);
	let hasAlpha = false;
	for (let row = 0; row < height; row++) {
		let from = pixelsAt + stride * (isTopDown ? row : height - 1 - row);
		for (let to = row * width * 4; to < (row + 1) * width * 4; to += 4, from += depth) {
			pixels[to] = bytes[from + 2] ?? 0;
			pixels[to + 1] = bytes[from + 1] ?? 0;
			pixels[to + 2] = bytes[from] ?? 0;
			const alpha = depth === 4 ? (bytes[from + 3] ?? 0) : 255;
			pixels[to + 3] = alpha;
			hasAlpha ||= alpha !== 0;
		}
	}
	if (!hasAlpha) for (let at = 3; at < pixels.length; at += 4) pixels[at] = 255;
	return { width, height, pixels };
}
