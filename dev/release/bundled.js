'use strict';

const { existsSync, readFileSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');

/**
 * A library of which the build has taken something into the bundle.
 *
 * @typedef {object} BundledLibrary
 * @property {string} name
 * @property {string} version
 * @property {string} license as an SPDX expression
 * @property {string} folder where it is installed, as an absolute path
 */

/** @param {string} file */
function readManifest(file) {
	/** @type {unknown} */
	const manifest = JSON.parse(readFileSync(file, 'utf8'));
	return /** @type {Record<string, unknown>} */ (manifest);
}

/**
 * The library that a file belongs to. A package.json without name and version only says what kind of
 * modules lie beside it.
 *
 * @param {string} file absolute path
 * @returns {BundledLibrary}
 */
function libraryOf(file) {
	for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
		const manifest = join(folder, 'package.json');
		if (!existsSync(manifest)) continue;
		const { name, version, license } = readManifest(manifest);
		if (typeof name !== 'string' || typeof version !== 'string') continue;
		if (typeof license !== 'string') throw new Error(`${name} does not say its license.`);
		return { name, version, license, folder };
	}
	throw new Error(`${file} belongs to no package.`);
}

/**
 * The libraries inside what esbuild has built, sorted by name and version.
 *
 * @param {import('esbuild').Metafile} metafile
 * @param {string} root that the paths of the metafile start from
 */
function bundledLibraries(metafile, root) {
	/** @type {Map<string, BundledLibrary>} */
	const byFolder = new Map();
	for (const { inputs } of Object.values(metafile.outputs)) {
		for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
			// Of a file that only exports what others have, nothing is left.
			if (bytesInOutput === 0 || !file.split('/').includes('node_modules')) continue;
			const library = libraryOf(resolve(root, file));
			byFolder.set(library.folder, library);
		}
	}
	/** @param {BundledLibrary} library */
	const label = ({ name, version }) => `${name} ${version}`;
	return [...byFolder.values()].sort((a, b) => (label(a) < label(b) ? -1 : 1));
}

module.exports = { bundledLibraries };
