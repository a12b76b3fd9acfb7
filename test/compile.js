'use strict';

const { transformSync, version } = require('esbuild');
const { createHash } = require('node:crypto');

/** @type {import('esbuild').TransformOptions} */
const OPTIONS = {
	loader: 'ts',
	format: 'cjs',
	target: 'node20',
	// Inside of Jest, `import()` needs a flag of Node; `require` does not.
	supported: { 'dynamic-import': false },
	sourcemap: 'inline',
};

/**
 * From TypeScript to what Jest runs. The compiler is the one that bundles the node, so `npm run coverage`
 * finds a branch at the same place whether Jest loads the source or n8n loads the bundle.
 *
 * @param {string} code
 * @param {string} path
 */
const process = (code, path) => transformSync(code, { ...OPTIONS, sourcefile: path });

/**
 * Under what name Jest keeps the result.
 *
 * @param {string} code
 * @param {string} path
 * @param {{ configString: string }} jest
 */
const getCacheKey = (code, path, { configString }) =>
	createHash('sha256')
		.update(JSON.stringify([version, OPTIONS, code, path, configString]))
		.digest('hex');

module.exports = { process, getCacheKey };
