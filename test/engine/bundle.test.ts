import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { Linter } from 'eslint';

/** The bundles reach nothing on their own: what they do outside of themselves goes through n8n. */

const ROOT = join(__dirname, '..', '..');
const CREDENTIAL = 'dist/credentials/TencentCloudInfiniteApi.credentials.js';
const BUNDLES = {
	'dist/nodes/nodes.js': ['ImageRepair', 'ImageRepairTrigger'],
	[CREDENTIAL]: ['TencentCloudInfiniteApi'],
};
const requireHere = createRequire(__filename);

/** What Node.js gives besides the language that touches neither network, files, environment nor timers. */
const HARMLESS = {
	AbortController,
	// Also the one clock there is: `AbortSignal.timeout` bounds a call and runs no code of its own.
	AbortSignal,
	Buffer,
	TextDecoder,
	TextEncoder,
	URL,
	queueMicrotask,
};

/** `crypto` gives names to temporary masks, and crypto-js its random source. */
const MODULES = ['crypto', 'n8n-workflow'];

interface Finding {
	line: number;
	message: string;
}

/** Names that a script uses without defining them, and ways to run code that no one can read. */
function findings(code: string): Finding[] {
	const linter = new Linter();
	return linter
		.verify(code, [
			{
				languageOptions: {
					ecmaVersion: 2022,
					sourceType: 'commonjs',
					globals: {
						globalThis: 'off',
						...Object.fromEntries(Object.keys(HARMLESS).map((name) => [name, 'readonly'])),
					},
				},
				linterOptions: { noInlineConfig: true },
				rules: {
					'no-undef': ['error', { typeof: true }],
					'no-eval': 'error',
					'no-new-func': 'error',
					'no-restricted-syntax': ['error', 'ImportExpression', 'MetaProperty'],
				},
			},
		])
		.map(({ line, message }) => ({ line, message }));
}

/** Every `require` of a script: the module's name, or the word alone where it is none. */
function requires(code: string): string[] {
	return [...code.matchAll(/(?<![.\w$]|typeof )require\b\s*(?:\(\s*(["'])([^"']*)\1\s*\))?/g)].map(
		([whole, , name]) => name ?? whole,
	);
}

/** Runs a bundle where there is nothing but the language and what is harmless. */
function load(code: string): Record<string, new () => unknown> {
	const module = { exports: {} };
	const context = createContext({ ...HARMLESS });
	const wrapped = runInContext(`(function (module, exports, require) {${code}\n})`, context) as (
		...given: unknown[]
	) => void;
	wrapped(module, module.exports, (name: string): unknown => {
		if (MODULES.includes(name)) return requireHere(name) as unknown;
		throw new Error(`The bundle asks for "${name}"`);
	});
	return module.exports;
}

describe.each(Object.entries(BUNDLES))('%s', (file, classes) => {
	const code = readFileSync(join(ROOT, file), 'utf8');

	test('names no network, file system, environment or timer', () => {
		expect(findings(code)).toEqual([]);
	});

	test('asks for no module but crypto and n8n-workflow', () => {
		expect(requires(code).length).toBeGreaterThan(0);
		for (const name of requires(code)) expect(MODULES).toContain(name);
	});

	test('loads where none of them exists', () => {
		const made = Object.entries(load(code)).map(([name, One]) => [name, typeof new One()]);
		expect(made.sort()).toEqual(classes.map((name) => [name, 'object']));
	});
});

test.each(BUNDLES['dist/nodes/nodes.js'])('where n8n looks for %s, a line leads there', (name) => {
	const code = readFileSync(join(ROOT, `dist/nodes/${name}/${name}.node.js`), 'utf8');
	expect(requires(code)).toEqual(['../nodes.js']);
	expect(findings(code)).toEqual([]);
});

test('the credential signs where none of them exists', async () => {
	const { TencentCloudInfiniteApi } = load(readFileSync(join(ROOT, CREDENTIAL), 'utf8'));
	if (!TencentCloudInfiniteApi) throw new Error('The bundle has no credential');
	const credential = new TencentCloudInfiniteApi() as {
		authenticate: (...given: unknown[]) => Promise<{ headers: Record<string, string> }>;
	};
	const { headers } = await credential.authenticate(
		{
			secretId: 'id',
			secretKey: 'key',
			bucket: 'examplebucket-1250000000',
			region: 'ap-guangzhou',
		},
		{ method: 'GET', url: 'https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/a' },
	);
	expect(headers.Authorization).toMatch(
		/^q-sign-algorithm=sha1&q-ak=id&.*q-signature=[0-9a-f]{40}$/,
	);
});

test.each([
	['a request', 'fetch("https://example.com")'],
	['a socket', 'new WebSocket("wss://example.com")'],
	['the environment', 'process.env.HOME'],
	['the global object', 'globalThis["pro" + "cess"]'],
	['a timer', 'setTimeout(() => {}, 1)'],
	['a timer it only asks about', 'typeof setInterval'],
	['its own place', '__dirname'],
	['a module at run time', 'import("node:fs")'],
	['code from text', 'eval("1")'],
	['code from text by another way', 'new Function("return this")()'],
])('the check sees %s', (_, code) => {
	expect(findings(code)).toHaveLength(1);
});

test.each(['require("fs")', "require('node:http')", 'require(name)', 'const r = require;'])(
	'the check sees %s',
	(code) => {
		for (const name of requires(code)) expect(MODULES).not.toContain(name);
		expect(requires(code)).toHaveLength(1);
	},
);
