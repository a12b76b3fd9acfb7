import { execFileSync } from 'node:child_process';
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
} from 'node:fs';
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

test('the tarball is smaller than 240 kB and has only what n8n loads and users read', () => {
	expect(statSync(tarball).size).toBeLessThan(240_000);
	const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
	const inDist =
		/^package\/dist\/(?:index\.js|THIRD-PARTY-NOTICES\.txt|picker\/index\.html|icons\/\w+(?:\.dark)?\.svg|(?:nodes|credentials)\/[\w./]+\.(?:js|json))$/;
	expect(files.filter((file) => !inDist.test(file)).sort()).toEqual([
		'package/LICENSE.md',
		'package/README.md',
		'package/package.json',
	]);
	expect(files).toEqual(
		expect.arrayContaining([
			'package/dist/icons/imageRepair.dark.svg',
			'package/dist/THIRD-PARTY-NOTICES.txt',
			'package/dist/picker/index.html',
		]),
	);
	for (const node of ['ImageRepair', 'ImageRepairTrigger']) {
		expect(files).toContain(`package/dist/nodes/${node}/${node}.node.json`);
	}
});

describe('the bundle', () => {
	const code = readFileSync(join(ROOT, 'dist/nodes/nodes.js'), 'utf8');
	/** esbuild writes the path of each file above what it took from it. */
	const inside = [...code.matchAll(/^ *\/\/ ((?:node_modules|nodes|cos|credentials)\/\S+)$/gm)].map(
		([, path = '']) => path,
	);
	const libraryFiles = inside.filter((path) => path.startsWith('node_modules/'));
	const libraries = [
		...new Set(
			libraryFiles.map((path) => path.replace(/^node_modules\/((?:@[^/]+\/)?[^/]+).*$/, '$1')),
		),
	].sort();

	test('is not minified: lines are short, and the names of the sources are in it', () => {
		const lines = code.split('\n');
		expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(500);
		expect(inside.length - libraryFiles.length).toBeGreaterThan(150);
		const exported = readFileSync(join(ROOT, 'cos/signing/authorize.ts'), 'utf8').matchAll(
			/^export (?:async )?function (\w+)/gm,
		);
		for (const [, name = ''] of exported) expect(code).toContain(`function ${name}(`);
	});

	test('has only what is used of the libraries', () => {
		expect(libraryFiles.map((path) => path.replace('node_modules/', '')).sort()).toEqual([
			'@nodable/entities/src/EntityDecoder.js',
			'@nodable/entities/src/entities.js',
			'crypto-js/core.js',
			'crypto-js/enc-base64.js',
			'crypto-js/enc-base64url.js',
			'crypto-js/enc-latin1.js',
			'crypto-js/enc-utf8.js',
			'crypto-js/hmac-sha1.js',
			'crypto-js/hmac.js',
			'crypto-js/sha1.js',
			'fast-xml-parser/src/ignoreAttributes.js',
			'fast-xml-parser/src/util.js',
			'fast-xml-parser/src/validator.js',
			'fast-xml-parser/src/xmlparser/DocTypeReader.js',
			'fast-xml-parser/src/xmlparser/OptionsBuilder.js',
			'fast-xml-parser/src/xmlparser/OrderedObjParser.js',
			'fast-xml-parser/src/xmlparser/XMLParser.js',
			'fast-xml-parser/src/xmlparser/node2json.js',
			'fast-xml-parser/src/xmlparser/xmlNode.js',
			'p-limit/index.js',
			'path-expression-matcher/src/Expression.js',
			'path-expression-matcher/src/ExpressionSet.js',
			'path-expression-matcher/src/Matcher.js',
			'xml-naming/src/index.js',
			'yocto-queue/index.js',
		]);
		// What a reviewer would ask about: patterns of attacks on databases and shells.
		expect(code).not.toMatch(/xp_cmdshell|union\\s|\$where|\/etc\/passwd/i);
	});

	test('comes with the license of each library inside, in the version that is inside, and of no other', () => {
		const text = readFileSync(join(ROOT, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
		const parts = text.split(/^(.+ \d+\.\d+\.\d+ \(.+\))\n=+\n/m).slice(1);
		const told = new Map(
			parts.flatMap((title, index) =>
				index % 2 === 0 ? [[title, (parts[index + 1] ?? '').trim()] as const] : [],
			),
		);
		expect([...told.keys()]).toEqual(
			libraries.map((name) => {
				const manifest = readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
				const { version, license } = JSON.parse(manifest) as { version: string; license: string };
				return `${name} ${version} (${license})`;
			}),
		);
		for (const license of told.values()) {
			expect(license).toMatch(/Copyright|\(c\)/i);
			expect(license).toMatch(/WITHOUT WARRANTY OF ANY KIND/);
		}
	});

	test('the dependencies page names the libraries inside', () => {
		const page = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8');
		const [, section = ''] = page.split('## Inside the node');
		const rows = section.split('\n### ')[0]?.matchAll(/^\| `([^`]+)`/gm) ?? [];
		expect([...rows].map(([, name = '']) => name).sort()).toEqual(libraries);
	});
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
