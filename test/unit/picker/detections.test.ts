import { boxCorners } from '../../../cos/areas/points';
import type { Shape } from '../../../picker/geometry/shapes';
import { checkShapes } from '../../../picker/output/polygons';
import { readArea } from '../../../picker/output/readArea';
import { nodeSnippet } from '../../../picker/output/nodeSnippet';
import { describeFinding, explainDrawn, explainError } from '../../../picker/ui/words';

const SIZE = { width: 1000, height: 800 };
const RECTANGLE = { kind: 'rectangle', box: { left: 800, top: 700, right: 980, bottom: 780 } };

const CORNERS = [
	[800, 700],
	[980, 700],
	[980, 780],
	[800, 780],
] as const;
const records = (x: string, y: string, width = 1, height = 1) =>
	CORNERS.map((corner) => ({ [x]: corner[0] / width, [y]: corner[1] / height }));

const LABELLED = { ...RECTANGLE, label: 'Shop A' };

test.each<[who: string, value: unknown, expected: object]>([
	['Gemini', [{ box_2d: [875, 800, 975, 980], label: 'Shop A' }], LABELLED],
	['YOLO', { x1: 800, y1: 700, x2: 980, y2: 780, name: 'Shop A' }, LABELLED],
	['YOLO, by name', [{ xyxy: [800, 700, 980, 780], label: 'Shop A' }], LABELLED],
	[
		'AWS Rekognition',
		{ BoundingBox: { Left: 0.8, Top: 0.875, Width: 0.18, Height: 0.1 } },
		RECTANGLE,
	],
	[
		'AWS Textract',
		{ Blocks: [{ Geometry: { Polygon: records('X', 'Y', 1000, 800) }, Confidence: 98.5 }] },
		{ ...RECTANGLE, confidence: 98.5 },
	],
	[
		'Google Vision',
		{ logoAnnotations: [{ description: 'Shop A', boundingPoly: { vertices: records('x', 'y') } }] },
		LABELLED,
	],
	[
		'Google Vision, in fractions',
		{ name: 'Shop A', boundingPoly: { normalizedVertices: records('x', 'y', 1000, 800) } },
		LABELLED,
	],
	['Azure', [{ boundingPolygon: records('x', 'y') }], RECTANGLE],
	['Azure, as eight numbers', [{ boundingBox: CORNERS.flat(), text: 'Shop A' }], LABELLED],
	['Azure, as a box', { rectangle: { x: 800, y: 700, w: 180, h: 80 } }, RECTANGLE],
	[
		'Tencent',
		{ TextDetections: [{ DetectedText: 'Shop A', Polygon: records('X', 'Y') }] },
		LABELLED,
	],
	['Tencent, upright', { ItemPolygon: { X: 800, Y: 700, Width: 180, Height: 80 } }, RECTANGLE],
	[
		'Hugging Face',
		[{ label: 'Shop A', score: 0.876, box: { xmin: 800, ymin: 700, xmax: 980, ymax: 780 } }],
		{ ...LABELLED, confidence: 0.876 },
	],
	['COCO', [{ bbox: [800, 700, 180, 80], category: 'Shop A' }], LABELLED],
	[
		'Roboflow',
		{ predictions: [{ x: 890, y: 740, width: 180, height: 80, class: 'Shop A', confidence: 0.9 }] },
		{ ...LABELLED, confidence: 0.9 },
	],
	[
		'Detect Logos and Text',
		{
			key: 'photos/a.png',
			...SIZE,
			areas: [{ kind: 'logo', label: 'Shop A', confidence: 99, polygon: CORNERS }],
			billedCalls: 1,
		},
		{ ...LABELLED, confidence: 99 },
	],
])('a shape of %s is shown where it is, with its name', (_, value, expected) => {
	const list = Array.isArray(value) ? value : [value];
	const text = JSON.stringify(value);
	expect(readArea(text, SIZE).shapes).toEqual([expected]);
	expect(readArea(JSON.stringify(list), SIZE).shapes).toEqual([expected]);
	expect(readArea(`Here it is:\n\`\`\`json\n${text}\n\`\`\`\nThat is all.`, SIZE).shapes).toEqual([
		expected,
	]);
});

test('a node in the answer of a model is read as a node', () => {
	const drawn = [{ id: 1, ...RECTANGLE, kind: 'rectangle' }] as const;
	const growth = { amount: 2, unit: 'pixels' } as const;
	const snippet = nodeSnippet(drawn, [CORNERS], SIZE, { from: 'nearest', unit: 'percent' }, growth);
	const area = readArea(`Sure!\n\`\`\`json\n${snippet}\n\`\`\``, SIZE);
	expect(area).toEqual({ shapes: [RECTANGLE], growth });
});

test('each part of a shape that stands out of the image keeps the name of the shape', () => {
	// Open to the left; its right side is outside.
	const polygon = [
		[900, 100],
		[1100, 100],
		[1100, 300],
		[900, 300],
		[900, 250],
		[1050, 250],
		[1050, 150],
		[900, 150],
	];
	const areas = [
		{ label: 'frame', polygon },
		{ label: 'Shop A', polygon: CORNERS },
	];
	const { shapes } = readArea(JSON.stringify({ areas }), SIZE);
	expect(shapes).toEqual([
		{ kind: 'rectangle', label: 'frame', box: { left: 900, top: 100, right: 1000, bottom: 150 } },
		{ kind: 'rectangle', label: 'frame', box: { left: 900, top: 250, right: 1000, bottom: 300 } },
		LABELLED,
	]);
});

const wordsOf = (text: string, reading = {}) => {
	try {
		readArea(text, SIZE, reading);
	} catch (error) {
		const { message, advice } = explainError(error);
		return `${message}. ${advice}`;
	}
	return undefined;
};

describe('numbers that can mean several things are not guessed', () => {
	const unclear = '[{"bbox_2d": [800, 700, 980, 780], "label": "Shop A"}]';
	const fractions = '[[0.8, 0.875], [0.98, 0.875], [0.98, 0.975], [0.8, 0.975]]';
	const center = '{"x": 890, "y": 740, "width": 180, "height": 80}';

	test.each([
		['boxes of Qwen', unclear, { coordinates: 'pixels' }, LABELLED],
		['numbers up to 1', fractions, { coordinates: 'fractions' }, RECTANGLE],
	] as const)(
		'%s: the advice names Coordinates, and the choice is used',
		(_, text, reading, expected) => {
			expect(wordsOf(text)).toMatch(/Coordinates/);
			expect(readArea(text, SIZE, reading).shapes).toEqual([expected]);
		},
	);

	test('the chosen Position of Boxes is used', () => {
		expect(readArea(center, SIZE, { origin: 'center' }).shapes).toEqual([RECTANGLE]);
	});

	test('of a node, its own choice is used, and the choice on the page goes before it', () => {
		const node = (polygons: string, settings: object) =>
			JSON.stringify({
				nodes: [{ type: 'a.imageRepair', parameters: { area: 'polygons', polygons, ...settings } }],
			});
		const shapesOf = (text: string, reading = {}) => readArea(text, SIZE, reading).shapes;
		expect(shapesOf(node(unclear, { coordinates: 'pixels' }))).toEqual([LABELLED]);
		expect(shapesOf(node(center, { origin: 'center' }))).toEqual([RECTANGLE]);
		const other = node(unclear, { coordinates: 'perMille' });
		expect(shapesOf(other, { coordinates: 'pixels' })).toEqual([LABELLED]);
		expect(shapesOf(other)).not.toEqual([LABELLED]);
	});

	test('an expression is told as such', () => {
		const parameters = { area: 'polygons', polygons: '={{ JSON.stringify($json.areas) }}' };
		const text = JSON.stringify({ nodes: [{ type: 'a.imageRepair', parameters }] });
		expect(wordsOf(text)).toMatch(/is an expression.*Run the workflow/);
	});
});

describe('the copied node', () => {
	const measure = { from: 'nearest', unit: 'percent' } as const;
	const RECTANGLES: readonly Shape[] = [
		{ id: 1, kind: 'rectangle', box: RECTANGLE.box, label: 'Shop A' },
	];
	const POLYGONS: readonly Shape[] = [
		{ id: 2, kind: 'polygon', corners: CORNERS, label: 'Shop A', confidence: 9 },
	];
	const parametersOf = (shapes: readonly Shape[], amount: number) => {
		const checked = checkShapes(shapes);
		if (!('polygons' in checked)) throw checked.error;
		const growth = { amount, unit: 'percent' } as const;
		const text = nodeSnippet(shapes, checked.polygons, SIZE, measure, growth);
		expect(text).not.toMatch(/Shop A/);
		const { nodes } = JSON.parse(text) as { nodes: Array<{ parameters: Record<string, unknown> }> };
		return nodes[0]?.parameters;
	};

	test.each([
		['rectangles', RECTANGLES],
		['polygons', POLYGONS],
	])('with %s has a margin only if one is set', (area, shapes) => {
		const grown = { area, growArea: 1.5, growUnit: 'percent' };
		expect(parametersOf(shapes, 1.5)).toMatchObject(grown);
		expect(parametersOf(shapes, 0)).not.toHaveProperty('growArea');
		expect(parametersOf(shapes, 0)).not.toHaveProperty('growUnit');
	});

	test('leaves Coordinates at its default, so that a shape of a detector can be put in its place', () => {
		expect(parametersOf(POLYGONS, 1.5)).not.toHaveProperty('coordinates');
	});
});

test('a drawn area of one pixel in the corner is refused like in the node, with advice for drawings', () => {
	const corners = boxCorners({ left: 0, top: 0, right: 1, bottom: 1 });
	const checked = checkShapes([{ id: 1, kind: 'polygon', corners }]);
	if (!('error' in checked)) throw new Error('It was not refused.');
	expect(explainDrawn(checked.error).advice).toBe('Make it larger, or delete it.');
});

test.each([
	[{ label: 'Shop A', confidence: 0.8765 }, 'Shop A · 0.88'],
	[{ label: 'Shop A' }, 'Shop A'],
	[{ confidence: 99 }, '99'],
	[{}, undefined],
])('%j is shown as %j', (finding, words) => {
	expect(describeFinding(finding)).toBe(words);
});
