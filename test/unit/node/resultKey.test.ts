import fc from 'fast-check';

import {
	DEFAULT_RESULT_KEY,
	fillResultKey,
	keyOfFileid,
	PLACEHOLDERS,
} from '../../../nodes/shared/resultKey';
import { invalidInput } from '../cos/thrown';

describe('a result key with placeholders', () => {
	it.each([
		['photos/cat.final.jpg', 'photos/', 'cat.final', '.jpg'],
		['cat.jpg', '', 'cat', '.jpg'],
		['/cat.jpg', '/', 'cat', '.jpg'],
		['a.b/cat', 'a.b/', 'cat', ''],
		['a/.hidden', 'a/', '.hidden', ''],
		['a/.hidden.png', 'a/', '.hidden', '.png'],
		['a/cat.', 'a/', 'cat', '.'],
		['照片/a b+$&.jpg', '照片/', 'a b+$&', '.jpg'],
		['{name}/{folder}.{x}', '{name}/', '{folder}', '.{x}'],
	])('takes folder, name and extension of %s', (source, folder, name, extension) => {
		expect(fillResultKey('{folder}|{name}|{extension}', source)).toBe(
			`${folder}|${name}|${extension}`,
		);
	});

	it('puts -repaired before the extension by default', () => {
		expect(fillResultKey(DEFAULT_RESULT_KEY, 'photos/cat.final.jpg')).toBe(
			'cat.final-repaired.jpg',
		);
		expect(keyOfFileid(fillResultKey(DEFAULT_RESULT_KEY, 'photos/cat.jpg'), 'photos/cat.jpg')).toBe(
			'photos/cat-repaired.jpg',
		);
	});

	it('fills a placeholder each time it stands there, and leaves other braces alone', () => {
		expect(fillResultKey('{name}/{name}{{1}}{a b}{', 'x.png')).toBe('x/x{{1}}{a b}{');
	});

	it('without placeholders stays what it is', () => {
		expect(fillResultKey('/clean/a.jpg', 'x.png')).toBe('/clean/a.jpg');
	});

	it.each(['{date}', '{Name}', '{}', '{constructor}', '{toString}'])(
		'refuses %s',
		(placeholder) => {
			const refusal = invalidInput(() => fillResultKey(`a/${placeholder}.jpg`, 'x.png'));
			expect(refusal).toMatchObject({
				field: 'resultKey',
				what: `holds ${placeholder}, which stands for nothing`,
				advice: `Use ${Object.keys(PLACEHOLDERS).join(', ')}, or an expression.`,
			});
		},
	);

	it('made of all parts is the source’s key, whatever the key', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (source) => {
				expect(fillResultKey('{folder}{name}{extension}', source)).toBe(source);
			}),
			{ numRuns: 500, seed: 14 },
		);
	});
});

describe('a fileid', () => {
	it.each([
		['/p2/test2.jpg', 'p1/test1.jpg', 'p2/test2.jpg', 'is absolute with a leading slash'],
		['p2/test2.jpg', 'p1/test1.jpg', 'p1/p2/test2.jpg', 'is relative without one'],
		['test2.jpg', 'p1/test1.jpg', 'p1/test2.jpg', 'lies beside the source by its name alone'],
		['test2.jpg', 'test1.jpg', 'test2.jpg', 'is at the top for a source at the top'],
		['p2/test2.jpg', 'test1.jpg', 'p2/test2.jpg', 'makes a folder at the top'],
		['p1/test1.jpg', 'p1/test1.jpg', 'p1/test1.jpg', 'overwrites by the source’s own key'],
		['/p1/test1.jpg', 'p1/test1.jpg', 'p1/test1.jpg', 'overwrites by the absolute key'],
		['test1.jpg', 'p1/test1.jpg', 'p1/test1.jpg', 'overwrites by the name alone'],
		['/top.jpg', 'a/b/c/d.jpg', 'top.jpg', 'leaves all folders when absolute'],
		['//a.jpg', 'p1/test1.jpg', '/a.jpg', 'may mean a key that begins with a slash'],
	])('%j for %j means %j: it %s', (fileid, source, key) => {
		expect(keyOfFileid(fileid, source)).toBe(key);
	});
});
