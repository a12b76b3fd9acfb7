import fc from 'fast-check';

import type { Point, Polygon } from '../../../../cos/areas/points';
import { checkInside, maskPolyText } from '../../../../cos/areas/polygons';
import {
	checkRectangles,
	rectanglesToPolygons,
	type Rectangle,
} from '../../../../cos/areas/rectangles';
import { InvalidInput, type InvalidReason } from '../../../../cos/invalidInput';
import { invalidInput, thrownBy } from '../thrown';
import { doubleArea, pixelsOf, windings } from './pixels';
import { onePolygon, parsePolygons, square } from './shapes';

describe('the small rasteriser of these tests', () => {
	it('finds the pixels whose centre is inside, in either direction', () => {
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
		['corners {x, y} with further fields', a.map(([x, y]) => ({ x, y, z: 0 })), [a]],
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
			'a box with further fields',
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
			'the largest image possible',
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

	it('are read without changing the given value', () => {
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

	it('are written as a 3-D matrix, without "-0"', () => {
		expect(maskPolyText([a])).toBe('[[[1,2],[11,2],[11,22],[1,22]]]');
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
		).toBe('[[[0,0],[9,0],[9,9]]]');
	});

	it.each<[string, unknown, InvalidReason, RegExp]>([
		['not JSON', '[[1,2],', 'polygons.notJson', /^"\[\[1,2\],?" is not JSON$/],
		[
			'a list that is cut off',
			'[[1,2],[3,4],[5,6]',
			'polygons.unclosed',
			/^"\[\[1,2\],\[3,4\],\[5,6\]": a "\]" is missing at the end$/,
		],
		[
			'a box that is cut off',
			'[{"x":"]","y":2',
			'polygons.unclosed',
			/: a "\}\]" is missing at the end$/,
		],
		['wrong brackets', '[[1,2},[3,4]', 'polygons.notJson', /is not JSON$/],
		['a name that is cut off', '[{"x', 'polygons.notJson', /is not JSON$/],
		['empty text', '', 'polygons.notJson', /^"" is not JSON$/],
		[
			'a sentence',
			'the lower right corner',
			'polygons.notJson',
			/^"the lower right corner" is not JSON$/,
		],
		['a long text that is not JSON', 'x'.repeat(500), 'polygons.notJson', /^"x{39}… is not JSON$/],
		['nothing', undefined, 'polygons.notList', /^nothing is not a list of polygons$/],
		['null', null, 'polygons.notList', /^null is not a list of polygons$/],
		['a number', 7, 'polygons.notList', /^7 is not a list of polygons$/],
		['a boolean', true, 'polygons.notList', /^true is not a list of polygons$/],
		['JSON that holds a text', '"[[1,2]]"', 'polygons.notList', /is not a list of polygons$/],
		['an empty list', [], 'polygons.none', /^holds no polygon$/],
		['an empty list as JSON', '[]', 'polygons.none', /^holds no polygon$/],
		[
			'an empty polygon',
			[[]],
			'polygon.fewCorners',
			/^Polygon 1 has fewer than three different corners$/,
		],
		[
			'one corner',
			[[1, 2]],
			'polygon.fewCorners',
			/^Polygon 1 has fewer than three different corners$/,
		],
		[
			'two corners',
			[
				[1, 2],
				[3, 4],
			],
			'polygon.fewCorners',
			/^Polygon 1 has fewer than three different corners$/,
		],
		[
			'three corners, two of them the same',
			[
				[1, 2],
				[3, 4],
				[1, 2],
			],
			'polygon.fewCorners',
			/^Polygon 1 has fewer than three different corners$/,
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
			'polygon.fewCorners',
			/^Polygon 2 has fewer than three different corners$/,
		],
		[
			'a flat list of numbers',
			[1, 2, 3, 4],
			'box.bareNumbers',
			/^Polygon 1: \[1,2,3,4\] can mean two corners, or a corner and a size$/,
		],
		[
			'a flat list of other numbers',
			[1, 2, 3],
			'polygon.notList',
			/^Polygon 1: 1 is not a list of corners$/,
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
			'corner.notPair',
			/^Polygon 1, corner 1: .*is not a corner \[x, y\] of two numbers$/,
		],
		[
			'three coordinates',
			[
				[1, 2, 3],
				[4, 5, 6],
				[7, 8, 10],
			],
			'corner.notPair',
			/^Polygon 1, corner 1: \[1,2,3\] is not a corner/,
		],
		[
			'one coordinate',
			[[1, 2], [4], [7, 8]],
			'corner.notPair',
			/^Polygon 1, corner 2: \[4\] is not a corner/,
		],
		[
			'a word for a number',
			[
				[1, 2],
				[4, 5],
				['seven', 8],
			],
			'corner.notPair',
			/^Polygon 1, corner 3: \["seven",8\] is not a corner/,
		],
		[
			'an empty text for a number',
			[
				[1, 2],
				[4, ' '],
				[7, 8],
			],
			'corner.notPair',
			/^Polygon 1, corner 2: \[4," "\] is not a corner/,
		],
		[
			'null for a number',
			[
				[1, 2],
				[4, null],
				[7, 8],
			],
			'corner.notPair',
			/^Polygon 1, corner 2: \[4,null\] is not a corner/,
		],
		[
			'not-a-number',
			[
				[1, 2],
				[4, Number.NaN],
				[7, 8],
			],
			'corner.notPair',
			/^Polygon 1, corner 2/,
		],
		[
			'an infinite number',
			[
				[1, 2],
				[4, Number.POSITIVE_INFINITY],
				[7, 8],
			],
			'corner.notPair',
			/^Polygon 1, corner 2/,
		],
		[
			'an infinite number as text',
			[
				[1, 2],
				[4, '1e999'],
				[7, 8],
			],
			'corner.notPair',
			/^Polygon 1, corner 2: \[4,"1e999"\] is not a corner/,
		],
		[
			'a corner without y',
			[{ x: 1, y: 2 }, { x: 3 }, { x: 5, y: 6 }],
			'corner.notPair',
			/^Polygon 1, corner 2: \{"x":3\} is not a corner/,
		],
		[
			'a polygon that is null',
			[a, null],
			'polygon.notList',
			/^Polygon 2: null is not a list of corners$/,
		],
		[
			'a polygon that is text',
			[a, 'b'],
			'polygon.notList',
			/^Polygon 2: "b" is not a list of corners$/,
		],
		[
			'a negative corner',
			[
				[0, 0],
				[10, -1],
				[10, 10],
			],
			'corner.negative',
			/^Polygon 1, corner 2 \[10,-1\] is negative$/,
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
			'corner.negative',
			/^Polygon 2, corner 3 \[-3,10\] is negative$/,
		],
		[
			'a corner beyond any image',
			[
				[0, 0],
				[50001, 0],
				[10, 10],
			],
			'corner.tooFar',
			/^Polygon 1, corner 2 \[50001,0\] is beyond 50000 pixels/,
		],
		[
			'corners on one line',
			[
				[0, 0],
				[5, 5],
				[10, 10],
			],
			'polygon.flat',
			/^Polygon 1 has no area: all its corners lie on one line$/,
		],
		[
			'a line there and back',
			[
				[0, 0],
				[10, 0],
				[5, 0],
			],
			'polygon.flat',
			/^Polygon 1 has no area/,
		],
		[
			'a bow tie',
			[
				[0, 0],
				[10, 10],
				[10, 0],
				[0, 10],
			],
			'polygon.crosses',
			/^Polygon 1 crosses itself: the side from corner 1 \[0,0\] meets the side from corner 3 \[10,0\]$/,
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
			'polygon.crosses',
			/^Polygon 1 crosses itself: the side from corner 2 \[0,0\] meets the side from corner 4 \[10,0\]$/,
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
			'polygon.crosses',
			/^Polygon 2 crosses itself: the side from corner 1/,
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
			'polygon.crosses',
			/^Polygon 1 crosses itself: the side from corner 1 \[0,0\] meets the side from corner 3 \[10,10\]$/,
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
			'polygon.crosses',
			/^Polygon 1 crosses itself: the side from corner 2 \[5,0\] meets the side from corner/,
		],
		[
			'a square whose outline is given twice',
			[...a, ...a],
			'polygon.crosses',
			/^Polygon 1 crosses itself: the side from corner 1 \[1,2\] meets the side from corner 4 \[1,22\]$/,
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
			'polygon.foldsBack',
			/^Polygon 1 runs back over itself at corner 3 \[20,0\]$/,
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
			'polygon.foldsBack',
			/^Polygon 1 runs back over itself at corner 4 \[20,0\]$/,
		],
		[
			'a spike at the start',
			[
				[20, 0],
				[10, 0],
				[10, 10],
				[0, 0],
			],
			'polygon.foldsBack',
			/^Polygon 1 runs back over itself at corner 1 \[20,0\]$/,
		],
		['an empty object', {}, 'box.notNumbers', /^Polygon 1: \{\} is not a box of numbers$/],
		[
			'a box without a height',
			{ x: 1, y: 2, width: 10 },
			'box.notNumbers',
			/^Polygon 1: .*is not a box of numbers$/,
		],
		[
			'a box without a left side',
			{ y: 2, width: 10, height: 4 },
			'box.notNumbers',
			/^Polygon 1: .*is not a box of numbers$/,
		],
		[
			'a box without an upper side',
			{ x: 2, width: 10, height: 4 },
			'box.notNumbers',
			/^Polygon 1: .*is not a box of numbers$/,
		],
		[
			'a box with a word',
			{ x: 1, y: 2, width: 'wide', height: 4 },
			'box.notNumbers',
			/^Polygon 1: .*is not a box of numbers$/,
		],
		[
			'a box of no width',
			[{ x: 1, y: 2, width: 0, height: 4 }],
			'box.flat',
			/^Polygon 1: .*has no area$/,
		],
		[
			'a box of no height',
			{ left: 1, top: 2, right: 5, bottom: 2 },
			'box.flat',
			/^Polygon 1: .*has no area$/,
		],
		[
			'a box inside out',
			{ left: 10, top: 2, right: 5, bottom: 20 },
			'box.flat',
			/^Polygon 1: .*has no area$/,
		],
		[
			'a box left of the image',
			[
				{ x: 1, y: 2, width: 3, height: 4 },
				{ x: -9, y: 0, width: 5, height: 5 },
			],
			'corner.negative',
			/^Polygon 2, corner 1 \[-9,0\] is negative$/,
		],
		[
			'too many corners',
			Array.from({ length: 1001 }, (_, x) => [x, x * x]),
			'polygon.corners',
			/^Polygon 1 has 1001 corners, more than 1000$/,
		],
		[
			'too many polygons',
			Array.from({ length: 1001 }, () => a),
			'polygons.tooMany',
			/^has more than 1000 polygons$/,
		],
		[
			'too many corners in all polygons together',
			Array.from({ length: 251 }, () => a),
			'polygons.corners',
			/^holds 1004 corners in all, more than 1000$/,
		],
	])('are refused: %s', (_, input, reason, what) => {
		const refusal = invalidInput(() => parsePolygons(input));
		expect(refusal).toMatchObject({ field: 'polygons', reason });
		expect(refusal.what).toMatch(what);
		expect(refusal.advice).toMatch(/^[A-Z].*\.$/);
	});

	it('may contain the names of object members without harm', () => {
		const input = '{"__proto__":{"x":1,"y":2,"width":10,"height":20}}';
		const refusal = invalidInput(() => parsePolygons(input));
		expect(refusal.reason).toBe('box.notNumbers');
		expect(refusal.what).toMatch(/is not a box of numbers$/);
	});
});

describe('the image size', () => {
	const size = { width: 100, height: 50 };

	it('allows shapes that reach its last corner', () => {
		expect(() => {
			checkInside([square(0, 0, 100, 50)], size);
		}).not.toThrow();
	});

	it.each<[Polygon[], string]>([
		[[square(0, 0, 101, 50)], 'Polygon 1, corner 2 [101,0]'],
		[[square(0, 0, 100, 51)], 'Polygon 1, corner 3 [100,51]'],
		[[square(0, 0, 9, 9), square(-1, 0, 9, 9)], 'Polygon 2, corner 1 [-1,0]'],
		[[square(0, 0, 9, 9), square(0, -1, 9, 9)], 'Polygon 2, corner 1 [0,-1]'],
	])('refuses %j', (polygons, where) => {
		const refusal = invalidInput(() => {
			checkInside(polygons, size);
		});
		expect(refusal).toMatchObject({
			field: 'polygons',
			reason: 'corner.outside',
			what: `${where} is outside the image of 100 × 50 pixels`,
		});
		expect(refusal.advice).toMatch(/inside the image.*percent/);
	});
});

describe('polygons, in 5,500 random cases', () => {
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
				const text = JSON.stringify(expected);
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
				expect(maskPolyText(rectanglesToPolygons(checkRectangles([rectangle])))).toBe(text);
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

	it('2,500 outlines keep their mask, wherever they start, in either direction, closed or open', () => {
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

	it('1,500 scribbles are either refused with the right reason or go round each pixel once, clockwise', () => {
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
					reason: expect.stringMatching(/^polygon\.(crosses|foldsBack|flat|fewCorners)$/) as string,
					values: expect.objectContaining({ polygon: 1 }) as object,
				});
			}),
			{ numRuns: 1500, seed: 25 },
		);
		// Neither outcome is rare.
		expect(accepted / (accepted + refused)).toBeGreaterThan(0.2);
		expect(refused / (accepted + refused)).toBeGreaterThan(0.2);
	});
});
