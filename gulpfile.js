'use strict';

const { spawnSync } = require('node:child_process');
const { rm } = require('node:fs/promises');
const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');

async function clean() {
	await rm('dist', { recursive: true, force: true });
}

async function typeCheck() {
	const { status } = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc')], {
		stdio: 'inherit',
	});
	if (status !== 0) throw new Error('The type check found the above');
}

/** One CommonJS file for each thing n8n loads, with every library but n8n's own inside. */
async function bundle() {
	await esbuild.build({
		entryPoints: [
			'nodes/ImageRepair/ImageRepair.node.ts',
			'credentials/TencentCosApi.credentials.ts',
		],
		outdir: 'dist',
		outbase: '.',
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['n8n-workflow'],
		// n8n forbids both names in what ships. The libraries only ask for them to find a random source
		// that CommonJS gives them anyway, so the questions are answered here and dropped as dead code.
		define: { globalThis: 'undefined', global: 'undefined' },
		minifySyntax: true,
		minifyWhitespace: true,
		legalComments: 'inline',
	});
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
