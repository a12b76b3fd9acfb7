import fc from 'fast-check';

import type { ImageSize, Point } from '../../../cos/areas/points';
import type { Box } from '../../../cos/areas/points';

const edges = (side: number) =>
	fc
		.tuple(fc.integer({ min: 0, max: side - 1 }), fc.integer({ min: 1, max: side }))
		.map(([from, extent]): [number, number] => [from, Math.min(from + extent, side)]);

/** The size of an image, and a rectangle inside it. */
export const boxInImage = (largestSide: number): fc.Arbitrary<{ size: ImageSize; box: Box }> =>
	fc
		.tuple(fc.integer({ min: 1, max: largestSide }), fc.integer({ min: 1, max: largestSide }))
		.chain(([width, height]) =>
			fc.tuple(edges(width), edges(height)).map(([[left, right], [top, bottom]]) => ({
				size: { width, height },
				box: { left, top, right, bottom },
			})),
		);

/** Corners around a centre, sorted by angle, so that the polygon rarely crosses itself. */
export const starCorners = (side: number): fc.Arbitrary<Point[]> =>
	fc
		.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 3, maxLength: 12 })
		.map((radii) =>
			radii.map((radius, index): Point => {
				const angle = (2 * Math.PI * index) / radii.length;
				return [
					Math.round((side / 2) * (1 + radius * Math.cos(angle))),
					Math.round((side / 2) * (1 + radius * Math.sin(angle))),
				];
			}),
		);
