import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeProperties } from 'n8n-workflow';

import { MAX_FRAMES, MAX_KEY_BYTES, MAX_PIXELS, MAX_RESULTS } from '../../../cos/limits';
import { MAX_SOURCE_BYTES, MAX_SOURCE_SIDE, MAX_WEBP_SIDE } from '../../../cos/limits';
import { TencentCloudInfiniteApi } from '../../../credentials/TencentCloudInfiniteApi.credentials';
import { properties } from '../../../nodes/ImageRepair/parameters';
import { properties as triggerProperties } from '../../../nodes/ImageRepairTrigger/parameters';
import { DESCRIPTION } from '../../../nodes/shared/messages';
import { fencedBlocks, readPage, ROOT, tableRows, targets } from './markdown';
import { POLICIES } from './policies';

/** Their descriptions need modules that Jest cannot load here. */
const NODE_SOURCES = [
	'nodes/ImageRepair/ImageRepair.node.ts',
	'nodes/ImageRepairTrigger/ImageRepairTrigger.node.ts',
];
const credential = new TencentCloudInfiniteApi();
const readme = readPage('README.md');
const oneLine = readme.replace(/\s+/g, ' ');
const { name: packageName } = JSON.parse(readPage('package.json')) as { name: string };

type Field = Pick<INodeProperties, 'displayName' | 'name' | 'options'>;

/** Each field with those inside it. */
function allFields(fields: readonly Field[]): Field[] {
	return fields.flatMap((field) => [
		field,
		...(field.options ?? []).flatMap((option) => {
			if ('values' in option) return allFields(option.values);
			return 'displayName' in option ? allFields([option]) : [];
		}),
	]);
}

const fields = allFields([...properties, ...triggerProperties, ...credential.properties]);

const choicesOf = (displayName: string) =>
	fields
		.filter((field) => field.displayName === displayName)
		.flatMap(({ options = [] }) => options.map((option) => option.name));

const labels = new Set([
	...fields.map(({ displayName }) => displayName.replace(/ \(Minutes\)$/, '')),
	...fields.flatMap(({ options = [] }) =>
		options.map((option) => ('displayName' in option ? option.displayName : option.name)),
	),
]);

/** Written in italics, but on another page or in the terminal. */
const ELSEWHERE = ['API Keys', 'Test', 'Your images'];

const italics = [
	...new Set([...oneLine.matchAll(/(?<!\w)_([^_]+)_(?!\w)/g)].map(([, label = '']) => label)),
].filter((label) => !ELSEWHERE.includes(label));

test('the README names settings', () => {
	expect(italics.length).toBeGreaterThan(15);
});

test.each(italics)('the setting that the README names is in the node: %s', (label) => {
	expect(labels).toContain(label);
});

test.each(['Found Text', 'Found Logo', 'Polygons', 'Rectangles', 'Automatic'])(
	'an area that the README names is a choice of Area: %s',
	(name) => {
		expect(readme).toContain(name);
		expect(choicesOf('Area')).toContain(name);
	},
);

test.each(['Retry Lost Calls', 'Max Billed Calls', 'Dry Run'])('%s is an option', (name) => {
	expect(readme).toContain(name);
	expect(choicesOfOptions()).toContain(name);
});

function choicesOfOptions(): string[] {
	const { options = [] } = properties.find(({ name }) => name === 'options') ?? {};
	return options.map((option) => ('displayName' in option ? option.displayName : option.name));
}

test('the table of the modes has all modes of the node', () => {
	const modes = choicesOf('Mode');
	expect(new Set(modes).size).toBe(5);
	const named = tableRows('README.md').map(([first = '']) => first);
	for (const mode of modes) expect(named).toContain(mode);
});

test('the names of the nodes and of the credential are those in n8n', () => {
	for (const source of NODE_SOURCES) {
		const displayName = /\tdisplayName: '([^']+)'/.exec(readPage(source))?.[1];
		expect(readme).toContain(`**${String(displayName)}**`);
	}
	expect(readme).toContain(`**${credential.displayName}**`);
});

test('the credential has the fields that the README names', () => {
	const named = credential.properties.map(({ displayName }) => displayName);
	expect(named).toEqual(
		expect.arrayContaining(['Secret ID', 'Secret Key', 'Bucket', 'Region', 'Security Token']),
	);
	const bucket = credential.properties.find(({ name }) => name === 'bucket');
	expect(bucket?.placeholder).toBe('e.g. examplebucket-1250000000');
	const secretId = credential.properties.find(({ name }) => name === 'secretId');
	expect(secretId?.description).toContain('"API Keys"');
});

test('the README and n8n say alike what the node is for', () => {
	expect(DESCRIPTION).toContain('own or licensed images');
	for (const source of NODE_SOURCES) {
		expect(readPage(source)).toContain('\tdescription: DESCRIPTION,');
	}
	expect(oneLine).toContain('The node is for your own or licensed images');
	expect(oneLine).toContain('removes logos and watermarks from your own or licensed images');
});

test('n8n is asked to install the package by its name, which says that it is a community node', () => {
	expect(readme).toContain(`enter \`${packageName}\``);
	expect(packageName).toMatch(/^n8n-nodes-/);
	expect(JSON.parse(readPage('package.json'))).toMatchObject({
		keywords: expect.arrayContaining(['n8n-community-node-package']) as string[],
	});
});

test('neither the name of the package nor who publishes it is that of n8n or of Tencent', () => {
	const { author, homepage } = JSON.parse(readPage('package.json')) as {
		author: { name: string };
		homepage: string;
	};
	expect(packageName).not.toMatch(/^@/);
	expect(author.name).toBe(`${packageName} contributors`);
	expect(homepage.split('/').at(-2)).not.toMatch(/n8n|tencent/i);
});

test('the limits in the README are those that the node checks', () => {
	const written = (value: number) => value.toLocaleString('en-US');
	for (const limit of [
		`up to ${String(MAX_SOURCE_BYTES / 1024 / 1024)} MB`,
		`${written(MAX_SOURCE_SIDE)} pixels on each side`,
		`(WebP: ${written(MAX_WEBP_SIDE)})`,
		`${String(MAX_PIXELS / 1e6)} million pixels in total`,
		`at most ${String(MAX_FRAMES)} frames`,
		`at most ${String(MAX_KEY_BYTES)} bytes`,
	]) {
		expect(oneLine).toContain(limit);
	}
	expect(MAX_RESULTS).toBe(5);
	expect(oneLine).toContain('up to five results');
});

test('there is a policy to paste for each of the repair modes', () => {
	const repairing = [...choicesOf('Mode')].filter((mode) => mode.includes('Repair'));
	expect([...new Set(repairing)].filter((mode) => !POLICIES.has(mode))).toEqual([]);
});

test('the page on the first repair has a screenshot of each step in n8n', () => {
	const images = targets('docs/first-repair.md').filter((target) => target.endsWith('.png'));
	expect(images.length).toBeGreaterThan(4);
});

test('the first block of commands starts the playground', () => {
	expect(fencedBlocks('README.md', 'sh')[0]?.trim()).toBe('npm ci && npm start');
});

interface Workflow {
	name: string;
	nodes: Array<{ name: string; type: string; parameters: Record<string, unknown> }>;
}

const examples = new Map(
	readdirSync(join(ROOT, 'examples')).map((file) => [
		file.replace('.json', ''),
		JSON.parse(readPage(`examples/${file}`)) as Workflow,
	]),
);

/** What an example sets in a node, by the end of the type. */
function settingsOf(example: string, type: string): Array<Record<string, unknown>> {
	const { nodes = [] } = examples.get(example) ?? {};
	return nodes.filter((one) => one.type.endsWith(`.${type}`)).map(({ parameters }) => parameters);
}

test.each([...examples])('the example %s has notes, the first under its name', (_, workflow) => {
	const notes = workflow.nodes.filter(({ type }) => type.endsWith('.stickyNote'));
	expect(String(notes[0]?.parameters.content)).toMatch(`## ${workflow.name}\n`);
});

const having = (settings: object): unknown => expect.objectContaining(settings) as unknown;
const ANY = expect.anything() as unknown;
const IN_THE_CORNER = {
	area: 'rectangles',
	rectangles: { rectangle: [having({ corner: 'bottomRight', unit: 'percent' })] },
};

test.each<[example: string, type: string, settings: object]>([
	['clean-folder-nightly', 'scheduleTrigger', { rule: { interval: [{ triggerAtHour: 3 }] } }],
	['clean-folder-nightly', 'imageRepair', { operation: 'getMany' }],
	['clean-folder-nightly', 'imageRepair', { ...IN_THE_CORNER, options: { skipExisting: true } }],
	['clean-new-uploads', 'imageRepairTrigger', { folder: having({ value: 'inbox/' }) }],
	['webhook-to-storage-and-chat', 'imageRepair', { operation: 'upload' }],
	['vision-model-finds-logo', 'imageRepair', { area: 'polygons', polygons: ANY }],
	['remove-text-watermarks', 'imageRepair', { area: 'text', texts: ['SAMPLE'] }],
	['approve-before-publishing', 'imageRepair', { options: { temporaryLinks: 1440 } }],
	['repair-on-download', 'imageRepair', { operation: 'download' }],
	['repair-on-upload', 'imageRepair', { operation: 'upload' }],
	['repair-in-bucket', 'imageRepair', { operation: 'cloud' }],
	[
		'list-bucket',
		'httpRequest',
		{ nodeCredentialType: 'tencentCloudInfiniteApi', sendQuery: true },
	],
])('%s has a node %s with what the README says of it', (example, type, settings) => {
	expect(settingsOf(example, type)).toContainEqual(having(settings));
});
