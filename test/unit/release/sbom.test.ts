import Ajv, { type AnySchema } from 'ajv';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { BundledLibrary } from '../../../dev/release/bundled';
import { billOfMaterials, type Lock, type Package } from '../../../dev/release/sbom';
import { readPage } from '../docs/markdown';

const SCHEMAS = join(
	dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json')),
	'res/schema',
);
const schema = (name: string) =>
	JSON.parse(readFileSync(join(SCHEMAS, `${name}.SNAPSHOT.schema.json`), 'utf8')) as AnySchema;

const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
// By these names it refers to the others.
for (const name of ['spdx', 'jsf-0.82']) {
	ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
}
const isBill = ajv.compile(schema('bom-1.6'));

const about: Package = {
	name: 'sample-node',
	version: '1.2.3',
	license: 'MIT',
	description: 'Sample',
	homepage: 'https://github.com/some-one/sample-node',
	repository: { url: 'git+https://github.com/some-one/sample-node.git' },
};
const tarball = Buffer.from('what is published');

const library = (
	name: string,
	version: string,
	license: string,
	folder: string,
): BundledLibrary => ({
	name,
	version,
	license,
	folder: `/home/some-one/sample-node/node_modules/${folder}`,
});
const libraries = [
	library('@scope/one', '1.0.0', 'MIT', '@scope/one'),
	library('two', '2.0.0+build', '(MIT OR Apache-2.0)', 'other/node_modules/two'),
	// The same once more, in another folder.
	library('two', '2.0.0+build', '(MIT OR Apache-2.0)', 'two'),
];

const integrityOf = (text: string) =>
	`sha512-${createHash('sha512').update(text).digest('base64')}`;
const lock: Lock = {
	packages: {
		'node_modules/@scope/one': { integrity: integrityOf('one') },
		'node_modules/other/node_modules/two': { integrity: integrityOf('two') },
		'node_modules/two': { integrity: integrityOf('two') },
	},
};

interface Bill {
	metadata: { component: { purl: string; hashes: unknown[] } };
	components: unknown[];
	dependencies: unknown[];
}
const bill = () => JSON.parse(billOfMaterials(about, tarball, libraries, lock)) as Bill;

const sha512 = (content: string) => [
	{ alg: 'SHA-512', content: createHash('sha512').update(content).digest('hex') },
];

test('the bill of materials is one to the schema of CycloneDX', () => {
	expect(isBill(bill())).toBe(true);
	expect(isBill({ ...bill(), components: [{ name: 'without a type' }] })).toBe(false);
});

test('each library inside is listed once, with version, license, address and checksum', () => {
	expect(bill().components).toEqual([
		expect.objectContaining({
			group: '@scope',
			name: 'one',
			version: '1.0.0',
			licenses: [{ license: { id: 'MIT' } }],
			purl: 'pkg:npm/%40scope/one@1.0.0',
			hashes: sha512('one'),
		}),
		expect.objectContaining({
			name: 'two',
			version: '2.0.0+build',
			licenses: [{ expression: '(MIT OR Apache-2.0)' }],
			purl: 'pkg:npm/two@2.0.0%2Bbuild',
			hashes: sha512('two'),
		}),
	]);
	expect(bill().dependencies).toContainEqual({
		ref: 'pkg:npm/sample-node@1.2.3',
		dependsOn: ['pkg:npm/%40scope/one@1.0.0', 'pkg:npm/two@2.0.0%2Bbuild'],
	});
});

test('the bill of materials names the tarball that it belongs to', () => {
	const { component } = bill().metadata;
	expect(component.purl).toBe('pkg:npm/sample-node@1.2.3');
	expect(component.hashes).toEqual(sha512('what is published'));
});

test('the same package always gives the same bill of materials', () => {
	const first = billOfMaterials(about, tarball, libraries, lock);
	expect(billOfMaterials(about, tarball, [...libraries].reverse(), lock)).toBe(first);
	expect(first).not.toMatch(/timestamp|serialNumber/);
});

test.each([
	['no checksum', {}, 'package-lock.json has no checksum of @scope/one 1.0.0.'],
	['a weak checksum', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, '"sha1-2jmj7l5rSw0yVb/'],
])('a library with %s stops the release', (_, locked, message) => {
	const packages = { ...lock.packages, 'node_modules/@scope/one': locked };
	expect(() => billOfMaterials(about, tarball, libraries, { packages })).toThrow(message);
});

test('package.json says what a bill of materials needs', () => {
	const own = JSON.parse(readPage('package.json')) as Package;
	const text = billOfMaterials(own, tarball, [], { packages: {} });
	expect(isBill(JSON.parse(text))).toBe(true);
	expect(text).toContain(own.homepage);
});
