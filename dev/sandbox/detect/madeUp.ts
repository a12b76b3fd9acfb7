import type { Corners, DetectionChange, Point } from '../http/found';

/** Something that was not looked for. */
interface MadeUp {
	readonly text: string;
	/** 0 to 100 */
	readonly confidence: number;
	readonly corners: Corners;
}

interface Size {
	/** pixels */
	readonly width: number;
	/** pixels */
	readonly height: number;
}

const COLUMNS = 10;
const ROWS = 30;
const TURN = Math.PI / 6;

/** The corners of a box of this size around a point, which may be turned clockwise. */
function around([x, y]: Point, { width, height }: Size, radians = 0): Corners {
	const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
	const corner = (dx: number, dy: number): Point => [
		x + (dx * cos - dy * sin) / 2,
		y + (dx * sin + dy * cos) / 2,
	];
	return [
		corner(-width, -height),
		corner(width, -height),
		corner(width, height),
		corner(-width, height),
	];
}

/** One thing in the middle of an image, a quarter as wide and as high. */
export function inTheMiddle({ width, height }: Size, radians = 0): MadeUp {
	const middle: Point = [width / 2, height / 2];
	const size = { width: width / 4, height: height / 4 };
	return { text: 'sandbox', confidence: 99, corners: around(middle, size, radians) };
}

/** Hundreds of things in rows and columns. */
function everywhere({ width, height }: Size): MadeUp[] {
	const size = { width: width / COLUMNS / 2, height: height / ROWS / 2 };
	return Array.from({ length: COLUMNS * ROWS }, (_, index) => {
		const [column, row] = [index % COLUMNS, Math.floor(index / COLUMNS)];
		const middle: Point = [((column + 0.5) * width) / COLUMNS, ((row + 0.5) * height) / ROWS];
		return { text: `sandbox ${index + 1}`, confidence: 99, corners: around(middle, size) };
	});
}

/** What a fault makes a detector find in an image of this size. */
export function madeUp(find: NonNullable<DetectionChange['find']>, size: Size): MadeUp[] {
	switch (find) {
		case 'nothing':
			return [];
		case 'one':
			return [inTheMiddle(size)];
		case 'many':
			return everywhere(size);
		case 'turned':
			return [inTheMiddle(size, TURN)];
		case 'unsure':
			return [{ ...inTheMiddle(size), confidence: 12 }];
	}
}
