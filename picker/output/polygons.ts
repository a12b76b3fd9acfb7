import { growArea, type Growth } from '../../cos/areas/growth';
import type { ImageSize, Polygon } from '../../cos/areas/points';
import { placeShapes, readShapes } from '../../cos/areas/shapes';
import { InvalidInput } from '../../cos/invalidInput';
import { cornersOf, type Shape } from '../geometry/shapes';

/** The polygons that the node uses, or why it would refuse them. */
export type CheckedShapes =
	{ readonly polygons: readonly Polygon[] } | { readonly error: InvalidInput };

/** Checks drawn shapes like the node. */
export function checkShapes(shapes: readonly Shape[]): CheckedShapes {
	if (shapes.length === 0) return { polygons: [] };
	try {
		return { polygons: placeShapes(readShapes(shapes.map(cornersOf))) };
	} catch (error) {
		if (!(error instanceof InvalidInput)) throw error;
		return { error };
	}
}

/**
 * Polygons with their margins. The node would make one of those that overlap, which covers the same but
 * takes longer than a drag has between two frames.
 */
export function growEach(
	polygons: readonly Polygon[],
	growth: Growth,
	size: ImageSize,
): readonly Polygon[] {
	return polygons.flatMap((polygon) => growArea([polygon], growth, size));
}

/** The value of the node's field Polygons: a JSON list with each polygon on a line of its own. */
export function polygonsText(polygons: readonly Polygon[]): string {
	const lines = polygons.map((polygon) => JSON.stringify(polygon));
	return lines.length === 1 ? `[${lines.join('')}]` : `[\n${lines.join(',\n')}\n]`;
}
