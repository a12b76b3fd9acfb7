import { InvalidInput } from '../invalidInput';
import { MAX_SOURCE_SIDE } from '../limits';
import { isRecord, show } from '../values';
import { asNumber, readBox } from './boxes';
import { checkSimple, clockwise } from './outline';
import { firstOutside, samePoint, turn, type ImageSize, type Point, type Polygon } from './points';

/** More than any outline of a logo needs, and few enough to check at once and to fit a request. */
export const MAX_CORNERS = 1000;

function isCoordinate(value: unknown): boolean {
	return typeof value === 'string' || typeof value === 'number';
}

/** A corner, by its shape alone: `[x, y]` or `{x, y}`. */
function looksLikeCorner(value: unknown): boolean {
	if (Array.isArray(value)) return value.length > 0 && value.every(isCoordinate);
	return isRecord(value) && 'x' in value && 'y' in value && !('width' in value);
}

function readCorner(value: unknown, polygon: number, corner: number): Point {
	const pair: unknown[] = isRecord(value) ? [value.x, value.y] : Array.isArray(value) ? value : [];
	const [x, y] = pair.map(asNumber);
	if (pair.length !== 2 || x === undefined || y === undefined) {
		throw new InvalidInput('polygons', 'corner.notPair', { polygon, corner, shown: show(value) });
	}
	return [Math.round(x), Math.round(y)];
}

function readShape(shape: unknown, polygon: number): Polygon {
	if (isRecord(shape)) return readBox(shape, polygon);
	if (!Array.isArray(shape)) {
		throw new InvalidInput('polygons', 'polygon.notList', { polygon, shown: show(shape) });
	}
	const { length: count } = shape;
	if (count > MAX_CORNERS) {
		throw new InvalidInput('polygons', 'polygon.corners', { polygon, count, limit: MAX_CORNERS });
	}
	return shape.map((corner, index) => readCorner(corner, polygon, index + 1));
}

/** Drops corners that repeat the one before, and the last one of a closed ring. */
function withoutRepeats(corners: readonly Point[]): Point[] {
	return corners.filter((corner, index) => {
		const next = index === corners.length - 1 ? corners[0] : corners[index + 1];
		return corners.length === 1 || next === undefined || !samePoint(corner, next);
	});
}

function checkCoordinates(corners: readonly Point[], polygon: number): void {
	corners.forEach((point, index) => {
		const where = { polygon, corner: index + 1, shown: show(point) };
		if (point.some((value) => value < 0)) {
			throw new InvalidInput('polygons', 'corner.negative', where);
		}
		if (point.some((value) => value > MAX_SOURCE_SIDE)) {
			throw new InvalidInput('polygons', 'corner.tooFar', { ...where, limit: MAX_SOURCE_SIDE });
		}
	});
}

function checkedPolygon(shape: unknown, polygon: number): Polygon {
	const given = readShape(shape, polygon);
	checkCoordinates(given, polygon);
	const corners = withoutRepeats(given);
	if (corners.length < 3) throw new InvalidInput('polygons', 'polygon.fewCorners', { polygon });
	// Before crossings: a shape folded flat crosses itself too, and "no area" is the clearer reason.
	const [a, b] = corners;
	if (a && b && corners.every((corner) => turn(a, b, corner) === 0)) {
		throw new InvalidInput('polygons', 'polygon.flat', { polygon });
	}
	checkSimple(corners, (corner) => given.indexOf(corner) + 1, polygon);
	return clockwise(corners);
}

const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/** The brackets that a JSON text leaves open, from the innermost to the outermost. */
function openBrackets(text: string): string {
	const open: string[] = [];
	for (const [character] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
		const closing = CLOSING[character];
		if (closing !== undefined) open.push(closing);
		else if (character === open.at(-1)) open.pop();
	}
	return open.reverse().join('');
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

/** Brackets that a list of polygons of corners can lack. */
const MOST_MISSING = 3;

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		const missing = openBrackets(text);
		if (missing !== '' && missing.length <= MOST_MISSING && isJson(text + missing)) {
			throw new InvalidInput('polygons', 'polygons.unclosed', { shown: show(text), missing });
		}
		throw new InvalidInput('polygons', 'polygons.notJson', { shown: show(text) });
	}
}

/**
 * Reads polygons as people and other nodes give them: JSON text or a value; one polygon
 * `[[x, y], …]` or several `[[[x, y], …], …]`; corners as `{x, y}` too; boxes
 * `{x, y, width, height}`, `{left, top, width, height}` or `{left, top, right, bottom}`, one or a
 * list. Numbers may be text and are rounded to whole pixels. Rings may be closed and corners may
 * run either way round: they come out open and clockwise.
 *
 * A polygon's corners lie on the grid between pixels: `[0, 0]` to `[10, 10]` covers ten by ten
 * pixels, and `[width, height]` is the image's lower right corner.
 *
 * @throws InvalidInput that names the polygon and corner, counted from 1
 */
export function parsePolygons(input: unknown): Polygon[] {
	const value = typeof input === 'string' ? parseJson(input) : input;
	if (isRecord(value)) return [checkedPolygon(value, 1)];
	if (!Array.isArray(value)) {
		throw new InvalidInput('polygons', 'polygons.notList', { shown: show(value) });
	}
	if (value.length === 0) throw new InvalidInput('polygons', 'polygons.none', {});
	const shapes: unknown[] = looksLikeCorner(value[0]) ? [value] : value;
	if (shapes.length > MAX_CORNERS) {
		throw new InvalidInput('polygons', 'polygons.tooMany', { limit: MAX_CORNERS });
	}
	const count = shapes.reduce<number>(
		(sum, shape) => sum + (Array.isArray(shape) ? shape.length : 4),
		0,
	);
	if (shapes.length > 1 && count > MAX_CORNERS) {
		throw new InvalidInput('polygons', 'polygons.corners', { count, limit: MAX_CORNERS });
	}
	return shapes.map((shape, index) => checkedPolygon(shape, index + 1));
}

/** @throws InvalidInput that names the first corner outside an image of this size */
export function checkInside(polygons: readonly Polygon[], size: ImageSize): void {
	polygons.forEach((polygon, index) => {
		const outside = firstOutside(polygon, size);
		if (outside < 0) return;
		throw new InvalidInput('polygons', 'corner.outside', {
			polygon: index + 1,
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
