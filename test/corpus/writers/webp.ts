import { bytes, indexOf, le16, le24, le32, type Part } from './bytes';

/** A RIFF chunk; one of odd length is followed by a byte that its size leaves out. */
export function chunk(type: string, ...data: readonly Part[]): Uint8Array {
	const body = bytes(data);
	return bytes(type, le32(body.length), body, body.length % 2 === 1 ? 0 : []);
}

/** A file of these chunks; `size` is what it says of itself where that is not the truth. */
export function webp(chunks: Part, size?: number): Uint8Array {
	const body = bytes('WEBP', chunks);
	return bytes('RIFF', le32(size ?? body.length), body);
}

/** The chunk of this type in a file, with its header and padding. */
export function takeChunk(file: Uint8Array, type: string): Uint8Array {
	const at = indexOf(file, type);
	const size = new DataView(file.buffer, file.byteOffset + at + 4).getUint32(0, true);
	return file.slice(at, at + 8 + size + (size % 2));
}

/** Flags of VP8X (RFC 9649, 2.7). */
export const FLAG = { animation: 2, xmp: 4, exif: 8, alpha: 16, icc: 32 };

export function vp8x(flags: number, width: number, height: number): Uint8Array {
	return chunk('VP8X', flags, 0, 0, 0, le24(width - 1), le24(height - 1));
}

export const anim = chunk('ANIM', le32(0xffffffff), le16(0));

/** A frame of an animation, with the chunks of its image. */
export function anmf(width: number, height: number, image: Part, x = 0, y = 0): Uint8Array {
	const place = [le24(x / 2), le24(y / 2), le24(width - 1), le24(height - 1)];
	return chunk('ANMF', place, le24(100), 0, image);
}
