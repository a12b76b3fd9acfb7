import { InvalidInput } from '../invalidInput';
import { MAX_SOURCE_SIDE } from '../limits';
import { show, type Checked } from '../values';
import { cutToImage } from './cut';
import { findShapes, type RemarkedShape } from './envelopes';
import type { Coordinates, Origin } from './oneShape';
import { doubleArea } from './outline';
import { boxAround, boxCorners, nearestPixel, type ImageSize, type Point } from './points';
import type { Polygon } from './points';
import {
	checkCoordinates,
	checkCounts,
	checkedOutline,
	checkInside,
	outlineIfAny,
} from './polygons';

export { COORDINATES, ORIGINS, type Coordinates, type Origin } from './oneShape';

/** How to read shapes whose names do not tell it; `auto` by default. */
export interface ShapeReading {
	readonly coordinates?: Coordinates;
	readonly origin?: Origin;
}

type ShapeUnit = Exclude<Coordinates, 'auto'>;

/** A shape as it was given. */
export interface Shape {
	/** Clockwise, in `unit` of the image's width and height; whole numbers where that is pixels. */
	readonly corners: readonly Point[];
	readonly unit: ShapeUnit;
	/** Given by name, as detectors do: cut to the image. Others have to lie inside it. */
	readonly named: boolean;
	/** What a detector calls it, and how sure it is, in whatever measure it has. To be shown, no more. */
	readonly label?: string;
	readonly confidence?: number;
}

/** Shapes that are possible in an image of some size, checked. Plain data. */
export type Shapes = Checked<readonly Shape[], 'Shapes'>;

/** The whole width or height. */
const WHOLE: Readonly<Record<Exclude<ShapeUnit, 'pixels'>, number>> = {
	fractions: 1,
	perMille: 1000,
	percent: 100,
};
/** How far detectors' boxes may stand out of the image before it is another unit: half of it on each side. */
const [LOWEST, HIGHEST] = [-0.5, 1.5];

function isWithin(corners: readonly Point[], whole: number): boolean {
	return corners.flat().every((value) => value >= LOWEST * whole && value <= HIGHEST * whole);
}

/** @throws InvalidInput for numbers that cannot be meant in the unit, or when it is not known */
function unitOf(
	{ corners, told, source }: RemarkedShape,
	coordinates: Coordinates,
	polygon: number,
): ShapeUnit {
	const where = { polygon, shown: show(source) };
	if (coordinates === 'auto' && told === 'unclear') {
		throw new InvalidInput('polygons', 'shape.unclearUnit', where);
	}
	const byName = told === undefined || told === 'unclear' ? 'pixels' : told;
	const unit = coordinates === 'auto' ? byName : coordinates;
	if (unit !== 'pixels' && !isWithin(corners, WHOLE[unit])) {
		throw new InvalidInput('polygons', 'shape.beyondUnit', { ...where, limit: WHOLE[unit] });
	}
	// The one pixel in the corner of the image, or less: nobody means that.
	if (unit !== 'fractions' && corners.length > 0 && isWithin(corners, 1)) {
		throw new InvalidInput('polygons', 'shape.fractions', where);
	}
	return unit;
}

const rounded = (corners: readonly Point[]): Point[] =>
	corners.map(([x, y]) => [nearestPixel(x), nearestPixel(y)]);

function scaled(corners: readonly Point[], by: ImageSize, whole: number): Point[] {
	return rounded(corners.map(([x, y]) => [(x * by.width) / whole, (y * by.height) / whole]));
}

/** The finest image possible: what has no area there has none in any. */
const LARGEST: ImageSize = { width: MAX_SOURCE_SIDE, height: MAX_SOURCE_SIDE };

/** @throws InvalidInput for corners that make no outline, or are inside no image */
function checkedCorners(found: RemarkedShape, unit: ShapeUnit, polygon: number): readonly Point[] {
	const { corners, isBox, named } = found;
	if (unit === 'pixels') {
		const pixels = rounded(corners);
		checkCoordinates(pixels, polygon, named);
		return checkedOutline(pixels, polygon);
	}
	if (isBox) return corners;
	const fine = scaled(corners, LARGEST, WHOLE[unit]);
	checkedOutline(fine, polygon);
	return doubleArea(fine) > 0 ? corners : [...corners].reverse();
}

/**
 * Reads polygons and boxes as people and detectors give them: JSON text or a value, also in the text of a
 * language model.
 *
 * People's are one polygon `[[x, y], …]` or several `[[[x, y], …], …]`, with corners as `{x, y}` too, and
 * boxes `{x, y, width, height}`, `{left, top, width, height}` or `{left, top, right, bottom}`. Detectors
 * have names of their own for the same, in lists and objects of their own: those of Gemini (`box_2d`),
 * Qwen-VL (`bbox_2d`), AWS Rekognition and Textract, Google Vision, Azure, Tencent, Hugging Face, YOLO,
 * COCO and Roboflow are read as each of them means them, where the names alone tell.
 *
 * Numbers may be text. Pixels are rounded to whole ones. Rings may be closed and corners may run either
 * way round: they come out open and clockwise. A polygon's corners lie on the grid between pixels:
 * `[0, 0]` to `[10, 10]` covers ten by ten pixels, and `[width, height]` is the lower right corner.
 *
 * @throws InvalidInput that names the shape, counted from 1
 */
export function readShapes(
	input: unknown,
	{ coordinates = 'auto', origin = 'auto' }: ShapeReading = {},
): Shapes {
	const found = findShapes(input, origin);
	checkCounts(found.map(({ corners }) => corners));
	const shapes: readonly Shape[] = found.map((shape, index) => {
		const unit = unitOf(shape, coordinates, index + 1);
		const { named, label, confidence } = shape;
		return {
			corners: checkedCorners(shape, unit, index + 1),
			unit,
			named,
			...(label !== undefined && { label }),
			...(confidence !== undefined && { confidence }),
		};
	});
	return shapes as Shapes;
}

/** Whether it depends on the image's size which pixels the shapes mean. */
export function shapesNeedSize(shapes: Shapes): boolean {
	return shapes.some(({ unit }) => unit !== 'pixels');
}

/** The whole pixels that a shape reaches into, at least one, inside the image. */
function pixelsAround(corners: readonly Point[], { width, height }: ImageSize): Polygon {
	const { left, top, right, bottom } = boxAround(corners);
	const [column, row] = [
		Math.min(Math.floor(left), width - 1),
		Math.min(Math.floor(top), height - 1),
	];
	return boxCorners({
		left: column,
		top: row,
		right: Math.max(Math.ceil(right), column + 1),
		bottom: Math.max(Math.ceil(bottom), row + 1),
	});
}

/** The shape in pixels, not yet cut to the image. */
function inPixels(
	{ corners, unit, named }: Shape,
	polygon: number,
	size: ImageSize | undefined,
): Polygon {
	if (unit === 'pixels') return corners;
	if (!size) throw new TypeError('Shapes in parts of an image need its size');
	const pixels = scaled(corners, size, WHOLE[unit]);
	if (!named) return checkedOutline(pixels, polygon);
	const { width, height } = size;
	const exact = corners.map(([x, y]): Point => [
		(x * width) / WHOLE[unit],
		(y * height) / WHOLE[unit],
	]);
	return outlineIfAny(pixels) ?? pixelsAround(exact, size);
}

/**
 * A shape as polygons in whole pixels. One that was given by name is cut to the image, which can leave
 * several parts of it; others have to lie inside.
 *
 * @param number of the shape, from 1, for what is thrown
 * @param size of the image; may be left out when the shapes do not need it: then named ones are cut at
 *   its upper and left side
 * @throws InvalidInput that names the shape when it does not fit the image
 */
export function placeShape(shape: Shape, number: number, size?: ImageSize): Polygon[] {
	const polygon = inPixels(shape, number, size);
	if (!shape.named) {
		checkCoordinates(polygon, number, false);
		if (size) checkInside([polygon], size, number);
		return [polygon];
	}
	const parts = cutToImage(polygon, size);
	if (parts.length > 0) return parts;
	if (!size) checkCoordinates(polygon, number, false);
	throw new InvalidInput('polygons', 'shape.outside', {
		polygon: number,
		shown: show(polygon),
		...(size ?? LARGEST),
	});
}

/**
 * Shapes as polygons in whole pixels, in their order.
 *
 * @throws InvalidInput that names the shape, counted from 1, when it does not fit the image
 */
export function placeShapes(shapes: Shapes, size?: ImageSize): Polygon[] {
	return shapes.flatMap((shape, index) => placeShape(shape, index + 1, size));
}
