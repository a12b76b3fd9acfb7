import type { ImageSize, Point } from '../../cos/areas/points';
import { boundsOf, cornersOf, type Shape } from './shapes';

/** Where corners and sides snap to: pixels along each axis. */
export interface SnapTargets {
	readonly xs: readonly number[];
	readonly ys: readonly number[];
}

export function snapTargets(size: ImageSize, others: readonly Shape[]): SnapTargets {
	const corners = others.flatMap(cornersOf);
	return {
		xs: [0, size.width, ...corners.map(([x]) => x)],
		ys: [0, size.height, ...corners.map(([, y]) => y)],
	};
}

/** The shortest distance from one of the places to a target; 0 if none is within reach. */
function pull(places: readonly number[], targets: readonly number[], reach: number): number {
	const distances = places.flatMap((place) => targets.map((target) => target - place));
	const within = distances.filter((distance) => Math.abs(distance) <= reach);
	return within.reduce(
		(best, distance) => (Math.abs(distance) < Math.abs(best) ? distance : best),
		within[0] ?? 0,
	);
}

/**
 * Snaps a point along each axis separately, so that it meets sides as well as corners.
 *
 * @param reach in pixels of the image
 */
export function snapPoint([x, y]: Point, { xs, ys }: SnapTargets, reach: number): Point {
	return [x + pull([x], xs, reach), y + pull([y], ys, reach)];
}

/** Changes a movement so that the sides of the moved shape snap. */
export function snapMove(
	shape: Shape,
	[dx, dy]: Point,
	{ xs, ys }: SnapTargets,
	reach: number,
): Point {
	const { left, top, right, bottom } = boundsOf(shape);
	return [
		dx + pull([left + dx, right + dx], xs, reach),
		dy + pull([top + dy, bottom + dy], ys, reach),
	];
}
