import { InvalidInput } from '../invalidInput';
import { show } from '../values';
import { turn, type Point, type Polygon } from './points';

function withinBox(a: Point, b: Point, p: Point): boolean {
	return (
		Math.min(a[0], b[0]) <= p[0] &&
		p[0] <= Math.max(a[0], b[0]) &&
		Math.min(a[1], b[1]) <= p[1] &&
		p[1] <= Math.max(a[1], b[1])
	);
}

function segmentsMeet(a: Point, b: Point, c: Point, d: Point): boolean {
	const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
	if (abc * abd < 0 && cda * cdb < 0) return true;
	return (
		(abc === 0 && withinBox(a, b, c)) ||
		(abd === 0 && withinBox(a, b, d)) ||
		(cda === 0 && withinBox(c, d, a)) ||
		(cdb === 0 && withinBox(c, d, b))
	);
}

/** Twice the area; positive for clockwise corners (y grows downwards). */
function doubleArea(corners: readonly Point[]): number {
	return corners.reduce((sum, [x, y], index) => {
		const [nextX, nextY] = corners[(index + 1) % corners.length] ?? [x, y];
		return sum + x * nextY - nextX * y;
	}, 0);
}

/** Sides that share a corner: do they run back over each other? */
function foldsBack(before: Point, at: Point, after: Point): boolean {
	const forward =
		(at[0] - before[0]) * (after[0] - at[0]) + (at[1] - before[1]) * (after[1] - at[1]);
	return turn(before, at, after) === 0 && forward < 0;
}

type Side = readonly [from: Point, to: Point];

function sidesOf(corners: readonly Point[]): Side[] {
	return corners.map((corner, index) => [corner, corners[(index + 1) % corners.length] ?? corner]);
}

/**
 * @param numberOf a corner as the user counts it, from 1
 * @throws InvalidInput for an outline that touches or crosses itself
 */
export function checkSimple(
	corners: readonly Point[],
	numberOf: (corner: Point) => number,
	polygon: number,
): void {
	const sides = sidesOf(corners);
	sides.forEach(([a, b], index) => {
		const [, c] = sides[(index + 1) % sides.length] ?? [b, a];
		if (!foldsBack(a, b, c)) return;
		throw new InvalidInput('polygons', 'polygon.foldsBack', {
			polygon,
			corner: numberOf(b),
			shown: show(b),
		});
	});
	sides.forEach(([a, b], first) => {
		sides.slice(first + 2).forEach(([c, d], offset) => {
			const isNeighbour = first === 0 && offset === sides.length - 3;
			if (isNeighbour || !segmentsMeet(a, b, c, d)) return;
			throw new InvalidInput('polygons', 'polygon.crosses', {
				polygon,
				corner: numberOf(a),
				shown: show(a),
				otherCorner: numberOf(c),
				otherShown: show(c),
			});
		});
	});
}

/** The same outline, clockwise, beginning at the same corner. */
export function clockwise(corners: readonly Point[]): Polygon {
	const [first, ...others] = corners;
	if (first === undefined || doubleArea(corners) > 0) return corners;
	return [first, ...others.reverse()];
}
