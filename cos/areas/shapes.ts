import type { Checked } from '../values';
import type { ImageSize, Point, Polygon } from './points';
import { checkInside, parsePolygons } from './polygons';

/** What the numbers of shapes count: chosen, or told from their names. */
export const COORDINATES = ['auto', 'fractions', 'perMille', 'percent', 'pixels'] as const;
/** What `x` and `y` of a box with a width and a height mean: chosen, or told from its names. */
export const ORIGINS = ['auto', 'center', 'topLeft'] as const;

export type Coordinates = (typeof COORDINATES)[number];
export type Origin = (typeof ORIGINS)[number];

/** How to read shapes whose names do not tell it; `auto` by default. */
export interface ShapeReading {
	readonly coordinates?: Coordinates;
	readonly origin?: Origin;
}

/** A shape as it was given. */
export interface Shape {
	/** Clockwise, in `unit` of the image's width and height; whole numbers where that is pixels. */
	readonly corners: readonly Point[];
	readonly unit: Exclude<Coordinates, 'auto'>;
	/** Given by name, as detectors do: cut to the image. Others have to lie inside it. */
	readonly named: boolean;
	/** What a detector calls it, and how sure it is, in whatever measure it has. To be shown, no more. */
	readonly label?: string;
	readonly confidence?: number;
}

/** Shapes that are possible in an image of some size, checked. Plain data. */
export type Shapes = Checked<readonly Shape[], 'Shapes'>;

/**
 * Reads polygons and boxes as people and detectors give them.
 *
 * @throws InvalidInput that names the shape, counted from 1
 */
export function readShapes(input: unknown, { coordinates = 'auto' }: ShapeReading = {}): Shapes {
	const shapes: readonly Shape[] = parsePolygons(input).map((corners) => ({
		corners,
		unit: coordinates === 'auto' ? 'pixels' : coordinates,
		named: false,
	}));
	return shapes as Shapes;
}

/** Whether it depends on the image's size which pixels the shapes mean. */
export function shapesNeedSize(shapes: Shapes): boolean {
	return shapes.some(({ unit }) => unit !== 'pixels');
}

/**
 * Shapes as polygons in whole pixels. A shape can make several: what is left of it inside the image.
 *
 * @param size of the image; may be left out when the shapes do not need it
 * @throws InvalidInput that names the shape, counted from 1, when it does not fit the image
 */
export function placeShapes(shapes: Shapes, size: ImageSize | undefined): Polygon[] {
	const polygons = shapes.map(({ corners }) => corners);
	if (size) checkInside(polygons, size);
	return polygons;
}
