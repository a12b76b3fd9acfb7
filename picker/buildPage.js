'use strict';

const { createHash } = require('node:crypto');
const { readFile } = require('node:fs/promises');
const { join } = require('node:path');
const esbuild = require('esbuild');

const HERE = __dirname;
const ICON = join(HERE, '..', 'icons', 'imageRepair.svg');
/** The oldest browsers with everything that the page uses, all from 2023. */
const TARGET = ['chrome112', 'firefox115', 'safari17'];

/** The built page. It is committed, and GitHub Pages serves it. */
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
 * Allows only what is in the page itself, so that it cannot send an image anywhere.
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

/** The area picker as a single HTML file. The same sources always give the same bytes. */
async function buildPage() {
	const [template, icon, style, bundled] = await Promise.all([
		readFile(join(HERE, 'page.html'), 'utf8'),
		readFile(ICON),
		bundle('picker.css'),
		bundle('main.tsx'),
	]);
	// Only this text could end the script early.
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
