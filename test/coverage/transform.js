'use strict';

const { transformSync } = require('@swc/core');
const { instrument } = require('./instrument');

/**
 * From TypeScript to what Jest runs, as `@swc/jest` does it, with the counters of a coverage run put
 * in before.
 *
 * @param {import('@swc/core').Options} options
 * @returns {import('@jest/transform').SyncTransformer}
 */
function createTransformer(options) {
	return {
		canInstrument: true,
		process(code, path, jestOptions) {
			const counted = jestOptions.instrument ? instrument(code, path) : code;
			return transformSync(counted, {
				...options,
				filename: path,
				module: { type: 'commonjs' },
				sourceMaps: 'inline',
			});
		},
	};
}

module.exports = { createTransformer };
