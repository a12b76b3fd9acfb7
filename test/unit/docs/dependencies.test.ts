import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { readPage, ROOT } from './markdown';

interface Package {
	dependencies?: Record<string, string>;
	devDependencies: Record<string, string>;
	overrides?: unknown;
}

const project = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Package;

/** The cells of every row that begins with a library. */
const rows = readPage('docs/dependencies.md')
	.split('\n')
	.filter((line) => line.startsWith('| `'))
	.map((line) =>
		line
			.slice(1, -1)
			.split(' | ')
			.map((cell) => cell.trim()),
	);

test('the page of dependencies has a row for every package, and for no other', () => {
	const named = rows.map(([library = '']) => library.replaceAll('`', ''));
	expect(named.sort()).toEqual(Object.keys(project.devDependencies).sort());
});

test.each(rows)('%s: the page says what for, and why this one', (_, whatFor, why) => {
	expect(whatFor).toMatch(/\w/);
	expect(why).toMatch(/\w/);
});

test('what is published has no dependency, and versions are exact', () => {
	expect(project).not.toHaveProperty('dependencies');
	expect(project).not.toHaveProperty('overrides');
	for (const version of Object.values(project.devDependencies)) {
		expect(version).toMatch(/^\d+\.\d+\.\d+(?:-release\.\d+)?$/);
	}
});

test.each(['@n8n/di', '@n8n/backend-common', 'n8n-workflow'])(
	'the engine is started with the copy of %s that it loads itself',
	(library) => {
		const ofEngine = createRequire(require.resolve('n8n-core'));
		expect(require.resolve(library)).toBe(ofEngine.resolve(library));
	},
);

test('the lock file names no host that packages come from', () => {
	expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
});
