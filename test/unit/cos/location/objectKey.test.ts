import fc from 'fast-check';

import { CHARACTER } from '../../../character';
import { compareKeys, keyPrefix, keyToPath, objectKey } from '../../../../cos/location/objectKey';
import type { InvalidReason } from '../../../../cos/invalidInput';
import { invalidInput } from '../thrown';

describe('an object key', () => {
	it.each([
		'a',
		'a//b',
		'.a',
		'..a',
		'a.',
		'a..',
		'...',
		' ',
		' a ',
		'中',
		'a\\b',
		'a\nb',
		'\u0001',
	])('may be %j', (key) => {
		expect(objectKey(key)).toBe(key);
	});

	it('may be 850 bytes long, and no longer, whatever the characters', () => {
		for (const key of ['a'.repeat(850), '中'.repeat(283)]) expect(objectKey(key)).toBe(key);
		for (const key of ['a'.repeat(851), '中'.repeat(284), '😀'.repeat(213)]) {
			expect(invalidInput(() => objectKey(key))).toMatchObject({
				field: 'objectKey',
				reason: 'key.tooLong',
				what: 'is longer than 850 bytes',
			});
		}
	});

	it.each<[string, InvalidReason, string]>([
		['', 'key.empty', 'is empty'],
		['folder/', 'key.folder', '"folder/" is a folder'],
		['/', 'key.folder', '"/" is a folder'],
		['.', 'key.dotSegment', '"." has "." or ".." as a folder'],
		['..', 'key.dotSegment', '".." has "." or ".." as a folder'],
		['../a', 'key.dotSegment', '"../a" has "." or ".." as a folder'],
		['a/../b', 'key.dotSegment', '"a/../b" has "." or ".." as a folder'],
		['a/./b', 'key.dotSegment', '"a/./b" has "." or ".." as a folder'],
		['a/..', 'key.dotSegment', '"a/.." has "." or ".." as a folder'],
		['/a', 'key.leading', 'begins with a slash, which no key can'],
		['\\a', 'key.leading', 'begins with a backslash, which no key can'],
		['a\u0018b', 'key.control', 'holds the invisible character U+0018, which no key can have'],
		['a\u001b', 'key.control', 'holds the invisible character U+001B, which no key can have'],
		['a\0b', 'key.characters', 'holds a character that no key can have'],
		['a\ud83d', 'key.characters', 'holds a character that no key can have'],
		['\ude00a', 'key.characters', 'holds a character that no key can have'],
	])('may not be %j', (key, reason, what) => {
		for (const field of ['objectKey', 'maskObjectKey', 'resultKey'] as const) {
			const refusal = invalidInput(() => objectKey(key, field));
			expect(refusal).toMatchObject({ field, reason, what, message: `${field}: ${reason}` });
			expect(refusal.advice).toMatch(/^[A-Z].*\.$/s);
		}
	});

	it('becomes a path with its slashes kept and everything else escaped', () => {
		expect(keyToPath("/a b//中+%!'()*?#.jpg")).toBe(
			'//a%20b//%E4%B8%AD%2B%25%21%27%28%29%2A%3F%23.jpg',
		);
		expect(keyToPath('')).toBe('/');
	});
});

describe('a folder as it is entered', () => {
	it.each<[string, InvalidReason, string]>([
		[' a', 'text.surrounded', 'begins with a space'],
		['a\r\n', 'text.surrounded', 'ends with a line break'],
		['a\nb', 'text.control', 'holds a line break'],
		['//a', 'key.leading', 'begins with a slash, which no key can'],
		['\\a', 'key.leading', 'begins with a backslash, which no key can'],
	])('may not be %j', (text, reason, what) => {
		expect(invalidInput(() => keyPrefix(text, true))).toMatchObject({
			field: 'folder',
			reason,
			what,
		});
	});
});

describe('the order of keys', () => {
	// In UTF-16, an emoji comes before U+E000, since it is written with two units below that.
	const keys = fc.oneof(
		fc.string({ unit: CHARACTER, maxLength: 10 }),
		fc.string({
			unit: fc.constantFrom(
				'\0',
				'/',
				'a',
				'b',
				'\u007f',
				'\u0080',
				'中',
				'\ue000',
				'\uffff',
				'😀',
			),
			maxLength: 4,
		}),
	);

	it('is the order of their UTF-8 bytes', () => {
		fc.assert(
			fc.property(keys, keys, (a, b) => {
				expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
			}),
			{ numRuns: 5000, seed: 31 },
		);
	});

	it('differs from the order of UTF-16 code units', () => {
		const keys = ['b', '😀', 'ab', '\uffff', 'a', ''];
		expect([...keys].sort(compareKeys)).toEqual(['', 'a', 'ab', 'b', '\uffff', '😀']);
		expect([...keys].sort()).toEqual(['', 'a', 'ab', 'b', '😀', '\uffff']);
	});
});

describe('a folder', () => {
	it.each([
		['photos', false, 'photos/'],
		['photos/', false, 'photos/'],
		['/photos', false, 'photos/'],
		['/', false, ''],
		['/', true, ''],
		['photos/2025-', true, 'photos/2025-'],
		['/photos/2025-', true, 'photos/2025-'],
		['图'.repeat(283), true, '图'.repeat(283)],
		['a'.repeat(850), true, 'a'.repeat(850)],
	])('%j (exact: %s) means keys that begin with %j', (text, exact, prefix) => {
		expect(keyPrefix(text, exact)).toBe(prefix);
	});

	it.each<[string, InvalidReason, RegExp, RegExp]>([
		['', 'prefix.empty', /is empty/, /^Choose a folder .* A single \/ means the whole bucket\.$/],
		['a\0b', 'text.control', /holds the invisible character U\+0000/, /^Remove it: /],
		['cut \ud83d', 'prefix.characters', /no key can have/, /^Remove the broken character;/],
		['图'.repeat(284), 'prefix.tooLong', /longer than 850 bytes/, /^Use a shorter path\./],
	])('%j is refused', (text, reason, what, advice) => {
		const refusal = invalidInput(() => keyPrefix(text, true));
		expect(refusal).toMatchObject({ field: 'folder', reason });
		expect(refusal.what).toMatch(what);
		expect(refusal.advice).toMatch(advice);
	});
});
