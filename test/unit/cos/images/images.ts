import sharp from 'sharp';

/** Real images of each format, small ones. */

const [WIDTH, HEIGHT] = [48, 36];

function pixels(): Buffer {
	const bytes = Buffer.alloc(WIDTH * HEIGHT * 3);
	for (let index = 0; index < bytes.length; index++) {
		bytes[index] = (index * 7 + (index >> 5) * 13 + ((index * index) >> 7)) & 0xff;
	}
	return bytes;
}

const picture = () => sharp(pixels(), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

/** Frames on top of each other, as sharp takes an animation. */
const animation = () =>
	sharp(Buffer.concat([pixels(), pixels().reverse(), pixels()]), {
		raw: { width: WIDTH, height: HEIGHT * 3, channels: 3, pageHeight: HEIGHT },
	});

/** A JPEG with the segment put in behind its start. */
function withSegment(jpeg: Buffer, marker: number, content: Buffer): Buffer {
	const head = Buffer.from([0xff, marker, 0, 0]);
	head.writeUInt16BE(content.length + 2, 2);
	return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)]);
}

export interface Bmp {
	/** Bits per pixel: 24, or 8 with a palette. */
	bits?: 24 | 8;
	/** From the top down, which a negative height says. */
	isUpsideDown?: boolean;
	/** The size of the file as its header tells it; the right one by default. */
	told?: number;
	/** The size of the pixels as its header tells it, and how they are compressed. */
	compressed?: Buffer;
}

/** An uncompressed BMP, or the bytes of a compressed one. */
export function bmp({ bits = 24, isUpsideDown = false, told, compressed }: Bmp = {}): Buffer {
	const stride = Math.ceil((WIDTH * bits) / 32) * 4;
	const palette = bits === 8 ? 1024 : 0;
	const data = compressed ?? Buffer.alloc(stride * HEIGHT, 0x5a);
	const header = Buffer.alloc(54 + palette);
	header.write('BM', 'latin1');
	header.writeUInt32LE(told ?? header.length + data.length, 2);
	header.writeUInt32LE(header.length, 10);
	header.writeUInt32LE(40, 14);
	header.writeInt32LE(WIDTH, 18);
	header.writeInt32LE(isUpsideDown ? -HEIGHT : HEIGHT, 22);
	header.writeUInt16LE(1, 26);
	header.writeUInt16LE(bits, 28);
	header.writeUInt32LE(compressed ? 1 : 0, 30);
	header.writeUInt32LE(compressed ? data.length : 0, 34);
	return Buffer.concat([header, data]);
}

/** A box of the container that HEIF and AVIF share. */
export function box(type: string, ...parts: Buffer[]): Buffer {
	const content = Buffer.concat(parts);
	const head = Buffer.alloc(8);
	head.writeUInt32BE(8 + content.length);
	head.write(type, 4, 'latin1');
	return Buffer.concat([head, content]);
}

/** The same with its size in 64 bits. */
export function longBox(type: string, content: Buffer): Buffer {
	const head = Buffer.alloc(16);
	head.writeUInt32BE(1);
	head.write(type, 4, 'latin1');
	head.writeBigUInt64BE(BigInt(16 + content.length), 8);
	return Buffer.concat([head, content]);
}

/** The same, up to the end of the file. */
export function lastBox(type: string, content: Buffer): Buffer {
	const head = Buffer.alloc(8);
	head.write(type, 4, 'latin1');
	return Buffer.concat([head, content]);
}

export const FILE_TYPE = box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1'));

const asHeic = (avif: Buffer) => {
	const heic = Buffer.from(avif);
	heic.write('heic', 8, 'latin1');
	return heic;
};

/** By name; each ends with its last byte. */
export async function realImages(): Promise<ReadonlyMap<string, Buffer>> {
	const jpeg = await picture().jpeg().toBuffer();
	const thumbnail = await picture().resize(16).jpeg().toBuffer();
	const avif = await picture().avif({ effort: 0 }).toBuffer();
	return new Map([
		['JPEG', jpeg],
		['progressive JPEG', await picture().jpeg({ progressive: true }).toBuffer()],
		[
			'optimized progressive JPEG',
			await picture().jpeg({ progressive: true, optimizeScans: true, quality: 100 }).toBuffer(),
		],
		['CMYK JPEG', await picture().toColourspace('cmyk').jpeg().toBuffer()],
		[
			'JPEG with a thumbnail',
			withSegment(jpeg, 0xe1, Buffer.concat([Buffer.from('Exif\0\0'), thumbnail])),
		],
		['JPEG with an image in a comment', withSegment(jpeg, 0xfe, jpeg)],
		['JPEG with metadata', await picture().withMetadata().keepIccProfile().jpeg().toBuffer()],
		['PNG', await picture().png().toBuffer()],
		['PNG with a palette', await picture().png({ palette: true }).toBuffer()],
		['interlaced PNG', await picture().png({ progressive: true }).toBuffer()],
		['GIF', await picture().gif().toBuffer()],
		['animated GIF', await animation().gif({ loop: 0 }).toBuffer()],
		['WebP', await picture().webp().toBuffer()],
		['lossless WebP', await picture().webp({ lossless: true }).toBuffer()],
		['animated WebP', await animation().webp({ loop: 0 }).toBuffer()],
		['BMP', bmp()],
		['BMP with a palette', bmp({ bits: 8 })],
		['BMP from the top down', bmp({ isUpsideDown: true })],
		['BMP that does not tell its size', bmp({ told: 0 })],
		['compressed BMP', bmp({ compressed: Buffer.alloc(700, 3) })],
		['AVIF', avif],
		['HEIF', asHeic(avif)],
	]);
}

export const tiff = async () => await picture().tiff().toBuffer();
