import { InvalidInput } from '../invalidInput';
import { type Checked, show } from '../values';
import {
	boxCorners,
	firstOutside,
	nearestPixel,
	type Box,
	type ImageSize,
	type Polygon,
} from './points';

export const CORNERS = ['topLeft', 'topRight', 'bottomLeft', 'bottomRight'] as const;
export const UNITS = ['pixels', 'percent'] as const;

export type Corner = (typeof CORNERS)[number];
export type Unit = (typeof UNITS)[number];

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

/** Rectangles that are possible in an image of some size, checked. */
export type Rectangles = Checked<readonly Rectangle[], 'Rectangles'>;

/** Whether it depends on the image's size which pixels the rectangles mean. */
export function needImageSize(rectangles: Rectangles): boolean {
	return rectangles.some(({ corner, unit }) => unit === 'percent' || corner !== 'topLeft');
}

/** The fields that hold rectangles: what to repair, and where to search. */
type RectangleField = 'rectangles' | 'searchRectangles';

function checkRectangle(
	{ horizontalDistance, verticalDistance, width, height, unit }: Rectangle,
	rectangle: number,
	field: RectangleField,
): void {
	const numbers = [horizontalDistance, verticalDistance, width, height];
	if (!numbers.every(Number.isFinite)) {
		throw new InvalidInput(field, 'rectangle.notNumber', { rectangle });
	}
	if (horizontalDistance < 0 || verticalDistance < 0) {
		throw new InvalidInput(field, 'rectangle.negative', { rectangle });
	}
	if (width <= 0 || height <= 0) {
		throw new InvalidInput(field, 'rectangle.flat', { rectangle });
	}
	if (unit === 'pixels') return;
	const axes = [
		{ distance: horizontalDistance, extent: width, side: 'width' },
		{ distance: verticalDistance, extent: height, side: 'height' },
	] as const;
	for (const axis of axes) {
		// Sums such as 33.4 + 66.6 end a hair off.
		const sum = Number((axis.distance + axis.extent).toFixed(3));
		if (sum <= 100.001) continue;
		throw new InvalidInput(field, 'rectangle.overHundred', { rectangle, ...axis, sum });
	}
}

/**
 * Refuses rectangles that are impossible whatever the image's size is.
 *
 * @throws InvalidInput that names the rectangle, counted from 1
 */
export function checkRectangles(
	rectangles: readonly Rectangle[],
	field: RectangleField = 'rectangles',
): Rectangles {
	if (rectangles.length === 0) throw new InvalidInput(field, 'rectangles.none', {});
	rectangles.forEach((rectangle, index) => checkRectangle(rectangle, index + 1, field));
	return rectangles as Rectangles;
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

/** May stand out of the image, or have no area. */
function boxOf(
	{ corner, unit, horizontalDistance, verticalDistance, width, height }: Rectangle,
	size: ImageSize | undefined,
): Box {
	const fromRight = corner === 'topRight' || corner === 'bottomRight';
	const fromBottom = corner === 'bottomLeft' || corner === 'bottomRight';
	const [left, right] = edges(horizontalDistance, width, fromRight, unit, size?.width);
	const [top, bottom] = edges(verticalDistance, height, fromBottom, unit, size?.height);
	return { left, top, right, bottom };
}

/**
 * Rectangles as their edges in an image, of which some may be outside of it.
 *
 * @param size of the image; may be left out when the rectangles do not `needImageSize`
 */
export function rectangleBoxes(rectangles: Rectangles, size?: ImageSize): Box[] {
	return rectangles.map((rectangle) => boxOf(rectangle, size));
}

function boxToPolygon(box: Box, rectangle: number, size: ImageSize | undefined): Polygon {
	if (box.right <= box.left || box.bottom <= box.top) {
		throw new InvalidInput('rectangles', 'rectangle.underOnePixel', { rectangle });
	}
	const polygon = boxCorners(box);
	const outside = size ? firstOutside(polygon, size) : -1;
	if (size && outside >= 0) {
		throw new InvalidInput('rectangles', 'rectangle.outside', {
			rectangle,
			corner: outside + 1,
			shown: show(polygon[outside]),
			...size,
		});
	}
	return polygon;
}

/**
 * Rectangles as polygons in pixels, one each.
 *
 * @param size of the image; may be left out when the rectangles do not `needImageSize`
 * @throws InvalidInput that names the rectangle, counted from 1, when it does not fit the image
 */
export function rectanglesToPolygons(rectangles: Rectangles, size?: ImageSize): Polygon[] {
	return rectangleBoxes(rectangles, size).map((box, index) => boxToPolygon(box, index + 1, size));
}
