import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

import type { Growth } from '../../../cos/areas/growth';
import { readArea } from '../../../picker/output/readArea';
import { nodeSnippet } from '../../../picker/output/nodeSnippet';
import { checkShapes, polygonsText } from '../../../picker/output/polygons';
import type { Shape } from '../../../picker/geometry/shapes';
import { NODE_TYPE } from '../../../dev/packageNames';
import { explainError } from '../../../picker/ui/words';
import { boxInImage, starCorners } from './arbitraries';

const SIZE = { width: 1000, height: 800 };
const BOX = { left: 800, top: 700, right: 980, bottom: 780 };
const RECTANGLE = { kind: 'rectangle', box: BOX };
const MEASURE = { from: 'nearest', unit: 'percent' } as const;

function thrown(text: string): string {
	try {
		readArea(text, SIZE);
	} catch (error) {
		const { message, advice } = explainError(error);
		return `${message}. ${advice}`;
	}
	throw new Error('Nothing was thrown.');
}

test.each([
	['a polygon of four upright corners', '[[800,700],[980,700],[980,780],[800,780]]'],
	['a list with one polygon', '[[[800,780],[800,700],[980,700],[980,780]]]'],
	['a box', '{"x":800,"y":700,"width":180,"height":80}'],
	[
		'the field Rectangles',
		'{"rectangle":[{"corner":"bottomRight","unit":"pixels","left":20,"top":20,"width":180,"height":80}]}',
	],
	[
		'rows in percent',
		'[{"corner":"bottomRight","unit":"percent","left":2,"top":2.5,"width":18,"height":10}]',
	],
	[
		'a row without the fields that have their default values',
		'{"left":800,"top":700,"width":180,"height":80,"unit":"pixels"}',
	],
])('%s is read as a rectangle', (_, text) => {
	expect(readArea(text, SIZE).shapes).toEqual([RECTANGLE]);
});

test('the output of the page can be pasted again, as corners and as a node with its margin', () => {
	const shapes = fc.oneof(
		boxInImage(3000).map(({ size, box }) => ({
			size,
			shapes: [{ id: 1, kind: 'rectangle', box }] as Shape[],
		})),
		starCorners(400).map((corners) => ({
			size: { width: 400, height: 400 },
			shapes: [{ id: 1, kind: 'polygon', corners }] as Shape[],
		})),
	);
	const growths = fc.record<Growth>({
		amount: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 50, noNaN: true })),
		unit: fc.constantFrom('percent', 'pixels'),
	});
	fc.assert(
		fc.property(shapes, growths, ({ size, shapes: drawn }, { amount, unit }) => {
			// Without a margin, n8n has nothing to say of its unit.
			const growth: Growth = { amount, unit: amount > 0 ? unit : 'percent' };
			const checked = checkShapes(drawn);
			if (!('polygons' in checked)) return;
			const { polygons } = checked;
			const { shapes: fromText } = readArea(polygonsText(polygons), size);
			const snippet = nodeSnippet(drawn, polygons, size, MEASURE, growth);
			expect(readArea(snippet, size)).toEqual({ shapes: fromText, growth });
			const again = checkShapes(fromText.map((shape, index) => ({ ...shape, id: index })));
			expect(again).toEqual({ polygons });
		}),
	);
});

test('a whole workflow is read as the area of its node', () => {
	const file = join(__dirname, '../../../examples/repair-on-download.json');
	const { shapes } = readArea(readFileSync(file, 'utf8'), SIZE);
	expect(shapes.map(({ kind }) => kind)).toEqual(['polygon', 'rectangle', 'polygon']);
});

test.each([
	['[[1,2],', /is not JSON/],
	['[[1,2],[3', /a "\]\]" is missing at the end/],
	['{"nodes":[{"type":"n8n-nodes-base.set"}]}', /no Tencent Image Repair node/],
	[
		`{"nodes":[{"type":"${NODE_TYPE}","parameters":{"area":"automatic"}}]}`,
		/neither Polygons nor Rectangles/,
	],
	['[[0,0],[10,10],[10,0],[0,10]]', /crosses itself/],
	['[[0,0],[2000,0],[10,10]]', /outside the image of 1000 × 800 pixels/],
	['[[0,0],[2000,0],[10,10]]', /^Polygon 1, corner 2 .*Move the polygon/],
	[
		'{"rectangle":[{"unit":"percent","left":60,"width":60,"height":5}]}',
		/^Rectangle 1: distance 60 \+ width 60 = 120 %\. Make one of them smaller/,
	],
	['{"rectangle":[{"corner":"middle"}]}', /Measured From is "middle", which is not on the list/],
	['{"rectangle":[{"unit":"ells"}]}', /Unit is "ells", which is not on the list/],
	['{"rectangle":[{"unit":"percent","left":"a lot","width":10,"height":10}]}', /not a number/],
])('%s is rejected with the message of the node', (text, message) => {
	expect(thrown(text)).toMatch(message);
});
