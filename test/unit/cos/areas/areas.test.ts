import fc from 'fast-check';

import {
	checkInside,
	checkRectangles,
	maskPolyText,
	needsImageSize,
	parsePolygons,
	rectanglesToPolygons,
	type Corner,
	type ImageSize,
	type Point,
	type Polygon,
	type Rectangle,
	type Unit,
} from '../../../../cos/areas/areas';
import { InvalidInput } from '../../../../cos/invalidInput';
import { doubleArea, pixelsOf, windings } from './pixels';
import { invalidInput, thrownBy } from '../thrown';

const CORNERS = ['topLeft', 'topRight', 'bottomLeft', 'bottomRight'] as const;

/** The one polygon that an input is expected to mean. */
function onePolygon(input: unknown): Polygon {
	const [polygon, ...others] = parsePolygons(input);
	if (polygon === undefined || others.length > 0) throw new TypeError('Expected one polygon');
	return polygon;
}

function square(left: number, top: number, right: number, bottom: number): Polygon {
	return [
		[left, top],
		[right, top],
		[right, bottom],
		[left, bottom],
	];
}

describe('the small rasteriser of these tests', () => {
	it('finds the pixels whose centre is inside, the same both ways round', () => {
		const triangle: Polygon = [
			[0, 0],
			[3, 0],
			[0, 3],
		];
		const inside = ['0,0', '1,0', '0,1'];
		expect(pixelsOf(square(1, 1, 3, 2), 5, 5)).toEqual(['1,1', '2,1']);
		expect(pixelsOf(triangle, 5, 5)).toEqual(expect.arrayContaining(inside));
		expect(pixelsOf([...triangle].reverse(), 5, 5)).toEqual(pixelsOf(triangle, 5, 5));
		expect([...windings(square(0, 0, 1, 1), 2, 2).values()]).toEqual([1]);
		expect([...windings([...square(0, 0, 1, 1)].reverse(), 2, 2).values()]).toEqual([-1]);
	});
});

describe('polygons', () => {
	const L: Polygon = [
		[10, 10],
		[40, 10],
		[40, 20],
		[20, 20],
		[20, 50],
		[10, 50],
	];
	const a = square(1, 2, 11, 22);
	const b = square(30, 40, 35, 50);

	it.each<[string, unknown, Polygon[]]>([
		['a 2-D matrix', [...L], [L]],
		['a 3-D matrix of one', [L], [L]],
		['a 3-D matrix of several', [L, a, b], [L, a, b]],
		['JSON text, 2-D', JSON.stringify(L), [L]],
		['JSON text, 3-D', ` ${JSON.stringify([a, b])}\n`, [a, b]],
		[
			'numbers as text',
			[
				['1', '2'],
				['11', ' 2 '],
				['11.0', '22'],
				['1', '2.2e1'],
			],
			[a],
		],
		[
			'fractions, rounded',
			[
				[1.4, 1.5],
				[11.49, 2],
				[10.5, 22],
				[0.5, 21.5],
			],
			[a],
		],
		['a closed ring', [...a, [1, 2]], [a]],
		[
			'several closed rings',
			[
				[...a, [1, 2]],
				[...b, [30, 40]],
			],
			[a, b],
		],
		['corners {x, y}', a.map(([x, y]) => ({ x, y })), [a]],
		['corners {x, y} as text', a.map(([x, y]) => ({ x: String(x), y: String(y) })), [a]],
		['corners {x, y} with more in them', a.map(([x, y]) => ({ x, y, z: 0 })), [a]],
		[
			'several lists of corners {x, y}',
			[a, b].map((one) => one.map(([x, y]) => ({ x, y }))),
			[a, b],
		],
		['one box {x, y, width, height}', { x: 1, y: 2, width: 10, height: 20 }, [a]],
		['one box {left, top, width, height}', { left: 1, top: 2, width: 10, height: 20 }, [a]],
		['one box {left, top, right, bottom}', { left: 1, top: 2, right: 11, bottom: 22 }, [a]],
		['a box of text', { x: '1', y: '2', width: '10', height: '20' }, [a]],
		['a box in JSON text', '{"x":1,"y":2,"width":10,"height":20}', [a]],
		[
			'a box with more in it',
			{ x: 1, y: 2, width: 10, height: 20, label: 'logo', score: 0.9 },
			[a],
		],
		[
			'a list of boxes of different kinds',
			[
				{ x: 1, y: 2, width: 10, height: 20 },
				{ left: 30, top: 40, right: 35, bottom: 50 },
				{ left: 30, top: 40, width: 5, height: 10 },
			],
			[a, b, b],
		],
		['boxes and matrices together', [[...a], { left: 30, top: 40, right: 35, bottom: 50 }], [a, b]],
		['counter-clockwise corners', [L[0], ...L.slice(1).reverse()], [L]],
		['a corner that is repeated', [a[0], a[0], a[1], a[1], a[2], a[3], a[3]], [a]],
		[
			'a corner on a straight side',
			[
				[0, 0],
				[5, 0],
				[10, 0],
				[10, 10],
			],
			[
				[
					[0, 0],
					[5, 0],
					[10, 0],
					[10, 10],
				],
			],
		],
		[
			'the largest image there is',
			[
				[0, 0],
				[50000, 0],
				[50000, 50000],
			],
			[
				[
					[0, 0],
					[50000, 0],
					[50000, 50000],
				],
			],
		],
	])('are read from %s', (_, input, polygons) => {
		expect(parsePolygons(input)).toEqual(polygons);
	});

	it('are not changed in the value that was given', () => {
		const given = [
			[1, 2],
			[1, 22],
			[11, 22],
			[11, 2],
			[1, 2],
		];
		const before = JSON.stringify(given);
		parsePolygons(given);
		expect(JSON.stringify(given)).toBe(before);
	});

	it('are written as a 2-D matrix when one and a 3-D matrix when several, without "-0"', () => {
		expect(maskPolyText([a])).toBe('[[1,2],[11,2],[11,22],[1,22]]');
		expect(maskPolyText([a, b])).toBe(
			'[[[1,2],[11,2],[11,22],[1,22]],[[30,40],[35,40],[35,50],[30,50]]]',
		);
		expect(
			maskPolyText(
				parsePolygons([
					[-0.2, -0.4],
					[9, 0],
					[9, 9],
				]),
			),
		).toBe('[[0,0],[9,0],[9,9]]');
	});

	it.each<[string, unknown, RegExp]>([
		['not JSON', '[[1,2],', /^"\[\[1,2\],?" is not JSON$/],
		['empty text', '', /^"" is not JSON$/],
		['words', 'the lower right corner', /^"the lower right corner" is not JSON$/],
		['a long text that is not JSON', 'x'.repeat(500), /^"x{39}… is not JSON$/],
		['nothing', undefined, /^nothing is not a list of polygons$/],
		['null', null, /^null is not a list of polygons$/],
		['a number', 7, /^7 is not a list of polygons$/],
		['a truth value', true, /^true is not a list of polygons$/],
		['JSON of a text', '"[[1,2]]"', /is not a list of polygons$/],
		['an empty list', [], /^holds no polygon$/],
		['an empty list as JSON', '[]', /^holds no polygon$/],
		['an empty polygon', [[]], /^polygon 1 has fewer than three different corners$/],
		['one corner', [[1, 2]], /^polygon 1 has fewer than three different corners$/],
		[
			'two corners',
			[
				[1, 2],
				[3, 4],
			],
			/^polygon 1 has fewer than three different corners$/,
		],
		[
			'three corners, two of them the same',
			[
				[1, 2],
				[3, 4],
				[1, 2],
			],
			/^polygon 1 has fewer than three different corners$/,
		],
		[
			'too few corners in the second polygon',
			[
				a,
				[
					[1, 2],
					[3, 4],
				],
			],
			/^polygon 2 has fewer than three different corners$/,
		],
		[
			'a flat list of numbers',
			[1, 2, 3, 4],
			/^polygon 1, corner 1: 1 is not a corner|^polygon 1: 1 is not a list of corners$/,
		],
		[
			'a matrix that is too deep',
			[
				[
					[
						[1, 2],
						[3, 4],
						[5, 6],
					],
				],
			],
			/^polygon 1, corner 1: .*is not a corner \[x, y\] of two numbers$/,
		],
		[
			'three coordinates',
			[
				[1, 2, 3],
				[4, 5, 6],
				[7, 8, 10],
			],
			/^polygon 1, corner 1: \[1,2,3\] is not a corner/,
		],
		['one coordinate', [[1, 2], [4], [7, 8]], /^polygon 1, corner 2: \[4\] is not a corner/],
		[
			'a word for a number',
			[
				[1, 2],
				[4, 5],
				['seven', 8],
			],
			/^polygon 1, corner 3: \["seven",8\] is not a corner/,
		],
		[
			'an empty text for a number',
			[
				[1, 2],
				[4, ' '],
				[7, 8],
			],
			/^polygon 1, corner 2: \[4," "\] is not a corner/,
		],
		[
			'null for a number',
			[
				[1, 2],
				[4, null],
				[7, 8],
			],
			/^polygon 1, corner 2: \[4,null\] is not a corner/,
		],
		[
			'not-a-number',
			[
				[1, 2],
				[4, Number.NaN],
				[7, 8],
			],
			/^polygon 1, corner 2/,
		],
		[
			'an infinite number',
			[
				[1, 2],
				[4, Number.POSITIVE_INFINITY],
				[7, 8],
			],
			/^polygon 1, corner 2/,
		],
		[
			'an infinite number as text',
			[
				[1, 2],
				[4, '1e999'],
				[7, 8],
			],
			/^polygon 1, corner 2: \[4,"1e999"\] is not a corner/,
		],
		[
			'a corner without y',
			[{ x: 1, y: 2 }, { x: 3 }, { x: 5, y: 6 }],
			/^polygon 1, corner 2: \{"x":3\} is not a corner/,
		],
		['a polygon that is null', [a, null], /^polygon 2: null is not a list of corners$/],
		['a polygon that is text', [a, 'b'], /^polygon 2: "b" is not a list of corners$/],
		[
			'a negative corner',
			[
				[0, 0],
				[10, -1],
				[10, 10],
			],
			/^polygon 1, corner 2 \[10,-1\] is negative$/,
		],
		[
			'a negative corner of the second polygon',
			[
				a,
				[
					[0, 0],
					[10, 0],
					[-3, 10],
				],
			],
			/^polygon 2, corner 3 \[-3,10\] is negative$/,
		],
		[
			'a corner beyond any image',
			[
				[0, 0],
				[50001, 0],
				[10, 10],
			],
			/^polygon 1, corner 2 \[50001,0\] is beyond 50000 pixels/,
		],
		[
			'corners on one line',
			[
				[0, 0],
				[5, 5],
				[10, 10],
			],
			/^polygon 1 has no area: all its corners lie on one line$/,
		],
		[
			'a line there and back',
			[
				[0, 0],
				[10, 0],
				[5, 0],
			],
			/^polygon 1 has no area/,
		],
		[
			'a bow tie',
			[
				[0, 0],
				[10, 10],
				[10, 0],
				[0, 10],
			],
			/^polygon 1 crosses itself: the side from corner 1 \[0,0\] meets the side from corner 3 \[10,0\]$/,
		],
		[
			'a bow tie after a repeated corner',
			[
				[0, 0],
				[0, 0],
				[10, 10],
				[10, 0],
				[0, 10],
			],
			/^polygon 1 crosses itself: the side from corner 2 \[0,0\] meets the side from corner 4 \[10,0\]$/,
		],
		[
			'a bow tie in the second polygon',
			[
				a,
				[
					[0, 0],
					[10, 10],
					[10, 0],
					[0, 10],
				],
			],
			/^polygon 2 crosses itself: the side from corner 1/,
		],
		[
			'a side that touches a corner',
			[
				[0, 0],
				[10, 0],
				[10, 10],
				[5, 0],
				[0, 10],
			],
			/^polygon 1 crosses itself: the side from corner 1 \[0,0\] meets the side from corner 3 \[10,10\]$/,
		],
		[
			'two squares joined in one corner',
			[
				[0, 0],
				[5, 0],
				[5, 5],
				[10, 5],
				[10, 10],
				[5, 10],
				[5, 5],
				[0, 5],
			],
			/^polygon 1 crosses itself: the side from corner 2 \[5,0\] meets the side from corner/,
		],
		[
			'two squares run through as one ring twice',
			[...a, ...a],
			/^polygon 1 (crosses itself|runs back)/,
		],
		[
			'a spike',
			[
				[0, 0],
				[10, 0],
				[20, 0],
				[10, 0],
				[10, 10],
			],
			/^polygon 1 runs back over itself at corner 3 \[20,0\]$/,
		],
		[
			'a spike after a repeated corner',
			[
				[0, 0],
				[0, 0],
				[10, 0],
				[20, 0],
				[10, 0],
				[10, 10],
			],
			/^polygon 1 runs back over itself at corner 4 \[20,0\]$/,
		],
		[
			'a spike at the start',
			[
				[20, 0],
				[10, 0],
				[10, 10],
				[0, 0],
			],
			/^polygon 1 runs back over itself at corner 1 \[20,0\]$/,
		],
		['an empty object', {}, /^polygon 1: \{\} is not a box of numbers$/],
		['a box without height', { x: 1, y: 2, width: 10 }, /^polygon 1: .*is not a box of numbers$/],
		[
			'a box without left side',
			{ y: 2, width: 10, height: 4 },
			/^polygon 1: .*is not a box of numbers$/,
		],
		[
			'a box without upper side',
			{ x: 2, width: 10, height: 4 },
			/^polygon 1: .*is not a box of numbers$/,
		],
		[
			'a box with a word',
			{ x: 1, y: 2, width: 'wide', height: 4 },
			/^polygon 1: .*is not a box of numbers$/,
		],
		['a box without width', [{ x: 1, y: 2, width: 0, height: 4 }], /^polygon 1: .*has no area$/],
		[
			'a box without height to speak of',
			{ left: 1, top: 2, right: 5, bottom: 2 },
			/^polygon 1: .*has no area$/,
		],
		['a box inside out', { left: 10, top: 2, right: 5, bottom: 20 }, /^polygon 1: .*has no area$/],
		[
			'a box partly left of the image',
			[
				{ x: 1, y: 2, width: 3, height: 4 },
				{ x: -1, y: 0, width: 5, height: 5 },
			],
			/^polygon 2, corner 1 \[-1,0\] is negative$/,
		],
		[
			'more corners than anyone needs',
			Array.from({ length: 1001 }, (_, x) => [x, x * x]),
			/^polygon 1 has 1001 corners, more than 1000$/,
		],
		[
			'more polygons than anyone needs',
			Array.from({ length: 1001 }, () => a),
			/^holds more than 1000 polygons$/,
		],
	])('are refused: %s', (_, input, what) => {
		const refusal = invalidInput(() => parsePolygons(input));
		expect(refusal.field).toBe('polygons');
		expect(refusal.what).toMatch(what);
		expect(refusal.advice).toMatch(/^[A-Z].*\.$/);
	});

	it('are harmless with the names of object members in them', () => {
		const input = '{"__proto__":{"x":1,"y":2,"width":10,"height":20}}';
		expect(invalidInput(() => parsePolygons(input)).what).toMatch(/is not a box of numbers$/);
	});
});

describe('an image’s size', () => {
	const size = { width: 100, height: 50 };

	it('holds shapes up to its last corner', () => {
		expect(() => {
			checkInside([square(0, 0, 100, 50)], size);
		}).not.toThrow();
	});

	it.each<[Polygon[], string]>([
		[[square(0, 0, 101, 50)], 'polygon 1, corner 2 [101,0]'],
		[[square(0, 0, 100, 51)], 'polygon 1, corner 3 [100,51]'],
		[[square(0, 0, 9, 9), square(-1, 0, 9, 9)], 'polygon 2, corner 1 [-1,0]'],
		[[square(0, 0, 9, 9), square(0, -1, 9, 9)], 'polygon 2, corner 1 [0,-1]'],
	])('refuses %j', (polygons, where) => {
		const refusal = invalidInput(() => {
			checkInside(polygons, size);
		});
		expect(refusal).toMatchObject({
			field: 'polygons',
			what: `${where} is outside the image of 100 × 50 pixels`,
		});
		expect(refusal.advice).toMatch(/inside the image.*percent/);
	});

	it('refuses rectangles by their own name', () => {
		const rectangle: Rectangle = {
			corner: 'bottomRight',
			unit: 'pixels',
			horizontalDistance: 95,
			verticalDistance: 0,
			width: 10,
			height: 10,
		};
		const inside = { ...rectangle, horizontalDistance: 0 };
		expect(invalidInput(() => rectanglesToPolygons([inside, rectangle], size))).toMatchObject({
			field: 'rectangles',
			what: 'rectangle 2, corner 1 [-5,40] is outside the image of 100 × 50 pixels',
		});
	});
});

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
		expect(rectanglesToPolygons([{ ...rectangle, corner, unit }], size)).toEqual([polygon]);
	});

	it('need the image’s size for percent and for every corner but the upper left', () => {
		expect(needsImageSize(rectangle)).toBe(false);
		for (const corner of CORNERS) {
			expect(needsImageSize({ ...rectangle, corner, unit: 'percent' })).toBe(true);
			expect(needsImageSize({ ...rectangle, corner })).toBe(corner !== 'topLeft');
		}
	});

	it('do without the image’s size in pixels from the upper left', () => {
		expect(rectanglesToPolygons([rectangle, { ...rectangle, width: 1.4 }])).toEqual([
			square(10, 5, 30, 13),
			square(10, 5, 11, 13),
		]);
	});

	it('cover the whole image at 100 percent', () => {
		const whole = { horizontalDistance: 0, verticalDistance: 0, width: 100, height: 100 };
		for (const corner of CORNERS) {
			expect(
				JSON.stringify(rectanglesToPolygons([{ corner, unit: 'percent', ...whole }], size)),
			).toBe(JSON.stringify([square(0, 0, 200, 100)]));
		}
	});

	it('round an edge in the middle of a pixel alike, though 16.15 * 1000 / 100 is 161.49999999999997', () => {
		const edge: Rectangle = {
			corner: 'topLeft',
			unit: 'percent',
			horizontalDistance: 16.15,
			verticalDistance: 0,
			width: 10,
			height: 100,
		};
		const fromRight: Rectangle = { ...edge, corner: 'topRight', horizontalDistance: 73.85 };
		expect(rectanglesToPolygons([edge, fromRight], { width: 1000, height: 10 })).toEqual([
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
		expect(rectanglesToPolygons(thirds, { width: 10, height: 1 })).toEqual([
			square(0, 0, 3, 1),
			square(3, 0, 7, 1),
			square(7, 0, 10, 1),
		]);
	});

	it.each<[string, Partial<Rectangle>, string]>([
		['a negative distance', { horizontalDistance: -1 }, 'rectangle 2 has a negative distance'],
		[
			'a negative distance from above',
			{ verticalDistance: -0.1 },
			'rectangle 2 has a negative distance',
		],
		['no width', { width: 0 }, 'rectangle 2 has no width or no height'],
		['a negative height', { height: -5 }, 'rectangle 2 has no width or no height'],
		['no number', { width: Number.NaN }, 'rectangle 2 holds a value that is not a number'],
		[
			'an infinite number',
			{ height: Number.POSITIVE_INFINITY },
			'rectangle 2 holds a value that is not a number',
		],
		[
			'more than 100 percent across',
			{ unit: 'percent', horizontalDistance: 81 },
			'rectangle 2 reaches beyond 100 percent of the image',
		],
		[
			'more than 100 percent down',
			{ unit: 'percent', height: 95.1 },
			'rectangle 2 reaches beyond 100 percent of the image',
		],
		['less than a pixel', { width: 0.3 }, 'rectangle 2 is smaller than one pixel'],
		['less than a pixel in height', { height: 0.3 }, 'rectangle 2 is smaller than one pixel'],
		[
			'less than a pixel in percent',
			{ unit: 'percent', width: 0.1 },
			'rectangle 2 is smaller than one pixel',
		],
	])('are refused: %s', (_, change, what) => {
		const refusal = invalidInput(() =>
			rectanglesToPolygons([rectangle, { ...rectangle, ...change }], size),
		);
		expect(refusal).toMatchObject({ field: 'rectangles', what });
		expect(refusal.advice).toMatch(/^[A-Z].*\.$/);
	});

	it('are refused when there are none', () => {
		for (const call of [
			() => {
				checkRectangles([]);
			},
			() => rectanglesToPolygons([], size),
		]) {
			expect(invalidInput(call)).toMatchObject({
				field: 'rectangles',
				what: 'holds no rectangle',
				advice: expect.stringContaining('"Add Rectangle"') as string,
			});
		}
	});
});

describe('geometry, in 10,000 random cases', () => {
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
			unit: fc.constantFrom<Unit>('pixels', 'percent'),
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
	 * an edge belongs to the left and to what is above. Exact: whole numbers only.
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
				const convert = () => rectanglesToPolygons([measured(one, one.corner)], one.size);
				if (meant.length === 0) {
					expect(invalidInput(convert).what).toBe('rectangle 1 is smaller than one pixel');
					return;
				}
				const polygon = onePolygon(maskPolyText(convert()));
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
					maskPolyText(rectanglesToPolygons([measured(one, corner)], one.size)),
				);
				expect(new Set(texts).size).toBe(1);
			}),
			{ numRuns: 1500, seed: 22 },
		);
	});

	it('1,500 boxes are the same polygon in every form', () => {
		const sides = fc.integer({ min: 0, max: 50_000 });
		const lengths = fc
			.tuple(sides, sides)
			.filter(([one, other]) => one !== other)
			.map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);
		fc.assert(
			fc.property(lengths, lengths, ([left, right], [top, bottom]) => {
				const [width, height] = [right - left, bottom - top];
				const expected = [square(left, top, right, bottom)];
				const text = JSON.stringify(expected[0]);
				const forms: unknown[] = [
					expected,
					...expected,
					{ x: left, y: top, width, height },
					{ left, top, width, height },
					{ left, top, right, bottom },
					[{ left: String(left), top: String(top), right: `${right}`, bottom: `${bottom}` }],
				];
				const read = (form: unknown) => maskPolyText(parsePolygons(form));
				const texts = forms.flatMap((form) => [read(form), read(JSON.stringify(form))]);
				expect([...new Set(texts)]).toEqual([text]);
				const rectangle: Rectangle = {
					corner: 'topLeft',
					unit: 'pixels',
					horizontalDistance: left,
					verticalDistance: top,
					width,
					height,
				};
				expect(maskPolyText(rectanglesToPolygons([rectangle]))).toBe(text);
			}),
			{ numRuns: 1500, seed: 23 },
		);
	});

	const SIDE = 24;
	const CENTRE = SIDE / 2;
	const grid = fc.tuple(fc.integer({ min: 0, max: SIDE }), fc.integer({ min: 0, max: SIDE }));

	function cross([ax, ay]: Point, [bx, by]: Point): number {
		return (ax - CENTRE) * (by - CENTRE) - (bx - CENTRE) * (ay - CENTRE);
	}

	/**
	 * Outlines that go round the centre once, each corner at a larger angle than the one before and by
	 * less than half a turn: such an outline cannot cross itself. Clockwise, as y grows downwards.
	 */
	const outlines: fc.Arbitrary<Point[]> = fc
		.array(grid, { minLength: 3, maxLength: 9 })
		.map((points) =>
			points
				.filter(([x, y]) => x !== CENTRE || y !== CENTRE)
				.sort(
					([ax, ay], [bx, by]) =>
						Math.atan2(ay - CENTRE, ax - CENTRE) - Math.atan2(by - CENTRE, bx - CENTRE),
				),
		)
		.filter(
			(points) =>
				points.length >= 3 &&
				points.every(
					(point, index) => cross(point, points[(index + 1) % points.length] ?? point) > 0,
				),
		);

	it('2,500 outlines keep their mask, whatever the start, the direction and the closure', () => {
		fc.assert(
			fc.property(
				outlines,
				fc.nat(8),
				fc.boolean(),
				fc.boolean(),
				(outline, start, back, closed) => {
					const at = start % outline.length;
					const turned = [...outline.slice(at), ...outline.slice(0, at)];
					if (back) turned.reverse();
					const [first] = turned;
					const given = closed && first ? [...turned, first] : turned;
					const polygon = onePolygon(given);
					expect(pixelsOf(polygon, SIDE, SIDE).join(' ')).toBe(
						pixelsOf(outline, SIDE, SIDE).join(' '),
					);
					expect(doubleArea(polygon)).toBe(doubleArea(outline));
					expect(doubleArea(polygon)).toBeGreaterThan(0);
					expect(polygon).toHaveLength(outline.length);
					expect(String(polygon[0])).toBe(String(first));
					expect(maskPolyText(parsePolygons(polygon))).toBe(maskPolyText([polygon]));
				},
			),
			{ numRuns: 2500, seed: 24 },
		);
	});

	it('1,500 scribbles are refused by name, or run round each pixel once and clockwise', () => {
		let accepted = 0;
		let refused = 0;
		fc.assert(
			fc.property(fc.array(grid, { minLength: 3, maxLength: 6 }), (scribble) => {
				const thrown = thrownBy(() => {
					const polygon = onePolygon(scribble);
					expect([...new Set(windings(polygon, SIDE, SIDE).values())]).toEqual(
						windings(polygon, SIDE, SIDE).size === 0 ? [] : [1],
					);
					accepted += 1;
				});
				if (thrown === undefined) return;
				refused += 1;
				expect(thrown).toBeInstanceOf(InvalidInput);
				expect(thrown).toMatchObject({
					field: 'polygons',
					what: expect.stringMatching(
						/^polygon 1 (crosses|runs back|has no area|has fewer)/,
					) as string,
				});
			}),
			{ numRuns: 1500, seed: 25 },
		);
		// Neither outcome is rare.
		expect(accepted / (accepted + refused)).toBeGreaterThan(0.2);
		expect(refused / (accepted + refused)).toBeGreaterThan(0.2);
	});
});
