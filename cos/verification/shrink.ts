import type { ImageSize } from '../areas/points';
import type { Bitmap } from '../images/bitmap';

/** The mean of the pixels that become one, for each color and alpha. */
export function shrink({ width, height, pixels }: Bitmap, to: ImageSize): Bitmap {
	const sums = new Float64Array(to.width * to.height * 4);
	const counts = new Uint32Array(to.width * to.height);
	for (let y = 0; y < height; y++) {
		const row = Math.floor((y * to.height) / height) * to.width;
		for (let x = 0; x < width; x++) {
			const place = row + Math.floor((x * to.width) / width);
			const from = (y * width + x) * 4;
			counts[place] = (counts[place] ?? 0) + 1;
			for (let color = 0; color < 4; color++) {
				sums[place * 4 + color] = (sums[place * 4 + color] ?? 0) + (pixels[from + color] ?? 0);
			}
		}
	}
	const means = sums.map((sum, at) => sum / Math.max(1, counts[at >> 2] ?? 1));
	return { ...to, pixels: Uint8Array.from(means, Math.round) };
}
