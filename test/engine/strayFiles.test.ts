import { spawnSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { exampleNames, localWorkflows } from '../../dev/playground/localWorkflows';
import { scripts } from '../../package.json';

/** `npm start` in a checkout in which somebody has left files. */

const CHECKOUT = join(__dirname, '../..');
/** What `npm start` builds from. */
const BUILT_FROM = [
	...['cos', 'credentials', 'nodes', 'picker', 'icons', 'examples'],
	...['dev/package', 'dev/release', 'docs/picker', 'LICENSE.md'],
	...['gulpfile.js', 'index.js', 'package.json', 'tsconfig.json'],
];
const places = {
	sandbox: {
		url: 'http://127.0.0.1:9000',
		controlUrl: 'http://127.0.0.1:9001',
		bucket: 'examplebucket-1250000000',
		region: 'ap-guangzhou',
		secretId: 'id',
		secretKey: 'key',
		folder: 'folder',
	},
	neighbours: {
		mailPort: 9003,
		storageUrl: 'http://127.0.0.1:9002/storage',
		chatUrl: 'http://127.0.0.1:9002/chat',
		fileUrl: (name: string) => `http://127.0.0.1:9002/files/${name}`,
	},
};

let copy: string;
beforeAll(() => {
	copy = mkdtempSync(join(tmpdir(), 'image-repair-stray-'));
	for (const name of BUILT_FROM) {
		cpSync(join(CHECKOUT, name), join(copy, name), { recursive: true });
	}
	symlinkSync(join(CHECKOUT, 'node_modules'), join(copy, 'node_modules'), 'junction');
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function leave(file: string, content: string): void {
	mkdirSync(dirname(join(copy, file)), { recursive: true });
	writeFileSync(join(copy, file), content);
}

test('files that the node does not use do not stop the build of npm start', () => {
	leave('notes.txt', 'notes');
	leave('stray.js', 'const a = 1; a.b.c;');
	leave('nodes/stray.ts', 'export const a: number = "text";');
	leave('nodes/unused.ts', 'const unused = 1;');
	leave('cos/stray.ts', 'export const a: number = (;');
	leave('dev/stray.ts', 'import "nothing";');
	leave('nodes/Other/Other.node.json', '{');
	leave('icons/notes.xyz', 'notes');
	leave('icons/broken.svg', '<not');
	const [build = ''] = scripts.start.split(' && ');
	const [command = '', task = ''] = build.split(' ');
	expect(command).toBe('gulp');
	const gulp = join(copy, 'node_modules/gulp/bin/gulp.js');
	const { status, stdout } = spawnSync(process.execPath, [gulp, task], {
		cwd: copy,
		encoding: 'utf8',
	});
	expect([status, stdout]).toEqual([0, expect.stringContaining("Finished 'buildUnchecked'")]);
	expect(existsSync(join(copy, 'dist/nodes/nodes.js'))).toBe(true);
});

test('a file in examples/ that is no workflow is left out with a sentence', async () => {
	const folder = join(copy, 'examples');
	const usual = await localWorkflows(places);
	expect(usual).toHaveLength(readdirSync(join(CHECKOUT, 'examples')).length);
	leave('examples/a-half.json', '{ "name": ');
	leave('examples/empty.json', '');
	leave('examples/list.json', '[1]');
	leave('examples/settings.json', '{ "name": "x" }');
	leave('examples/strange.json', '{ "name": "x", "nodes": [{ "id": "1" }], "connections": {} }');
	leave('examples/notes.txt', 'notes');
	mkdirSync(join(folder, 'folder.json'));
	const leftOut: string[] = [];
	const workflows = await localWorkflows(places, {
		folder,
		leaveOut: (sentence) => leftOut.push(sentence),
	});
	expect(workflows).toEqual(usual);
	const start = (file: string) => `Left out: examples/${file} is no workflow that n8n can import: `;
	expect(leftOut.sort()).toEqual([
		expect.stringContaining(start('a-half.json')),
		expect.stringContaining(start('empty.json')),
		expect.stringContaining(start('folder.json')),
		`${start('list.json')}it is not an object.`,
		`${start('settings.json')}it has no list of "nodes".`,
		`${start('strange.json')}node 1 is not one.`,
	]);
	await expect(localWorkflows(places, { folder })).rejects.toThrow(/ is no workflow that n8n can/);
	expect(await exampleNames(folder)).toContain('a-half');
});
