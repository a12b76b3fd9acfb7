import fc from 'fast-check';

import { keyOfFileid } from '../../../cos/location/resultKey';
import { DEFAULT_RESULT_KEY, fillResultKey, PLACEHOLDERS } from '../../../nodes/shared/resultKey';
import { refusal } from './refusal';

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
			const refused = refusal(() => fillResultKey(`a/${placeholder}.jpg`, 'x.png'));
			expect(refused).toEqual({
				message: `Result Key holds ${placeholder}, which stands for nothing`,
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
