import type { Metafile } from 'esbuild';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { bundledLibraries } from '../../../dev/release/bundled';

const root = mkdtempSync(join(tmpdir(), 'image-repair-bundled-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function install(folder: string, manifest: object): void {
	const file = join(root, folder, 'package.json');
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, JSON.stringify(manifest));
}

/** What esbuild tells of a bundle of files, with how many bytes of each are in it. */
const bundleOf = (inputs: Record<string, number>): Metafile => ({
	inputs: {},
	outputs: {
		'dist/nodes.js': {
			bytes: 1,
			imports: [],
			exports: [],
			inputs: Object.fromEntries(
				Object.entries(inputs).map(([file, bytesInOutput]) => [file, { bytesInOutput }]),
			),
		},
	},
});

install('', { name: 'the-product', version: '1.0.0', license: 'MIT' });
install('node_modules/beta', { name: 'beta', version: '2.0.0', license: 'ISC' });
// It only says that these are CommonJS modules.
install('node_modules/beta/lib/cjs', { type: 'commonjs' });
install('node_modules/@scope/alpha', { name: '@scope/alpha', version: '1.2.3', license: 'MIT' });
install('node_modules/beta/node_modules/alpha', {
	name: 'alpha',
	version: '0.1.0',
	license: 'MIT',
});
install('node_modules/alpha', { name: 'alpha', version: '0.2.0', license: '(MIT OR Apache-2.0)' });
install('node_modules/unused', { name: 'unused', version: '9.0.0', license: 'MIT' });
install('node_modules/silent', { name: 'silent', version: '1.0.0' });

test('each library with code in the bundle is listed once, sorted, and nothing else', () => {
	const metafile = bundleOf({
		'nodes/index.ts': 10,
		'node_modules/beta/index.js': 10,
		'node_modules/beta/lib/cjs/more.js': 10,
		'node_modules/beta/node_modules/alpha/index.js': 10,
		'node_modules/alpha/index.js': 10,
		'node_modules/@scope/alpha/src/index.js': 10,
		'node_modules/unused/index.js': 0,
	});
	const folder = (name: string) => join(root, 'node_modules', name);
	expect(bundledLibraries(metafile, root)).toEqual([
		{ name: '@scope/alpha', version: '1.2.3', license: 'MIT', folder: folder('@scope/alpha') },
		{
			name: 'alpha',
			version: '0.1.0',
			license: 'MIT',
			folder: folder('beta/node_modules/alpha'),
		},
		{ name: 'alpha', version: '0.2.0', license: '(MIT OR Apache-2.0)', folder: folder('alpha') },
		{ name: 'beta', version: '2.0.0', license: 'ISC', folder: folder('beta') },
	]);
});

test('a library without a license stops the build', () => {
	const metafile = bundleOf({ 'node_modules/silent/index.js': 10 });
	expect(() => bundledLibraries(metafile, root)).toThrow('silent does not say its license.');
});
