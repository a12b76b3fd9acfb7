import fc from 'fast-check';

import type { Point } from '../../../../cos/areas/points';
import { copyForDetector } from '../../../../cos/detections/copy';
import { detectedPolygon } from '../../../../cos/detections/detectedArea';

const SIZE = { width: 100, height: 80 };
const SQUARE: Point[] = [
	[10, 10],
	[30, 10],
	[30, 30],
	[10, 30],
];

describe('what a detector has found', () => {
	test.each<[string, Point[], Point[] | undefined]>([
		['is a polygon as it is', SQUARE, SQUARE],
		[
			'with its corners in any order is the outline around them',
			[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]] as Point[],
			SQUARE,
		],
		[
			'beyond the image is cut to it',
			[
				[-5, -2.4],
				[20.4, -2.4],
				[20.4, 10.6],
				[-5, 10.6],
			],
			[
				[0, 0],
				[20, 0],
				[20, 11],
				[0, 11],
			],
		],
		[
			'without any height gets a pixel',
			[
				[10, 20],
				[40, 20],
			],
			[
				[10, 20],
				[40, 20],
				[40, 21],
				[10, 21],
			],
		],
		[
			'at the very edge stays in the image',
			[
				[100, 80],
				[100, 80],
			],
			[
				[99, 79],
				[100, 79],
				[100, 80],
				[99, 80],
			],
		],
		['outside of the image is nothing', SQUARE.map(([x, y]): Point => [x + 200, y]), undefined],
	])('%s', (_, corners, polygon) => {
		expect(detectedPolygon(corners, SIZE)).toEqual(polygon);
	});

	test('keeps the angle of a turned line', () => {
		const turned: Point[] = [
			[20, 40],
			[50, 20],
			[56, 29],
			[26, 49],
		];
		expect(detectedPolygon(turned, SIZE)).toEqual([
			[20, 40],
			[50, 20],
			[56, 29],
			[26, 49],
		]);
	});

	test('in an image of unknown size is cut at the left and at the top', () => {
		const corners = SQUARE.map(([x, y]): Point => [x - 20, y + 2000]);
		expect(detectedPolygon(corners, undefined)).toEqual([
			[0, 2010],
			[10, 2010],
			[10, 2030],
			[0, 2030],
		]);
	});

	test('is always inside the image, has an area, and runs clockwise', () => {
		const point = fc.tuple(
			fc.double({ min: -50, max: 150, noNaN: true }),
			fc.double({ min: -50, max: 150, noNaN: true }),
		);
		fc.assert(
			fc.property(fc.array(point, { minLength: 2, maxLength: 6 }), (corners) => {
				const polygon = detectedPolygon(corners, SIZE);
				if (!polygon) return;
				for (const [x, y] of polygon) {
					expect(Number.isInteger(x) && Number.isInteger(y)).toBe(true);
					expect(x >= 0 && y >= 0 && x <= SIZE.width && y <= SIZE.height).toBe(true);
				}
				const area = polygon.reduce((sum, [x, y], index) => {
					const [nextX, nextY] = polygon[(index + 1) % polygon.length] ?? [x, y];
					return sum + x * nextY - nextX * y;
				}, 0);
				expect(area).toBeGreaterThan(0);
			}),
		);
	});
});

describe('an image is shown to the detector of text', () => {
	const LARGE = 6 * 1024 * 1024;
	test.each([
		['as it is, in a format that is read', { formatName: 'JPG', bytes: 1000 }],
		['as it is, up to the limit', { formatName: 'PNG', bytes: 5_505_024 }],
		['as it is, where nothing is known of it', {}],
	])('%s', (_, known) => {
		expect(copyForDetector({ ...known, size: SIZE })).toBeUndefined();
	});

	test.each([
		['larger than the limit', { formatName: 'PNG', bytes: 5_505_025 }, [1, 1]],
		['of another format', { formatName: 'WebP', bytes: 1000 }, [1, 1]],
		[
			'of large sides',
			{ formatName: 'JPG', bytes: LARGE, size: { width: 5120, height: 2560 } },
			[2, 2],
		],
		[
			'of very unequal sides',
			{ formatName: 'JPG', bytes: LARGE, size: { width: 25_600, height: 3 } },
			[10, 3],
		],
	])('as a smaller copy, if it is %s', (_, known, scale) => {
		expect(copyForDetector({ size: SIZE, ...known })).toEqual({ scale });
	});
});
