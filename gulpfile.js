'use strict';

const { spawn } = require('node:child_process');
const { mkdir, rm, writeFile } = require('node:fs/promises');
const { dirname } = require('node:path');
const esbuild = require('esbuild');
const gulp = require('gulp');
const { PAGE_FILE, buildPage } = require('./picker/buildPage');

/**
 * CommonJS with every library but n8n's own inside.
 *
 * @type {esbuild.BuildOptions}
 */
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

/** @param {string} project */
const compiler = (project) =>
	spawn(process.execPath, [require.resolve('typescript/bin/tsc'), '--project', project], {
		stdio: 'inherit',
	});

const typeCheck = () => compiler('tsconfig.json');

/** The page in picker/ is the one place with a browser around it, so it has its own settings. */
const typeCheckPicker = () => compiler('picker/tsconfig.json');

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
 * All nodes and the credential in one CommonJS file, so that what they share is in the package once.
 *
 * @param {esbuild.BuildOptions} options
 */
async function bundleWith(options) {
	await esbuild.build({
		stdin: {
			contents: DOORS.map(({ name, file }) => `export { ${name} } from './${file}';`).join('\n'),
			sourcefile: 'bundle.ts',
			resolveDir: __dirname,
		},
		...options,
		outfile: 'dist/nodes/nodes.js',
	});
	for (const { name, file, bundle } of DOORS) {
		await mkdir(`dist/${dirname(file)}`, { recursive: true });
		await writeFile(
			`dist/${file}.js`,
			`'use strict';\nmodule.exports = { ${name}: require('${bundle}').${name} };\n`,
		);
	}
}

async function bundle() {
	await bundleWith(BUNDLED);
}

/** With a source map, and with every branch where its source has it: minifying rewrites branches. */
async function bundleMapped() {
	await bundleWith({
		...BUNDLED,
		sourcemap: 'inline',
		minifySyntax: false,
		minifyWhitespace: false,
	});
}

function assets() {
	return gulp
		.src(['nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json', 'icons/*.svg'], {
			base: '.',
			encoding: false,
		})
		.pipe(gulp.dest('dist'));
}

function entry() {
	return gulp.src('index.js').pipe(gulp.dest('dist'));
}

/**
 * The area picker, which GitHub Pages serves from the repository. Not a part of `build`: what is
 * committed would change under the test that holds it against its sources.
 */
async function picker() {
	await writeFile(PAGE_FILE, await buildPage());
}

const build = gulp.series(clean, gulp.parallel(typeCheck, typeCheckPicker, bundle, assets, entry));

/**
 * For whoever uses the node and does not hand it in: `npm run dev` checks types beside it, and of
 * `npm start` a file that the node does not use is no business.
 */
const buildUnchecked = gulp.series(clean, gulp.parallel(bundle, assets, entry));

/** For `npm run coverage` only, never to be packed. */
const buildMapped = gulp.series(clean, gulp.parallel(bundleMapped, assets, entry));

module.exports = { build, buildMapped, buildUnchecked, bundle, clean, picker, default: build };
