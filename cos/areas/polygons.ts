import { InvalidInput } from '../invalidInput';
import { MAX_SOURCE_SIDE } from '../limits';
import { show } from '../values';
import { checkSimple, clockwise, isSimple } from './outline';
import { firstOutside, samePoint, turn, type ImageSize, type Point, type Polygon } from './points';

/** More than any outline of a logo needs, and few enough to check at once and to fit a request. */
export const MAX_CORNERS = 1000;

/** Drops corners that repeat the one before, and the last one of a closed ring. */
function withoutRepeats(corners: readonly Point[]): Point[] {
	return corners.filter((corner, index) => {
		const next = index === corners.length - 1 ? corners[0] : corners[index + 1];
		return corners.length === 1 || next === undefined || !samePoint(corner, next);
	});
}

function isFlat([a, b, ...others]: readonly Point[]): boolean {
	return !a || !b || others.every((corner) => turn(a, b, corner) === 0);
}

/**
 * @param canStandOut whether the part of the polygon beyond the image's upper and left side is cut off
 * @throws InvalidInput for a corner that is inside no image
 */
export function checkCoordinates(
	corners: readonly Point[],
	polygon: number,
	canStandOut: boolean,
): void {
	corners.forEach((point, index) => {
		const where = { polygon, corner: index + 1, shown: show(point) };
		if (!canStandOut && point.some((value) => value < 0)) {
			throw new InvalidInput('polygons', 'corner.negative', where);
		}
		if (point.some((value) => value > MAX_SOURCE_SIDE)) {
			throw new InvalidInput('polygons', 'corner.tooFar', { ...where, limit: MAX_SOURCE_SIDE });
		}
	});
}

/** @throws InvalidInput when there are more polygons, or corners of all of them, than can be sent */
export function checkCounts(polygons: readonly Polygon[]): void {
	if (polygons.length > MAX_CORNERS) {
		throw new InvalidInput('polygons', 'polygons.tooMany', { limit: MAX_CORNERS });
	}
	const count = polygons.reduce((sum, { length }) => sum + length, 0);
	if (polygons.length > 1 && count > MAX_CORNERS) {
		throw new InvalidInput('polygons', 'polygons.corners', { count, limit: MAX_CORNERS });
	}
	polygons.forEach(({ length }, index) => {
		if (length <= MAX_CORNERS) return;
		const where = { polygon: index + 1, count: length, limit: MAX_CORNERS };
		throw new InvalidInput('polygons', 'polygon.corners', where);
	});
}

/**
 * Rings may be closed and corners may run either way round: they come out open and clockwise.
 *
 * @param given in whole numbers
 * @param polygon its number, from 1
 * @throws InvalidInput for corners that make no outline
 */
export function checkedOutline(given: readonly Point[], polygon: number): Polygon {
	const corners = withoutRepeats(given);
	if (corners.length < 3) throw new InvalidInput('polygons', 'polygon.fewCorners', { polygon });
	// Before crossings: a shape folded flat crosses itself too, and "no area" is the clearer reason.
	if (isFlat(corners)) throw new InvalidInput('polygons', 'polygon.flat', { polygon });
	checkSimple(corners, (corner) => given.indexOf(corner) + 1, polygon);
	return clockwise(corners);
}

/** @returns undefined for corners that make no outline */
export function outlineIfAny(given: readonly Point[]): Polygon | undefined {
	const corners = withoutRepeats(given);
	const isOutline = corners.length >= 3 && !isFlat(corners) && isSimple(corners);
	return isOutline ? clockwise(corners) : undefined;
}

/**
 * @param first the number of the first polygon
 * @throws InvalidInput that names the first corner outside an image of this size
 */
export function checkInside(polygons: readonly Polygon[], size: ImageSize, first = 1): void {
	polygons.forEach((polygon, index) => {
		const outside = firstOutside(polygon, size);
		if (outside < 0) return;
		throw new InvalidInput('polygons', 'corner.outside', {
			polygon: first + index,
			corner: outside + 1,
			shown: show(polygon[outside]),
			...size,
		});
	});
}

/**
 * The text of `MaskPoly` before Base64, pixels, clockwise: a 3-D matrix, also for a single polygon, which
 * may be a 2-D one too ("multiple polygons … or a 2D matrix (single polygon)").
 */
export function maskPolyText(polygons: readonly Polygon[]): string {
	return JSON.stringify(polygons);
}
