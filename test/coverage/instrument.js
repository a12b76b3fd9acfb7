'use strict';

const { readFile } = require('node:fs/promises');
const { join } = require('node:path');
const { createInstrumenter } = require('istanbul-lib-instrument');

const SHIPPED = /[\\/](?:cos|credentials|nodes)[\\/].*\.ts$/;
const ROOT = join(__dirname, '..', '..');

const instrumenter = createInstrumenter({ esModules: true, parserPlugins: ['typescript'] });

/**
 * Puts a counter at every branch, statement and function of a TypeScript file, before anything else
 * touches it: whoever runs the file, in whatever form, counts the lines of the source itself.
 *
 * @param {string} code
 * @param {string} path absolute
 */
function instrument(code, path) {
	return instrumenter.instrumentSync(code, path);
}

/** @type {import('esbuild').Plugin} */
const instrumentSources = {
	name: 'instrument-sources',
	setup(build) {
		build.onLoad({ filter: SHIPPED }, async ({ path }) => {
			if (!path.startsWith(ROOT) || path.includes('node_modules')) return undefined;
			return { contents: instrument(await readFile(path, 'utf8'), path), loader: 'ts' };
		});
	},
};

module.exports = { instrument, instrumentSources };
