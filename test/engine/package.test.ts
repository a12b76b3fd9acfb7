import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
let folder: string;
let tarball: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'image-repair-package-'));
	execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT });
	tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
});
afterAll(() => {
	rmSync(folder, { recursive: true, force: true });
});

test('the tarball is smaller than 160 kB and has only what n8n loads and users read', () => {
	expect(statSync(tarball).size).toBeLessThan(160_000);
	const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
	const inDist =
		/^package\/dist\/(?:index\.js|icons\/\w+(?:\.dark)?\.svg|(?:nodes|credentials)\/[\w./]+\.(?:js|json))$/;
	expect(files.filter((file) => !inDist.test(file)).sort()).toEqual([
		'package/LICENSE.md',
		'package/README.md',
		'package/package.json',
	]);
	expect(files).toContain('package/dist/icons/imageRepair.dark.svg');
	for (const node of ['ImageRepair', 'ImageRepairTrigger']) {
		expect(files).toContain(`package/dist/nodes/${node}/${node}.node.json`);
	}
});

test('the unpacked package loads with n8n-workflow as its only dependency', () => {
	const modules = join(folder, 'node_modules');
	mkdirSync(modules);
	execFileSync('tar', ['-xzf', tarball, '-C', folder]);
	symlinkSync(dirname(require.resolve('n8n-workflow/package.json')), join(modules, 'n8n-workflow'));
	const script = `
		const all = require(${JSON.stringify(join(folder, 'package'))});
		const { n8n } = require(${JSON.stringify(join(folder, 'package', 'package.json'))});
		const paths = [...n8n.nodes, ...n8n.credentials].map((path) => ${JSON.stringify(join(folder, 'package'))} + '/' + path);
		const classes = paths.map((path) => Object.keys(require(path))[0]);
		const created = [new all.ImageRepair(), new all.ImageRepairTrigger(), new all.TencentCloudInfiniteApi()];
		console.log(JSON.stringify({ classes, names: [created[0].description.name, created[1].description.name, created[2].name] }));
	`;
	const printed = execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' });
	expect(JSON.parse(printed)).toEqual({
		classes: ['ImageRepair', 'ImageRepairTrigger', 'TencentCloudInfiniteApi'],
		names: ['imageRepair', 'imageRepairTrigger', 'tencentCloudInfiniteApi'],
	});
});
