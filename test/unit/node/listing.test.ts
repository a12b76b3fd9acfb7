import type { ListedObject } from '../../../cos/responses/list';
import type { Comparison } from '../../../nodes/shared/firstOf';
import { imageFilterFields, isImageOf } from '../../../nodes/shared/imageFilter';
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
		[[], 'a/DSC00001.HIF', true],
		[['image/heic'], 'b.hif', true],
		[['image/jpeg'], 'b.JFIF', true],
		[['image/jpeg'], 'b.jpe', true],
		[[], 'b.avci', false],
		[[], 'a/b.tiff', false],
		[[], 'a.jpg/b', false],
		[['image/png'], 'b.png', true],
		[['image/png'], 'b.jpg', false],
	])('with the file types %j: %s is an image: %s', (types: string[], key, expected) => {
		expect(isImageOf(types, key)).toBe(expected);
	});
});

test('File Types says which extensions belong to a type', () => {
	const fileTypes = imageFilterFields().find(({ name }) => name === 'fileTypes');
	const descriptions = fileTypes?.options?.map((option) => [
		option.name,
		'description' in option && option.description,
	]);
	expect(descriptions).toContainEqual(['HEIF', '.heic, .heif, .hif, .heics, .heifs']);
	expect(descriptions).toContainEqual(['JPG', '.jpg, .jpeg, .jpe, .jfif']);
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
