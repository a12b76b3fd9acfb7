'use strict';

const { spawnSync } = require('node:child_process');
const { mkdir, rm, writeFile } = require('node:fs/promises');
const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const { PAGE_FILE, buildPage } = require('./picker/buildPage');

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
	// The page in picker/ is the one place with a browser around it, so it has its own settings.
	for (const project of ['tsconfig.json', 'picker/tsconfig.json']) {
		const args = [require.resolve('typescript/bin/tsc'), '--project', project];
		const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
		if (status !== 0) throw new Error('The type check found the above');
	}
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

/**
 * The area picker, which GitHub Pages serves from the repository. Not a part of `build`: what is
 * committed would change under the test that holds it against its sources.
 */
async function picker() {
	await writeFile(PAGE_FILE, await buildPage());
}

const build = series(clean, parallel(typeCheck, bundle, assets, entry));

module.exports = { build, bundle, clean, picker, default: build };
