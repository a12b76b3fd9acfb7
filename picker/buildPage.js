'use strict';

const { createHash } = require('node:crypto');
const { readFile } = require('node:fs/promises');
const { join } = require('node:path');
const esbuild = require('esbuild');
const { notices } = require('../dev/package/notices');
const { bundledLibraries } = require('../dev/release/bundled');

const HERE = __dirname;
const ROOT = join(HERE, '..');
const ICON = join(ROOT, 'icons', 'imageRepair.svg');
/** The oldest browsers with everything that the page uses, all from 2023. */
const TARGET = ['chrome112', 'firefox115', 'safari17'];

/** The built page. It is committed, and GitHub Pages serves it. */
const PAGE_FILE = join(ROOT, 'docs', 'picker', 'index.html');

/** @param {string} file */
async function bundle(file) {
	const { outputFiles, metafile } = await esbuild.build({
		entryPoints: [join(HERE, file)],
		absWorkingDir: ROOT,
		bundle: true,
		write: false,
		metafile: true,
		minify: true,
		target: TARGET,
		format: file.endsWith('.css') ? undefined : 'iife',
		charset: 'utf8',
		legalComments: 'none',
		define: { 'process.env.NODE_ENV': '"production"' },
	});
	const text = outputFiles.map((output) => output.text).join('');
	return { text: text.trim(), libraries: bundledLibraries(metafile, ROOT) };
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
	const script = bundled.text.replaceAll('</script', '<\\/script');
	/** @type {Record<string, string>} */
	const parts = {
		policy: policyFor({ script, style: style.text }),
		icon: `data:image/svg+xml;base64,${icon.toString('base64')}`,
		notices: notices(bundled.libraries),
		style: style.text,
		script,
	};
	return template.replace(
		/\{\{(\w+)\}\}/g,
		(place, /** @type {string} */ name) => parts[name] ?? place,
	);
}

module.exports = { PAGE_FILE, buildPage };
