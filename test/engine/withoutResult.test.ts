import type { INodeParameters } from 'n8n-workflow';

import { NODE, openScene, type Scene } from './bucketAndEngine';

let scene: Scene;

beforeAll(async () => {
	scene = await openScene({}, { delay: 1 });
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.deleteObjects();
	await scene.sandbox.resetCalls();
});

const NOW = Date.parse('2026-01-01T00:00:00Z');
const at = (second: number) => new Date(NOW + second * 1000);

async function put(objects: Readonly<Record<string, number>>): Promise<void> {
	const list = Object.entries(objects).map(([key, second]) => ({
		key,
		bytes: Buffer.from('any'),
		lastModified: at(second),
	}));
	await scene.sandbox.putObjects(list, 'image/jpeg');
}

async function list(parameters: INodeParameters) {
	return await scene.run({
		operation: 'getMany',
		folder: { __rl: true, mode: 'path', value: 'in' },
		onlyWithoutResult: true,
		...parameters,
	});
}

async function keysOf(parameters: INodeParameters = {}): Promise<unknown[]> {
	const result = await list(parameters);
	expect(result.error).toBeUndefined();
	return result.output(NODE).map(({ json }) => json.key);
}

async function requests(): Promise<string[]> {
	return (await scene.sandbox.calls()).map(({ kind, query }) => `${kind} ${query.prefix ?? ''}`);
}

describe('Only Without Result', () => {
	test('lists an image unless its result was certainly stored after it', async () => {
		await put({
			...{ 'in/new.jpg': 0 },
			...{ 'in/done.jpg': 0, 'in/done-repaired.jpg': 1 },
			...{ 'in/changed.jpg': 5, 'in/changed-repaired.jpg': 1 },
			...{ 'in/doubt.jpg': 1, 'in/doubt-repaired.jpg': 1 },
			...{ 'in/other.jpg': 0, 'in/other-repaired.png': 1 },
			...{ 'in/gone-repaired.jpg': 1, 'in/note.txt': 0 },
			...{ 'in/sub/new.jpg': 0, 'in/sub/done.jpg': 0, 'in/sub/done-repaired.jpg': 9 },
		});
		expect(await keysOf()).toEqual([
			...['in/changed.jpg', 'in/doubt.jpg', 'in/new.jpg', 'in/other.jpg', 'in/sub/new.jpg'],
		]);
		expect(await requests()).toEqual(['list in/']);
	});

	test('looks in another folder, in a subfolder and for all Additional Results', async () => {
		await put({
			...{ 'in/a.jpg': 0, 'cleaned/a.jpg': 1, 'in/clean/a.jpg': 1 },
			...{ 'in/b.jpg': 0, 'cleaned/b.jpg': 1 },
			...{ 'in/c.jpg': 0, 'in/clean/c.jpg': 1 },
			'in/d.jpg': 0,
		});
		const both = ['/cleaned/{name}{extension}', 'clean/{name}{extension}'];
		expect(await keysOf({ soughtResultKeys: [both[0] ?? ''], includeSubfolders: false })).toEqual([
			'in/c.jpg',
			'in/d.jpg',
		]);
		expect(await requests()).toEqual(['list in/', 'list cleaned/']);
		expect(await keysOf({ soughtResultKeys: both })).toEqual(['in/b.jpg', 'in/c.jpg', 'in/d.jpg']);
	});

	test('works without Ignore Repaired Images, and a result is never listed as an image', async () => {
		await put({ 'in/a.jpg': 0, 'in/b.jpg': 0, 'in/a-repaired.jpg': 1 });
		expect(await keysOf({ ignoreRepaired: false })).toEqual(['in/b.jpg']);
	});

	test('keeps to Limit, Sort By and File Types', async () => {
		await put({
			...{ 'in/a.jpg': 3, 'in/b.png': 1, 'in/c.jpg': 2, 'in/d.jpg': 0 },
			...{ 'in/d-repaired.jpg': 9, 'in/e.jpg': 4 },
		});
		expect(await keysOf({ sortBy: 'oldest', limit: 2 })).toEqual(['in/b.png', 'in/c.jpg']);
		expect(await keysOf({ limit: 2, fileTypes: ['image/jpeg'] })).toEqual(['in/a.jpg', 'in/c.jpg']);
	});

	test('requests each page once, and none when Limit is reached', async () => {
		const lastModified = at(0).toISOString();
		await scene.sandbox.addSeries([
			{ key: 'in/IMG_{n}.jpg', digits: 5, first: 0, count: 10_000, lastModified },
			{
				...{ key: 'in/clean/IMG_{n}.jpg', digits: 5, first: 0, count: 10_000 },
				...{ leaveOut: 1000, lastModified: at(1).toISOString() },
			},
		]);
		const parameters = { soughtResultKeys: ['clean/{name}{extension}'] };
		expect(await keysOf({ ...parameters, returnAll: true })).toHaveLength(10);
		// Two pages more than of 19,990 objects: one reaches into the folder that is read by itself, one goes
		// on behind it.
		expect(await requests()).toHaveLength(22);
		await scene.sandbox.resetCalls();
		expect(await keysOf({ ...parameters, limit: 1 })).toEqual(['in/IMG_00000.jpg']);
		expect((await requests()).length).toBeLessThan(6);
	});

	test('nothing to do is good news', async () => {
		await put({ 'in/a.jpg': 0, 'in/a-repaired.jpg': 1, 'in/b.jpg': 0, 'in/b-repaired.jpg': 1 });
		const result = await list({});
		expect(result.output(NODE)).toEqual([]);
		expect(result.hints(NODE).map(({ message, type }) => [type, message])).toEqual([
			['info', 'All 2 images that fit have their results already.'],
		]);
		const wrong = await list({ folder: { __rl: true, mode: 'path', value: 'In' } });
		expect(wrong.hints(NODE)[0]?.type).toBe('warning');
	});

	test.each<[what: string, soughtResultKeys: INodeParameters[string], message: RegExp]>([
		['no result key', [], /^Result Keys to Look For is needed/],
		[
			'a result key that is the image',
			['{name}{extension}'],
			/^Result Keys to Look For .* fits every/,
		],
		['a folder', ['clean/{folder}'], /^Result Keys to Look For .* is a folder/],
		['an address', ['https://a.b/{name}.jpg'], /^Result Keys to Look For is an address/],
		['an unknown placeholder', ['{date}.jpg'], /^Result Keys to Look For has the unknown .*{date}/],
	])('%s is refused before anything is sent', async (_, soughtResultKeys, message) => {
		expect((await list({ soughtResultKeys })).error?.message).toMatch(message);
		expect(await scene.sandbox.calls()).toEqual([]);
	});
});
