'use strict';

const { spawnSync } = require('node:child_process');
const { mkdir, rm, writeFile } = require('node:fs/promises');
const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');

/** CommonJS with every library but n8n's own inside. */
const BUNDLED = {
	bundle: true,
	platform: 'node',
	target: 'node20',
	format: 'cjs',
	external: ['n8n-workflow'],
	// n8n forbids the first two names in what ships, and the others belong to browsers. The libraries
	// only ask for them to find a random source or a module loader that CommonJS gives them anyway, so
	// the questions are answered here and dropped as dead code.
	define: Object.fromEntries(
		['globalThis', 'global', 'window', 'self', 'define'].map((name) => [name, 'undefined']),
	),
	minifySyntax: true,
	minifyWhitespace: true,
	legalComments: 'inline',
};

async function clean() {
	await rm('dist', { recursive: true, force: true });
}

async function typeCheck() {
	const { status } = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc')], {
		stdio: 'inherit',
	});
	if (status !== 0) throw new Error('The type check found the above');
}

const NODES = ['ImageRepair', 'ImageRepairTrigger'];

/** Where n8n looks for a node: a line that leads into the bundle. */
const doorOf = (node) =>
	`'use strict';\nmodule.exports = { ${node}: require('../nodes.js').${node} };\n`;

/** All nodes in one CommonJS file, so that what they share is in the package once. */
async function bundle() {
	await esbuild.build({
		stdin: {
			contents: NODES.map((node) => `export { ${node} } from './${node}/${node}.node';`).join('\n'),
			sourcefile: 'nodes.ts',
			resolveDir: 'nodes',
		},
		...BUNDLED,
		outfile: 'dist/nodes/nodes.js',
	});
	await esbuild.build({
		entryPoints: ['credentials/TencentCosApi.credentials.ts'],
		...BUNDLED,
		outdir: 'dist/credentials',
	});
	for (const node of NODES) {
		await mkdir(`dist/nodes/${node}`, { recursive: true });
		await writeFile(`dist/nodes/${node}/${node}.node.js`, doorOf(node));
	}
}

function assets() {
	return src(['nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json', 'icons/*.svg'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));
}

function entry() {
	return src('index.js').pipe(dest('dist'));
}

const build = series(clean, parallel(typeCheck, bundle, assets, entry));

module.exports = { build, bundle, clean, default: build };
