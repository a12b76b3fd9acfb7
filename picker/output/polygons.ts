import { parsePolygons } from '../../cos/areas/polygons';
import type { Polygon } from '../../cos/areas/points';
import { InvalidInput } from '../../cos/invalidInput';
import { fill, INPUT, type Message } from '../../nodes/shared/messages';
import { cornersOf, type Shape } from '../geometry/shapes';

/** The shapes as the polygons that the node uses, or the node's error for them. */
export function checkShapes(
	shapes: readonly Shape[],
): { readonly polygons: readonly Polygon[] } | { readonly error: Message } {
	if (shapes.length === 0) return { polygons: [] };
	try {
		return { polygons: parsePolygons(shapes.map(cornersOf)) };
	} catch (error) {
		if (!(error instanceof InvalidInput)) throw error;
		// Without the label of the node's field, which means nothing here.
		const { message, advice } = INPUT[error.reason];
		const text = fill(message, { ...error.values });
		return { error: { message: text.charAt(0).toUpperCase() + text.slice(1), advice } };
	}
}

/** The value of the node's field Polygons: a JSON list with each polygon on a line of its own. */
export function polygonsText(polygons: readonly Polygon[]): string {
	const lines = polygons.map((polygon) => JSON.stringify(polygon));
	return lines.length === 1 ? `[${lines.join('')}]` : `[\n${lines.join(',\n')}\n]`;
}
