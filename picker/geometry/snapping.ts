import type { ImageSize, Point } from '../../cos/areas/points';
import { boundsOf, cornersOf, type Shape } from './shapes';

/** Places that corners and sides like to be at: pixels along each axis. */
export interface SnapTargets {
	readonly xs: readonly number[];
	readonly ys: readonly number[];
}

/** The sides and corners of the image, and the corners of the other shapes. */
export function snapTargets(size: ImageSize, others: readonly Shape[]): SnapTargets {
	const corners = others.flatMap(cornersOf);
	return {
		xs: [0, size.width, ...corners.map(([x]) => x)],
		ys: [0, size.height, ...corners.map(([, y]) => y)],
	};
}

/** How far the nearest target is from the nearest of some places; 0 when none is within reach. */
function pull(places: readonly number[], targets: readonly number[], reach: number): number {
	const distances = places.flatMap((place) => targets.map((target) => target - place));
	const within = distances.filter((distance) => Math.abs(distance) <= reach);
	return within.reduce(
		(best, distance) => (Math.abs(distance) < Math.abs(best) ? distance : best),
		within[0] ?? 0,
	);
}

/**
 * A point, drawn to what is near: each axis by itself, so that it catches sides as well as corners.
 *
 * @param reach pixels of the image
 */
export function snapPoint([x, y]: Point, { xs, ys }: SnapTargets, reach: number): Point {
	return [x + pull([x], xs, reach), y + pull([y], ys, reach)];
}

/** A way to move a shape, changed so that its sides are drawn to what is near. */
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
