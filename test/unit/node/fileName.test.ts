import * as fc from 'fast-check';

import { formatOfFileName } from '../../../cos/images/format';
import { objectKey } from '../../../cos/location/objectKey';
import { storedFileName } from '../../../nodes/ImageRepair/fileName';

function named(given: unknown, bytes: string): string {
	const format = formatOfFileName(`a.${bytes}`);
	if (!format) throw new Error(`No format has the extension ${bytes}`);
	return storedFileName(given, format);
}

test.each<[what: string, given: unknown, stored: string]>([
	['a plain name', 'cat.jpg', 'cat.jpg'],
	['a name with spaces and signs', 'my cat (1) 100% #a?.JPG', 'my cat (1) 100% #a?.JPG'],
	['a Chinese name', '猫 猫.jpg', '猫 猫.jpg'],
	['an emoji made of several characters', '👩‍👧.jpg', '👩‍👧.jpg'],
	['a path of a browser', 'C:\\fakepath\\cat.jpg', 'cat.jpg'],
	['a path', '/home/a/../cat.jpg', 'cat.jpg'],
	['a path that ends in a slash', 'photos/cat.jpg/', 'cat.jpg'],
	['a folder above', '../../cat.jpg', 'cat.jpg'],
	['dots and spaces before it', ' ..  .cat.jpg', 'cat.jpg'],
	['dots and spaces behind it', 'cat.jpg . ', 'cat.jpg'],
	['no-break and ideographic spaces around it', '\u00a0cat.jpg\u3000', 'cat.jpg'],
	['line breaks and control characters', 'c\r\na\u0000\u001bt\u007f.jpg', 'cat.jpg'],
	['a direction that hides the extension', 'cat\u202egpj.exe.jpg', 'catgpj.exe.jpg'],
	['half a surrogate pair', 'c\ud83dat.jpg', 'cat.jpg'],
	['a slash in disguise', '%2e%2e%2fcat.jpg', '%2e%2e%2fcat.jpg'],
	['braces', '{id}{x}.jpg', '{id}{x}.jpg'],
	['nothing', '', 'image.jpg'],
	['nothing at all', undefined, 'image.jpg'],
	['something else', 7, 'image.jpg'],
	['dots', '..', 'image.jpg'],
	['slashes', '\\//', 'image.jpg'],
	['invisible characters', '\u200f\ufeff\r', 'image.jpg'],
])('%s: a file called %j is stored as %s', (_, given, stored) => {
	expect(named(given, 'jpg')).toBe(stored);
});

test.each<[given: unknown, bytes: string, stored: string]>([
	['cat.png', 'jpg', 'cat.jpg'],
	['cat.JPEG', 'jpg', 'cat.JPEG'],
	['cat', 'webp', 'cat.webp'],
	['cat.v2', 'png', 'cat.v2.png'],
	[undefined, 'gif', 'image.gif'],
])('%j with the bytes of a %s is stored as %s', (given, bytes, stored) => {
	expect(named(given, bytes)).toBe(stored);
});

test('a long name is cut in whole characters, and its extension stays', () => {
	expect(named(`${'a'.repeat(300)}.jpg`, 'jpg')).toBe(`${'a'.repeat(196)}.jpg`);
	expect(named(`${'猫'.repeat(300)}.jpg`, 'jpg')).toBe(`${'猫'.repeat(65)}.jpg`);
	expect(named(`${'👩'.repeat(300)}.jpg`, 'jpg')).toBe(`${'👩'.repeat(49)}.jpg`);
	expect(named(`a.${'b'.repeat(300)}`, 'jpg')).toBe(`a.${'b'.repeat(194)}.jpg`);
	expect(named(`${'a'.repeat(195)} b.jpg`, 'jpg')).toBe(`${'a'.repeat(195)}.jpg`);
});

test('whatever a file is called, its name is one part of a key, and its own name', () => {
	const parts = fc.constantFrom(
		'..',
		'.',
		'/',
		'\\',
		' ',
		'\r\n',
		'\0',
		'\ud800',
		'.jpg',
		'a',
		'猫',
		'\u202e',
	);
	const names = fc.oneof(
		fc.array(parts).map((list) => list.join('')),
		fc.string({ unit: 'binary' }),
	);
	fc.assert(
		fc.property(names, fc.constantFrom('jpg', 'heic'), (name, bytes) => {
			const stored = named(name, bytes);
			expect(objectKey(`inbox/${stored}`)).toBe(`inbox/${stored}`);
			expect(stored).not.toMatch(/[/\\\p{Cc}]|^[\s.]|[\s.]$/u);
			expect(Buffer.byteLength(stored)).toBeLessThanOrEqual(205);
			expect(named(stored, bytes)).toBe(stored);
		}),
	);
});
