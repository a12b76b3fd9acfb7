import { MAX_SOURCE_SIDE } from '../limits';
import { cutToImage } from './cut';
import {
	boxAround,
	boxCorners,
	turn,
	type Box,
	type ImageSize,
	type Point,
	type Polygon,
} from './points';
import { MAX_CORNERS } from './polygons';
import { hullOf, unionOf } from './regions';

/** How far an area reaches beyond its polygons; percent: of the image's shorter side. */
export interface Growth {
	readonly amount: number;
	readonly unit: 'pixels' | 'percent';
}

/** Whether it depends on the image's size how far an area grows. */
export function growthNeedsSize({ amount, unit }: Growth): boolean {
	return unit === 'percent' && amount > 0;
}

/** Whole pixels, at least one where there is to be a margin. */
function marginOf({ amount, unit }: Growth, size: ImageSize | undefined): number {
	if (!(amount > 0)) return 0;
	const side = Math.min(size?.width ?? 0, size?.height ?? 0);
	const pixels = unit === 'percent' ? (amount * side) / 100 : amount;
	return Math.min(Math.max(Math.round(pixels), 1), MAX_SOURCE_SIDE);
}

function isConvex(polygon: Polygon): boolean {
	return polygon.every((corner, index) => {
		const before = polygon.at(index - 1) ?? corner;
		return turn(before, corner, polygon[(index + 1) % polygon.length] ?? corner) >= 0;
	});
}

/** The corners of a square around a point, clockwise from the top left. */
function squareAround([x, y]: Point, margin: number): Polygon {
	return boxCorners({ left: x - margin, top: y - margin, right: x + margin, bottom: y + margin });
}

/** The corner of a square that lies farthest out from a side, by its number; of two, the one ahead. */
function farthestCorner([x1, y1]: Point, [x2, y2]: Point): number {
	const [right, down] = [x2 - x1, y2 - y1];
	if (right > 0 && down <= 0) return down === 0 ? 1 : 0;
	if (right >= 0 && down > 0) return right === 0 ? 2 : 1;
	if (right < 0 && down >= 0) return down === 0 ? 3 : 2;
	return right === 0 ? 0 : 3;
}

/**
 * The way of a square's farthest corner as the square is led along the outline. It crosses itself where
 * the outline turns inwards, and goes round all that the square covers on its way.
 */
function wayAround(polygon: Polygon, margin: number): Point[] {
	return polygon.flatMap((corner, index) => {
		const before = polygon.at(index - 1) ?? corner;
		const after = polygon[(index + 1) % polygon.length] ?? corner;
		const square = squareAround(corner, margin);
		const arriving = farthestCorner(before, corner);
		const leaving = farthestCorner(corner, after);
		const step = turn(before, corner, after) >= 0 ? 1 : 3;
		const way: Point[] = [];
		for (let at = arriving; ; at = (at + step) % 4) {
			way.push(square[at] ?? corner);
			if (at === leaving) return way;
		}
	});
}

/** Corners above which an outline is made simpler first: the work grows with the square of them. */
const MANY_CORNERS = 200;
/** Share of the margin that may be added where an outline is made simpler. */
const SLACK = 1 / 4;

/**
 * The outline over its narrow notches, which are covered once it has grown. What is added is no farther from
 * the outline than half of `width`.
 */
function withoutNotches(polygon: Polygon, width: number): Polygon {
	const kept: Point[] = [];
	for (const corner of polygon) {
		for (;;) {
			const [before, last] = [kept.at(-2), kept.at(-1)];
			if (!before || !last || turn(before, last, corner) >= 0) break;
			if (Math.hypot(corner[0] - before[0], corner[1] - before[1]) > width) break;
			kept.pop();
		}
		kept.push(corner);
	}
	return kept;
}

function grown(outline: Polygon, margin: number): Polygon[] {
	const isLong = outline.length > MANY_CORNERS;
	const polygon = isLong ? withoutNotches(outline, 2 * SLACK * margin) : outline;
	if (isConvex(polygon)) return [hullOf(polygon.flatMap((corner) => squareAround(corner, margin)))];
	return unionOf([wayAround(polygon, margin)]) ?? grown(hullOf(polygon), margin);
}

function touch(one: Box, other: Box): boolean {
	return (
		one.left <= other.right &&
		other.left <= one.right &&
		one.top <= other.bottom &&
		other.top <= one.bottom
	);
}

const cornerCount = (polygons: readonly Polygon[]) => polygons.flat().length;

/** Unions of two that are tried at most: enough for a page of words, and over within a second. */
const MOST_TRIES = 2000;

/** One polygon for several that overlap or touch, wherever that saves corners. */
function merged(polygons: readonly Polygon[]): Polygon[] {
	const result: Array<{ readonly polygon: Polygon; readonly box: Box }> = [];
	const waiting = [...polygons].reverse();
	let tries = 0;
	for (let polygon = waiting.pop(); polygon; polygon = waiting.pop()) {
		const one = polygon;
		const box = boxAround(one);
		const place = result.findIndex((other) => {
			if (tries >= MOST_TRIES || !touch(box, other.box)) return false;
			tries++;
			const union = unionOf([one, other.polygon]);
			const [joined] = union ?? [];
			if (!joined || cornerCount(union ?? []) >= one.length + other.polygon.length) return false;
			waiting.push(...(union ?? []));
			return true;
		});
		if (place < 0) result.push({ polygon: one, box });
		else result.splice(place, 1);
	}
	return result.map(({ polygon }) => polygon);
}

/** Fewer corners, for an area that may be larger but not smaller. */
function simpler(polygon: Polygon): Polygon {
	const hull = hullOf(polygon);
	return hull.length < polygon.length ? hull : boxCorners(boxAround(polygon));
}

/** The same area or more, with no more corners than a request takes. */
function withFewCorners(polygons: readonly Polygon[]): Polygon[] {
	let fewer = [...polygons];
	while (cornerCount(fewer) > MAX_CORNERS) {
		const most = Math.max(...fewer.map(({ length }) => length));
		const at = fewer.findIndex(({ length }) => length === most);
		if (most > 4)
			fewer = fewer.map((polygon, index) => (index === at ? simpler(polygon) : polygon));
		// Nothing but boxes: each with the one after it.
		else {
			fewer = fewer.flatMap((polygon, index) =>
				index % 2 === 0 ? [boxCorners(boxAround([...polygon, ...(fewer[index + 1] ?? [])]))] : [],
			);
		}
	}
	return fewer;
}

/**
 * Polygons with a margin on all sides: all that a square of twice the margin covers while its middle is
 * inside them. An upright rectangle grows by the margin on each side. What would stand out of the image is
 * cut off.
 *
 * @param polygons inside the image, clockwise, not crossing themselves
 * @param size of the image; may be left out when the growth does not need it
 * @returns whole pixels, no more corners in all than `readShapes` takes: an area that would need more
 *   is made simpler and larger; without a margin the same polygons
 */
export function growArea(
	polygons: readonly Polygon[],
	growth: Growth,
	size: ImageSize | undefined,
): Polygon[] {
	const margin = marginOf(growth, size);
	if (margin === 0) return [...polygons];
	const areas = polygons.flatMap((polygon) => grown(polygon, margin));
	return withFewCorners(merged(areas.flatMap((area) => cutToImage(area, size))));
}
