import type { Polygon } from '../../../../cos/areas/points';
import { parsePolygons } from '../../../../cos/areas/polygons';

/** The clockwise rectangle with these sides. */
export function square(left: number, top: number, right: number, bottom: number): Polygon {
	return [
		[left, top],
		[right, top],
		[right, bottom],
		[left, bottom],
	];
}

/** The only polygon in an input that is expected to hold one. */
export function onePolygon(input: unknown): Polygon {
	const [polygon, ...others] = parsePolygons(input);
	if (polygon === undefined || others.length > 0) throw new TypeError('Expected one polygon');
	return polygon;
}
