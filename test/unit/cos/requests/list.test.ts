import {
	isImageOf,
	listRequest,
	ORDERS,
	readPrefix,
	storedAt,
} from '../../../../cos/requests/list';
import { invalidInput, thrownBy } from '../thrown';

describe('the request for a page', () => {
	it('asks for 1,000 objects by the beginning of their keys, percent-encoded', () => {
		expect(listRequest({ prefix: 'a b/', includeSubfolders: true })).toEqual({
			method: 'GET',
			key: '',
			query: [
				['prefix', 'a b/'],
				['max-keys', '1000'],
				['encoding-type', 'url'],
			],
			headers: {},
		});
	});

	it('rolls up what is in subfolders, and goes on behind a marker', () => {
		expect(listRequest({ prefix: '', includeSubfolders: false }, '图', 1).query).toEqual([
			['prefix', ''],
			['delimiter', '/'],
			['max-keys', '1'],
			['encoding-type', 'url'],
			['marker', '图'],
		]);
	});
});

describe('a folder', () => {
	it.each([
		['photos', false, 'photos/'],
		['photos/', false, 'photos/'],
		['/photos', false, 'photos/'],
		['//photos', false, '/photos/'],
		['/', false, ''],
		['/', true, ''],
		['photos/2025-', true, 'photos/2025-'],
		['/photos/2025-', true, 'photos/2025-'],
		['图'.repeat(283), true, '图'.repeat(283)],
		['a'.repeat(850), true, 'a'.repeat(850)],
	])('%j (exact: %s) means keys that begin with %j', (text, exact, prefix) => {
		expect(readPrefix(text, exact)).toBe(prefix);
	});

	it.each([
		['', /is empty/, /^Choose a folder .* A single \/ means the whole bucket\.$/],
		['a\0b', /no key can have/, /^Remove the broken character;/],
		['cut \ud83d', /no key can have/, /^Remove the broken character;/],
		['图'.repeat(284), /longer than 850 bytes/, /^Use a shorter path\./],
	])('%j is refused', (text, what, advice) => {
		const refusal = invalidInput(() => readPrefix(text, true));
		expect(refusal.field).toBe('folder');
		expect(refusal.what).toMatch(what);
		expect(refusal.advice).toMatch(advice);
	});
});

it.each([
	[[], 'a/b.JPG', true],
	[[], 'a/b.heif', true],
	[[], 'a/b.tiff', false],
	[[], 'a.jpg/b', false],
	[['image/png'], 'b.png', true],
	[['image/png'], 'b.jpg', false],
])('of the types %j, %s is one: %s', (types: string[], key, expected) => {
	expect(isImageOf(types, key)).toBe(expected);
});

it.each([
	['oldest', 'cab'],
	['newest', 'bac'],
	['largest', 'bac'],
	['smallest', 'cab'],
])('%s first, by key where that is the same', (order, expected) => {
	const objects = [
		{ key: 'a', size: 2, lastModified: '2026-01-01T00:00:01.000Z' },
		{ key: 'b', size: order === 'largest' ? 3 : 2, lastModified: '2026-01-01T00:00:01.000Z' },
		{ key: 'c', size: 1, lastModified: '2026-01-01T00:00:00.000Z' },
	];
	expect(
		objects
			.sort(ORDERS[order])
			.map(({ key }) => key)
			.join(''),
	).toBe(expected);
});

it('a date that is none is told, and not taken for the oldest of all', () => {
	const object = { key: 'a', size: 1, lastModified: 'yesterday' };
	expect(thrownBy(() => storedAt(object))).toMatchObject({
		name: 'UnreadableAnswer',
		message: 'The answer holds a date that is none',
	});
});
