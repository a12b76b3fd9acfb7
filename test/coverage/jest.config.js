'use strict';

const { join } = require('node:path');
const usual = require('../../jest.config');

const ROOT = join(__dirname, '..', '..');

const LEVELS = ['unit', 'conformance', 'engine'];

/** The levels of `npm test`, counting. The built node comes with counters of its own (`gulp buildInstrumented`). */
module.exports = {
	...usual,
	rootDir: ROOT,
	projects: usual.projects
		.filter(({ displayName }) => LEVELS.includes(displayName))
		.map((project) => ({
			...project,
			transform: Object.fromEntries(
				Object.entries(project.transform).map(([files, [, options]]) => [
					files,
					[join(__dirname, 'transform.js'), options],
				]),
			),
			// They look at the tarball and at the text of the bundles, which never hold counters.
			testPathIgnorePatterns: ['/node_modules/', '/test/engine/(?:package|bundle)\\.test\\.ts$'],
		})),
	collectCoverage: true,
	collectCoverageFrom: ['{cos,nodes,credentials}/**/*.ts'],
	coverageDirectory: 'coverage/levels',
	coverageReporters: ['json'],
};
