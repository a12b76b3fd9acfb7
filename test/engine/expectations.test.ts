import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { setTimeout as sleep } from 'node:timers/promises';

import type { EngineItem } from '../../dev/engine/engine';
import { byKey, image, LOGO_POLYGON, NODE, openScene, type Scene } from './bucketAndEngine';

/** What people expect at every step, and do not read up. */

const PNG = 'image/png';
let scene: Scene;
let original: Buffer;

beforeAll(async () => {
	original = await image();
	scene = await openScene({}, { buckets: ['otherbucket-1250000000'] });
});
afterAll(async () => await scene.close());
beforeEach(async () => {
	await scene.sandbox.deleteObjects();
	for (const key of ['photos/a.png', 'photos/b.png', 'photos/c.png']) {
		await scene.sandbox.putObject(key, original, PNG);
	}
	await scene.sandbox.resetCalls();
});

const logo: INodeParameters = { area: 'polygons', polygons: LOGO_POLYGON };
const keysOf = (...keys: string[]): EngineItem[] => keys.map((key) => ({ json: { key } }));
const file = (fileName: string): EngineItem => ({
	json: {},
	binary: { data: { content: original, mimeType: PNG, fileName } },
});
const cloud: INodeParameters = {
	operation: 'cloud',
	objectKey: byKey('={{ $json.key }}'),
	resultKey: 'clean/{name}{extension}',
	...logo,
	options: { maxConcurrency: 1 },
};

describe('an item that fails names its image', () => {
	const cases: Array<
		[what: string, parameters: INodeParameters, input: () => EngineItem, beside: IDataObject]
	> = [
		[
			'in the bucket',
			cloud,
			() => ({ json: { key: 'photos/gone.png' } }),
			{ key: 'photos/gone.png', resultKeys: ['photos/clean/gone.png'] },
		],
		[
			'whose path is none',
			cloud,
			() => ({ json: { key: 'photos/../a.png' } }),
			{ key: 'photos/../a.png' },
		],
		[
			'of a download',
			{ operation: 'download', objectKey: byKey('={{ $json.key }}'), ...logo },
			() => ({ json: { key: 'photos/gone.png' } }),
			{ key: 'photos/gone.png' },
		],
		[
			'at a public address, without its signature',
			{
				operation: 'download',
				objectKey: { __rl: true, mode: 'public', value: 'ftp://example.com/a.png?sign=secret' },
				...logo,
			},
			() => ({ json: {} }),
			{ sourceUrl: 'ftp://example.com/a.png' },
		],
		[
			'of an upload that is refused',
			{ operation: 'upload', storeAs: 'in/', ...logo, polygons: '[[[0,0],[999,0],[9,9]]]' },
			() => file('cat.png'),
			{ fileName: 'cat.png', key: 'in/cat.png', resultKeys: ['in/cat-repaired.png'] },
		],
		[
			'of an upload that is no image',
			{ operation: 'upload', ...logo },
			() => ({
				json: {},
				binary: {
					data: { content: Buffer.from('%PDF-1.7 nothing'), mimeType: PNG, fileName: 'list.pdf' },
				},
			}),
			{ fileName: 'list.pdf' },
		],
	];

	test.each(cases)('%s, beside the error and in it', async (_, parameters, input, beside) => {
		const result = await scene.run(parameters, [input()], {
			node: { onError: 'continueRegularOutput' },
		});
		const { error, ...others } = result.output(NODE)[0]?.json ?? {};
		expect(others).toEqual(beside);
		expect(error).toMatchObject(beside);
		const name = beside.key ?? beside.fileName ?? beside.sourceUrl;
		expect((error as IDataObject).message).toContain(name);
		expect(JSON.stringify(result.output(NODE))).not.toContain('secret');
	});

	test.each([
		['a public image', 'public', 'ftp://me:hunter2secret@example.com/a.png'],
		['an object', 'key', '{host}/photos/?q-sign-algorithm=sha1&q-signature=hunter2secret'],
		['an object', 'url', 'https://me:hunter2secret@example.com/a.png?token=hunter2secret'],
	])('without what gives access to %s (%s)', async (_, mode, given) => {
		const { host } = new URL(scene.sandbox.url);
		const result = await scene.run(
			{
				operation: 'download',
				objectKey: { __rl: true, mode, value: given.replace('{host}', host) },
				...logo,
			},
			undefined,
			{ node: { onError: 'continueRegularOutput' } },
		);
		expect(result.output(NODE)[0]?.json).toHaveProperty('error');
		expect(JSON.stringify(result.output(NODE))).not.toContain('hunter2secret');
	});

	test('at the error output, beside the fields that the item came in with', async () => {
		const result = await scene.run(
			cloud,
			[{ json: { key: 'photos/gone.png', order: 7 } }, ...keysOf('photos/a.png')],
			{ node: { onError: 'continueErrorOutput' } },
		);
		expect(result.output(NODE, 0)).toHaveLength(1);
		expect(result.output(NODE, 1).map(({ json }) => json)).toEqual([
			{
				key: 'photos/gone.png',
				order: 7,
				error: expect.objectContaining({
					key: 'photos/gone.png',
					resultKeys: ['photos/clean/gone.png'],
				}) as object,
			},
		]);
	});
});

describe('a path as people paste it', () => {
	const run = async (pasted: string) => await scene.run(cloud, keysOf(pasted));

	test('as a whole address, even a signed one, is the image', async () => {
		for (const query of ['', '?q-sign-algorithm=sha1&q-signature=abc']) {
			const result = await run(`${scene.sandbox.url}/photos/a.png${query}`);
			expect(result.error).toBeUndefined();
			expect(result.output(NODE)[0]?.json.key).toBe('photos/a.png');
		}
	});

	test('with a slash in front is the image', async () => {
		expect((await run('/photos/a.png')).output(NODE)[0]?.json.key).toBe('photos/a.png');
	});

	test.each<[what: string, pasted: string, message: RegExp]>([
		['with spaces around it', ' photos/a.png', /^Image begins with a space/],
		['with backslashes', 'photos\\a.png', /^Image has a backslash/],
		['of a file on a computer', 'C:\\photos\\a.png', /^Image is the path of a file on a computer/],
		['with the name of the bucket', '{bucket}/photos/a.png', /^Image begins with the name of the/],
		['of Tencent’s tools', 'cos://{bucket}/photos/a.png', /^Image begins with the name of the/],
		[
			'that is an address elsewhere',
			'https://example.com/a.png',
			/^Image is the address of another/,
		],
	])('%s is told before anything is sent', async (_, pasted, message) => {
		const result = await run(pasted.replace('{bucket}', scene.sandbox.bucket));
		expect(result.error?.message).toMatch(message);
		expect(await scene.sandbox.calls()).toEqual([]);
	});

	test.each(['https://example.com/clean.png', '{bucket}/clean.png', 'clean\\{name}.png'])(
		'as a Result Key, %s is told before anything is stored or paid',
		async (pasted) => {
			const resultKey = pasted.replace('{bucket}', scene.sandbox.bucket);
			const result = await scene.run({ ...cloud, resultKey }, keysOf('photos/a.png'));
			expect(result.error?.message).toMatch(
				/^Result Key (is an address|begins with|has a backslash)/,
			);
			expect(await scene.sandbox.calls()).toEqual([]);
		},
	);

	test('as a folder, an address is told, and not listed as empty', async () => {
		const folder = { __rl: true, mode: 'path', value: `${scene.sandbox.url}/photos/` };
		const result = await scene.run({ operation: 'getMany', folder });
		expect(result.error?.message).toMatch(/^Folder is an address, where a path/);
		expect(await scene.sandbox.calls()).toEqual([]);
	});
});

describe('a run that stops', () => {
	test('says what was paid before, and how not to pay it again', async () => {
		const input = keysOf('photos/a.png', 'photos/b.png', 'photos/gone.png', 'photos/c.png');
		// An image that may have changed in the second of its result is repaired anew.
		await sleep(1100);
		const stopped = await scene.run(cloud, input);
		expect(stopped.error?.message).toBe(
			'There is no image under this path in the bucket (photos/gone.png) [item 2]',
		);
		expect(stopped.error?.description).toContain(
			'Before the run stopped: 2 repaired, 1 failed, 2 billed calls.',
		);
		expect(stopped.error?.description).toContain('Skip Existing Results');

		await scene.sandbox.putObject('photos/gone.png', original, PNG);
		const skipping = { maxConcurrency: 1, skipExisting: true };
		const again = await scene.run({ ...cloud, options: skipping }, input);
		expect(again.hints(NODE)[0]?.message).toBe('2 repaired, 2 skipped, 2 billed calls');
		expect(await scene.billedCalls()).toBe(4);
	});

	test('of downloads says how to let the others go on', async () => {
		const { error } = await scene.run(
			{ ...cloud, operation: 'download' },
			keysOf('photos/a.png', 'photos/gone.png'),
		);
		expect(error?.description).toContain('set On Error of this node to Continue');
		expect(error?.description).not.toContain('Skip Existing Results');
	});

	test('does not promise that results in another bucket are found again', async () => {
		const options = { maxConcurrency: 1, destinationBucket: 'otherbucket-1250000000' };
		const { error } = await scene.run(
			{ ...cloud, options },
			keysOf('photos/a.png', 'photos/gone.png'),
		);
		expect(error?.description).toContain('1 repaired, 1 failed, 1 billed call.');
		expect(error?.description).toContain('set On Error of this node to Continue');
		expect(error?.description).not.toContain('Skip Existing Results');
	});

	test('after items that were skipped, or only checked, says neither', async () => {
		// An image that may have changed in the second of its result is repaired anew.
		await sleep(1100);
		expect((await scene.run(cloud, keysOf('photos/a.png'))).error).toBeUndefined();
		for (const option of ['skipExisting', 'dryRun']) {
			const options = { maxConcurrency: 1, [option]: true };
			const { error } = await scene.run(
				{ ...cloud, options },
				keysOf('photos/a.png', 'photos/../gone.png'),
			);
			expect(error?.message).toContain('[item 1]');
			expect(error?.description).not.toMatch(/Repaired|Skip Existing|Continue/);
		}
	});

	test('before anything was paid says neither', async () => {
		const { error } = await scene.run(cloud, keysOf('photos/gone.png'));
		expect(error?.description).not.toMatch(/Before the run stopped|Skip Existing|Continue/);
	});
});

describe('an area that nobody can mean', () => {
	const rectangle = (row: INodeParameters): INodeParameters => ({
		area: 'rectangles',
		rectangles: { rectangle: [row] },
	});
	const half = { unit: 'percent', width: 100, height: 50 };
	const more = { unit: 'percent', width: 100, height: 75 };

	test.each(['download', 'cloud'])(
		'of more than half of the image is questioned by Dry Run in %s mode, and in the line above the output',
		async (operation) => {
			const dry = { ...cloud, operation, ...rectangle(more), options: { dryRun: true } };
			const result = await scene.run(dry, keysOf('photos/a.png'));
			expect(result.output(NODE)[0]?.json.warnings).toEqual([
				expect.stringContaining('covers 75 percent of the image'),
			]);
			expect(result.hints(NODE)[0]).toMatchObject({
				message:
					'Dry run: 1 checked, 1 call would be billed, ' +
					'1 image mostly covered by its area: check it, no repair billed',
				type: 'warning',
			});
			expect(await scene.billedCalls()).toBe(0);
		},
	);

	test('is said after the repair too, for polygons as well', async () => {
		const whole = { area: 'polygons', polygons: '[[[0,0],[120,0],[120,70],[0,70]]]' };
		const result = await scene.run({ ...cloud, ...whole }, keysOf('photos/a.png'));
		expect(result.error).toBeUndefined();
		expect(result.hints(NODE)[0]?.message).toContain('1 image mostly covered by its area');
	});

	test('of up to a half is not questioned', async () => {
		const dry = { ...cloud, ...rectangle(half), options: { dryRun: true } };
		const result = await scene.run(dry, keysOf('photos/a.png'));
		expect(result.output(NODE)[0]?.json).not.toHaveProperty('warnings');
		expect(result.hints(NODE)[0]?.message).toBe(
			'Dry run: 1 checked, 1 call would be billed, no repair billed',
		);
	});

	test('because its size was never entered is refused, in pixels and in percent', async () => {
		for (const row of [{}, { unit: 'percent' }, { left: 5, top: 5 }]) {
			const result = await scene.run({ ...cloud, ...rectangle(row) }, keysOf('photos/a.png'));
			expect(result.error?.message).toMatch(/^Rectangle 1 has no Width or no Height/);
		}
		expect(await scene.sandbox.calls()).toEqual([]);
	});
});

test('a missing file is told before the path that is made of it', async () => {
	const { error } = await scene.run(
		{ operation: 'upload', storeAs: '={{ $binary.data.fileName }}', ...logo },
		[{ json: {} }],
	);
	expect(error?.message).toMatch(/^Input Binary Field "data" is not a binary field of this item/);
});
