import sharp, { type Sharp } from 'sharp';

/** Pixels in rows, three bytes each: red, green, blue. */
export interface Pixels {
	width: number;
	height: number;
	data: Uint8Array;
}

/** Which pixels to remove: one byte each, 255 = remove, 0 = keep. */
export type Mask = Uint8Array;

/** File formats of the demo's images. */
export type Format = 'png' | 'jpeg' | 'webp';

/** Hands pixels to sharp. */
export function toSharp({ width, height, data }: Pixels): Sharp {
	return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Runs a pipeline of sharp and returns its pixels as RGB. */
export async function toPixels(pipeline: Sharp): Promise<Pixels> {
	const { data, info } = await pipeline
		.toColourspace('srgb')
		.removeAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** Encodes an image: PNG is lossless, JPEG and WebP use the quality of a camera. */
export async function encodeImage(image: Pixels, format: Format): Promise<Buffer> {
	switch (format) {
		case 'png':
			return await toSharp(image).png({ compressionLevel: 7 }).toBuffer();
		case 'jpeg':
			return await toSharp(image).jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer();
		case 'webp':
			return await toSharp(image).webp({ quality: 92 }).toBuffer();
	}
}

/** Decodes an image file of any format. */
export async function decodeImage(file: Uint8Array): Promise<Pixels> {
	return await toPixels(sharp(file));
}

/** Encodes a mask as Image Repair expects it: white is removed, black is kept. */
export async function encodeMask(mask: Mask, width: number, height: number): Promise<Buffer> {
	return await sharp(mask, { raw: { width, height, channels: 1 } })
		.png()
		.toBuffer();
}

/**
 * Peak signal-to-noise ratio between two images in decibels, over the masked pixels only. 20 is a
 * visible difference, 30 is close, infinity is identical.
 * @throws Error when the images differ in size or the mask is empty
 */
export function psnr(image: Pixels, original: Pixels, mask: Mask): number {
	if (image.width !== original.width || image.height !== original.height) {
		throw new Error(
			`The image has ${image.width}x${image.height} pixels, ` +
				`the original ${original.width}x${original.height}.`,
		);
	}
	let squares = 0;
	let values = 0;
	for (let pixel = 0; pixel < mask.length; pixel++) {
		if (mask[pixel] === 0) continue;
		for (let offset = pixel * 3; offset < pixel * 3 + 3; offset++) {
			squares += ((image.data[offset] ?? 0) - (original.data[offset] ?? 0)) ** 2;
			values++;
		}
	}
	if (values === 0) throw new Error('The mask is empty.');
	return 10 * Math.log10(255 ** 2 / (squares / values));
}
