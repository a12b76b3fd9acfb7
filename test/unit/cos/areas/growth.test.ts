import fc from 'fast-check';

import { growArea, growthNeedsSize } from '../../../../cos/areas/growth';
import type { ImageSize, Point, Polygon } from '../../../../cos/areas/points';
import { placeShapes, readShapes } from '../../../../cos/areas/shapes';
import { cutToImage } from '../../../../cos/areas/cut';
import { isSimple } from '../../../../cos/areas/outline';
import { doubleArea, pixelsOf } from './pixels';
import { onePolygon, square } from './shapes';

const size: ImageSize = { width: 100, height: 60 };
const by = (amount: number) => ({ amount, unit: 'pixels' as const });
const percent = (amount: number) => ({ amount, unit: 'percent' as const });

describe('an area grows', () => {
	it.each<[string, Polygon[], Polygon[], { amount: number; unit: 'pixels' | 'percent' }]>([
		[
			'by nothing',
			[square(1, 2, 3, 4), square(2, 3, 9, 9)],
			[square(1, 2, 3, 4), square(2, 3, 9, 9)],
			by(0),
		],
		['by whole pixels on each side', [square(10, 20, 30, 40)], [square(7, 17, 33, 43)], by(3)],
		[
			'by percent of the shorter side',
			[square(10, 20, 30, 40)],
			[square(4, 14, 36, 46)],
			percent(10),
		],
		['by one pixel at least', [square(10, 20, 30, 40)], [square(9, 19, 31, 41)], percent(0.1)],
		['up to the sides of the image', [square(2, 3, 97, 58)], [square(0, 0, 100, 60)], by(5)],
		[
			'as an outline whose corners turn both ways',
			[
				[
					[10, 10],
					[50, 10],
					[50, 20],
					[30, 20],
					[30, 50],
					[10, 50],
				],
			],
			[
				[
					[8, 8],
					[52, 8],
					[52, 22],
					[32, 22],
					[32, 52],
					[8, 52],
				],
			],
			by(2),
		],
		[
			'into one with what it then contains',
			[square(10, 10, 50, 50), square(11, 11, 49, 49)],
			[square(9, 9, 51, 51)],
			by(1),
		],
		[
			'into one with what it then touches',
			[square(10, 10, 20, 30), square(24, 10, 40, 30)],
			[square(8, 8, 42, 32)],
			by(2),
		],
		[
			'apart from what it only crosses',
			[square(10, 10, 20, 30), square(18, 15, 40, 25)],
			[square(9, 9, 21, 31), square(17, 14, 41, 26)],
			by(1),
		],
	])('%s', (...[, polygons, grown, growth]) => {
		const found = growArea(polygons, growth, size);
		const startingSmall = (polygon: Polygon) => {
			const first = polygon.findIndex(
				([x, y]) => x + y === Math.min(...polygon.map(([a, b]) => a + b)),
			);
			return [...polygon.slice(first), ...polygon.slice(0, first)];
		};
		expect(found.map(startingSmall)).toEqual(grown);
	});

	it('at 0 only, when the size is not known and not needed', () => {
		expect(growArea([square(1, 1, 9, 9)], by(3), undefined)).toEqual([square(0, 0, 12, 12)]);
		expect([by(0), by(9), percent(0), percent(1)].map(growthNeedsSize)).toEqual([
			false,
			false,
			false,
			true,
		]);
	});

	it('round what it encloses, without filling it', () => {
		const ring: Polygon = [
			[10, 10],
			[50, 10],
			[50, 50],
			[10, 50],
			[10, 32],
			[20, 32],
			[20, 40],
			[40, 40],
			[40, 20],
			[20, 20],
			[20, 30],
			[10, 30],
		];
		const grown = growArea([ring], by(2), size);
		const pixels = new Set(grown.flatMap((polygon) => pixelsOf(polygon, 100, 60)));
		expect(pixels.has('30,30')).toBe(false);
		expect(pixels.size).toBe(44 * 44 - 16 * 16);
	});

	it('with no more than 1,000 corners, and over what it was', () => {
		const many = Array.from({ length: 333 }, (_, index): Polygon => {
			const [x, y] = [(index % 20) * 100, Math.floor(index / 20) * 100];
			return [
				[x, y],
				[x + 50, y + 10],
				[x + 20, y + 40],
			];
		});
		const grown = growArea(many, by(3), undefined);
		expect(grown.flat().length).toBeLessThanOrEqual(1000);
		const inside = ([x, y]: Point) =>
			grown.some((polygon) => {
				const [xs, ys] = [polygon.map((corner) => corner[0]), polygon.map((corner) => corner[1])];
				return (
					Math.min(...xs) <= x &&
					x <= Math.max(...xs) &&
					Math.min(...ys) <= y &&
					y <= Math.max(...ys)
				);
			});
		expect(many.flat().every(inside)).toBe(true);
	});

	it('over all it was, and its narrow notches, where its outline has hundreds of corners', () => {
		const star = Array.from({ length: 1000 }, (_, index): Point => {
			const radius = index % 2 === 0 ? 1000 : 700;
			const angle = (index / 500) * Math.PI;
			return [
				Math.round(1000 + radius * Math.cos(angle)),
				Math.round(1000 + radius * Math.sin(angle)),
			];
		});
		const grown = growArea([onePolygon(star)], by(200), undefined);
		// No farther than the margin, and a quarter of it.
		for (const [x, y] of grown.flat()) {
			expect(Math.hypot(x - 1000, y - 1000)).toBeLessThan(1000 + 250 * Math.SQRT2);
		}
		expect(grown.flat().length).toBeLessThanOrEqual(1000);
		// From the middle to a tip, and beyond it by the margin.
		const pixels = new Set(grown.flatMap((polygon) => pixelsOf(polygon, 2200, 2)));
		expect(grown).toHaveLength(1);
		expect(pixels.size).toBeGreaterThan(100);
	});
});

const SIDE = 24;
const IMAGE: ImageSize = { width: SIDE, height: SIDE };

/** An outline of any form that does not cross itself: the first one among random corners from a seed. */
function outlineOf(seed: number): Polygon {
	let state = seed;
	const below = (limit: number) => {
		state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
		return Math.floor((state / 0x80000000) * limit);
	};
	for (;;) {
		const corners = Array.from({ length: 3 + below(6) }, (): Point => [
			below(SIDE + 1),
			below(SIDE + 1),
		]);
		if (new Set(corners.map(String)).size < corners.length || !isSimple(corners)) continue;
		if (doubleArea(corners) !== 0) return onePolygon(corners);
	}
}

const outlines = fc.nat().map(outlineOf);

const pixelsOfAll = (polygons: readonly Polygon[], side = SIDE) =>
	new Set(polygons.flatMap((polygon) => pixelsOf(polygon, side, side)));

function sidesOf(polygon: Polygon): Array<[Point, Point]> {
	return polygon.map((from, index) => [from, polygon[(index + 1) % polygon.length] ?? from]);
}

const turn = (a: Point, b: Point, c: Point) =>
	(b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

function isConvex(polygon: Polygon): boolean {
	return sidesOf(polygon).every(([a, b]) => polygon.every((corner) => turn(a, b, corner) >= 0));
}

/** Half the side of the smallest square around a point that meets a convex polygon. */
function reach(polygon: Polygon, point: Point): number {
	const [xs, ys] = [polygon.map(([x]) => x), polygon.map(([, y]) => y)];
	const [x, y] = point;
	const overSides = sidesOf(polygon).map(
		([a, b]) => -turn(a, b, point) / (Math.abs(b[0] - a[0]) + Math.abs(b[1] - a[1])),
	);
	return Math.max(
		...overSides,
		...[Math.min(...xs) - x, x - Math.max(...xs), Math.min(...ys) - y, y - Math.max(...ys)],
	);
}

function distanceToSide([x, y]: Point, [[ax, ay], [bx, by]]: [Point, Point]): number {
	const [dx, dy] = [bx - ax, by - ay];
	const along = Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0), 1);
	return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

function expectSound(polygons: readonly Polygon[]): void {
	for (const polygon of polygons) {
		const [again] = placeShapes(readShapes([polygon], { coordinates: 'pixels' }), IMAGE);
		expect(again).toEqual(polygon);
		expect(doubleArea(polygon)).toBeGreaterThan(0);
	}
}

describe('areas, in 1,500 random cases', () => {
	it('500 grow over what they were, inside the image, and the more the farther', () => {
		fc.assert(
			fc.property(
				fc.array(outlines, { minLength: 1, maxLength: 3 }),
				fc.integer({ min: 1, max: 6 }),
				(polygons, amount) => {
					const grown = growArea(polygons, by(amount), IMAGE);
					expectSound(grown);
					const [before, after] = [pixelsOfAll(polygons), pixelsOfAll(grown)];
					const farther = pixelsOfAll(growArea(polygons, by(amount + 2), IMAGE));
					expect([...before].filter((pixel) => !after.has(pixel))).toEqual([]);
					expect([...after].filter((pixel) => !farther.has(pixel))).toEqual([]);
				},
			),
			{ numRuns: 500, seed: 31 },
		);
	});

	it('500 reach no farther than their margin, and a pixel for rounding, where they are convex', () => {
		fc.assert(
			fc.property(outlines, fc.integer({ min: 1, max: 6 }), (polygon, amount) => {
				fc.pre(isConvex(polygon));
				const reaches = [...pixelsOfAll(growArea([polygon], by(amount), IMAGE))].map((pixel) => {
					const [x = 0, y = 0] = pixel.split(',').map(Number);
					return reach(polygon, [x + 0.5, y + 0.5]);
				});
				expect(Math.max(...reaches)).toBeLessThanOrEqual(amount + 1);
			}),
			{ numRuns: 500, seed: 32 },
		);
	});

	it('500 are cut to an image without losing any of it, or adding more than rounding does', () => {
		const [width, height] = [15, 11];
		fc.assert(
			fc.property(outlines, (polygon) => {
				const parts = cutToImage(polygon, { width, height });
				expectSound(parts);
				const inside = (pixel: string) => {
					const [x = 0, y = 0] = pixel.split(',').map(Number);
					return x < width && y < height;
				};
				const found = pixelsOfAll(parts);
				const meant = pixelsOfAll([polygon]);
				expect([...found].every(inside)).toBe(true);
				expect([...meant].filter((pixel) => inside(pixel) && !found.has(pixel))).toEqual([]);
				// Corners in whole pixels: a side that is cut can pass pixels beside it on their other half.
				for (const pixel of [...found].filter((one) => !meant.has(one))) {
					const [x = 0, y = 0] = pixel.split(',').map(Number);
					const away = sidesOf(polygon).map((side) => distanceToSide([x + 0.5, y + 0.5], side));
					expect(Math.min(...away)).toBeLessThanOrEqual(1.5);
				}
			}),
			{ numRuns: 500, seed: 33 },
		);
	});
});
