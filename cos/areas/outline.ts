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
export function doubleArea(corners: readonly Point[]): number {
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

/** A side, and the space it takes. */
interface Extent {
	readonly side: Side;
	readonly index: number;
	readonly left: number;
	readonly right: number;
	readonly top: number;
	readonly bottom: number;
}

function extentOf(side: Side, index: number): Extent {
	const [[x1, y1], [x2, y2]] = side;
	return {
		side,
		index,
		left: Math.min(x1, x2),
		right: Math.max(x1, x2),
		top: Math.min(y1, y2),
		bottom: Math.max(y1, y2),
	};
}

/**
 * The first two sides, in the order of the outline, that touch or cross without sharing a corner.
 *
 * Only sides that have a part of the width in common are compared, from left to right: an outline with
 * the most corners that a request can hold is checked within a few milliseconds.
 */
function findCrossing(sides: readonly Side[]): readonly [Side, Side] | undefined {
	const fromLeft = sides.map(extentOf).sort((a, b) => a.left - b.left);
	let found: readonly [Extent, Extent] | undefined;
	for (let place = 0; place < fromLeft.length; place++) {
		const one = fromLeft[place];
		if (!one) continue;
		for (let next = place + 1; next < fromLeft.length; next++) {
			const other = fromLeft[next];
			if (!other || other.left > one.right) break;
			if (other.top > one.bottom || other.bottom < one.top) continue;
			const pair = one.index < other.index ? ([one, other] as const) : ([other, one] as const);
			const [first, second] = pair;
			const distance = second.index - first.index;
			if (distance === 1 || distance === sides.length - 1) continue;
			const isEarlier =
				!found ||
				first.index < found[0].index ||
				(first.index === found[0].index && second.index < found[1].index);
			if (isEarlier && segmentsMeet(...first.side, ...second.side)) found = pair;
		}
	}
	return found && [found[0].side, found[1].side];
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
	const [first, second] = findCrossing(sides) ?? [];
	if (!first || !second) return;
	const [[a], [c]] = [first, second];
	throw new InvalidInput('polygons', 'polygon.crosses', {
		polygon,
		corner: numberOf(a),
		shown: show(a),
		otherCorner: numberOf(c),
		otherShown: show(c),
	});
}

/** Whether an outline neither touches nor crosses itself. */
export function isSimple(corners: readonly Point[]): boolean {
	const sides = sidesOf(corners);
	const folds = sides.some(([a, b], index) => {
		const [, c] = sides[(index + 1) % sides.length] ?? [b, a];
		return foldsBack(a, b, c);
	});
	return !folds && findCrossing(sides) === undefined;
}

/** The same outline, clockwise, beginning at the same corner. */
export function clockwise(corners: readonly Point[]): Polygon {
	const [first, ...others] = corners;
	if (first === undefined || doubleArea(corners) > 0) return corners;
	return [first, ...others.reverse()];
}
