'use strict';

const { createHash } = require('node:crypto');
const { readFile } = require('node:fs/promises');
const { join } = require('node:path');
const esbuild = require('esbuild');

const HERE = __dirname;
const ICON = join(HERE, '..', 'icons', 'imageRepair.svg');
/** Browsers that know everything the page asks for, all of 2023. */
const TARGET = ['chrome112', 'firefox115', 'safari17'];

/** Where the built page is kept; GitHub Pages serves it from there. */
const PAGE_FILE = join(HERE, '..', 'docs', 'picker', 'index.html');

/** @param {string} file */
async function bundle(file) {
	const { outputFiles } = await esbuild.build({
		entryPoints: [join(HERE, file)],
		absWorkingDir: join(HERE, '..'),
		bundle: true,
		write: false,
		minify: true,
		target: TARGET,
		format: file.endsWith('.css') ? undefined : 'iife',
		charset: 'utf8',
		legalComments: 'none',
		define: { 'process.env.NODE_ENV': '"production"' },
	});
	return outputFiles
		.map(({ text }) => text)
		.join('')
		.trim();
}

/** @param {string} text */
const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Nothing but what stands in the page itself: no address can be reached, not even by accident.
 *
 * @param {{ script: string, style: string }} parts
 */
function policyFor({ script, style }) {
	return [
		"default-src 'none'",
		`script-src ${hashOf(script)}`,
		`style-src ${hashOf(style)}`,
		'img-src data: blob:',
		"base-uri 'none'",
		"form-action 'none'",
	].join('; ');
}

/** The area picker as one HTML text. The same sources give the same text, byte for byte. */
async function buildPage() {
	const [template, icon, style, bundled] = await Promise.all([
		readFile(join(HERE, 'page.html'), 'utf8'),
		readFile(ICON),
		bundle('picker.css'),
		bundle('main.tsx'),
	]);
	// The only text that could end the script early.
	const script = bundled.replaceAll('</script', '<\\/script');
	/** @type {Record<string, string>} */
	const parts = {
		policy: policyFor({ script, style }),
		icon: `data:image/svg+xml;base64,${icon.toString('base64')}`,
		style,
		script,
	};
	return template.replace(
		/\{\{(\w+)\}\}/g,
		(place, /** @type {string} */ name) => parts[name] ?? place,
	);
}

module.exports = { PAGE_FILE, buildPage };
