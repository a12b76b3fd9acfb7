import { crossings } from '../areas/coverage';
import type { ImageSize, Polygon } from '../areas/points';
import type { Bitmap } from '../images/bitmap';
import { toUpright, uprightSize, type StoredSize } from '../images/upright';

/** What an area covers of a small upright copy: not 0 for each pixel of it, row by row. */
export type Marked = Uint8Array;

/** Lines on which a row of pixels is looked at: thin shapes lie between the pixels of a small copy. */
const LINES = 4;
/** Brightness from which on a pixel of a mask's copy is part of the mask; thin lines are grey in it. */
const WHITE = 32;

/**
 * @param polygons in stored pixels of the image
 * @param copy its size
 */
export function markPolygons(
	polygons: readonly Polygon[],
	image: StoredSize,
	copy: ImageSize,
): Marked {
	const marked = new Uint8Array(copy.width * copy.height);
	const { width, height } = uprightSize(image);
	const shapes = polygons.map((polygon) =>
		polygon.map((corner) => {
			const [x, y] = toUpright(corner, image);
			return [(x * copy.width) / width, (y * copy.height) / height] as const;
		}),
	);
	for (const shape of shapes) {
		const ys = shape.map(([, y]) => y);
		const first = Math.max(0, Math.floor(Math.min(...ys)));
		const last = Math.min(copy.height, Math.ceil(Math.max(...ys)));
		for (let line = first * LINES; line < last * LINES; line++) {
			const row = Math.floor(line / LINES) * copy.width;
			const xs = crossings(shape, (line + 0.5) / LINES);
			for (let at = 0; at + 1 < xs.length; at += 2) {
				const from = Math.max(0, Math.floor(xs[at] ?? 0));
				const to = Math.min(copy.width, Math.ceil(xs[at + 1] ?? 0));
				marked.fill(1, row + from, row + Math.max(from, to));
			}
		}
	}
	return marked;
}

/**
 * @param mask a copy of the mask, whose pixels are where those of the image are stored
 * @param copy the size of the image's copy
 */
export function markMask(mask: Bitmap, orientation: number, copy: ImageSize): Marked {
	const marked = new Uint8Array(copy.width * copy.height);
	const stored = { width: mask.width, height: mask.height, orientation };
	const { width, height } = uprightSize(stored);
	for (let at = 0; at < mask.width * mask.height; at++) {
		const [red = 0, green = 0, blue = 0] = mask.pixels.subarray(at * 4, at * 4 + 3);
		if ((red + green + blue) / 3 < WHITE) continue;
		const place = [(at % mask.width) + 0.5, Math.floor(at / mask.width) + 0.5] as const;
		const [x, y] = toUpright(place, stored);
		const column = Math.min(copy.width - 1, Math.floor((x * copy.width) / width));
		const row = Math.min(copy.height - 1, Math.floor((y * copy.height) / height));
		marked[row * copy.width + column] = 1;
	}
	return marked;
}
