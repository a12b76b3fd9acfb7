import fc from 'fast-check';

import { fillPolygon } from '../../../dev/sandbox/repair/polygonFill';
import type { Polygon } from '../../../dev/sandbox/repair/maskParameters';

const draw = (width: number, height: number, ...polygons: Polygon[]): string[] => {
	const mask = new Uint8Array(width * height);
	for (const polygon of polygons) fillPolygon(mask, width, height, polygon);
	return Array.from({ length: height }, (_, row) =>
		Array.from(mask.subarray(row * width, (row + 1) * width), (value) =>
			value === 255 ? '#' : '.',
		).join(''),
	);
};

it('a rectangle covers the pixels between its corners, without its right and lower edge', () => {
	expect(
		draw(5, 4, [
			[1, 1],
			[4, 1],
			[4, 3],
			[1, 3],
		]),
	).toEqual(['.....', '.###.', '.###.', '.....']);
});

it('a triangle covers the pixels whose centre is inside', () => {
	expect(
		draw(4, 4, [
			[0, 0],
			[4, 4],
			[0, 4],
		]),
	).toEqual(['....', '#...', '##..', '###.']);
});

it('overlapping polygons add up and do not cancel each other', () => {
	const left: Polygon = [
		[0, 0],
		[3, 0],
		[3, 1],
		[0, 1],
	];
	const right: Polygon = [
		[2, 0],
		[5, 0],
		[5, 1],
		[2, 1],
	];
	expect(draw(6, 1, left, right)).toEqual(['#####.']);
});

it('a polygon is clipped to the image', () => {
	expect(
		draw(3, 2, [
			[1, 1],
			[99, 1],
			[99, 99],
			[1, 99],
		]),
	).toEqual(['...', '.##']);
	expect(
		draw(2, 2, [
			[5, 5],
			[9, 5],
			[9, 9],
			[5, 9],
		]),
	).toEqual(['..', '..']);
});

it('a rectangle with integer corners marks exactly width times height pixels', () => {
	const side = fc.integer({ min: 0, max: 40 });
	fc.assert(
		fc.property(side, side, side, side, (left, top, width, height) => {
			fc.pre(width > 0 && height > 0);
			const [right, bottom] = [left + width, top + height];
			const rows = draw(90, 90, [
				[left, top],
				[right, top],
				[right, bottom],
				[left, bottom],
			]);
			expect(rows.join('').split('#').length - 1).toBe(width * height);
			expect(rows[top]?.slice(left, right)).toBe('#'.repeat(width));
		}),
		{ numRuns: 200 },
	);
});

it('polygons that share an edge leave no gap and do not overlap', () => {
	const coordinate = fc.double({ min: 0.1, max: 19.9, noNaN: true });
	fc.assert(
		fc.property(coordinate, coordinate, (x, y) => {
			const corners = [
				[0, 0],
				[20, 0],
				[20, 20],
				[0, 20],
			] as const;
			const count = corners.reduce((sum, corner, index) => {
				const next = corners[(index + 1) % 4] ?? corner;
				const rows = draw(20, 20, [[x, y], corner, next]);
				return sum + rows.join('').split('#').length - 1;
			}, 0);
			expect(count).toBe(400);
		}),
		{ numRuns: 200 },
	);
});
