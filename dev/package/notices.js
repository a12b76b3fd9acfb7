'use strict';

const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

/** @typedef {import('../release/bundled').BundledLibrary} BundledLibrary */

const LICENSE_FILE = /^(?:licen[cs]e|copying)(?:\.(?:md|txt))?$/i;
const OWN_LICENSE = join(__dirname, '..', '..', 'LICENSE.md');

/**
 * The author of a package, as its package.json says it.
 *
 * @param {string} folder
 */
function authorOf(folder) {
	/** @type {unknown} */
	const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	const { author } = /** @type {{ author?: string | { name?: string } }} */ (manifest);
	return typeof author === 'string' ? author.replace(/\s*[<(].*$/, '') : author?.name;
}

/**
 * The text of a license. A library under MIT without a file for it gets the common text with its author.
 *
 * @param {BundledLibrary} library
 */
function licenseText({ name, license, folder }) {
	const file = readdirSync(folder).find((entry) => LICENSE_FILE.test(entry));
	if (file !== undefined) return readFileSync(join(folder, file), 'utf8').trim();
	const author = authorOf(folder);
	if (license !== 'MIT' || author === undefined) throw new Error(`${name} has no license text.`);
	const common = readFileSync(OWN_LICENSE, 'utf8').trim();
	return common.replace(/^Copyright .*$/m, `Copyright (c) ${author}`);
}

/**
 * The licenses of what is inside a bundle, as plain text.
 *
 * @param {readonly BundledLibrary[]} libraries
 */
function notices(libraries) {
	const parts = libraries.map((library) => {
		const title = `${library.name} ${library.version} (${library.license})`;
		return `${title}\n${'='.repeat(title.length)}\n\n${licenseText(library)}\n`;
	});
	return ['Parts of these libraries are inside. Thanks to their authors.\n', ...parts].join('\n\n');
}

module.exports = { notices };
