import { bytes, le16, le32, zeros, type Part } from './bytes';

/** A BMP file; what is left out is what an encoder writes. */
export interface Bitmap {
	/** Bytes of the second header: 12, 16 and 64 are OS/2, 40 and more Windows. */
	headerSize?: number;
	width: number;
	/** Negative: the rows stand from the top down. */
	height: number;
	bits?: number;
	/** 0 none, 1 and 2 run lengths, 3 bit fields, 4 JPEG, 5 PNG, 6 bit fields with alpha. */
	compression?: number;
	/** Masks of red, green, blue and, where it has one, alpha. */
	masks?: readonly number[];
	pixels?: Part;
	/** What it says of its length where that is not the truth. */
	fileSize?: number;
	/** Bytes between the colors and the pixels. */
	gap?: number;
}

function sizedPixels({ width, height, bits = 24 }: Bitmap): Uint8Array {
	return zeros(Math.ceil((Math.abs(width) * bits) / 32) * 4 * Math.abs(height));
}

/** The second header, up to its size: later fields are zero but for masks and the color space. */
function information(bitmap: Bitmap, pixelBytes: number): Uint8Array {
	const { headerSize = 40, width, height, bits = 24, compression = 0, masks = [] } = bitmap;
	if (headerSize === 12) return bytes(le32(12), [width, height, 1, bits].map(le16));
	const fields = bytes(
		le32(headerSize),
		[le32(width), le32(height), le16(1), le16(bits), le32(compression), le32(pixelBytes)],
		[le32(2835), le32(2835), le32(0), le32(0)],
		headerSize === 64 ? [] : [masks.map(le32), zeros((4 - masks.length) * 4), 'BGRs'],
	);
	return bytes(fields, zeros(Math.max(0, headerSize - fields.length))).slice(0, headerSize);
}

export function bmp(bitmap: Bitmap): Uint8Array {
	const { headerSize = 40, bits = 24, masks = [], gap = 0 } = bitmap;
	const pixels = bytes(bitmap.pixels ?? sizedPixels(bitmap));
	// Masks stand behind a header of 40 bytes, and within a longer one.
	const outside = headerSize === 40 ? bytes(masks.map(le32)) : [];
	const colorBytes = headerSize === 12 ? 3 : 4;
	const colors = bits <= 8 ? zeros(2 ** bits * colorBytes) : [];
	const middle = bytes(information(bitmap, pixels.length), outside, colors, zeros(gap));
	const at = 14 + middle.length;
	const fileSize = bitmap.fileSize ?? at + pixels.length;
	return bytes('BM', le32(fileSize), le32(0), le32(at), middle, pixels);
}
