import type { Pixels } from './paint';
import type { Mask } from './watermark';

/**
 * Peak signal-to-noise ratio in decibels between two images, over the pixels the mask marks: how
 * close the one comes to the other. 20 is plainly different, 30 close, infinite the same.
 * @throws Error when the images differ in size, or the mask marks nothing
 */
export function psnr(image: Pixels, original: Pixels, mask: Mask): number {
	if (image.width !== original.width || image.height !== original.height) {
		throw new Error(
			`The image has ${image.width}x${image.height} pixels, ` +
				`the unmarked one ${original.width}x${original.height}.`,
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
	if (values === 0) throw new Error('The mask marks no pixel.');
	return 10 * Math.log10(255 ** 2 / (squares / values));
}
