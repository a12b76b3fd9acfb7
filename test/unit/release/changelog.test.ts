import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readChangelog, releaseNotes } from '../../../dev/release/changelog';

const ROOT = join(__dirname, '../../..');
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');

const changelog = (unreleased = '') =>
	[
		'# Changelog',
		'',
		'## [Unreleased]',
		'',
		unreleased,
		'',
		'## [1.1.0] - 2026-12-01',
		'',
		'### Fixed',
		'',
		'- A link such as [this](https://example.com).',
		'',
		'## [1.0.0] - 2026-11-24',
		'',
		'- First.',
		'',
		'[Unreleased]: https://example.com/compare',
		'[1.1.0]: https://example.com/1.1.0',
	].join('\n');

test('the release notes of a tag are the changelog section of its version', () => {
	expect(releaseNotes('v1.1.0', '1.1.0', changelog())).toBe(
		'### Fixed\n\n- A link such as [this](https://example.com).',
	);
	expect(releaseNotes('v1.0.0', '1.0.0', changelog())).toBe('- First.');
});

test.each([
	['v1.1.0', '1.0.0', changelog(), 'The tag is v1.1.0, and package.json has the version 1.0.0.'],
	['1.1.0', '1.1.0', changelog(), 'The tag is 1.1.0,'],
	['v2.0.0', '2.0.0', changelog(), 'has no section "## [2.0.0] - <date>"'],
	['v1.1.0', '1.1.0', changelog().replace(' - 2026-12-01', ''), 'has no section'],
	['v1.0.0', '1.0.0', changelog().replace('- First.', ''), 'with a text'],
	['v1.1.0', '1.1.0', changelog('- Late.'), 'still has lines under Unreleased'],
])(
	'tag %s with version %s is not published if tag, version and changelog do not match',
	(tag, version, text, message) => {
		expect(() => releaseNotes(tag, version, text)).toThrow(message);
	},
);

test('the changelog of this project follows Keep a Changelog', () => {
	const text = read('CHANGELOG.md');
	const { version } = JSON.parse(read('package.json')) as { version: string };
	const sections = readChangelog(text);
	expect([...sections.keys()].slice(0, 2)).toEqual(['Unreleased', version]);
	// Every second-level heading must have been read as a version, and needs a link.
	expect(text.match(/^## /gm)).toHaveLength(sections.size);
	for (const [name, { date, notes }] of sections) {
		expect(text).toMatch(new RegExp(`^\\[${name.replaceAll('.', '\\.')}\\]: https://`, 'm'));
		expect(date !== undefined).toBe(name !== 'Unreleased');
		for (const [, kind] of notes.matchAll(/^### (.*)$/gm)) {
			expect(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']).toContain(kind);
		}
	}
});
