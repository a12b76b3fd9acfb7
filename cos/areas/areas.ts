import { InvalidInput, type InputField } from '../invalidInput';
import { isRecord } from '../values';
import { MAX_SOURCE_SIDE } from '../limits';

/** `[x, y]` in pixels from the image's top left corner; whole numbers once checked. */
export type Point = readonly [x: number, y: number];

/** Corners in clockwise order as seen on the image (y grows downwards), the first not repeated. */
export type Polygon = readonly Point[];

/** Pixels. */
export interface ImageSize {
	width: number;
	height: number;
}

export type Corner = 'topLeft' | 'topRight' | 'bottomLeft' | 'bottomRight';
export type Unit = 'pixels' | 'percent';

/**
 * A rectangle as people read it off an image: its distance from the two sides that meet in
 * `corner`, and its extent, all four in `unit` (percent: of the image's width and height).
 */
export interface Rectangle {
	corner: Corner;
	unit: Unit;
	/** From the left side, or from the right one for a right-hand corner. */
	horizontalDistance: number;
	/** From the top, or from the bottom for a lower corner. */
	verticalDistance: number;
	width: number;
	height: number;
}

/** More than any outline of a logo needs, and few enough to check at once and to fit a request. */
const MAX_CORNERS = 1000;

const POLYGON_EXAMPLE = '[[[608,794],[1024,794],[1024,842],[608,842]]]';
const ADVICE = `Give corners as [x, y] in pixels from the top left, at least three for each polygon. For example: ${POLYGON_EXAMPLE}.`;

function wrong(what: string, advice = ADVICE, field: InputField = 'polygons'): InvalidInput {
	return new InvalidInput(field, what, advice);
}

function asNumber(value: unknown): number | undefined {
	if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	const number = Number(value);
	return Number.isFinite(number) ? number : undefined;
}

function show(value: unknown): string {
	const text = value === undefined ? 'nothing' : JSON.stringify(value);
	return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function isCoordinate(value: unknown): boolean {
	return typeof value === 'string' || typeof value === 'number';
}

/** A corner, by its shape alone: `[x, y]` or `{x, y}`. */
function looksLikeCorner(value: unknown): boolean {
	if (Array.isArray(value)) return value.length > 0 && value.every(isCoordinate);
	return isRecord(value) && 'x' in value && 'y' in value && !('width' in value);
}

function readCorner(value: unknown, where: string): Point {
	const pair: unknown[] = isRecord(value) ? [value.x, value.y] : Array.isArray(value) ? value : [];
	const [x, y] = pair.map(asNumber);
	if (pair.length !== 2 || x === undefined || y === undefined) {
		throw wrong(`${where}: ${show(value)} is not a corner [x, y] of two numbers`);
	}
	return [Math.round(x), Math.round(y)];
}

/** `{x, y, width, height}`, `{left, top, width, height}` or `{left, top, right, bottom}`, in pixels. */
function readBox(box: Record<string, unknown>, where: string): Point[] {
	const side = (name: string) => asNumber(box[name]);
	const left = side('left') ?? side('x');
	const top = side('top') ?? side('y');
	const width = side('width');
	const height = side('height');
	const right =
		side('right') ?? (left !== undefined && width !== undefined ? left + width : undefined);
	const bottom =
		side('bottom') ?? (top !== undefined && height !== undefined ? top + height : undefined);
	if (left === undefined || top === undefined || right === undefined || bottom === undefined) {
		throw wrong(
			`${where}: ${show(box)} is not a box of numbers`,
			'Give a box as {"x", "y", "width", "height"} or {"left", "top", "right", "bottom"}, in pixels.',
		);
	}
	if (right <= left || bottom <= top) throw wrong(`${where}: ${show(box)} has no area`);
	return [
		[left, top],
		[right, top],
		[right, bottom],
		[left, bottom],
	].map(([x = 0, y = 0]) => [Math.round(x), Math.round(y)]);
}

function readShape(shape: unknown, where: string): Point[] {
	if (isRecord(shape)) return readBox(shape, where);
	if (!Array.isArray(shape)) throw wrong(`${where}: ${show(shape)} is not a list of corners`);
	if (shape.length > MAX_CORNERS) {
		throw wrong(
			`${where} has ${shape.length} corners, more than ${MAX_CORNERS}`,
			'Use fewer corners, or a mask image.',
		);
	}
	return shape.map((corner, index) => readCorner(corner, `${where}, corner ${index + 1}`));
}

function samePoint(a: Point, b: Point): boolean {
	return a[0] === b[0] && a[1] === b[1];
}

/** Drops corners that repeat the one before, and the last one of a closed ring. */
function withoutRepeats(corners: readonly Point[]): Point[] {
	return corners.filter((corner, index) => {
		const next = index === corners.length - 1 ? corners[0] : corners[index + 1];
		return corners.length === 1 || next === undefined || !samePoint(corner, next);
	});
}

/** Positive when c lies to the right of the way from a to b (y grows downwards), 0 when on it. */
function turn(a: Point, b: Point, c: Point): number {
	return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

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
 * Refuses outlines that touch or cross themselves.
 *
 * @param numberOf a corner, as its giver counts them
 */
function checkSimple(
	corners: readonly Point[],
	numberOf: (corner: Point) => number,
	where: string,
): void {
	const sides = sidesOf(corners);
	sides.forEach(([a, b], index) => {
		const [, c] = sides[(index + 1) % sides.length] ?? [b, a];
		if (!foldsBack(a, b, c)) return;
		throw wrong(
			`${where} runs back over itself at corner ${numberOf(b)} ${show(b)}`,
			'Remove that corner, or give the corners in the order in which they follow the outline.',
		);
	});
	sides.forEach(([a, b], first) => {
		sides.slice(first + 2).forEach(([c, d], offset) => {
			const isNeighbour = first === 0 && offset === sides.length - 3;
			if (isNeighbour || !segmentsMeet(a, b, c, d)) return;
			throw wrong(
				`${where} crosses itself: the side from corner ${numberOf(a)} ${show(a)} meets the side from corner ${numberOf(c)} ${show(c)}`,
				'Give the corners in the order in which they follow the outline, or split the shape into several polygons.',
			);
		});
	});
}

function clockwise(corners: readonly Point[]): Polygon {
	const [first, ...others] = corners;
	if (first === undefined || doubleArea(corners) > 0) return corners;
	return [first, ...others.reverse()];
}

function checkCoordinates(corners: readonly Point[], where: string): void {
	corners.forEach((corner, index) => {
		if (corner.some((value) => value < 0)) {
			throw wrong(`${where}, corner ${index + 1} ${show(corner)} is negative`);
		}
		if (corner.some((value) => value > MAX_SOURCE_SIDE)) {
			throw wrong(
				`${where}, corner ${index + 1} ${show(corner)} is beyond ${MAX_SOURCE_SIDE} pixels, the largest side an image may have`,
			);
		}
	});
}

function checkedPolygon(shape: unknown, where: string): Polygon {
	const given = readShape(shape, where);
	checkCoordinates(given, where);
	const corners = withoutRepeats(given);
	if (corners.length < 3) {
		throw wrong(`${where} has fewer than three different corners`);
	}
	// A shape folded flat is told from a crossed one: "no area" is the clearer answer.
	const [a, b] = corners;
	if (a && b && corners.every((corner) => turn(a, b, corner) === 0)) {
		throw wrong(`${where} has no area: all its corners lie on one line`);
	}
	checkSimple(corners, (corner) => given.indexOf(corner) + 1, where);
	return clockwise(corners);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw wrong(`${show(text)} is not JSON`);
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
	if (isRecord(value)) return [checkedPolygon(value, 'polygon 1')];
	if (!Array.isArray(value)) throw wrong(`${show(value)} is not a list of polygons`);
	if (value.length === 0) throw wrong('holds no polygon');
	const shapes: unknown[] = looksLikeCorner(value[0]) ? [value] : value;
	if (shapes.length > MAX_CORNERS) throw wrong(`holds more than ${MAX_CORNERS} polygons`);
	const corners = shapes.reduce<number>(
		(sum, shape) => sum + (Array.isArray(shape) ? shape.length : 4),
		0,
	);
	if (shapes.length > 1 && corners > MAX_CORNERS) {
		throw wrong(
			`holds ${corners} corners in all, more than ${MAX_CORNERS}`,
			'Use fewer corners, or a mask image.',
		);
	}
	return shapes.map((shape, index) => checkedPolygon(shape, `polygon ${index + 1}`));
}

/** Where the image's own size decides which pixels a rectangle means. */
export function needsImageSize({ corner, unit }: Rectangle): boolean {
	return unit === 'percent' || corner !== 'topLeft';
}

function checkRectangle(rectangle: Rectangle, where: string): void {
	const { horizontalDistance, verticalDistance, width, height, unit } = rectangle;
	const bad = (what: string) =>
		new InvalidInput(
			'rectangles',
			what,
			'Enter the distances from the two sides of the chosen corner and the size as numbers, in pixels or percent.',
		);
	const numbers = { horizontalDistance, verticalDistance, width, height };
	if (!Object.values(numbers).every(Number.isFinite))
		throw bad(`${where} holds a value that is not a number`);
	if (horizontalDistance < 0 || verticalDistance < 0) throw bad(`${where} has a negative distance`);
	if (width <= 0 || height <= 0) throw bad(`${where} has no width or no height`);
	if (
		unit === 'percent' &&
		Math.max(horizontalDistance + width, verticalDistance + height) > 100.001
	) {
		throw bad(`${where} reaches beyond 100 percent of the image`);
	}
}

/**
 * Sums such as 0.1 + 0.2 end a hair off, and a half has to go the same way from either side of the
 * image.
 */
function nearestPixel(value: number): number {
	return Math.round(Number(value.toFixed(6)));
}

/** First and last edge along one axis, in pixels. */
function edges(
	distance: number,
	extent: number,
	fromFarSide: boolean,
	unit: Unit,
	side: number | undefined,
): readonly [number, number] {
	const inPixels = (value: number) =>
		unit === 'percent' && side !== undefined ? (value * side) / 100 : value;
	const near = inPixels(distance);
	const far = inPixels(distance + extent);
	if (!fromFarSide || side === undefined) return [nearestPixel(near), nearestPixel(far)];
	return [nearestPixel(side - far), nearestPixel(side - near)];
}

/**
 * Finds what is wrong with rectangles whatever the image's size is.
 *
 * @throws InvalidInput that names the rectangle, counted from 1
 */
export function checkRectangles(rectangles: readonly Rectangle[]): void {
	if (rectangles.length === 0) {
		throw wrong(
			'holds no rectangle',
			'Press "Add Rectangle" and enter where the logo is, or choose another way to give the area.',
			'rectangles',
		);
	}
	rectangles.forEach((rectangle, index) => {
		checkRectangle(rectangle, `rectangle ${index + 1}`);
	});
}

/**
 * Rectangles as polygons in pixels, one each.
 *
 * @param size of the image; may be left out when no rectangle `needsImageSize`
 * @throws InvalidInput that names the rectangle, counted from 1
 */
export function rectanglesToPolygons(
	rectangles: readonly Rectangle[],
	size?: ImageSize,
): Polygon[] {
	checkRectangles(rectangles);
	return rectangles.map((rectangle, index) => {
		const where = `rectangle ${index + 1}`;
		const { corner, unit, horizontalDistance, verticalDistance, width, height } = rectangle;
		const fromRight = corner === 'topRight' || corner === 'bottomRight';
		const fromBottom = corner === 'bottomLeft' || corner === 'bottomRight';
		const [left, right] = edges(horizontalDistance, width, fromRight, unit, size?.width);
		const [top, bottom] = edges(verticalDistance, height, fromBottom, unit, size?.height);
		if (right <= left || bottom <= top) {
			throw wrong(
				`${where} is smaller than one pixel`,
				'Enter a larger width and height.',
				'rectangles',
			);
		}
		const polygon: Polygon = [
			[left, top],
			[right, top],
			[right, bottom],
			[left, bottom],
		];
		if (size) checkInside([polygon], size, 'rectangles', () => where);
		return polygon;
	});
}

/**
 * @throws InvalidInput that names the first corner outside an image of this size
 */
export function checkInside(
	polygons: readonly Polygon[],
	{ width, height }: ImageSize,
	field: 'polygons' | 'rectangles' = 'polygons',
	name: (index: number) => string = (index) => `polygon ${index + 1}`,
): void {
	polygons.forEach((polygon, index) => {
		polygon.forEach((corner, cornerIndex) => {
			const [x, y] = corner;
			if (x >= 0 && y >= 0 && x <= width && y <= height) return;
			throw new InvalidInput(
				field,
				`${name(index)}, corner ${cornerIndex + 1} ${show(corner)} is outside the image of ${width} × ${height} pixels`,
				'Move or shrink the shape so that it lies inside the image, or measure it in percent so that it fits images of any size.',
			);
		});
	});
}

/**
 * The text of `MaskPoly` before Base64: "a 3D matrix (multiple polygons) or a 2D matrix (single
 * polygon)", pixels, clockwise.
 */
export function maskPolyText(polygons: readonly Polygon[]): string {
	return JSON.stringify(polygons.length === 1 ? polygons[0] : polygons);
}
