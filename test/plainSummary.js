'use strict';

/** Ends a Jest run with the plain line that CI reads: `N passed, N failed`. */
module.exports = class PlainSummary {
	/**
	 * @param {unknown} _contexts
	 * @param {{ numPassedTests: number; numFailedTests: number; numRuntimeErrorTestSuites: number }} results
	 */
	onRunComplete(_contexts, results) {
		// A test file that does not even load counts as one failed test, and so does an unfinished one.
		const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
		console.log(`${results.numPassedTests} passed, ${failed} failed`);
	}
};
