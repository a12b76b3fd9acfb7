import { parsePolygons, type Polygon } from '../../cos/areas/areas';
import { InvalidInput } from '../../cos/invalidInput';
import { cornersOf, type Shape } from '../geometry/shapes';

/** What the node would refuse, in its own words. */
export interface Refusal {
	/** Completes a sentence that begins with what is looked at: "polygon 1 crosses itself". */
	readonly what: string;
	readonly advice: string;
}

/**
 * The shapes as the node reads them, or what it would say to them. Polygons are counted from 1, in
 * the order in which they were drawn.
 */
export function checkShapes(
	shapes: readonly Shape[],
): { readonly polygons: readonly Polygon[] } | { readonly refusal: Refusal } {
	if (shapes.length === 0) return { polygons: [] };
	try {
		return { polygons: parsePolygons(shapes.map(cornersOf)) };
	} catch (error) {
		if (!(error instanceof InvalidInput)) throw error;
		return { refusal: { what: error.what, advice: error.advice } };
	}
}

/** The text for the node's field Polygons: a list, a polygon on each line. */
export function polygonsText(polygons: readonly Polygon[]): string {
	const lines = polygons.map((polygon) => JSON.stringify(polygon));
	return lines.length === 1 ? `[${lines.join('')}]` : `[\n${lines.join(',\n')}\n]`;
}
