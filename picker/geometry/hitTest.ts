import type { Point } from '../../cos/areas/points';
import type { Selection } from '../drawing/drawing';
import { cornersOf, type Shape } from './shapes';
import { toImage, toScreen, type View } from './view';

/** What lies under a place of the screen. */
export type Hit =
	| { readonly kind: 'corner'; readonly shape: Shape; readonly index: number }
	/** The middle of the side that ends in the corner `index`, where a polygon takes a new corner. */
	| { readonly kind: 'side'; readonly shape: Shape; readonly index: number }
	| { readonly kind: 'shape'; readonly shape: Shape };

function distance([x, y]: Point, [otherX, otherY]: Point): number {
	return Math.hypot(x - otherX, y - otherY);
}

/** The middles of a polygon's sides, by the corner that each side ends in. */
export function sideMiddles(shape: Shape): readonly Point[] {
	if (shape.kind === 'rectangle') return [];
	return shape.corners.map(([x, y], index): Point => {
		const [fromX, fromY] = shape.corners.at(index - 1) ?? [x, y];
		return [(x + fromX) / 2, (y + fromY) / 2];
	});
}

/** Even-odd: how often a line to the right leaves the outline. */
function contains(shape: Shape, [x, y]: Point): boolean {
	const corners = cornersOf(shape);
	const crossed = corners.filter(([toX, toY], index) => {
		const [fromX, fromY] = corners.at(index - 1) ?? [toX, toY];
		if (fromY > y === toY > y) return false;
		return x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX);
	});
	return crossed.length % 2 === 1;
}

function nearest(points: readonly Point[], at: Point, view: View, reach: number) {
	return points
		.map((point, index) => ({ index, far: distance(toScreen(point, view), at) }))
		.filter(({ far }) => far <= reach)
		.sort((a, b) => a.far - b.far)[0]?.index;
}

/**
 * Finds what a press means: the handles of the selected shape first, then the uppermost shape.
 *
 * @param at on the screen
 * @param reach of a handle, in CSS pixels
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
		const corner = nearest(cornersOf(selected), at, view, reach);
		if (corner !== undefined) return { kind: 'corner', shape: selected, index: corner };
		const side = nearest(sideMiddles(selected), at, view, reach);
		if (side !== undefined) return { kind: 'side', shape: selected, index: side };
	}
	const point = toImage(at, view);
	const shape = shapes.findLast((candidate) => contains(candidate, point));
	return shape && { kind: 'shape', shape };
}
