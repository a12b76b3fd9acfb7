import fc from 'fast-check';

import type { ImageSize, Polygon } from '../../../../cos/areas/points';
import { maskPolyText } from '../../../../cos/areas/polygons';
import {
	checkRectangles,
	CORNERS,
	needImageSize,
	rectanglesToPolygons,
	UNITS,
	type Corner,
	type Rectangle,
	type Unit,
} from '../../../../cos/areas/rectangles';
import type { InvalidReason } from '../../../../cos/invalidInput';
import { invalidInput } from '../thrown';
import { doubleArea, pixelsOf } from './pixels';
import { square } from './shapes';

function polygonsOf(rectangles: readonly Rectangle[], size?: ImageSize): Polygon[] {
	return rectanglesToPolygons(checkRectangles(rectangles), size);
}

describe('rectangles', () => {
	const rectangle: Rectangle = {
		corner: 'topLeft',
		unit: 'pixels',
		horizontalDistance: 10,
		verticalDistance: 5,
		width: 20,
		height: 8,
	};
	const size = { width: 200, height: 100 };

	it.each<[Corner, Unit, Polygon]>([
		['topLeft', 'pixels', square(10, 5, 30, 13)],
		['topRight', 'pixels', square(170, 5, 190, 13)],
		['bottomLeft', 'pixels', square(10, 87, 30, 95)],
		['bottomRight', 'pixels', square(170, 87, 190, 95)],
		['topLeft', 'percent', square(20, 5, 60, 13)],
		['topRight', 'percent', square(140, 5, 180, 13)],
		['bottomLeft', 'percent', square(20, 87, 60, 95)],
		['bottomRight', 'percent', square(140, 87, 180, 95)],
	])('are measured from %s in %s', (corner, unit, polygon) => {
		expect(polygonsOf([{ ...rectangle, corner, unit }], size)).toEqual([polygon]);
	});

	it('need the image size for percent and for every corner but the upper left', () => {
		const needsSize = (...rectangles: Rectangle[]) => needImageSize(checkRectangles(rectangles));
		expect(needsSize(rectangle)).toBe(false);
		for (const corner of CORNERS) {
			expect(needsSize({ ...rectangle, corner, unit: 'percent' })).toBe(true);
			expect(needsSize({ ...rectangle, corner })).toBe(corner !== 'topLeft');
		}
	});

	it('need the image size when one of several does', () => {
		const corner = { ...rectangle, corner: 'bottomRight' as const };
		expect(needImageSize(checkRectangles([rectangle, rectangle]))).toBe(false);
		expect(needImageSize(checkRectangles([corner, rectangle]))).toBe(true);
		expect(needImageSize(checkRectangles([rectangle, corner]))).toBe(true);
	});

	it('do not need the image size in pixels from the upper left', () => {
		expect(polygonsOf([rectangle, { ...rectangle, width: 1.4 }])).toEqual([
			square(10, 5, 30, 13),
			square(10, 5, 11, 13),
		]);
	});

	it('cover the whole image at 100 percent', () => {
		const whole = { horizontalDistance: 0, verticalDistance: 0, width: 100, height: 100 };
		for (const corner of CORNERS) {
			expect(JSON.stringify(polygonsOf([{ corner, unit: 'percent', ...whole }], size))).toBe(
				JSON.stringify([square(0, 0, 200, 100)]),
			);
		}
	});

	it('round an edge in the middle of a pixel the same way from both sides, though 16.15 * 1000 / 100 is 161.49999999999997', () => {
		const edge: Rectangle = {
			corner: 'topLeft',
			unit: 'percent',
			horizontalDistance: 16.15,
			verticalDistance: 0,
			width: 10,
			height: 100,
		};
		const fromRight: Rectangle = { ...edge, corner: 'topRight', horizontalDistance: 73.85 };
		expect(polygonsOf([edge, fromRight], { width: 1000, height: 10 })).toEqual([
			square(162, 0, 262, 10),
			square(162, 0, 262, 10),
		]);
	});

	it('of thirds and tenths meet without gap or overlap', () => {
		const thirds = [0, 100 / 3, 200 / 3].map((horizontalDistance): Rectangle => ({
			corner: 'topLeft',
			unit: 'percent',
			horizontalDistance,
			verticalDistance: 0,
			width: 100 / 3,
			height: 100,
		}));
		expect(polygonsOf(thirds, { width: 10, height: 1 })).toEqual([
			square(0, 0, 3, 1),
			square(3, 0, 7, 1),
			square(7, 0, 10, 1),
		]);
	});

	it.each<[string, Partial<Rectangle>, InvalidReason, string]>([
		[
			'a negative distance',
			{ horizontalDistance: -1 },
			'rectangle.negative',
			'Rectangle 2 has a negative distance',
		],
		[
			'a negative distance from the top',
			{ verticalDistance: -0.1 },
			'rectangle.negative',
			'Rectangle 2 has a negative distance',
		],
		['no width', { width: 0 }, 'rectangle.flat', 'Rectangle 2 has no Width or no Height'],
		[
			'a negative height',
			{ height: -5 },
			'rectangle.flat',
			'Rectangle 2 has no Width or no Height',
		],
		[
			'a value that is not a number',
			{ width: Number.NaN },
			'rectangle.notNumber',
			'Rectangle 2 holds a value that is not a number',
		],
		[
			'an infinite number',
			{ height: Number.POSITIVE_INFINITY },
			'rectangle.notNumber',
			'Rectangle 2 holds a value that is not a number',
		],
		[
			'more than 100 percent across',
			{ unit: 'percent', horizontalDistance: 81 },
			'rectangle.overHundred',
			'Rectangle 2: distance 81 + width 20 = 101 %',
		],
		[
			'more than 100 percent down',
			{ unit: 'percent', height: 95.1 },
			'rectangle.overHundred',
			'Rectangle 2: distance 5 + height 95.1 = 100.1 %',
		],
		[
			'less than a pixel',
			{ width: 0.3 },
			'rectangle.underOnePixel',
			'Rectangle 2 is smaller than one pixel',
		],
		[
			'less than a pixel in height',
			{ height: 0.3 },
			'rectangle.underOnePixel',
			'Rectangle 2 is smaller than one pixel',
		],
		[
			'less than a pixel in percent',
			{ unit: 'percent', width: 0.1 },
			'rectangle.underOnePixel',
			'Rectangle 2 is smaller than one pixel',
		],
	])('are refused: %s', (_, change, reason, what) => {
		const refusal = invalidInput(() => polygonsOf([rectangle, { ...rectangle, ...change }], size));
		expect(refusal).toMatchObject({ field: 'rectangles', reason, what });
		expect(refusal.advice).toMatch(/^[A-Z].*\.$/);
	});

	it('are refused outside the image', () => {
		const inside: Rectangle = {
			corner: 'bottomRight',
			unit: 'pixels',
			horizontalDistance: 0,
			verticalDistance: 0,
			width: 10,
			height: 10,
		};
		const outside = { ...inside, horizontalDistance: 95 };
		const refusal = invalidInput(() => polygonsOf([inside, outside], { width: 100, height: 50 }));
		expect(refusal).toMatchObject({
			field: 'rectangles',
			reason: 'rectangle.outside',
			what: 'Rectangle 2 reaches beyond the image of 100 × 50 pixels',
		});
		expect(refusal.advice).toMatch(/inside the image.*percent/);
	});

	it('are refused when there are none', () => {
		expect(invalidInput(() => checkRectangles([]))).toMatchObject({
			field: 'rectangles',
			reason: 'rectangles.none',
			what: 'holds no rectangle',
			advice: expect.stringContaining('"Add Rectangle"') as string,
		});
	});

	it('are refused before the image size is known where it does not matter', () => {
		for (const change of [{ width: 0 }, { horizontalDistance: -1 }, { height: Number.NaN }]) {
			expect(
				invalidInput(() => checkRectangles([rectangle, { ...rectangle, ...change }])).values,
			).toEqual({ rectangle: 2 });
		}
	});
});

describe('rectangles, in 4,500 random cases', () => {
	/** Hundredths of a percent make 100 percent of this. */
	const WHOLE = 10_000;

	/** First and last edge along one axis in parts of `parts`, from the left or from above. */
	interface Span {
		from: number;
		to: number;
	}
	interface Case {
		size: ImageSize;
		corner: Corner;
		unit: Unit;
		across: Span;
		down: Span;
	}

	const span = (parts: number): fc.Arbitrary<Span> =>
		fc
			.tuple(fc.integer({ min: 0, max: parts }), fc.integer({ min: 0, max: parts }))
			.filter(([one, other]) => one !== other)
			.map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) }));

	/** Rectangles inside the image; edges in quarters of a pixel or hundredths of a percent. */
	const cases: fc.Arbitrary<Case> = fc
		.record({
			size: fc.record({
				width: fc.integer({ min: 1, max: 32 }),
				height: fc.integer({ min: 1, max: 32 }),
			}),
			corner: fc.constantFrom(...CORNERS),
			unit: fc.constantFrom(...UNITS),
		})
		.chain(({ size, corner, unit }) =>
			fc.record({
				size: fc.constant(size),
				corner: fc.constant(corner),
				unit: fc.constant(unit),
				across: span(unit === 'percent' ? WHOLE : size.width * 4),
				down: span(unit === 'percent' ? WHOLE : size.height * 4),
			}),
		);

	/** The rectangle as a person would measure it from the given corner. */
	function measured({ size, unit, across, down }: Case, corner: Corner): Rectangle {
		const scale = unit === 'percent' ? 100 : 4;
		const parts = (side: number) => (unit === 'percent' ? WHOLE : side * 4);
		const fromRight = corner === 'topRight' || corner === 'bottomRight';
		const fromBottom = corner === 'bottomLeft' || corner === 'bottomRight';
		return {
			corner,
			unit,
			horizontalDistance: (fromRight ? parts(size.width) - across.to : across.from) / scale,
			verticalDistance: (fromBottom ? parts(size.height) - down.to : down.from) / scale,
			width: (across.to - across.from) / scale,
			height: (down.to - down.from) / scale,
		};
	}

	/**
	 * Pixels whose centre lies in the rectangle as measured, before anything is rounded; a centre on
	 * an edge belongs to the area left of it or above it. Exact: whole numbers only.
	 */
	function pixelsMeant({ size, unit, across, down }: Case): string[] {
		const covers = (edges: Span, side: number, index: number): boolean => {
			const [length, parts] = unit === 'percent' ? [side, WHOLE] : [1, 4];
			const centre = (2 * index + 1) * parts;
			return 2 * edges.from * length < centre && centre <= 2 * edges.to * length;
		};
		const rows = Array.from({ length: size.height }, (_, y) => y).filter((y) =>
			covers(down, size.height, y),
		);
		const columns = Array.from({ length: size.width }, (_, x) => x).filter((x) =>
			covers(across, size.width, x),
		);
		return rows.flatMap((y) => columns.map((x) => `${x},${y}`));
	}

	it('3,000 rectangles, in any corner and unit, cover the pixels they were measured over', () => {
		fc.assert(
			fc.property(cases, (one) => {
				const { width, height } = one.size;
				const meant = pixelsMeant(one);
				const convert = () => polygonsOf([measured(one, one.corner)], one.size);
				if (meant.length === 0) {
					expect(invalidInput(convert)).toMatchObject({
						reason: 'rectangle.underOnePixel',
						what: 'Rectangle 1 is smaller than one pixel',
					});
					return;
				}
				const [polygon = []] = convert();
				expect(pixelsOf(polygon, width, height).join(' ')).toBe(meant.join(' '));
				expect(doubleArea(polygon)).toBe(2 * meant.length);
			}),
			{ numRuns: 3000, seed: 21 },
		);
	});

	it('1,500 rectangles are the same polygon from all four corners', () => {
		fc.assert(
			fc.property(cases, (one) => {
				fc.pre(pixelsMeant(one).length > 0);
				const texts = CORNERS.map((corner) =>
					maskPolyText(polygonsOf([measured(one, corner)], one.size)),
				);
				expect(new Set(texts).size).toBe(1);
			}),
			{ numRuns: 1500, seed: 22 },
		);
	});
});
