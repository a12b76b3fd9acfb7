'use strict';

/** Ends a Jest run with the line that CI reads: `N passed, N failed`. */
module.exports = class PlainSummary {
	/**
	 * @param {unknown} _contexts
	 * @param {{ numPassedTests: number; numFailedTests: number; numRuntimeErrorTestSuites: number }} results
	 */
	onRunComplete(_contexts, results) {
		// A test file that cannot be loaded, or does not finish, counts as one failed test.
		const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
		console.log(`${results.numPassedTests} passed, ${failed} failed`);
	}
};
