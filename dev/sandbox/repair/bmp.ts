/** Decoded pixels: RGB or RGBA, 8 bits per channel, row by row from the top. */
export interface Pixels {
	readonly data: Uint8Array;
	/** pixels */
	readonly width: number;
	/** pixels */
	readonly height: number;
	readonly channels: 3 | 4;
}

const HEADER_BYTES = 54;
/** File header and the header of OS/2 1.x, the shortest there is. */
const SHORTEST_BYTES = 26;
/** Headers of at least this size say how the pixels are compressed. */
const WITH_COMPRESSION = 20;

/** What the header of a BMP says. */
interface BmpHeader {
	readonly width: number;
	/** negative for rows from the top */
	readonly height: number;
	readonly bits: number;
	/** 0 for none */
	readonly compression: number;
}

function readHeader(bytes: Buffer): BmpHeader {
	const size = bytes.readUInt32LE(14);
	if (size === 12) {
		const [width, height] = [bytes.readUInt16LE(18), bytes.readUInt16LE(20)];
		return { width, height, bits: bytes.readUInt16LE(24), compression: 0 };
	}
	if (bytes.length < 34) return { width: 0, height: 0, bits: 0, compression: 0 };
	return {
		width: bytes.readInt32LE(18),
		height: bytes.readInt32LE(22),
		bits: bytes.readUInt16LE(28),
		compression: size < WITH_COMPRESSION ? 0 : bytes.readUInt32LE(30),
	};
}

/** Whether bytes start with a BMP header. */
export function isBmp(bytes: Buffer): boolean {
	return bytes.length >= SHORTEST_BYTES && bytes.toString('latin1', 0, 2) === 'BM';
}

function sizeOf({ width, height }: BmpHeader): { width: number; height: number } | undefined {
	return width > 0 && height !== 0 ? { width, height: Math.abs(height) } : undefined;
}

function isPlain({ bits, compression }: BmpHeader): boolean {
	return (bits === 24 || bits === 32) && compression === 0;
}

/** Width and height of a BMP in pixels, undefined if its header is invalid. */
export const bmpSize = (bytes: Buffer) => sizeOf(readHeader(bytes));

/** Whether a BMP is uncompressed, with 24 or 32 bits per pixel. */
export const isPlainBmp = (bytes: Buffer) => isPlain(readHeader(bytes));

/**
 * Decodes a plain BMP; undefined for any other, and for one that is cut short. The fourth byte
 * of a 32-bit pixel is returned unchanged, although plain BMP does not define it as transparency.
 */
export function decodeBmp(bytes: Buffer): Pixels | undefined {
	const header = readHeader(bytes);
	const size = sizeOf(header);
	if (!size || !isPlain(header)) return undefined;
	const { width, height } = size;
	const channels = header.bits === 24 ? 3 : 4;
	const start = bytes.readUInt32LE(10);
	const stride = Math.ceil((width * channels) / 4) * 4;
	if (start + stride * height > bytes.length) return undefined;
	const topDown = header.height < 0;
	const data = new Uint8Array(width * height * channels);
	for (let row = 0; row < height; row++) {
		const from = start + (topDown ? row : height - 1 - row) * stride;
		copySwapped(bytes, from, data, row * width * channels, width, channels);
	}
	return { data, width, height, channels };
}

/** Encodes pixels as an uncompressed BMP. */
export function encodeBmp({ data, width, height, channels }: Pixels): Buffer {
	const stride = Math.ceil((width * channels) / 4) * 4;
	const bytes = Buffer.alloc(HEADER_BYTES + stride * height);
	bytes.write('BM', 0, 'latin1');
	bytes.writeUInt32LE(bytes.length, 2);
	bytes.writeUInt32LE(HEADER_BYTES, 10);
	bytes.writeUInt32LE(40, 14);
	bytes.writeInt32LE(width, 18);
	bytes.writeInt32LE(height, 22);
	bytes.writeUInt16LE(1, 26);
	bytes.writeUInt16LE(channels * 8, 28);
	bytes.writeUInt32LE(stride * height, 34);
	for (let row = 0; row < height; row++) {
		const to = HEADER_BYTES + (height - 1 - row) * stride;
		copySwapped(data, row * width * channels, bytes, to, width, channels);
	}
	return bytes;
}

/** Copies a row of pixels and swaps red and blue: BMP stores blue first. */
function copySwapped(
	source: Uint8Array,
	from: number,
	target: Uint8Array,
	to: number,
	width: number,
	channels: 3 | 4,
): void {
	for (let offset = 0; offset < width * channels; offset += channels) {
		target[to + offset] = source[from + offset + 2] ?? 0;
		target[to + offset + 1] = source[from + offset + 1] ?? 0;
		target[to + offset + 2] = source[from + offset] ?? 0;
		if (channels === 4) target[to + offset + 3] = source[from + offset + 3] ?? 0;
	}
}
