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
		// Unlike the orders by key and by size: a, b and c are at 0, 2 and 1 seconds.
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
	const all = { operation: 'getMany', folder: folder('in'), ...parameters };
	return await scene.run(all, undefined, more);
}

async function keysOf(parameters: INodeParameters): Promise<unknown[]> {
	const result = await list(parameters);
	expect(result.error).toBeUndefined();
	return result.output(NODE).map(({ json }) => json.key);
}

test('an item has key, bucket, URL, size, ETag and time', async () => {
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
	['of one type', { fileTypes: ['image/png'] }, ['in/b.PNG']],
	[
		'with results',
		{ ignoreRepaired: false, fileTypes: ['image/jpeg'] },
		['in/a-repaired.jpg', 'in/a.jpg'],
	],
	['of a folder that does not exist', { folder: folder('nowhere') }, []],
])('lists images %s', async (_, parameters, expected) => {
	expect(await keysOf(parameters)).toEqual(expected);
	expect((await scene.sandbox.calls()).map(({ kind }) => kind)).toEqual(['list']);
});

describe('a list without an image says why in the line above the output', () => {
	const lineOf = async (parameters: INodeParameters) => {
		const result = await list(parameters);
		expect(result.error).toBeUndefined();
		expect(result.output(NODE)).toEqual([]);
		return result.hints(NODE).map(({ message, type }) => [type, message]);
	};

	test.each<[what: string, parameters: INodeParameters, type: string, line: string]>([
		[
			'a misspelled folder',
			{ folder: folder('In') },
			'warning',
			'Nothing in the bucket begins with "In/". Check how Folder is spelled: upper and lower case count.',
		],
		[
			'a type that nothing has',
			{ fileTypes: ['image/bmp'] },
			'info',
			'No image in "in/" fits. Files of types not chosen in File Types: 5.',
		],
		[
			'a place of repaired images',
			{ folder: folder('in/a-', 'prefix') },
			'info',
			'No image in "in/a-" fits. Left out by Ignore Repaired Images: 1.',
		],
		[
			'a place of other files',
			{ folder: folder('in/n', 'prefix') },
			'info',
			'No image in "in/n" fits. Files of types that cannot be repaired: 1.',
		],
		[
			'a folder that only holds folders',
			{ folder: folder('/'), includeSubfolders: false },
			'info',
			'No image in "/" fits. Folders in it that were left out, as Include Subfolders is off: 3.',
		],
	])('%s', async (_, parameters, type, line) => {
		expect(await lineOf(parameters)).toEqual([[type, line]]);
	});

	test('an empty folder that was made in the console', async () => {
		await scene.sandbox.putObject('made/', Buffer.alloc(0), 'application/x-directory');
		expect(await lineOf({ folder: folder('made') })).toEqual([
			['info', 'The folder "made/" is empty.'],
		]);
		await scene.sandbox.deleteObject('made/');
	});

	test('only the items without an image are named, and of many only the first', async () => {
		const folders = ['in', ...Array.from({ length: 7 }, (_, index) => `nowhere${index}`)];
		const result = await scene.run(
			{ operation: 'getMany', folder: folder('={{ $json.folder }}') },
			folders.map((name) => ({ json: { folder: name } })),
		);
		const [hint, ...others] = result.hints(NODE);
		expect(others).toEqual([]);
		expect(hint?.message).toMatch(
			/^Item 1: Nothing in the bucket begins with "nowhere0\/".* Item 5: .* Further items without an image: 2\.$/,
		);
		expect(hint?.message).not.toContain('Item 0');
	});
});

describe('with more than one page of objects', () => {
	const many = { folder: folder('many') };

	test('returns 50 by default, and requests no page that it does not need', async () => {
		expect(await keysOf(many)).toHaveLength(50);
		expect(await scene.sandbox.calls()).toHaveLength(1);
	});

	test('returns all if Return All is on', async () => {
		const all = Array.from(
			{ length: 1200 },
			(_, index) => `many/${String(index).padStart(4, '0')}.jpg`,
		);
		expect(await keysOf({ ...many, returnAll: true, limit: 3 })).toEqual(all);
		expect(await scene.sandbox.calls()).toHaveLength(2);
	});

	test('reads all pages to find the newest image', async () => {
		expect(await keysOf({ ...many, sortBy: 'newest', limit: 1 })).toHaveLength(1);
		expect(await scene.sandbox.calls()).toHaveLength(2);
	});
});

test('each input item gets its own list, and an invalid item does not affect the others', async () => {
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
	[
		'a result key that matches every image',
		{ resultKeys: ['{name}'] },
		/^Result Keys to Ignore "\{name\}" fits every/,
	],
])('%s is rejected, and no request is sent', async (_, parameters, message) => {
	expect((await list(parameters)).error?.message).toMatch(message);
	expect(await scene.sandbox.calls()).toEqual([]);
});

test('the message for an account without permission to list names the permission', async () => {
	await scene.sandbox.setFaults([
		{ kind: 'list', fault: { fault: 'status', status: 403, code: 'AccessDenied' } },
	]);
	const result = await list({});
	await scene.sandbox.clearFaults();
	expect(result.error?.description).toContain('cos:GetBucket');
});

test('the listed keys can be used to repair the images', async () => {
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

test('only fields that affect a list are shown', async () => {
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
	// Values left from an earlier choice of mode and area must not make fields visible.
	const values = { operation: 'getMany', area: 'mask', maskSource: 'binary', downloadResult: true };
	const parameters =
		NodeHelpers.getNodeParameters(description.properties, values, true, true, node, description) ??
		{};
	const isShown = (property: (typeof description.properties)[number], own = parameters) =>
		NodeHelpers.displayParameter(own, property, node, description, parameters);
	const shown = description.properties.filter((property) => isShown(property));
	expect(shown.map(({ displayName }) => displayName)).toEqual([
		...['Mode', 'Folder', 'Include Subfolders', 'File Types', 'Ignore Repaired Images'],
		...['Result Keys to Ignore', 'Only Without Result', 'Return All', 'Limit', 'Sort By'],
		'Options',
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

	test('a folder that is neither is rejected', async () => {
		const result = await list({ folder: folder('={{ [1, 2] }}') });
		expect(result.error?.message).toBe('Folder is [1,2], which is not text [item 0]');
		expect(await scene.sandbox.calls()).toEqual([]);
	});

	test('a single file type need not be in a list', async () => {
		expect(await keysOf({ fileTypes: '={{ "image/png" }}' })).toEqual(['in/b.PNG']);
	});

	test.each(['={{ " " }}', '={{ "many" }}', '={{ {} }}'])(
		'the limit %s is rejected, and no request is sent',
		async (limit) => {
			const result = await list({ limit });
			expect(result.error?.message).toMatch(/^Limit is .*, which is not a number \[item 0\]$/);
			expect(await scene.sandbox.calls()).toEqual([]);
		},
	);

	test('a limit of null means the default', async () => {
		expect(await keysOf({ limit: '={{ null }}', ignoreRepaired: false })).toHaveLength(4);
	});
});
