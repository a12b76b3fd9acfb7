'use strict';

const { spawn } = require('node:child_process');
const { rm, writeFile } = require('node:fs/promises');
const gulp = require('gulp');
const { bundleNodes, NODES } = require('./dev/package/bundle');
const { writeCodex } = require('./dev/package/codex');
const { PAGE_FILE, buildPage } = require('./picker/buildPage');

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

async function bundle() {
	await bundleNodes();
}

/** With a source map. */
async function bundleMapped() {
	await bundleNodes({ sourcemap: 'inline' });
}

function assets() {
	return gulp
		.src(['nodes/**/__schema__/**/*.json', 'icons/*.svg'], {
			base: '.',
			encoding: false,
		})
		.pipe(gulp.dest('dist'));
}

const codexes = () =>
	Promise.all(NODES.map((name) => writeCodex(`nodes/${name}/${name}.node.json`)));

/** The area picker for whoever cannot reach the page that GitHub serves. */
function pickerPage() {
	return gulp.src(PAGE_FILE, { encoding: false }).pipe(gulp.dest('dist/picker'));
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

const files = gulp.parallel(assets, codexes, pickerPage, entry);

const build = gulp.series(clean, gulp.parallel(typeCheck, typeCheckPicker, bundle, files));

/**
 * For whoever uses the node and does not hand it in: `npm run dev` checks types beside it, and of
 * `npm start` a file that the node does not use is no business.
 */
const buildUnchecked = gulp.series(clean, gulp.parallel(bundle, files));

/** For `npm run coverage` only, never to be packed. */
const buildMapped = gulp.series(clean, gulp.parallel(bundleMapped, files));

module.exports = { build, buildMapped, buildUnchecked, bundle, clean, picker, default: build };
