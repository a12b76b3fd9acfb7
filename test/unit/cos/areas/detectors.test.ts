import type { Box, ImageSize, Polygon } from '../../../../cos/areas/points';
import {
	COORDINATES,
	placeShapes,
	readShapes,
	shapesNeedSize,
	type ShapeReading,
} from '../../../../cos/areas/shapes';
import type { InvalidReason } from '../../../../cos/invalidInput';
import { invalidInput } from '../thrown';
import { DETECTORS, inUnit } from './detectors';
import { doubleArea, pixelsOf } from './pixels';
import { square } from './shapes';

const SIZES: readonly ImageSize[] = [
	{ width: 1600, height: 700 },
	{ width: 700, height: 1600 },
];
const BOX: Box = { left: 140, top: 84, right: 420, bottom: 210 };
const MEANT = square(140, 84, 420, 210);

describe.each(DETECTORS)('$name', ({ counts, give, reading }) => {
	it.each(COORDINATES.flatMap((coordinates) => SIZES.map((size) => ({ coordinates, ...size }))))(
		'means the same pixels of $width × $height, read as $coordinates',
		({ coordinates, ...size }) => {
			const unit = coordinates === 'auto' ? counts : coordinates;
			const given = give(inUnit(BOX, unit ?? 'pixels', size));
			for (const input of [given, JSON.stringify(given)]) {
				const read = () => readShapes(input, { ...reading, coordinates });
				if (unit === undefined) {
					expect(invalidInput(read).reason).toBe('shape.unclearUnit');
					continue;
				}
				expect(shapesNeedSize(read())).toBe(unit !== 'pixels');
				expect(placeShapes(read(), size)).toEqual([MEANT]);
			}
		},
	);
});

const box = { left: 10, top: 20, right: 30, bottom: 40 };
const other = { left: 50, top: 60, right: 70, bottom: 80 };
const [a, b] = [square(10, 20, 30, 40), square(50, 60, 70, 80)];
const size: ImageSize = { width: 100, height: 100 };
const place = (input: unknown, reading?: ShapeReading) =>
	placeShapes(readShapes(input, reading), size);
const text = (value: unknown) => JSON.stringify(value);

describe('shapes are found', () => {
	it.each<[string, unknown, Polygon[]]>([
		['under any name', { result: { found: { boxes: [box, other] } } }, [a, b]],
		['beside what is none', { model: 'x', usage: { tokens: 5 }, image: size, boxes: [box] }, [a]],
		['beside numbers', { boxes: [box], embedding: [0.1, 0.2, 0.3, 0.4], m: [[1, 2, 3, 4]] }, [a]],
		['in lists of lists', [[box], [other]], [a, b]],
		['in several lists of one record', { logos: [box], texts: [other] }, [a, b]],
		['beside an empty list', { Labels: [{ Instances: [] }, { Instances: [box] }] }, [a]],
		['in a code block', '```json\n[{"left":10,"top":20,"right":30,"bottom":40}]\n```', [a]],
		['in a code block without an end', `Here:\n\`\`\`\n${text([box])}`, [a]],
		[
			'in two code blocks',
			`\`\`\`\n${text(box)}\n\`\`\` and\n\`\`\`json\n${text([other])}\n\`\`\``,
			[a, b],
		],
		['among words', `I found 2 logos [1]: ${text([box, other])} (see [the note]).`, [a, b]],
		['before words', `${text([box])}\nThis is the logo.`, [a]],
		['one in each line', `${text(box)}\n${text(other)}\n`, [a, b]],
		['one list in each line', `[]\n${text([box])}\n${text([other])}`, [a, b]],
		['in what a model wrote', { choices: [{ message: { content: text([box]) } }] }, [a]],
		[
			'in the parts of what a model wrote',
			[
				{
					content: {
						parts: [{ text: 'Let me see.' }, { text: `\`\`\`json\n${text([box])}\n\`\`\`` }],
					},
				},
			],
			[a],
		],
		['in the output of an agent', [{ output: `The logo: ${text({ boxes: [box] })}` }], [a]],
		['as numbers that are text', { box_2d: ['200', '100', '400', '300'] }, [a]],
		[
			'with an outline in a record',
			{
				outline: {
					vertices: [
						{ x: 10, y: 20 },
						{ x: 30, y: 20 },
						{ x: 30, y: 40 },
					],
				},
			},
			[
				[
					[10, 20],
					[30, 20],
					[30, 40],
				],
			],
		],
		[
			'with a coordinate of 0 left out',
			{ boundingPoly: { vertices: [{}, { x: 9 }, { x: 9, y: 9 }, { y: 9 }] } },
			[square(0, 0, 9, 9)],
		],
		['with two outlines in one record', { segmentation: [a.flat(), b.flat()] }, [a, b]],
		[
			'after the page as a whole',
			{
				Blocks: [
					{
						BlockType: 'PAGE',
						Geometry: { BoundingBox: { Left: 0, Top: 0, Width: 1, Height: 1 } },
					},
					{
						BlockType: 'LINE',
						Text: 'shop-a.com',
						Geometry: { BoundingBox: { Left: 0.1, Top: 0.2, Width: 0.2, Height: 0.2 } },
					},
				],
			},
			[a],
		],
		['with an inner brace in a text', { label: 'a"}{[', ...box }, [a]],
	])('%s', (_, input, polygons) => {
		expect(place(input)).toEqual(polygons);
	});

	it('with what the detector says of them', () => {
		const shapes = readShapes({
			Labels: [
				{
					Name: 'Logo',
					Confidence: '98.5',
					Instances: [{ BoundingBox: { Left: 0.1, Top: 0.1, Width: 0.5, Height: 0.5 } }],
				},
			],
			objects: [
				{ boundingBox: { x: 1, y: 2, w: 30, h: 40 }, tags: [{ name: 'sign', confidence: 0.5 }] },
			],
			texts: [{ DetectedText: ' a ', score: 0.25, ...box }],
			bare: [{ ...other }],
		});
		expect(shapes.map(({ label, confidence }) => [label, confidence])).toEqual([
			['Logo', 98.5],
			['sign', 0.5],
			['a', 0.25],
			[undefined, undefined],
		]);
		expect(JSON.parse(JSON.stringify(shapes))).toEqual(shapes);
	});

	it('not at all, and without going through it again and again, in a text of brackets', () => {
		for (const piece of ['[', '{', '[{', '"\\"', '```[', '[1]', '{}', '[],', '1,', '["', '[1,,,']) {
			invalidInput(() => readShapes(`x ${piece.repeat(200_000 / piece.length)}`));
		}
		invalidInput(() => readShapes(`${'['.repeat(100_000)}${']'.repeat(100_000)}`));
	});
});

describe('shapes that stand out of the image', () => {
	const concave = [
		[-10, 10],
		[60, 10],
		[60, 20],
		[-5, 20],
		[-5, 40],
		[60, 40],
		[60, 50],
		[-10, 50],
	] as const;

	it.each<[string, unknown, Polygon[]]>([
		['a box on the left', { x: -5, y: 10, width: 20, height: 10 }, [square(0, 10, 15, 20)]],
		['a box on the right', { x: 90, y: 10, width: 12, height: 10 }, [square(90, 10, 100, 20)]],
		[
			'a box in fractions',
			{ Left: -0.01, Top: 0.5, Width: 1.012, Height: 0.5 },
			[square(0, 50, 100, 100)],
		],
		[
			'a named outline',
			{
				polygon: [
					[80, 10],
					[120, 10],
					[120, 30],
					[80, 30],
				],
			},
			[square(80, 10, 100, 30)],
		],
		[
			'a slanted outline',
			{
				polygon: [
					[-10, 0],
					[10, 0],
					[10, 20],
				],
			},
			[
				[
					[0, 0],
					[10, 0],
					[10, 20],
					[0, 10],
				],
			],
		],
		[
			'an outline that comes apart',
			{ polygon: concave },
			[square(0, 10, 60, 20), square(0, 40, 60, 50)],
		],
	])('are cut to it: %s', (_, input, polygons) => {
		const found = place(input);
		expect(found).toHaveLength(polygons.length);
		const pixels = (all: readonly Polygon[]) =>
			all.flatMap((one) => pixelsOf(one, 100, 100)).sort();
		expect(pixels(found)).toEqual(pixels(polygons));
		for (const one of found) expect(doubleArea(one)).toBeGreaterThan(0);
	});

	it('are cut at 0 when its size is not known', () => {
		expect(placeShapes(readShapes({ x: -5, y: -6, width: 20, height: 10 }))).toEqual([
			square(0, 0, 15, 4),
		]);
	});

	it.each<[string, unknown, InvalidReason]>([
		[
			'a bare list of corners',
			[
				[80, 10],
				[120, 10],
				[120, 30],
			],
			'corner.outside',
		],
		[
			'a bare list with a negative corner',
			[
				[-1, 10],
				[20, 10],
				[20, 30],
			],
			'corner.negative',
		],
		['a box outside as a whole', { x: 100, y: 10, width: 12, height: 10 }, 'shape.outside'],
		['a negative box', { x: -30, y: 10, width: 12, height: 10 }, 'shape.outside'],
		[
			'an outline outside as a whole',
			{
				polygon: [
					[110, 10],
					[120, 10],
					[120, 30],
				],
			},
			'shape.outside',
		],
	])('are refused: %s', (_, input, reason) => {
		expect(invalidInput(() => place(input))).toMatchObject({ field: 'polygons', reason });
	});
});

describe('rounding', () => {
	it('gives a box of less than a pixel one', () => {
		expect(place({ Left: 0.501, Top: 0.501, Width: 0.001, Height: 0.001 })).toEqual([
			square(50, 50, 51, 51),
		]);
		expect(place({ Left: 0.999, Top: 0.9999, Width: 0.001, Height: 0.0001 })).toEqual([
			square(99, 99, 100, 100),
		]);
	});

	it('gives a turned line of text that is too thin for pixels the box around it', () => {
		const polygon = [
			[0.1, 0.1],
			[0.2, 0.101],
			[0.2, 0.104],
			[0.1, 0.103],
		];
		expect(place({ polygon }, { coordinates: 'fractions' })).toEqual([square(10, 10, 20, 11)]);
	});

	it('goes the same way for sums that end a hair off', () => {
		expect(place({ Left: 0.1 + 0.2, Top: 0.145, Width: 0.005, Height: 0.5 })).toEqual(
			place({ Left: 0.3, Top: 0.145, Width: 0.005, Height: 0.5 }),
		);
		expect(place({ x: 10.5 - 1e-9, y: 1, width: 10, height: 10 })).toEqual([square(11, 1, 21, 11)]);
	});
});

describe('shapes are refused', () => {
	it.each<[string, unknown, InvalidReason, ShapeReading?]>([
		['four bare numbers', [10, 20, 30, 40], 'box.bareNumbers'],
		['a list of four bare numbers', [[10, 20, 30, 40]], 'box.bareNumbers'],
		['four bare numbers as a box', [{ box: [10, 20, 30, 40] }], 'box.bareNumbers'],
		['four bare numbers as a boundingBox', { boundingBox: [10, 20, 30, 40] }, 'box.bareNumbers'],
		['a list of fours as boxes', { boxes: [[10, 20, 30, 40]], model: 'x' }, 'box.bareNumbers'],
		['four numbers among words', 'The logo is at [10, 20, 30, 40].', 'box.bareNumbers'],
		[
			'fractions where pixels are expected',
			{ x: 0.1, y: 0.2, width: 0.3, height: 0.1 },
			'shape.fractions',
		],
		[
			'fractions that stand out a little',
			{ left: -0.01, top: 0.2, right: 1.002, bottom: 0.5 },
			'shape.fractions',
		],
		[
			'fractions as corners',
			[
				[0, 0],
				[1, 0],
				[1, 1],
			],
			'shape.fractions',
		],
		[
			'fractions as pixels',
			{ x: 0.1, y: 0.2, width: 0.3, height: 0.1 },
			'shape.fractions',
			{ coordinates: 'pixels' },
		],
		[
			'fractions as percent',
			{ x: 0, y: 0, width: 1, height: 1 },
			'shape.fractions',
			{ coordinates: 'percent' },
		],
		['fractions under box_2d', { box_2d: [0.1, 0.2, 0.3, 0.4] }, 'shape.fractions'],
		['pixels under box_2d', { box_2d: [100, 200, 300, 4000] }, 'shape.beyondUnit'],
		['pixels as fractions', box, 'shape.beyondUnit', { coordinates: 'fractions' }],
		[
			'per mille as percent',
			{ x: 100, y: 100, width: 400, height: 300 },
			'shape.beyondUnit',
			{ coordinates: 'percent' },
		],
		['pixels under Left and Top', { Left: 10, Top: 20, Width: 30, Height: 40 }, 'shape.beyondUnit'],
		['bbox_2d of any size', [{ bbox_2d: [10, 20, 30, 4000] }], 'shape.unclearUnit'],
		['a record among shapes that is none', { boxes: [box, { labl: 'x' }] }, 'box.notNumbers'],
		['nothing among shapes', { boxes: [box, null] }, 'polygon.notList'],
		['a record that is none', { model: 'x' }, 'box.notNumbers'],
		['a box of text', [{ left: 'a', top: 1, right: 3, bottom: 4 }], 'box.notNumbers'],
		['three numbers under box_2d', [{ box_2d: [1, 2, 3] }], 'box.notNumbers'],
		['a word under box_2d', [{ box_2d: [100, 200, 300, 'a'] }], 'box.notNumbers'],
		['a box without area under box_2d', [{ box_2d: [100, 200, 100, 300] }], 'box.flat'],
		[
			'a named outline that crosses itself',
			{
				polygon: [
					[0, 0],
					[9, 9],
					[9, 0],
					[0, 9],
				],
			},
			'polygon.crosses',
		],
		[
			'the same in fractions',
			{ normalizedVertices: [{}, { x: 0.9, y: 0.9 }, { x: 0.9 }, { y: 0.9 }] },
			'polygon.crosses',
		],
		[
			'a named outline of two corners',
			{
				points: [
					[1, 2],
					[30, 40],
				],
			},
			'polygon.fewCorners',
		],
		[
			'a named outline with a word',
			{
				polygon: [
					[1, 2],
					[30, 'a'],
					[30, 40],
				],
			},
			'corner.notPair',
		],
		['nothing found', { responses: [{}] }, 'polygons.none'],
		['nothing found, in words', 'I found no logo: []', 'polygons.none'],
		['nothing found, by name', { predictions: [] }, 'polygons.none'],
		['words', 'There is no logo [1] here.', 'polygons.notJson'],
		['an answer that is cut off', `Here: ${text([box])} and [{"left": 1, "to`, 'polygons.notJson'],
		['an answer that lacks its end', `Here: \`\`\`json\n[${text(box)}`, 'polygons.unclosed'],
		['an answer with a loose comma', `Here: [${text(box)},]`, 'polygons.notJson'],
		['an answer in a record that is cut off', { output: `[${text(box)}` }, 'polygons.unclosed'],
	])('%s', (...[, input, reason, reading]) => {
		const refusal = invalidInput(() => readShapes(input, reading));
		expect(refusal).toMatchObject({ field: 'polygons', reason });
		expect(refusal.what).not.toMatch(/[<>]/);
		expect(refusal.advice).toMatch(/^[A-Z].*\.$/);
	});

	it('lists that are too deep', () => {
		const deep: unknown = JSON.parse(`${'['.repeat(99)}${']'.repeat(99)}`);
		expect(invalidInput(() => readShapes(deep)).reason).toBe('polygons.tooDeep');
	});

	it('by their number', () => {
		const refusal = invalidInput(() =>
			readShapes({ boxes: [box, other, { x: 1, y: 2, width: 0, height: 1 }] }),
		);
		expect(refusal.what).toMatch(/^Polygon 3: .* has no area$/);
	});

	it('where all values are 0 and 1, also where pixels are chosen: nobody means the pixel in the corner', () => {
		const refused = invalidInput(() => place(square(0, 0, 1, 1), { coordinates: 'pixels' }));
		expect(refused.reason).toBe('shape.fractions');
	});
});
