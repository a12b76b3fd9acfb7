'use strict';

const { readFile, writeFile, mkdir } = require('node:fs/promises');
const { dirname, join } = require('node:path');
const { readIdentity } = require('../release/identity');

const ROOT = join(__dirname, '..', '..');

/** @param {string} file */
async function readJson(file) {
	/** @type {unknown} */
	const value = JSON.parse(await readFile(join(ROOT, file), 'utf8'));
	return /** @type {Record<string, unknown>} */ (value);
}

/**
 * Writes the file with which n8n finds a node, with links to the repository that package.json names.
 *
 * @param {string} file path from the root of the repository, of a `.node.json`
 */
async function writeCodex(file) {
	const { homepage } = readIdentity(await readJson('package.json'));
	const codex = {
		...(await readJson(file)),
		resources: {
			credentialDocumentation: [{ url: `${homepage}#credential` }],
			primaryDocumentation: [{ url: `${homepage}#readme` }],
		},
	};
	const target = join(ROOT, 'dist', file);
	await mkdir(dirname(target), { recursive: true });
	await writeFile(target, `${JSON.stringify(codex, null, '\t')}\n`);
}

module.exports = { writeCodex };
