import type { Point } from '../areas/points';
import type { Bitmap } from '../images/bitmap';
import { brightness } from '../images/brightness';
import { toUpright } from '../images/upright';
import { shrink } from './shrink';

/** Squares of the grid, across and down, that two images are compared on, whatever their sizes. */
const GRID = 24;
/** EXIF orientations that are not upright. */
const TURNS = [2, 3, 4, 5, 6, 7, 8];
/** Levels of brightness, of 255, that two pictures of the same differ by at most, on the mean of the grid. */
const ALIKE = 12;
/** How much more alike the turned picture has to be. */
const CLEARLY = 0.4;

/** The brightness of each square of the grid. */
function gridOf(bitmap: Bitmap): Float64Array {
	const { pixels } = shrink(bitmap, { width: GRID, height: GRID });
	return Float64Array.from({ length: GRID * GRID }, (_, square) => {
		const [red = 0, green = 0, blue = 0] = pixels.subarray(square * 4, square * 4 + 3);
		return brightness(red, green, blue);
	});
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
