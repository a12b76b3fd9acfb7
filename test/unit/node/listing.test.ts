import type { ListedObject } from '../../../cos/responses/list';
import type { Comparison } from '../../../nodes/shared/firstOf';
import { isImageOf } from '../../../nodes/shared/imageFilter';
import {
	largestFirst,
	newestFirst,
	oldestFirst,
	smallestFirst,
} from '../../../nodes/shared/listing';

describe('an object of a listing', () => {
	it.each([
		[[], 'a/b.JPG', true],
		[[], 'a/b.heif', true],
		[[], 'a/b.tiff', false],
		[[], 'a.jpg/b', false],
		[['image/png'], 'b.png', true],
		[['image/png'], 'b.jpg', false],
	])('with the file types %j: %s is an image: %s', (types: string[], key, expected) => {
		expect(isImageOf(types, key)).toBe(expected);
	});
});

describe('the order of images', () => {
	it.each<[string, Comparison<ListedObject>, number, string]>([
		['oldest', oldestFirst, 2, 'cab'],
		['newest', newestFirst, 2, 'bac'],
		['largest', largestFirst, 3, 'bac'],
		['smallest', smallestFirst, 2, 'cab'],
	])('is %s first, and by key if they are equal', (_, order, sizeOfB, expected) => {
		const objects = [
			{ key: 'a', size: 2, lastModified: '2026-01-01T00:00:01.000Z' },
			{ key: 'b', size: sizeOfB, lastModified: '2026-01-01T00:00:01.000Z' },
			{ key: 'c', size: 1, lastModified: '2026-01-01T00:00:00.000Z' },
		];
		for (const listed of [objects, [...objects].reverse()]) {
			expect(
				[...listed]
					.sort(order)
					.map(({ key }) => key)
					.join(''),
			).toBe(expected);
		}
	});

	it('is by key for objects of the same size and time', () => {
		const objects = ['b', 'a', 'c'].map((key) => ({
			key,
			size: 1,
			lastModified: '2026-01-01T00:00:00.000Z',
		}));
		for (const order of [largestFirst, smallestFirst, oldestFirst]) {
			expect([...objects].sort(order).map(({ key }) => key)).toEqual(['a', 'b', 'c']);
		}
		expect([...objects].sort(newestFirst).map(({ key }) => key)).toEqual(['c', 'b', 'a']);
	});
});
