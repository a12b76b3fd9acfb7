'use strict';

const { availableParallelism } = require('node:os');

/**
 * One Jest project for each test level of docs/architecture.md.
 *
 * @param {string} name of the level, and of its folder under test/
 */
const level = (name) => ({
	displayName: name,
	rootDir: __dirname,
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	// One library of the node is there as ECMAScript modules only, which Jest cannot require on Node 20.
	transformIgnorePatterns: ['/node_modules/(?!@nodable/)'],
	transform: { '\\.ts$|/@nodable/.+\\.js$': '<rootDir>/test/compile.js' },
	testEnvironment: 'node',
	// Copies of the project that mutation testing works on.
	modulePathIgnorePatterns: ['<rootDir>/build/'],
});

/** @param {string} name of a level without n8n's engine */
const levelWithoutEngine = (name) => ({
	...level(name),
	moduleNameMapper: { '^n8n-workflow$': '<rootDir>/test/n8nWorkflow.ts' },
});

module.exports = {
	projects: [
		{
			...levelWithoutEngine('unit'),
			testMatch: ['<rootDir>/test/{unit,corpus}/**/*.test.ts'],
		},
		levelWithoutEngine('conformance'),
		level('engine'),
		level('laws'),
		level('load'),
	],
	// Nothing takes that long by itself: it is for machines that are busy with other things.
	testTimeout: 120_000,
	// Much of a test's time is spent waiting, so two more files run at a time than there are cores.
	// (A percentage above 100 is not one to Jest: '150%' means 150 workers.)
	maxWorkers: availableParallelism() + 2,
	reporters: ['default', '<rootDir>/test/plainSummary.js'],
};
