import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { Linter } from 'eslint';

/** The bundle accesses the outside world only through n8n, as n8n requires of verified nodes. */

const ROOT = join(__dirname, '..', '..');
const BUNDLE = 'dist/nodes/nodes.js';
/** Where n8n looks for each class, and the file that it leads to. */
const DOORS = {
	ImageRepair: ['dist/nodes/ImageRepair/ImageRepair.node.js', '../nodes.js'],
	ImageRepairTrigger: ['dist/nodes/ImageRepairTrigger/ImageRepairTrigger.node.js', '../nodes.js'],
	TencentCloudInfiniteApi: [
		'dist/credentials/TencentCloudInfiniteApi.credentials.js',
		'../nodes/nodes.js',
	],
} as const;
const requireHere = createRequire(__filename);

/** Globals of Node.js that give no access to network, files, environment or timers. */
const HARMLESS = {
	AbortController,
	// Includes `AbortSignal.timeout`, which limits the time of a request but runs no code like a timer.
	AbortSignal,
	Buffer,
	TextDecoder,
	TextEncoder,
	URL,
	queueMicrotask,
};

/** `crypto` is needed for the names of temporary masks, and by crypto-js as a source of randomness. */
const MODULES = ['crypto', 'n8n-workflow'];

interface Finding {
	line: number;
	message: string;
}

/** Globals that a script uses, and code that it creates at run time, which no check could read. */
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

/** The module name of each `require` call of a script, or `require` itself if it names no module. */
function requires(code: string): string[] {
	return [...code.matchAll(/(?<![.\w$]|typeof )require\b\s*(?:\(\s*(["'])([^"']*)\1\s*\))?/g)].map(
		([whole, , name]) => name ?? whole,
	);
}

/** Runs a bundle in a context that has only the language and HARMLESS. */
function load(code: string): Record<string, new () => unknown> {
	const module = { exports: {} };
	const context = createContext({ ...HARMLESS });
	const wrapped = runInContext(`(function (module, exports, require) {${code}\n})`, context) as (
		...args: unknown[]
	) => void;
	wrapped(module, module.exports, (name: string): unknown => {
		if (MODULES.includes(name)) return requireHere(name) as unknown;
		throw new Error(`The bundle requires "${name}"`);
	});
	return module.exports;
}

describe('the bundle', () => {
	const code = readFileSync(join(ROOT, BUNDLE), 'utf8');

	test('uses no network, file system, environment or timer', () => {
		expect(findings(code)).toEqual([]);
	});

	test('requires no module except crypto and n8n-workflow', () => {
		expect(requires(code).length).toBeGreaterThan(0);
		for (const name of requires(code)) expect(MODULES).toContain(name);
	});

	test('loads in a context without them', () => {
		const created = Object.entries(load(code)).map(([name, Class]) => [name, typeof new Class()]);
		expect(created.sort()).toEqual(Object.keys(DOORS).map((name) => [name, 'object']));
	});
});

test.each(Object.entries(DOORS))(
	'the file in which n8n looks for %s only requires the bundle',
	(_, [file, bundle]) => {
		const code = readFileSync(join(ROOT, file), 'utf8');
		expect(requires(code)).toEqual([bundle]);
		expect(findings(code)).toEqual([]);
	},
);

test('the credential signs a request in a context without network, files, environment and timers', async () => {
	const { TencentCloudInfiniteApi } = load(readFileSync(join(ROOT, BUNDLE), 'utf8'));
	if (!TencentCloudInfiniteApi) throw new Error('The bundle has no credential');
	const credential = new TencentCloudInfiniteApi() as {
		authenticate: (...args: unknown[]) => Promise<{ headers: Record<string, string> }>;
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

// The checks above would pass as well if they found nothing at all.
test.each([
	['a request', 'fetch("https://example.com")'],
	['a socket', 'new WebSocket("wss://example.com")'],
	['the environment', 'process.env.HOME'],
	['the global object', 'globalThis["pro" + "cess"]'],
	['a timer', 'setTimeout(() => {}, 1)'],
	['a timer that is only looked up', 'typeof setInterval'],
	['its own folder', '__dirname'],
	['a module at run time', 'import("node:fs")'],
	['code from text', 'eval("1")'],
	['code from text with new Function', 'new Function("return this")()'],
])('the check of globals detects %s', (_, code) => {
	expect(findings(code)).toHaveLength(1);
});

test.each(['require("fs")', "require('node:http')", 'require(name)', 'const r = require;'])(
	'the check of modules detects %s',
	(code) => {
		for (const name of requires(code)) expect(MODULES).not.toContain(name);
		expect(requires(code)).toHaveLength(1);
	},
);
