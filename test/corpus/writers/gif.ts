import { bytes, le16, type Part } from './bytes';

export const TRAILER = 0x3b;

/** Sub-blocks of at most 255 bytes, and the empty one that ends them. */
export function subBlocks(data: Part): Uint8Array {
	const all = bytes(data);
	const blocks: Part[] = [];
	for (let at = 0; at < all.length; at += 255) {
		const block = all.slice(at, at + 255);
		blocks.push(block.length, block);
	}
	return bytes(blocks, 0);
}

/** Header and logical screen, with a color table of two colors unless there shall be none. */
export function screen(
	width: number,
	height: number,
	version = '89a',
	hasColors = true,
): Uint8Array {
	const colors: Part = hasColors ? [0, 0, 0, 255, 255, 255] : [];
	return bytes('GIF', version, le16(width), le16(height), hasColors ? 0x80 : 0, 0, 0, colors);
}

/** Color 0 for all pixels. A clear code before every third code keeps all codes three bits long. */
function blackPixels(count: number): Uint8Array {
	const [clear, end] = [4, 5];
	const codes: number[] = [];
	for (let at = 0; at < count; at += 2) codes.push(clear, ...(at + 1 < count ? [0, 0] : [0]));
	codes.push(end);
	const packed = new Uint8Array(Math.ceil((codes.length * 3) / 8));
	codes.forEach((code, index) => {
		const bit = index * 3;
		const value = code << (bit % 8);
		packed[bit >> 3] = (packed[bit >> 3] ?? 0) | (value & 255);
		if (value > 255) packed[(bit >> 3) + 1] = value >> 8;
	});
	return packed;
}

export interface Frame {
	x?: number;
	y?: number;
	width: number;
	height: number;
	isInterlaced?: boolean;
	/** A color table of its own, of two colors. */
	hasColors?: boolean;
}

export function frame(image: Frame): Uint8Array {
	const { x = 0, y = 0, width, height, isInterlaced = false, hasColors = false } = image;
	const flags = (hasColors ? 0x80 : 0) | (isInterlaced ? 0x40 : 0);
	const colors: Part = hasColors ? [0, 0, 255, 255, 255, 0] : [];
	const place = [le16(x), le16(y), le16(width), le16(height)];
	return bytes(0x2c, place, flags, colors, 2, subBlocks(blackPixels(width * height)));
}

export function extension(label: number, ...blocks: readonly Part[]): Uint8Array {
	const lengths = blocks.map((block) => {
		const data = bytes(block);
		return [data.length, data];
	});
	return bytes(0x21, label, lengths, 0);
}

/** The graphic control in front of a frame; `delay` in hundredths of a second. */
export function control(delay: number, transparent?: number): Uint8Array {
	const flags = transparent === undefined ? 4 : 5;
	return extension(0xf9, [flags, le16(delay), transparent ?? 0]);
}

export const comment = (text: string): Uint8Array => bytes(0x21, 0xfe, subBlocks(text));
export const loop = (times: number): Uint8Array => extension(0xff, 'NETSCAPE2.0', [1, le16(times)]);
