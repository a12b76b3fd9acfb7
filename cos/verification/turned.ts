import type { Point } from '../areas/points';
import type { Bitmap } from '../images/bitmap';
import { toUpright } from '../images/upright';

/** Squares of the grid, across and down, that two images are compared on, whatever their sizes. */
const GRID = 24;
/** EXIF orientations that are not upright. */
const TURNS = [2, 3, 4, 5, 6, 7, 8];
/** Levels of brightness, of 255, that two pictures of the same differ by at most, on the mean of the grid. */
const ALIKE = 12;
/** How much more alike the turned picture has to be. */
const CLEARLY = 0.4;

/** The brightness of each square of the grid. */
function gridOf({ width, height, pixels }: Bitmap): Float64Array {
	const sums = new Float64Array(GRID * GRID);
	const counts = new Uint32Array(GRID * GRID);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const at = (y * width + x) * 4;
			const square = Math.floor((y * GRID) / height) * GRID + Math.floor((x * GRID) / width);
			const [red = 0, green = 0, blue = 0] = pixels.subarray(at, at + 3);
			sums[square] = (sums[square] ?? 0) + 0.299 * red + 0.587 * green + 0.114 * blue;
			counts[square] = (counts[square] ?? 0) + 1;
		}
	}
	return sums.map((sum, square) => sum / Math.max(1, counts[square] ?? 1));
}

/** The mean difference between a grid, turned, and another one. */
function difference(from: Float64Array, to: Float64Array, orientation: number): number {
	const grid = { width: GRID, height: GRID, orientation };
	let sum = 0;
	for (let square = 0; square < GRID * GRID; square++) {
		const centre: Point = [(square % GRID) + 0.5, Math.floor(square / GRID) + 0.5];
		const [x, y] = toUpright(centre, grid);
		const there = Math.floor(y) * GRID + Math.floor(x);
		sum += Math.abs((from[square] ?? 0) - (to[there] ?? 0));
	}
	return sum / (GRID * GRID);
}

/** Whether an image is another one, turned by quarters or mirrored, rather than as it was. */
export function isTurned(before: Bitmap, after: Bitmap): boolean {
	const [from, to] = [gridOf(before), gridOf(after)];
	const asIs = difference(from, to, 1);
	const best = Math.min(...TURNS.map((orientation) => difference(from, to, orientation)));
	return best < ALIKE && best < CLEARLY * asIs;
}
