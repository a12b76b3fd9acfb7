import type { Bitmap } from '../images/bitmap';
import { brightness } from '../images/brightness';
import { present } from '../values';
import type { Marked } from './marked';
import { isTurned } from './turned';

/** How two small copies of an image differ. */
export interface Change {
	/** Percent of the area, 0 to 100; absent where the area is not known. */
	readonly changedInside?: number;
	/** Percent of the rest of the image; of all of it where the area is not known. */
	readonly changedOutside: number;
	/** By how much the colors of the whole image are other ones, in levels of 255. */
	readonly colorShift: number;
	/** Whether the second image is the first one turned or mirrored. */
	readonly isTurned: boolean;
}

/** Pixels of the side of a cell: in its mean, what JPEG adds is little. */
const CELL = 8;

/** By how much a cell differs, or may differ. */
interface Difference {
	/** Levels of brightness, of 255, in its mean. */
	readonly light: number;
	/** Levels of one color, in its mean. */
	readonly color: number;
	/** Levels of brightness from pixel to pixel, as a share of what its pixels differ among themselves. */
	readonly detail: number;
}

/**
 * What a file that was only encoded anew differs by, and a little more. Measured on 246 color photographs at JPEG
 * qualities from 60 to 95: 5.6, 22.4 and 0.47 at most (docs/verification.md).
 */
const ENCODED_ANEW: Difference = { light: 7, color: 32, detail: 0.52 };
/** What cannot be seen. In the area, where a change is expected, more than that may be its repair. */
const INVISIBLE: Difference = { light: 3, color: 12, detail: 0.3 };
/** How many times the noise of the rest of the image a change in the area has to be. */
const STANDS_OUT = 5;
/** Cells from which on the rest of the image tells what encoding alone has changed. */
const ENOUGH = 50;
/** Added to what pixels differ among themselves: in flat places, JPEG makes noise of its own. */
const FLAT = 24;

interface Cell extends Difference {
	readonly shift: readonly [red: number, green: number, blue: number];
	/** 'edge' is near the area, where its repair and what JPEG makes of that may show. */
	readonly place: 'inside' | 'edge' | 'outside';
}

/** What is added up over the pixels of each cell, one behind the other. */
const enum Sum {
	count,
	red,
	green,
	blue,
	/** Of the brightness before and after, and of its difference: the sum of the squares. */
	before,
	beforeSquared,
	after,
	afterSquared,
	squared,
	marked,
	/** How many they are. */
	length,
}

/** A color of a pixel on white: what a transparent pixel hides does not matter. */
function onWhite(pixels: Uint8Array, at: number, color: number): number {
	const value = pixels[at + color] ?? 0;
	const alpha = pixels[at + 3] ?? 255;
	return alpha === 255 ? value : (value * alpha) / 255 + 255 - alpha;
}

/** Sums over each cell. Nothing is allocated for a pixel: there are hundreds of thousands. */
function sumsOf(
	before: Bitmap,
	after: Bitmap,
	marked: Marked | undefined,
	{ columns, rows }: { columns: number; rows: number },
): Float64Array {
	const { width, height } = before;
	const sums = new Float64Array(columns * rows * Sum.length);
	const add = (at: number, value: number) => {
		sums[at] = (sums[at] ?? 0) + value;
	};
	for (let y = 0; y < height; y++) {
		const row = Math.min(rows - 1, Math.floor(y / CELL)) * columns;
		for (let x = 0; x < width; x++) {
			const cell = (row + Math.min(columns - 1, Math.floor(x / CELL))) * Sum.length;
			const at = (y * width + x) * 4;
			const r = onWhite(before.pixels, at, 0);
			const g = onWhite(before.pixels, at, 1);
			const b = onWhite(before.pixels, at, 2);
			const r2 = onWhite(after.pixels, at, 0);
			const g2 = onWhite(after.pixels, at, 1);
			const b2 = onWhite(after.pixels, at, 2);
			const old = brightness(r, g, b);
			const now = brightness(r2, g2, b2);
			add(cell + Sum.count, 1);
			add(cell + Sum.red, r2 - r);
			add(cell + Sum.green, g2 - g);
			add(cell + Sum.blue, b2 - b);
			add(cell + Sum.before, old);
			add(cell + Sum.beforeSquared, old * old);
			add(cell + Sum.after, now);
			add(cell + Sum.afterSquared, now * now);
			add(cell + Sum.squared, (now - old) ** 2);
			if (marked?.[y * width + x]) sums[cell + Sum.marked] = 1;
		}
	}
	return sums;
}

function differenceOf(sums: Float64Array, cell: number): Omit<Cell, 'place'> {
	const mean = (of: Sum) => (sums[cell + of] ?? 0) / (sums[cell + Sum.count] ?? 1);
	const shift = [mean(Sum.red), mean(Sum.green), mean(Sum.blue)] as const;
	const spread = (sum: Sum, squares: Sum) => Math.sqrt(Math.max(0, mean(squares) - mean(sum) ** 2));
	const own = Math.min(spread(Sum.before, Sum.beforeSquared), spread(Sum.after, Sum.afterSquared));
	return {
		light: Math.abs(brightness(...shift)),
		color: Math.max(...shift.map(Math.abs)),
		detail: Math.sqrt(mean(Sum.squared)) / (own + FLAT),
		shift,
	};
}

function cellsOf(before: Bitmap, after: Bitmap, marked: Marked | undefined): Cell[] {
	// What is left over belongs to the last cell: a smaller one would tell less.
	const columns = Math.max(1, Math.floor(before.width / CELL));
	const rows = Math.max(1, Math.floor(before.height / CELL));
	const sums = sumsOf(before, after, marked, { columns, rows });
	const isMarked = (row: number, column: number) =>
		row >= 0 &&
		column >= 0 &&
		row < rows &&
		column < columns &&
		sums[(row * columns + column) * Sum.length + Sum.marked] === 1;
	const near = [-2, -1, 0, 1, 2];
	const placeOf = (index: number): Cell['place'] => {
		if (!marked) return 'outside';
		const [row, column] = [Math.floor(index / columns), index % columns];
		if (isMarked(row, column)) return 'inside';
		const isNear = near.some((dy) => near.some((dx) => isMarked(row + dy, column + dx)));
		return isNear ? 'edge' : 'outside';
	};
	return Array.from({ length: columns * rows }, (_, index) => ({
		...differenceOf(sums, index * Sum.length),
		place: placeOf(index),
	}));
}

function exceeds(cell: Difference, { light, color, detail }: Difference): boolean {
	return cell.light > light || cell.color > color || cell.detail > detail;
}

/** The value that a share of all values does not exceed; 0 of none. */
function quantile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** To a tenth; what is not nothing is a tenth at least. */
function percent(part: number, all: number): number {
	return part === 0 ? 0 : Math.max(0.1, Math.round((part / all) * 1000) / 10);
}

/** Most cells of an image are not repaired, so that the middle one tells what was done to all. */
function colorShiftOf(cells: readonly Cell[]): number {
	const of = (color: 0 | 1 | 2) =>
		Math.abs(
			quantile(
				cells.map(({ shift }) => shift[color]),
				0.5,
			),
		);
	return Math.max(of(0), of(1), of(2));
}

/** What a cell of the area has to differ by to count as repaired. */
function leastInside(outside: readonly Cell[]): Difference {
	if (outside.length < ENOUGH) return ENCODED_ANEW;
	const least = (name: keyof Difference) => {
		const noise = quantile(
			outside.map((cell) => cell[name]),
			0.99,
		);
		return Math.min(ENCODED_ANEW[name], Math.max(INVISIBLE[name], STANDS_OUT * noise));
	};
	return { light: least('light'), color: least('color'), detail: least('detail') };
}

/**
 * Compares small upright copies of an image and of its repair, by the means of squares of 8 pixels.
 *
 * @param before not larger than some hundred pixels a side
 * @param after of any size: of another one, only the orientation is compared
 * @param marked what the area covers of `before`; undefined where that is not known
 * @returns without a change where the sizes differ
 */
export function compareCopies(
	before: Bitmap,
	after: Bitmap,
	marked: Marked | undefined,
): Change | undefined {
	if (before.width !== after.width || before.height !== after.height) return undefined;
	const cells = cellsOf(before, after, marked);
	const outside = cells.filter(({ place }) => place === 'outside');
	const inside = cells.filter(({ place }) => place === 'inside');
	const least = leastInside(outside);
	const repaired = inside.filter((cell) => exceeds(cell, least));
	const changed = outside.filter((cell) => exceeds(cell, ENCODED_ANEW));
	return present({
		changedInside: marked && percent(repaired.length, inside.length),
		changedOutside: percent(changed.length, outside.length),
		colorShift: Math.round(colorShiftOf(outside.length > 0 ? outside : cells) * 10) / 10,
		isTurned: changed.length > outside.length / 4 && isTurned(before, after),
	});
}
