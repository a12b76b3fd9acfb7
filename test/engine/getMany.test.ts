import { join } from 'node:path';
import { NodeHelpers, type INode, type INodeParameters, type INodeType } from 'n8n-workflow';

import { byKey, NODE, openScene, image, type RunSettings, type Scene } from './bucketAndEngine';

let scene: Scene;

const NOW = Date.parse('2026-01-01T00:00:00Z');
const SIZES: Readonly<Record<string, number>> = {
	'in/a.jpg': 300,
	'in/a-repaired.jpg': 1,
	'in/b.PNG': 100,
	'in/note.txt': 5,
	'in/sub/c 图😀%.webp': 200,
	'other/d.jpg': 50,
};

beforeAll(async () => {
	scene = await openScene({}, { delay: 1 });
	for (const [index, [key, size]] of Object.entries(SIZES).entries()) {
		// The order by time is none of the others: a, b, c are 0, 2 and 1.
		const time = new Date(NOW + ((index * 2) % 7) * 1000);
		await scene.sandbox.putObject(key, Buffer.alloc(size), 'image/jpeg', time);
	}
	for (let start = 0; start < 1200; start += 50) {
		const puts = Array.from({ length: 50 }, async (_, index) => {
			const key = `many/${String(start + index).padStart(4, '0')}.jpg`;
			await scene.sandbox.putObject(key, Buffer.from('x'), 'image/jpeg');
		});
		await Promise.all(puts);
	}
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.resetCalls();
});

const folder = (value: string, mode = 'path'): INodeParameters => ({ __rl: true, mode, value });

async function list(parameters: INodeParameters, more?: RunSettings) {
	const given = { operation: 'getMany', folder: folder('in'), ...parameters };
	return await scene.run(given, undefined, more);
}

async function keysOf(parameters: INodeParameters): Promise<unknown[]> {
	const result = await list(parameters);
	expect(result.error).toBeUndefined();
	return result.output(NODE).map(({ json }) => json.key);
}

test('an item holds key, bucket, address, size, ETag and time, ready for the node', async () => {
	const result = await list({ sortBy: 'smallest' });
	expect(result.output(NODE)[1]).toEqual({
		json: {
			key: 'in/sub/c 图😀%.webp',
			bucket: scene.sandbox.bucket,
			url: `${scene.sandbox.url}/in/sub/${encodeURIComponent('c 图😀%.webp')}`,
			size: 200,
			etag: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
			lastModified: '2026-01-01T00:00:01.000Z',
		},
		pairedItem: { item: 0 },
	});
	// Nothing of it is worth a line in the output panel.
	expect(result.hints(NODE)).toEqual([]);
});

test.each<[what: string, parameters: INodeParameters, expected: string[]]>([
	['by key', {}, ['in/a.jpg', 'in/b.PNG', 'in/sub/c 图😀%.webp']],
	['newest first', { sortBy: 'newest' }, ['in/b.PNG', 'in/sub/c 图😀%.webp', 'in/a.jpg']],
	['oldest first', { sortBy: 'oldest' }, ['in/a.jpg', 'in/sub/c 图😀%.webp', 'in/b.PNG']],
	['largest first', { sortBy: 'largest' }, ['in/a.jpg', 'in/sub/c 图😀%.webp', 'in/b.PNG']],
	['smallest first', { sortBy: 'smallest' }, ['in/b.PNG', 'in/sub/c 图😀%.webp', 'in/a.jpg']],
	['the newest two', { sortBy: 'newest', limit: 2 }, ['in/b.PNG', 'in/sub/c 图😀%.webp']],
	['without subfolders', { includeSubfolders: false }, ['in/a.jpg', 'in/b.PNG']],
	['of a type', { fileTypes: ['image/png'] }, ['in/b.PNG']],
	[
		'with results',
		{ ignoreRepaired: false, fileTypes: ['image/jpeg'] },
		['in/a-repaired.jpg', 'in/a.jpg'],
	],
	['of a folder that is not there', { folder: folder('nowhere') }, []],
])('lists images %s', async (_, parameters, expected) => {
	expect(await keysOf(parameters)).toEqual(expected);
	expect((await scene.sandbox.calls()).map(({ kind }) => kind)).toEqual(['list']);
});

describe('of more than a page', () => {
	const many = { folder: folder('many') };

	test('gives 50 by default, and asks for no page that it does not need', async () => {
		expect(await keysOf(many)).toHaveLength(50);
		expect(await scene.sandbox.calls()).toHaveLength(1);
	});

	test('gives all when told to', async () => {
		const all = Array.from(
			{ length: 1200 },
			(_, index) => `many/${String(index).padStart(4, '0')}.jpg`,
		);
		expect(await keysOf({ ...many, returnAll: true, limit: 3 })).toEqual(all);
		expect(await scene.sandbox.calls()).toHaveLength(2);
	});

	test('looks at all of them for the first by time', async () => {
		expect(await keysOf({ ...many, sortBy: 'newest', limit: 1 })).toHaveLength(1);
		expect(await scene.sandbox.calls()).toHaveLength(2);
	});
});

test('each input item makes a list of its own, and one that cannot be leaves the others alone', async () => {
	const result = await scene.run(
		{
			operation: 'getMany',
			folder: folder('={{ $json.folder }}'),
			includeSubfolders: false,
		},
		[{ json: { folder: 'in' } }, { json: { folder: '' } }, { json: { folder: 'other' } }],
		{ node: { onError: 'continueRegularOutput' } },
	);
	expect(result.output(NODE).map(({ json, pairedItem }) => [json.key, pairedItem])).toEqual([
		['in/a.jpg', { item: 0 }],
		['in/b.PNG', { item: 0 }],
		[undefined, { item: 1 }],
		['other/d.jpg', { item: 2 }],
	]);
	expect(result.output(NODE)[2]?.json.error).toMatchObject({
		message: 'Folder is empty [item 1]',
		code: 'InvalidInput',
	});
});

test.each<[what: string, parameters: INodeParameters, message: RegExp]>([
	['a limit of 0', { limit: '={{ 0 }}' }, /^Limit is less than 1 \[item 0\]$/],
	['a result key that fits all', { resultKeys: ['{name}'] }, /^Result Key "\{name\}" fits every/],
])('%s is refused, and nothing is sent', async (_, parameters, message) => {
	expect((await list(parameters)).error?.message).toMatch(message);
	expect(await scene.sandbox.calls()).toEqual([]);
});

test('an account that may not list is told which permission it needs', async () => {
	await scene.sandbox.setFaults([
		{ kind: 'list', fault: { fault: 'status', status: 403, code: 'AccessDenied' } },
	]);
	const result = await list({});
	await scene.sandbox.clearFaults();
	expect(result.error?.description).toContain('cos:GetBucket');
});

test('its keys feed the node that repairs them', async () => {
	const original = await image();
	for (const key of ['chain/a b.png', 'chain/图.png']) {
		await scene.sandbox.putObject(key, original, 'image/png');
	}
	const listed = await list({ folder: folder('chain') });
	const repaired = await scene.run(
		{ operation: 'cloud', objectKey: byKey('={{ $json.key }}'), area: 'automatic' },
		listed.output(NODE).map(({ json }) => ({ json })),
	);
	expect(repaired.error).toBeUndefined();
	expect(await keysOf({ folder: folder('chain') })).toEqual(['chain/a b.png', 'chain/图.png']);
	expect((await scene.sandbox.keys()).filter((key) => key.includes('-repaired.png'))).toEqual([
		'chain/a b-repaired.png',
		'chain/图-repaired.png',
	]);
});

test('no field is shown that has no effect on a list', async () => {
	const built: string = join(__dirname, '../../dist/nodes/ImageRepair/ImageRepair.node.js');
	const { ImageRepair } = (await import(built)) as { ImageRepair: new () => INodeType };
	const { description } = new ImageRepair();
	const node: INode = {
		id: '1',
		name: NODE,
		type: 'imageRepair',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	// What an earlier choice of mode and area has left behind must not show through.
	const values = { operation: 'getMany', area: 'mask', maskSource: 'binary', downloadResult: true };
	const parameters =
		NodeHelpers.getNodeParameters(description.properties, values, true, true, node, description) ??
		{};
	const isShown = (property: (typeof description.properties)[number], own = parameters) =>
		NodeHelpers.displayParameter(own, property, node, description, parameters);
	const shown = description.properties.filter((property) => isShown(property));
	expect(shown.map(({ displayName }) => displayName)).toEqual([
		...['Mode', 'Folder', 'Include Subfolders', 'File Types', 'Ignore Repaired Images'],
		...['Result Key', 'Return All', 'Limit', 'Sort By', 'Options'],
	]);
	const options = shown.find(({ name }) => name === 'options')?.options ?? [];
	const names = options
		.filter((option) => 'type' in option)
		.filter((option) => isShown(option, { ...values }))
		.map(({ displayName }) => displayName);
	expect(names).toEqual(['Max Concurrency', 'Requests per Second', 'Retries', 'Timeout']);
});

describe('from an expression', () => {
	test('a folder may be plain text or a number', async () => {
		expect(await keysOf({ folder: '={{ "in" }}', ignoreRepaired: false })).toHaveLength(4);
		await scene.sandbox.putObject('2025/new year.jpg', Buffer.from('x'), 'image/jpeg');
		expect(await keysOf({ folder: folder('={{ 2025 }}') })).toEqual(['2025/new year.jpg']);
	});

	test('a folder that is neither is refused', async () => {
		const result = await list({ folder: folder('={{ [1, 2] }}') });
		expect(result.error?.message).toBe('Folder is [1,2], which is not text [item 0]');
		expect(await scene.sandbox.calls()).toEqual([]);
	});

	test('one file type may come without a list around it', async () => {
		expect(await keysOf({ fileTypes: '={{ "image/png" }}' })).toEqual(['in/b.PNG']);
	});

	test.each(['={{ " " }}', '={{ "many" }}', '={{ {} }}'])(
		'the limit %s is refused, and nothing is sent',
		async (limit) => {
			const result = await list({ limit });
			expect(result.error?.message).toMatch(/^Limit is .*, which is not a number \[item 0\]$/);
			expect(await scene.sandbox.calls()).toEqual([]);
		},
	);

	test('a limit that is not set is the default', async () => {
		expect(await keysOf({ limit: '={{ null }}', ignoreRepaired: false })).toHaveLength(4);
	});
});
