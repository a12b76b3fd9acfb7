import { parsePolygons } from '../../cos/areas/polygons';
import type { Polygon } from '../../cos/areas/points';
import { InvalidInput } from '../../cos/invalidInput';
import { fill, INPUT, type Message } from '../../nodes/shared/messages';
import { cornersOf, type Shape } from '../geometry/shapes';

/**
 * The shapes as the node reads them, or what it would say to them. Polygons are counted from 1, in
 * the order in which they were drawn.
 */
export function checkShapes(
	shapes: readonly Shape[],
): { readonly polygons: readonly Polygon[] } | { readonly refusal: Message } {
	if (shapes.length === 0) return { polygons: [] };
	try {
		return { polygons: parsePolygons(shapes.map(cornersOf)) };
	} catch (error) {
		if (!(error instanceof InvalidInput)) throw error;
		// Without the label of the node's field, which this page does not have.
		const { message, advice } = INPUT[error.reason];
		return { refusal: { message: fill(message, { ...error.values }), advice } };
	}
}

/** The text for the node's field Polygons: a list, a polygon on each line. */
export function polygonsText(polygons: readonly Polygon[]): string {
	const lines = polygons.map((polygon) => JSON.stringify(polygon));
	return lines.length === 1 ? `[${lines.join('')}]` : `[\n${lines.join(',\n')}\n]`;
}
