'use strict';

const { readFile } = require('node:fs/promises');
const esbuild = require('esbuild');

/**
 * What `fast-xml-parser` would bring along for options that the node does not use, each with what takes its
 * place: whole libraries by what they export, as the insides of a library change without notice. Should it be reached
 * all the same, it refuses or changes nothing.
 *
 * @type {Readonly<Record<string, string>>}
 */
const IN_PLACE_OF = {
	// Patterns of attacks, to judge entities that a document defines. No document type is read.
	'is-unsafe':
		'export const isUnsafe = () => true; export const HTML = undefined, XML = undefined;',
	// Numbers in all scripts. Every value stays text (`parseTagValue: false`).
	strnum: 'export default (text) => text;',
};

/**
 * n8n forbids the first two names in what ships, and the others belong to browsers. `crypto-js` only asks for
 * them to find a random source or a module loader that CommonJS gives it anyway, so the questions are
 * answered here and dropped as dead code.
 */
const NOT_THERE = Object.fromEntries(
	['globalThis', 'global', 'window', 'self', 'define'].map((name) => [name, 'undefined']),
);

/**
 * Leaves out of the libraries what is never run.
 *
 * @type {esbuild.Plugin}
 */
const withoutUnused = {
	name: 'without what is unused',
	setup(build) {
		build.onResolve(
			{ filter: new RegExp(`^(?:${Object.keys(IN_PLACE_OF).join('|')})$`) },
			({ path, importer }) =>
				/[\\/]fast-xml-parser[\\/]/.test(importer) ? { path, namespace: 'unused' } : undefined,
		);
		build.onLoad({ filter: /./, namespace: 'unused' }, ({ path }) => ({
			contents: IN_PLACE_OF[path],
		}));
		build.onLoad({ filter: /[\\/]node_modules[\\/]crypto-js[\\/]/ }, async ({ path }) => {
			const code = await readFile(path, 'utf8');
			const { code: contents } = await esbuild.transform(code, {
				define: NOT_THERE,
				minifySyntax: true,
			});
			return { contents };
		});
	},
};

module.exports = { withoutUnused };
