'use strict';

const { join } = require('node:path');
const usual = require('../../jest.config');

/** The unit tests of cos/ alone, as a single project: Stryker asks them about every changed line. */
module.exports = {
	...usual.projects[0],
	// Jest looks for the tests of a changed file anew each time: only here.
	roots: ['<rootDir>/cos', '<rootDir>/test/unit/cos'],
	watchman: false,
	moduleNameMapper: { '^fast-check$': join(__dirname, 'fastCheck.ts') },
};
