import sharp from 'sharp';
import type { Pixels } from './paint';
import type { Mask } from './watermark';

/** File formats of the demo's pictures. */
export type Format = 'png' | 'jpeg' | 'webp';

/** Writes a picture as a file: PNG without loss, the others at the quality a camera uses. */
export async function encodePicture(picture: Pixels, format: Format): Promise<Buffer> {
	const { width, height, data } = picture;
	const image = sharp(data, { raw: { width, height, channels: 3 } });
	switch (format) {
		case 'png':
			return await image.png({ compressionLevel: 7 }).toBuffer();
		case 'jpeg':
			return await image.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer();
		case 'webp':
			return await image.webp({ quality: 92 }).toBuffer();
	}
}

/** Reads a picture file of any format. */
export async function decodePicture(file: Uint8Array): Promise<Pixels> {
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
