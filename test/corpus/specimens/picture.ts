import sharp, { type Sharp } from 'sharp';

/** Raw pixels that are neither one color nor noise: what an encoder makes of them stays small. */
export function picture(width: number, height: number, channels: 1 | 2 | 3 | 4 = 3): Sharp {
	const pixels = new Uint8Array(width * height * channels);
	for (let at = 0; at < pixels.length; at++) {
		const pixel = Math.floor(at / channels);
		const isChecked = (((pixel % width) >> 3) + (Math.floor(pixel / width) >> 3)) % 2 === 0;
		pixels[at] = isChecked ? 60 + (at % channels) * 50 : 200;
	}
	return sharp(pixels, { raw: { width, height, channels } });
}
