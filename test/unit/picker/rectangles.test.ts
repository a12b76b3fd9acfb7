import fc from 'fast-check';

import type { Corner } from '../../../cos/areas/rectangles';
import { percentOf } from '../../../picker/geometry/percent';
import { cornersOf } from '../../../picker/geometry/shapes';
import { carryOver } from '../../../picker/output/carryOver';
import {
	nearestCorner,
	rectangleRow,
	rowsToPolygons,
	type Measure,
} from '../../../picker/output/rectangles';
import { boxInImage } from './arbitraries';

const measures = fc.record<Measure>({
	from: fc.constantFrom('nearest', 'topLeft', 'topRight', 'bottomLeft', 'bottomRight'),
	unit: fc.constantFrom('pixels', 'percent'),
});

test.each([12, 300, 10_000, 50_000])(
	'the node reads a row as exactly the drawn pixels, in images with sides of up to %d pixels',
	(largestSide) => {
		fc.assert(
			fc.property(boxInImage(largestSide), measures, ({ size, box }, measure) => {
				const row = rectangleRow(box, size, measure);
				expect(rowsToPolygons([row], size)).toEqual([cornersOf({ id: 1, kind: 'rectangle', box })]);
			}),
			{ numRuns: 500 },
		);
	},
);

test('no number has more decimals than the fields of n8n’s editor show', () => {
	fc.assert(
		fc.property(boxInImage(50_000), measures, ({ size, box }, measure) => {
			const { left, top, width, height } = rectangleRow(box, size, measure);
			for (const number of [left, top, width, height]) {
				expect(Number(number.toFixed(3))).toBe(number);
			}
		}),
		{ numRuns: 500 },
	);
});

test('percentages end without zeros', () => {
	const size = { width: 1000, height: 500 };
	const box = { left: 781, top: 440, right: 980, bottom: 487 };
	expect(rectangleRow(box, size, { from: 'nearest', unit: 'percent' })).toEqual({
		corner: 'bottomRight',
		unit: 'percent',
		left: 2,
		top: 2.6,
		width: 19.9,
		height: 9.4,
	});
});

test('a place has the same percentage wherever it is shown: as a point, in the panel and in a row', () => {
	fc.assert(
		fc.property(boxInImage(50_000), ({ size, box }) => {
			const { width, height } = size;
			const near = rectangleRow(box, size, { from: 'topLeft', unit: 'percent' });
			expect([near.left, near.top]).toEqual([
				percentOf(box.left, 'width', size),
				percentOf(box.top, 'height', size),
			]);
			expect(near.left + near.width).toBeCloseTo(percentOf(box.right, 'width', size), 9);
			const far = rectangleRow(box, size, { from: 'bottomRight', unit: 'percent' });
			expect([far.left, far.top]).toEqual([
				percentOf(width - box.right, 'width', size),
				percentOf(height - box.bottom, 'height', size),
			]);
		}),
	);
});

test.each([
	[999, 1],
	[1000, 2],
	[9999, 2],
	[10_000, 3],
	[50_000, 3],
])('each pixel of an image %d pixels wide has a percentage of %d decimals', (width, decimals) => {
	const size = { width, height: 10 };
	for (let x = 0; x <= width; x++) {
		const percent = percentOf(x, 'width', size);
		if (Number(percent.toFixed(decimals)) !== percent) throw new Error(`${x}: ${percent}`);
		if (Math.round((percent * width) / 100) !== x) throw new Error(`${x}: ${percent}`);
	}
});

test.each<[Corner, number, number]>([
	['topLeft', 0, 0],
	['topRight', 80, 0],
	['bottomLeft', 0, 80],
	['bottomRight', 80, 80],
	['topLeft', 40, 40],
])('the nearest corner is %s for a rectangle at %d, %d', (corner, left, top) => {
	const box = { left, top, right: left + 20, bottom: top + 20 };
	expect(nearestCorner(box, { width: 100, height: 100 })).toBe(corner);
});

test('shapes carried over to another image are those that the node would read from the same settings', () => {
	const from = { width: 1000, height: 500 };
	const box = { left: 800, top: 400, right: 950, bottom: 450 };
	const rectangle = { id: 1, kind: 'rectangle', box, label: 'shop-a.com' } as const;
	const corners = [
		[0, 0],
		[600, 0],
		[600, 300],
	] as const;
	const polygon = { id: 2, kind: 'polygon', corners } as const;
	const carried = (unit: Measure['unit'], to: { width: number; height: number }) =>
		carryOver([rectangle, polygon], from, to, { from: 'nearest', unit });
	expect(carried('percent', { width: 2000, height: 1000 })).toEqual([
		{ ...rectangle, box: { left: 1600, top: 800, right: 1900, bottom: 900 } },
		polygon,
	]);
	expect(carried('pixels', { width: 500, height: 500 })).toEqual([
		{ ...rectangle, box: { left: 300, top: 400, right: 450, bottom: 450 } },
	]);
});
