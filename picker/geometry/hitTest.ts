import type { Point } from '../../cos/areas/points';
import type { Selection } from '../drawing/drawing';
import { cornersOf, distance, type Shape } from './shapes';
import { toImage, toScreen, type View } from './view';

/** What lies under the pointer. */
export type Hit =
	| { readonly kind: 'corner'; readonly shape: Shape; readonly index: number }
	/** The middle of the side that ends in corner `index`, where a new corner can be added. */
	| { readonly kind: 'side'; readonly shape: Shape; readonly index: number }
	| { readonly kind: 'shape'; readonly shape: Shape };

/** The middle of each side of a polygon, by the index of the corner in which the side ends. */
export function sideMiddles(shape: Shape): readonly Point[] {
	if (shape.kind === 'rectangle') return [];
	return shape.corners.map(([x, y], index): Point => {
		const [fromX, fromY] = shape.corners.at(index - 1) ?? [x, y];
		return [(x + fromX) / 2, (y + fromY) / 2];
	});
}

/** Even-odd rule: inside, a ray to the right crosses the outline an odd number of times. */
function contains(shape: Shape, [x, y]: Point): boolean {
	const corners = cornersOf(shape);
	const crossed = corners.filter(([toX, toY], index) => {
		const [fromX, fromY] = corners.at(index - 1) ?? [toX, toY];
		if (fromY > y === toY > y) return false;
		return x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX);
	});
	return crossed.length % 2 === 1;
}

function nearestIndex(points: readonly Point[], at: Point, view: View, reach: number) {
	return points
		.map((point, index) => ({ index, away: distance(toScreen(point, view), at) }))
		.filter(({ away }) => away <= reach)
		.sort((a, b) => a.away - b.away)[0]?.index;
}

/**
 * Finds what is at a place: a handle of the selected shape, else the topmost shape.
 *
 * @param at in CSS pixels of the drawing area
 * @param reach how far from a handle still counts, in CSS pixels
 */
export function hitTest(
	shapes: readonly Shape[],
	selection: Selection | undefined,
	at: Point,
	view: View,
	reach: number,
): Hit | undefined {
	const selected = shapes.find(({ id }) => id === selection?.id);
	if (selected) {
		const corner = nearestIndex(cornersOf(selected), at, view, reach);
		if (corner !== undefined) return { kind: 'corner', shape: selected, index: corner };
		const side = nearestIndex(sideMiddles(selected), at, view, reach);
		if (side !== undefined) return { kind: 'side', shape: selected, index: side };
	}
	const point = toImage(at, view);
	const shape = shapes.findLast((candidate) => contains(candidate, point));
	return shape && { kind: 'shape', shape };
}
