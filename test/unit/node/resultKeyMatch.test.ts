import fc from 'fast-check';

import { keyOfFileid } from '../../../cos/location/resultKey';
import { fillResultKey } from '../../../nodes/shared/resultKey';
import { resultKeyMatcher } from '../../../nodes/shared/resultKeyMatch';
import { thrownBy } from '../cos/thrown';
import { refusal } from './refusal';

const resultOf = (template: string, source: string) =>
	keyOfFileid(fillResultKey(template, source), source);

it.each([
	['{name}-repaired{extension}', 'photos/cat-repaired.jpg', true],
	['{name}-repaired{extension}', 'photos/cat.final-repaired.jpg', true],
	['{name}-repaired{extension}', '照片/a b+$&-repaired.webp', true],
	['{name}-repaired{extension}', 'photos/cat.jpg', false],
	['{name}-repaired{extension}', 'photos/-repaired.jpg', false],
	['{name}-repaired{extension}', 'photos-repaired/cat.jpg', false],
	['clean/{name}{extension}', 'photos/clean/cat.jpg', true],
	['clean/{name}{extension}', 'clean/cat.jpg', true],
	['clean/{name}{extension}', 'unclean/cat.jpg', false],
	['/clean/{folder}{name}{extension}', 'clean/photos/cat.jpg', true],
	['/clean/{folder}{name}{extension}', 'photos/clean/cat.jpg', false],
	['/clean/{name}{extension}', 'clean/cat.jpg', true],
	['/clean/{name}{extension}', 'clean/photos/cat.jpg', false],
	['{name}/{name}{extension}', 'photos/cat/cat.jpg', true],
	['{name}/{name}{extension}', 'photos/cat/dog.jpg', false],
	['a.b*c({name})', 'a.b*c(x)', true],
	['a.b*c({name})', 'aXbbc(x)', false],
	['{folder}/x/{name}', 'x/cat', true],
	['/{folder}x.jpg', 'a/b/x.jpg', true],
	// These match keys with which the matcher detects result keys that match everything.
	['k3/{name}.png', 'k3/cat.png', true],
	['/k3/Zq7.png', 'k3/Zq7.png', true],
	['/Zq7.jpg', 'photos/cat.jpg', false],
])('%s: %s is a result: %s', (template, key, expected) => {
	expect(resultKeyMatcher(template)(key)).toBe(expected);
});

it.each([
	'{name}{extension}',
	'{folder}{name}{extension}',
	'/{folder}{name}{extension}',
	'{name}',
	'/{folder}{name}',
])('%s matches every image and is rejected', (template) => {
	expect(refusal(() => resultKeyMatcher(template))).toEqual({
		message: `Result Keys to Ignore "${template}" fits every image, so none would be left`,
		advice: expect.stringContaining('{name}-repaired{extension}') as string,
	});
});

it('empty text and an unknown placeholder are rejected', () => {
	expect(refusal(() => resultKeyMatcher('')).message).toBe(
		'Result Keys to Ignore is needed to recognize repaired images',
	);
	expect(refusal(() => resultKeyMatcher('{date}.jpg')).message).toContain('{date}');
});

const template = fc
	.array(
		fc.oneof(
			fc.constantFrom('{folder}', '{name}', '{extension}', '/', '-', '.', 'a'),
			fc.string({ unit: 'grapheme', maxLength: 2 }).filter((text) => !/[{}]/.test(text)),
		),
		{ minLength: 1, maxLength: 6 },
	)
	.map((parts) => parts.join(''));

it('matches every key that can result, for any result key and source', () => {
	fc.assert(
		fc.property(template, fc.string({ unit: 'grapheme', minLength: 1 }), (text, source) => {
			fc.pre(!source.endsWith('/') && fillResultKey(text, source) !== source);
			let matches: ((key: string) => boolean) | undefined;
			if (thrownBy(() => (matches = resultKeyMatcher(text))) !== undefined) return;
			expect(matches?.(resultOf(text, source))).toBe(true);
		}),
		{ numRuns: 2000, seed: 21 },
	);
});

describe('of all short keys', () => {
	const ALPHABET = ['a', '.', '/', '-'];
	function textsUpTo(length: number): string[] {
		if (length === 0) return [''];
		const shorter = textsUpTo(length - 1);
		const longest = shorter.filter((text) => text.length === length - 1);
		return [...shorter, ...longest.flatMap((text) => ALPHABET.map((letter) => text + letter))];
	}
	const sources = textsUpTo(6).filter((key) => key !== '' && !key.endsWith('/'));
	const keys = textsUpTo(5);

	it.each([
		'{name}-{extension}',
		'/-{folder}{name}{extension}',
		'{folder}-{name}{extension}',
		'{folder}{folder}-{name}',
		'{folder}/a',
		'{extension}/a',
		'{extension}a{name}',
		'{name}{name}{extension}',
		'{name}.{extension}{extension}',
		'/{name}a',
		'a',
	])('%s matches exactly those that can result from another key', (text) => {
		const results = new Set<string>();
		for (const source of sources) {
			const result = resultOf(text, source);
			if (result !== source) results.add(result);
		}
		const matches = resultKeyMatcher(text);
		expect(keys.filter((key) => matches(key))).toEqual(keys.filter((key) => results.has(key)));
	});
});
