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
/** Bits of a pixel that points into a palette of four bytes a color, and of one that is a color itself. */
const PALETTE_BITS = [1, 4, 8];
const COLOR_BITS = [24, 32];
/** No compression, and 32 bits in their usual places. */
const PLAIN = [0, 3];

interface Layout {
	pixelsAt: number;
	width: number;
	height: number;
	bits: number;
	paletteAt: number;
	isTopDown: boolean;
}

function layoutOf(view: DataView): Layout | undefined {
	if (view.byteLength < SHORTEST || view.getUint16(0) !== 0x424d) return undefined;
	const headerSize = view.getUint32(FILE_HEADER, true);
	const [width, height] = [view.getInt32(18, true), view.getInt32(22, true)];
	const bits = view.getUint16(28, true);
	const fits = [width, Math.abs(height)].every((side) => side >= 1 && side <= LONGEST_SIDE);
	const isKnown = [...PALETTE_BITS, ...COLOR_BITS].includes(bits);
	if (headerSize < 40 || !PLAIN.includes(view.getUint32(30, true)) || !fits || !isKnown) {
		return undefined;
	}
	return {
		pixelsAt: view.getUint32(10, true),
		width,
		height: Math.abs(height),
		bits,
		paletteAt: FILE_HEADER + headerSize,
		isTopDown: height < 0,
	};
}

/** Where the blue, green and red of a pixel stand, one after the other. */
function colorAt(bytes: Uint8Array, rowAt: number, column: number, layout: Layout): number {
	const { bits, paletteAt } = layout;
	if (COLOR_BITS.includes(bits)) return rowAt + (column * bits) / 8;
	const bit = column * bits;
	const byte = bytes[rowAt + (bit >> 3)] ?? 0;
	const index = (byte >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
	return paletteAt + index * 4;
}

/**
 * Reads a BMP without compression, as `imageMogr2/format/bmp` gives it. Of 32 bits the last eight are alpha,
 * unless they are zero in all pixels.
 *
 * @throws UnreadableResponse for anything else
 */
export function readBitmap(bytes: Uint8Array): Bitmap {
	const layout = layoutOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
	if (!layout) throw new UnreadableResponse('BMP');
	const { pixelsAt, width, height, bits, isTopDown } = layout;
	const stride = Math.ceil((width * bits) / 32) * 4;
	if (bytes.length < pixelsAt + stride * height) throw new UnreadableResponse('BMP');
	const pixels = new Uint8Array(width * height * 4);
	let hasAlpha = false;
	for (let row = 0, to = 0; row < height; row++) {
		const rowAt = pixelsAt + stride * (isTopDown ? row : height - 1 - row);
		for (let column = 0; column < width; column++, to += 4) {
			const from = colorAt(bytes, rowAt, column, layout);
			pixels[to] = bytes[from + 2] ?? 0;
			pixels[to + 1] = bytes[from + 1] ?? 0;
			pixels[to + 2] = bytes[from] ?? 0;
			pixels[to + 3] = bits === 32 ? (bytes[from + 3] ?? 0) : 255;
			hasAlpha ||= pixels[to + 3] !== 0;
		}
	}
	if (!hasAlpha) for (let at = 3; at < pixels.length; at += 4) pixels[at] = 255;
	return { width, height, pixels };
}
