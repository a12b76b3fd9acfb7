import type { Polygon } from '../../../../cos/areas/points';
import { placeShapes, readShapes } from '../../../../cos/areas/shapes';

/** The clockwise rectangle with these sides. */
export function square(left: number, top: number, right: number, bottom: number): Polygon {
	return [
		[left, top],
		[right, top],
		[right, bottom],
		[left, bottom],
	];
}

/** Shapes that need no image, as polygons. */
export function parsePolygons(input: unknown): Polygon[] {
	return placeShapes(readShapes(input));
}

/** The only polygon in an input that is expected to hold one. */
export function onePolygon(input: unknown): Polygon {
	const shapes = readShapes(input, { coordinates: 'pixels' });
	const [polygon, ...others] = placeShapes(shapes);
	if (polygon === undefined || others.length > 0) throw new TypeError('Expected one polygon');
	return polygon;
}
