import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { ROOT, tableRows } from './markdown';

interface Package {
	dependencies?: Record<string, string>;
	devDependencies: Record<string, string>;
	overrides?: unknown;
}

const project = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Package;

const rows = tableRows('docs/dependencies.md').filter(([library = '']) => library.startsWith('`'));

/** What libraries in the bundle bring along: a test of the package compares it with what is inside. */
const BROUGHT_ALONG = ['path-expression-matcher', 'xml-naming', 'yocto-queue'];

test('the dependencies page has a row for each package, and for no other', () => {
	const named = rows.map(([library = '']) => library.replaceAll('`', ''));
	expect(named.sort()).toEqual([...Object.keys(project.devDependencies), ...BROUGHT_ALONG].sort());
});

test.each(rows)('%s: the page says what it is used for, and why', (_, whatFor, why) => {
	expect(whatFor).toMatch(/\w/);
	expect(why).toMatch(/\w/);
});

test('the published package has no dependencies, and versions are exact', () => {
	expect(project).not.toHaveProperty('dependencies');
	expect(project).not.toHaveProperty('overrides');
	for (const version of Object.values(project.devDependencies)) {
		expect(version).toMatch(/^\d+\.\d+\.\d+(?:-release\.\d+)?$/);
	}
});

test.each(['@n8n/di', '@n8n/backend-common', '@n8n/blob-storage', 'n8n-workflow'])(
	'the tests use the same copy of %s as the engine',
	(library) => {
		const ofEngine = createRequire(require.resolve('n8n-core'));
		expect(require.resolve(library)).toBe(ofEngine.resolve(library));
	},
);

test('the lock file does not say from which host packages are downloaded', () => {
	expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
});
