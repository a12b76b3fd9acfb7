'use strict';

const { mkdir, writeFile } = require('node:fs/promises');
const { dirname, join } = require('node:path');
const esbuild = require('esbuild');
const { bundledLibraries } = require('../release/bundled');
const { notices } = require('./notices');
const { withoutUnused } = require('./unused');

const ROOT = join(__dirname, '..', '..');

const NODES = ['ImageRepair', 'ImageRepairTrigger'];
const CREDENTIAL = 'TencentCloudInfiniteApi';

/** Where n8n looks for each class: a line that leads into the bundle. */
const DOORS = [
	...NODES.map((name) => ({ name, file: `nodes/${name}/${name}.node`, bundle: '../nodes.js' })),
	{
		name: CREDENTIAL,
		file: `credentials/${CREDENTIAL}.credentials`,
		bundle: '../nodes/nodes.js',
	},
];

/**
 * CommonJS with every library but n8n's own inside, to be read: names, lines and branches are those of
 * the sources.
 *
 * @type {esbuild.BuildOptions}
 */
const BUNDLED = {
	stdin: {
		contents: DOORS.map(({ name, file }) => `export { ${name} } from './${file}';`).join('\n'),
		sourcefile: 'bundle.ts',
		resolveDir: ROOT,
	},
	absWorkingDir: ROOT,
	bundle: true,
	platform: 'node',
	target: 'node20',
	format: 'cjs',
	charset: 'utf8',
	external: ['n8n-workflow'],
	plugins: [withoutUnused],
	legalComments: 'none',
	outfile: 'dist/nodes/nodes.js',
};

/**
 * All nodes and the credential in one file, so that what they share is in the package once, with the
 * licenses of the libraries inside. What is inside is also written down in `build/`, for the bill of materials.
 *
 * @param {esbuild.BuildOptions} [options]
 */
async function bundleNodes(options = {}) {
	const { metafile } = await esbuild.build({ ...BUNDLED, ...options, metafile: true });
	const files = [
		...DOORS.map(({ name, file, bundle }) => ({
			file: `dist/${file}.js`,
			text: `'use strict';\nmodule.exports = { ${name}: require('${bundle}').${name} };\n`,
		})),
		{ file: 'dist/THIRD-PARTY-NOTICES.txt', text: notices(bundledLibraries(metafile, ROOT)) },
		{ file: 'build/metafile.json', text: JSON.stringify(metafile) },
	];
	for (const { file, text } of files) {
		const path = join(ROOT, file);
		await mkdir(dirname(path), { recursive: true });
		await writeFile(path, text);
	}
}

module.exports = { NODES, bundleNodes };
