import sharp from 'sharp';
import type { Pixels } from './paint';
import type { Mask } from './watermark';

/** File formats of the demo's images. */
export type Format = 'png' | 'jpeg' | 'webp';

/** Writes an image as a file: PNG without loss, the others at the quality a camera uses. */
export async function encodeImage(image: Pixels, format: Format): Promise<Buffer> {
	const { width, height, data } = image;
	const encoder = sharp(data, { raw: { width, height, channels: 3 } });
	switch (format) {
		case 'png':
			return await encoder.png({ compressionLevel: 7 }).toBuffer();
		case 'jpeg':
			return await encoder.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer();
		case 'webp':
			return await encoder.webp({ quality: 92 }).toBuffer();
	}
}

/** Reads an image file of any format. */
export async function decodeImage(file: Uint8Array): Promise<Pixels> {
	const { data, info } = await sharp(file)
		.toColourspace('srgb')
		.removeAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** Writes a mask as Image Repair wants it: white is removed, black stays. */
export async function encodeMask(mask: Mask, width: number, height: number): Promise<Buffer> {
	return await sharp(mask, { raw: { width, height, channels: 1 } })
		.png()
		.toBuffer();
}
