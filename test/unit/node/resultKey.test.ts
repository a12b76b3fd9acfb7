import fc from 'fast-check';

import { CHARACTER } from '../../character';
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
	])('is filled with folder, name and extension of %s', (source, folder, name, extension) => {
		expect(fillResultKey('{folder}|{name}|{extension}', source)).toBe(
			`${folder}|${name}|${extension}`,
		);
	});

	it('is the source with -repaired before the extension by default', () => {
		expect(fillResultKey(DEFAULT_RESULT_KEY, 'photos/cat.final.jpg')).toBe(
			'cat.final-repaired.jpg',
		);
		expect(keyOfFileid(fillResultKey(DEFAULT_RESULT_KEY, 'photos/cat.jpg'), 'photos/cat.jpg')).toBe(
			'photos/cat-repaired.jpg',
		);
	});

	it('can repeat a placeholder', () => {
		expect(fillResultKey('{name}/{name}{extension}', 'x.png')).toBe('x/x.png');
	});

	it.each(['{{name}}.png', '{{ $json.key }}', 'a}.png', '{a b}.png', '{name}{1}'])(
		'is refused with a brace that belongs to no placeholder: %s',
		(template) => {
			const { message, advice } = refusal(() => fillResultKey(template, 'x.png'));
			expect(message).toBe(`Result Key "${template}" has a brace that belongs to no placeholder`);
			expect(advice).toContain('Expression');
		},
	);

	it('takes braces in the name of the source as they are', () => {
		expect(fillResultKey(DEFAULT_RESULT_KEY, '{{x}}.png')).toBe('{{x}}-repaired.png');
	});

	it('is unchanged without placeholders', () => {
		expect(fillResultKey('/clean/a.jpg', 'x.png')).toBe('/clean/a.jpg');
	});

	it.each(['{date}', '{Name}', '{}', '{constructor}', '{toString}'])(
		'rejects %s',
		(placeholder) => {
			const message = refusal(() => fillResultKey(`a/${placeholder}.jpg`, 'x.png'));
			expect(message).toEqual({
				message: `Result Key has the unknown placeholder ${placeholder}`,
				advice: `Use ${Object.keys(PLACEHOLDERS).join(', ')}, or an expression.`,
			});
		},
	);

	it('with all placeholders is the key of the source, for every key', () => {
		fc.assert(
			fc.property(fc.string({ unit: CHARACTER }), (source) => {
				expect(fillResultKey('{folder}{name}{extension}', source)).toBe(source);
			}),
			{ numRuns: 500, seed: 14 },
		);
	});
});
