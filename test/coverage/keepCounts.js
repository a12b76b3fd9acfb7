'use strict';

// Required into every process that the tests start during a coverage run: what the node has counted
// there is kept when the process ends.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

process.on('exit', () => {
	/** @type {unknown} */
	const counts = Reflect.get(globalThis, '__coverage__');
	const folder = process.env.COVERAGE_OF_PROCESSES;
	if (counts === undefined || folder === undefined) return;
	writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(counts));
});
