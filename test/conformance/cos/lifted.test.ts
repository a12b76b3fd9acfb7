import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

import { spawnSandbox, type SpawnedSandbox } from '../../../dev/sandbox/spawn';
import { countChanges, markedImage, onlyTheBox } from '../sandbox/image';

const run = promisify(execFile);
const ROOT = join(__dirname, '../../..');
const COS = join(ROOT, 'cos');

let folder: string;
let sandbox: SpawnedSandbox;

/** cos/ as one file of its own. */
async function lift(format: 'esm' | 'cjs', name: string): Promise<string[]> {
	const { metafile } = await build({
		entryPoints: [join(COS, 'index.ts')],
		bundle: true,
		format,
		platform: format === 'esm' ? 'neutral' : 'node',
		mainFields: ['module', 'main'],
		outfile: join(folder, name),
		metafile: true,
		logLevel: 'silent',
		absWorkingDir: ROOT,
		// crypto-js asks for it, and falls back to the platform's own random source.
		external: ['crypto'],
	});
	return Object.keys(metafile.inputs);
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'cos-'));
	sandbox = await spawnSandbox();
});
afterAll(async () => {
	await sandbox.close();
	await rm(folder, { recursive: true, force: true });
});

test('the script of the README repairs an image with fetch and nothing else', async () => {
	await lift('cjs', 'index.js');
	const [, script = ''] =
		/```js\n([\s\S]*?)```/.exec(readFileSync(join(COS, 'README.md'), 'utf8')) ?? [];
	expect(script.match(/ from '.*'/g)).toEqual([" from './index.js'"]);
	await writeFile(join(folder, 'script.mjs'), script);
	const before = await markedImage();
	await sandbox.putObject('photos/cat.jpg', before, 'image/png');

	const { stdout, stderr } = await run(process.execPath, [join(folder, 'script.mjs')], {
		env: {
			SECRET_ID: sandbox.secretId,
			SECRET_KEY: sandbox.secretKey,
			BUCKET: sandbox.bucket,
			REGION: sandbox.region,
			DOMAIN: sandbox.url,
		},
	});
	expect(stderr).toBe('');
	expect(stdout.trim()).toBe('photos/clean/cat.jpg');
	const after = await sandbox.getObject('photos/clean/cat.jpg');
	expect(await countChanges(before, after)).toEqual(onlyTheBox);
});

test('as ECMAScript and as CommonJS module it offers the same', async () => {
	const inputs = await lift('esm', 'index.mjs');
	await lift('cjs', 'index.cjs');
	const names = "Object.keys(cos).filter((name) => name !== 'default').sort().join()";
	const print = `const cos = await import('./index.mjs'); console.log(${names});`;
	const esm = await run(process.execPath, ['--input-type=module', '-e', print], { cwd: folder });
	const cjs = await run(
		process.execPath,
		['-e', `const cos = require('./index.cjs'); console.log(${names});`],
		{ cwd: folder },
	);
	expect(esm.stdout.split(',').length).toBeGreaterThan(30);
	expect(esm.stdout).toBe(cjs.stdout);
	const own = inputs.filter((file) => !file.startsWith('node_modules/'));
	expect(own.every((file) => file.startsWith('cos/'))).toBe(true);
});

test('it uses nothing of Node.js, of n8n or of the rest of the project', () => {
	const files = readdirSync(COS, { recursive: true, encoding: 'utf8' }).filter((name) =>
		name.endsWith('.ts'),
	);
	expect(files.length).toBeGreaterThan(20);
	for (const file of files) {
		const text = readFileSync(join(COS, file), 'utf8');
		expect([file, text.match(/\bBuffer\b|\bprocess\.|from 'node:|\bfetch\(/g)]).toEqual([
			file,
			null,
		]);
		for (const [, target = ''] of text.matchAll(/from '(\.[^']+)'/g)) {
			expect(relative(COS, join(COS, file, '..', target)).startsWith('..')).toBe(false);
		}
	}
});
