import { placeShapes, readShapes } from '../../cos/areas/shapes';
import type { Polygon } from '../../cos/areas/points';
import { InvalidInput } from '../../cos/invalidInput';
import { cornersOf, type Shape } from '../geometry/shapes';

/** The shapes as the polygons that the node uses, or why the node would refuse them. */
export function checkShapes(
	shapes: readonly Shape[],
): { readonly polygons: readonly Polygon[] } | { readonly error: InvalidInput } {
	if (shapes.length === 0) return { polygons: [] };
	try {
		const read = readShapes(shapes.map(cornersOf), { coordinates: 'pixels' });
		return { polygons: placeShapes(read) };
	} catch (error) {
		if (!(error instanceof InvalidInput)) throw error;
		return { error };
	}
}

/** The value of the node's field Polygons: a JSON list with each polygon on a line of its own. */
export function polygonsText(polygons: readonly Polygon[]): string {
	const lines = polygons.map((polygon) => JSON.stringify(polygon));
	return lines.length === 1 ? `[${lines.join('')}]` : `[\n${lines.join(',\n')}\n]`;
}
