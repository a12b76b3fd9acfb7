import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { WorkflowJson } from '../../dev/engine/engine';
import { TRIGGER_TYPE } from '../../dev/packageNames';
import { byKey, NODE, openScene, image, workflowOf, type Scene } from './bucketAndEngine';

const TRIGGER = 'New Images';
const JPEG = 'image/jpeg';
const bytes = Buffer.from('any');

let scene: Scene;
let offset = 0;

beforeAll(async () => {
	// The sandbox returns images unchanged; its list of calls shows which ones were repaired.
	scene = await openScene({}, { delay: 1 });
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await setOffset(0);
	await scene.sandbox.clearFaults();
	await scene.sandbox.deleteObjects();
	await scene.sandbox.resetCalls();
});

async function setOffset(seconds: number): Promise<void> {
	offset = seconds;
	await scene.sandbox.setClock(offset);
}

async function advanceClock(seconds: number): Promise<void> {
	await setOffset(offset + seconds);
}

const ago = (seconds: number) => new Date(Date.now() + (offset - seconds) * 1000);

async function put(key: string, lastModified?: Date): Promise<void> {
	await scene.sandbox.putObject(key, bytes, JPEG, lastModified);
}

async function putMany(keys: readonly string[], lastModified: (index: number) => Date) {
	await scene.sandbox.putObjects(
		keys.map((key, index) => ({ key, bytes, lastModified: lastModified(index) })),
		JPEG,
	);
}

const folder = (value: string, mode = 'path'): INodeParameters => ({ __rl: true, mode, value });

/** A workflow with the trigger and, if it has parameters, the Image Repair node. */
function triggerWorkflow(parameters: INodeParameters = {}, repair?: INodeParameters): WorkflowJson {
	const workflow = workflowOf(repair ?? {});
	const [start, repairNode] = workflow.nodes;
	if (!start || !repairNode) throw new Error('The workflow has no two nodes');
	const trigger = {
		...start,
		name: TRIGGER,
		type: TRIGGER_TYPE,
		parameters: {
			pollTimes: { item: [{ mode: 'everyMinute' }] },
			folder: folder('in/'),
			minimumAge: 0,
			...parameters,
		},
	};
	return {
		nodes: repair ? [trigger, repairNode] : [trigger],
		connections: repair ? { [TRIGGER]: { main: [[{ node: NODE, type: 'main', index: 0 }]] } } : {},
	};
}

async function activate(
	parameters: INodeParameters = {},
	more: { staticData?: IDataObject; pollBudgetMs?: number; repair?: INodeParameters } = {},
) {
	const { repair, ...options } = more;
	return await scene.engine.activate(triggerWorkflow(parameters, repair), {
		credentials: { bucket: scene.credential },
		...options,
	});
}

type Active = Awaited<ReturnType<typeof activate>>;

const keysOf = ({ emitted }: Active) => emitted.map((items) => items.map(({ json }) => json.key));
const everything = { startFrom: 'everything' };

describe('at the first activation', () => {
	test('"From Now On" skips existing images and emits the ones stored later', async () => {
		await putMany(['in/old.jpg', 'in/older.jpg'], (index) => ago(3 + index * 3600));
		const active = await activate({ minimumAge: 30 });
		expect(active.emitted).toEqual([]);
		await put('in/new.jpg');
		await advanceClock(20);
		await active.poll();
		expect(active.emitted).toEqual([]);
		await advanceClock(20);
		await active.poll();
		expect(keysOf(active)).toEqual([['in/new.jpg']]);
		await active.deactivate();
	});

	test('"Everything That Is There" emits existing images at once, oldest first', async () => {
		await putMany(['in/c.jpg', 'in/a.jpg', 'in/b.jpg'], (index) => ago(100 - index));
		const active = await activate(everything);
		expect(keysOf(active)).toEqual([['in/c.jpg', 'in/a.jpg', 'in/b.jpg']]);
		await active.poll();
		expect(active.emitted).toHaveLength(1);
		await active.deactivate();
	});

	test('a wrong secret key is reported, and the workflow does not become active', async () => {
		await expect(
			scene.engine.activate(triggerWorkflow(), {
				credentials: { bucket: { ...scene.credential, secretKey: 'wrong' } },
			}),
		).rejects.toThrow(/The Secret Key does not belong to the Secret ID/);
	});
});

test('an item has key, bucket, URL, size, ETag and time', async () => {
	const time = ago(60);
	await put('in/猫 & %41 😀.jpg', time);
	const active = await activate(everything);
	expect(active.emitted[0]?.map(({ json }) => json)).toEqual([
		{
			key: 'in/猫 & %41 😀.jpg',
			bucket: scene.sandbox.bucket,
			url: `${scene.sandbox.url}/in/${encodeURIComponent('猫 & %41 😀.jpg')}`,
			size: bytes.length,
			etag: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
			lastModified: `${time.toISOString().slice(0, 19)}.000Z`,
		},
	]);
	await active.deactivate();
});

describe('no image is missed or emitted twice', () => {
	test('when images share a second and Limit separates them', async () => {
		const time = ago(60);
		const keys = Array.from(
			{ length: 25 },
			(_, index) => `in/${String(index).padStart(2, '0')}.jpg`,
		);
		await putMany([...keys].reverse(), () => time);
		const active = await activate({ ...everything, limit: 10 });
		for (let polls = 0; polls < 4; polls++) await active.poll();
		expect(keysOf(active)).toEqual([keys.slice(0, 10), keys.slice(10, 20), keys.slice(20)]);
		await active.deactivate();
	});

	test('with more than two pages of objects, in any order by time', async () => {
		const keys = Array.from(
			{ length: 2010 },
			(_, index) => `in/${String(index).padStart(4, '0')}.jpg`,
		);
		const start = ago(10).getTime();
		// The order by age must differ from the order by key.
		const age = (index: number) => (index * 1009) % 2010;
		await putMany(keys, (index) => new Date(start - age(index) * 1000));
		const active = await activate({ ...everything, limit: 1000 });
		await active.poll();
		await active.poll();
		await active.poll();
		expect(active.emitted.map((items) => items.length)).toEqual([1000, 1000, 10]);
		const byAge = keys.map((key, index) => ({ key, age: age(index) }));
		byAge.sort((a, b) => b.age - a.age);
		expect(keysOf(active).flat()).toEqual(byAge.map(({ key }) => key));
		expect((await scene.sandbox.calls()).map(({ kind }) => kind)).toEqual(
			Array.from({ length: 4 * 3 }, () => 'list'),
		);
		// It remembers the last 200 keys, not 2,010.
		expect(JSON.stringify(active.saved()).length).toBeLessThan(10_000);
		await active.deactivate();
	});

	test('when a poll fails half-way', async () => {
		const keys = Array.from(
			{ length: 1001 },
			(_, index) => `in/${String(index).padStart(4, '0')}.jpg`,
		);
		await putMany(keys, () => ago(60));
		const active = await activate({ limit: 2000 });
		await advanceClock(60);
		await putMany(keys, () => ago(10));
		await scene.sandbox.setFaults([
			{ kind: 'list', nth: 2, fault: { fault: 'status', status: 403, code: 'AccessDenied' } },
		]);
		const before = active.saved();
		await active.poll();
		expect(active.pollErrors.map(({ message }) => message)).toEqual([
			'The account may not list the bucket',
		]);
		expect(active.emitted).toEqual([]);
		expect(active.saved()).toEqual(before);
		await scene.sandbox.clearFaults();
		await active.poll();
		expect(keysOf(active)).toEqual([keys]);
		await active.deactivate();
	});

	test('when a response is lost: the page is requested again', async () => {
		await putMany(['in/a.jpg', 'in/b.jpg'], () => ago(60));
		await scene.sandbox.setFaults([
			{ kind: 'list', times: 1, fault: { fault: 'cut', by: 'reset' } },
		]);
		const active = await activate(everything);
		expect(keysOf(active)).toEqual([['in/a.jpg', 'in/b.jpg']]);
		await active.deactivate();
	});

	test('when images are stored during a poll, before and after the page that it reads', async () => {
		const keys = Array.from(
			{ length: 1001 },
			(_, index) => `in/m${String(index).padStart(4, '0')}.jpg`,
		);
		await putMany(keys, () => ago(60));
		await scene.sandbox.setFaults([
			{ kind: 'list', nth: 2, times: 1, fault: { fault: 'delay', ms: 400, processed: false } },
		]);
		const activating = activate({ ...everything, limit: 5000 });
		while ((await scene.sandbox.calls()).length < 2) {
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		// in/m1000.jpg exists already, so it is a changed image.
		for (const key of ['in/a.jpg', 'in/z.jpg', 'in/m1000.jpg']) await put(key);
		const active = await activating;
		expect(keysOf(active)).toEqual([keys.slice(0, 1000)]);
		await advanceClock(10);
		await active.poll();
		await active.poll();
		expect(keysOf(active).slice(1)).toEqual([
			expect.arrayContaining(['in/a.jpg', 'in/m1000.jpg', 'in/z.jpg']),
		]);
		expect(active.emitted[1]).toHaveLength(3);
		await active.deactivate();
	});

	test('when two polls run at the same time', async () => {
		const active = await activate();
		await put('in/a.jpg');
		await advanceClock(10);
		await scene.sandbox.resetCalls();
		await Promise.all([active.poll(), active.poll(), active.poll()]);
		expect(keysOf(active)).toEqual([['in/a.jpg']]);
		// If polls take longer than their interval, additional ones would only make them slower.
		expect(await scene.sandbox.calls()).toHaveLength(1);
		await put('in/b.jpg');
		await advanceClock(10);
		await active.poll();
		expect(keysOf(active)).toEqual([['in/a.jpg'], ['in/b.jpg']]);
		await active.deactivate();
	});

	test('when n8n is restarted between polls', async () => {
		await putMany(['in/a.jpg', 'in/b.jpg', 'in/c.jpg'], () => ago(60));
		const first = await activate({ ...everything, limit: 2 });
		await first.deactivate();
		const second = await activate({ ...everything, limit: 2 }, { staticData: first.saved() });
		await second.deactivate();
		await put('in/0.jpg');
		await advanceClock(10);
		const third = await activate({ ...everything, limit: 2 }, { staticData: second.saved() });
		expect([first, second, third].map(keysOf)).toEqual([
			[['in/a.jpg', 'in/b.jpg']],
			[['in/c.jpg']],
			[['in/0.jpg']],
		]);
		await third.deactivate();
	});

	test.each([-7 * 24 * 3600, 3600])('when the clock of n8n is %i s off', async (seconds) => {
		await setOffset(seconds);
		await put('in/old.jpg', ago(5));
		const active = await activate();
		await put('in/new.jpg');
		await active.poll();
		expect(active.emitted).toEqual([]);
		await advanceClock(5);
		await active.poll();
		await active.poll();
		expect(active.pollErrors).toEqual([]);
		expect(keysOf(active)).toEqual([['in/new.jpg']]);
		await active.deactivate();
	});

	test('when an image is changed: it is emitted once more', async () => {
		await put('in/a.jpg', ago(60));
		const active = await activate(everything);
		await put('in/a.jpg');
		await advanceClock(10);
		await active.poll();
		await active.poll();
		expect(keysOf(active)).toEqual([['in/a.jpg'], ['in/a.jpg']]);
		await active.deactivate();
	});

	test('when an image is younger than Minimum Age: it is emitted later', async () => {
		await putMany(['in/young.jpg', 'in/old.jpg'], (index) => ago(index === 0 ? 50 : 70));
		const active = await activate({ ...everything, minimumAge: 60 });
		expect(keysOf(active)).toEqual([['in/old.jpg']]);
		await advanceClock(12);
		await active.poll();
		expect(keysOf(active)).toEqual([['in/old.jpg'], ['in/young.jpg']]);
		await active.deactivate();
	});
});

describe('a trigger that has another name', () => {
	const named = (name: string, id = 'trigger'): WorkflowJson => {
		const { nodes } = triggerWorkflow(everything);
		return { nodes: nodes.map((node) => ({ ...node, name, id })), connections: {} };
	};
	const activateAs = async (workflow: WorkflowJson, staticData?: IDataObject) =>
		await scene.engine.activate(workflow, {
			credentials: { bucket: scene.credential },
			staticData,
		});

	test('goes on where it was, so that nothing is billed twice', async () => {
		await putMany(['in/a.jpg', 'in/b.jpg'], () => ago(60));
		const first = await activateAs(named('First'));
		await first.deactivate();
		await put('in/c.jpg', ago(30));
		const second = await activateAs(named('Second'), first.saved());
		await second.deactivate();
		await put('in/d.jpg', ago(20));
		const again = await activateAs(named('First'), second.saved());
		expect([first, second, again].map(keysOf)).toEqual([
			[['in/a.jpg', 'in/b.jpg']],
			[['in/c.jpg']],
			[['in/d.jpg']],
		]);
		await again.deactivate();
	});

	test('begins anew when it is a copy', async () => {
		await put('in/a.jpg', ago(60));
		const first = await activateAs(named('First'));
		await first.deactivate();
		const copy = await activateAs(named('First1', 'copy'), first.saved());
		expect(keysOf(copy)).toEqual([['in/a.jpg']]);
		await copy.deactivate();
	});

	test('goes on after an update from a version that kept its state under the name alone', async () => {
		await put('in/a.jpg', ago(60));
		const state = {
			watching: `${scene.sandbox.bucket}/in/`,
			cursor: { time: Math.floor(ago(50).getTime() / 1000) * 1000, key: 'in/z.jpg' },
		};
		const first = await activateAs(named('First'), { 'node:First': { state } });
		expect(first.emitted).toEqual([]);
		await put('in/b.jpg', ago(30));
		await first.poll();
		await first.deactivate();
		await put('in/c.jpg', ago(20));
		const renamed = await activateAs(named('Second'), first.saved());
		expect([first, renamed].map(keysOf)).toEqual([[['in/b.jpg']], [['in/c.jpg']]]);
		await renamed.deactivate();
	});
});

test('with a poll every minute, an image comes 1 to 2 minutes after its upload', async () => {
	const active = await activate({ minimumAge: 60 });
	for (const secondsToPoll of [2, 30, 58]) {
		const key = `in/${secondsToPoll}.jpg`;
		await put(key);
		await advanceClock(secondsToPoll);
		await active.poll();
		let waited = secondsToPoll;
		while (!keysOf(active).flat().includes(key)) {
			await advanceClock(60);
			await active.poll();
			waited += 60;
		}
		expect(waited).toBeGreaterThanOrEqual(60);
		expect(waited).toBeLessThanOrEqual(120);
	}
	await active.deactivate();
});

test('another folder starts from the beginning', async () => {
	await putMany(['in/a.jpg', 'other/b.jpg'], () => ago(60));
	const first = await activate(everything);
	await first.deactivate();
	await put('other/c.jpg', ago(30));
	const staticData = first.saved();
	const other = await activate({ folder: folder('other') }, { staticData });
	expect(other.emitted).toEqual([]);
	await put('other/d.jpg');
	await advanceClock(10);
	await other.poll();
	expect(keysOf(other)).toEqual([['other/d.jpg']]);
	await other.deactivate();
});

describe('the filters', () => {
	const keys = [
		...['in/a.jpg', 'in/a-repaired.jpg', 'in/b.PNG', 'in/c.webp', 'in/d.txt', 'in/noExtension'],
		...['in/e.tiff', 'in/sub/f.JPEG', 'in/clean/a.jpg', 'in2/g.jpg', 'top.gif'],
	];
	beforeEach(async () => {
		await putMany(keys, (index) => ago(100 - index));
	});

	test.each<[what: string, parameters: INodeParameters, expected: string[]]>([
		[
			'by default: images in the folder and its subfolders, but no results',
			{},
			['in/a.jpg', 'in/b.PNG', 'in/c.webp', 'in/sub/f.JPEG', 'in/clean/a.jpg'],
		],
		['without subfolders', { includeSubfolders: false }, ['in/a.jpg', 'in/b.PNG', 'in/c.webp']],
		[
			'with file types',
			{ fileTypes: ['image/jpeg'] },
			['in/a.jpg', 'in/sub/f.JPEG', 'in/clean/a.jpg'],
		],
		[
			'with other result keys',
			{ resultKeys: ['clean/{name}{extension}', '{name}-repaired{extension}'] },
			['in/a.jpg', 'in/b.PNG', 'in/c.webp', 'in/sub/f.JPEG'],
		],
		[
			'with results',
			{ ignoreRepaired: false, includeSubfolders: false },
			['in/a.jpg', 'in/a-repaired.jpg', 'in/b.PNG', 'in/c.webp'],
		],
		[
			'by a prefix that is not a folder',
			{ folder: folder('in', 'prefix'), fileTypes: ['image/jpeg'], includeSubfolders: false },
			[],
		],
		['in the whole bucket', { folder: folder('/', 'list'), includeSubfolders: false }, ['top.gif']],
		['of a folder without its slash', { folder: folder('/in2') }, ['in2/g.jpg']],
	])('%s', async (_, parameters, expected) => {
		const active = await activate({ ...everything, ...parameters });
		expect(keysOf(active)).toEqual(expected.length === 0 ? [] : [expected]);
		await active.deactivate();
	});

	test('By Prefix matches all keys that begin with it', async () => {
		const active = await activate({
			...everything,
			folder: folder('in', 'prefix'),
			fileTypes: ['image/jpeg'],
		});
		expect(keysOf(active)).toEqual([['in/a.jpg', 'in/sub/f.JPEG', 'in/clean/a.jpg', 'in2/g.jpg']]);
		await active.deactivate();
	});
});

describe('an invalid value is rejected at activation, with its label', () => {
	test.each<[what: string, parameters: INodeParameters, message: RegExp]>([
		['no folder', { folder: folder('={{ "" }}') }, /Folder is empty/],
		['a lone surrogate', { folder: folder('={{ "\\ud83d" }}') }, /Folder holds a character/],
		[
			'a folder that is too long',
			{ folder: folder('图'.repeat(300)) },
			/Folder is longer than 850 bytes/,
		],
		['a limit of 0', { limit: '={{ 0 }}' }, /Limit is less than 1/],
		['a limit as a word', { limit: '={{ "many" }}' }, /Limit is .*many.* not a number/],
		[
			'a negative minimum age',
			{ minimumAge: '={{ -1 }}' },
			/Minimum Age \(Seconds\) is less than 0/,
		],
		[
			'a result key that matches every image',
			{ resultKeys: ['{name}{extension}'] },
			/Result Keys to Ignore "\{name\}\{extension\}" fits every image/,
		],
		[
			'an unknown placeholder',
			{ resultKeys: ['{date}.jpg'] },
			/Result Keys to Ignore has the unknown placeholder \{date\}/,
		],
		[
			'a line break at the end',
			{ resultKeys: ['{name}-2.jpg\n'] },
			/Result Keys to Ignore ends with a line break/,
		],
		[
			'no result key at all',
			{ resultKeys: [] },
			/Result Keys to Ignore is needed to recognize repaired images/,
		],
	])('%s', async (_, parameters, message) => {
		await expect(activate(parameters)).rejects.toThrow(message);
		expect(await scene.sandbox.calls()).toEqual([]);
	});

	const repairWith = (more: INodeParameters): INodeParameters => ({
		operation: 'cloud',
		objectKey: byKey('={{ $json.key }}'),
		...more,
	});
	const row = (resultKey: string) => ({ result: [{ resultKey, area: 'automatic' }] });

	test.each<[what: string, parameters: INodeParameters, repair: INodeParameters, message: RegExp]>([
		[
			'originals that are overwritten',
			{},
			repairWith({ overwriteOriginal: true }),
			/Overwrite Original is on in "Image Repair"/,
		],
		[
			'results that are not ignored',
			{ ignoreRepaired: false },
			repairWith({}),
			/Result Key "\{name\}-repaired\{extension\}" of "Image Repair"/,
		],
		[
			'results with another key than the ignored one',
			{},
			repairWith({ resultKey: 'clean/{name}{extension}' }),
			/Result Key "clean\/\{name\}\{extension\}" of "Image Repair" stores images/,
		],
		[
			'additional results',
			{},
			repairWith({ options: { additionalResults: row('{name}-2{extension}') } }),
			/Result Key "\{name\}-2\{extension\}" of/,
		],
	])(
		'%s: they would be found and billed again at every poll',
		async (_, parameters, repair, message) => {
			await expect(activate(parameters, { repair })).rejects.toThrow(message);
			expect(await scene.sandbox.calls()).toEqual([]);
		},
	);

	test.each<[what: string, parameters: INodeParameters, repair: INodeParameters]>([
		[
			'in a subfolder that is not watched',
			{ includeSubfolders: false },
			repairWith({ resultKey: 'c/{name}.jpg' }),
		],
		['outside the folder', {}, repairWith({ resultKey: '/clean/{name}{extension}' })],
		['of another type', { fileTypes: ['image/heic'] }, repairWith({ resultKey: '{name}.jpg' })],
		[
			'in another bucket',
			{},
			repairWith({ resultKey: 'c/{name}.jpg', options: { destinationBucket: 'b-1250000000' } }),
		],
		['not stored at all', {}, { operation: 'download', objectKey: byKey('={{ $json.key }}') }],
	])('results %s are accepted', async (_, parameters, repair) => {
		const active = await activate(parameters, { repair });
		await active.deactivate();
	});

	test('a folder with more objects than can be listed in the time that n8n allows', async () => {
		const keys = Array.from({ length: 1001 }, (_, index) => `in/${index}.jpg`);
		await putMany(keys, () => ago(60));
		await expect(activate(everything, { pollBudgetMs: -1 })).rejects.toThrow(
			/Folder holds more files than can be listed/,
		);
	});
});

describe('Fetch Test Event', () => {
	const fetchTestEvent = async (parameters: INodeParameters = {}) =>
		await scene.engine.run(triggerWorkflow(parameters), {
			credentials: { bucket: scene.credential },
			startNode: TRIGGER,
		});

	test('shows the newest matching image, even if it is younger than Minimum Age', async () => {
		await putMany(['in/z.jpg', 'in/a.jpg', 'in/a-repaired.jpg'], (index) => ago(30 - index));
		const result = await fetchTestEvent({ minimumAge: 3600 });
		expect(result.error).toBeUndefined();
		expect(result.output(TRIGGER).map(({ json }) => json.key)).toEqual(['in/a.jpg']);
	});

	test('says what to do if no image matches', async () => {
		await put('in/a-repaired.jpg', ago(60));
		const result = await fetchTestEvent();
		expect(result.error?.message).toBe('Folder "in/" holds no image that fits');
		expect(result.error?.description).toBe(
			'Why: Left out by Ignore Repaired Images: 1. Upload an image there, or choose another Folder.',
		);
	});
});

describe('with the Image Repair node in the workflow', () => {
	const repairWith = (more: INodeParameters = {}): INodeParameters => ({
		operation: 'cloud',
		objectKey: byKey('={{ $json.key }}'),
		area: 'polygons',
		polygons: '[[[40,30],[70,30],[70,46],[40,46]]]',
		...more,
		options: { checkAreaFirst: false },
	});

	test.each([
		['beside the original', repairWith(), {}],
		[
			'in a folder of their own',
			repairWith({ resultKey: 'clean/{name}{extension}' }),
			{ resultKeys: ['clean/{name}{extension}'] },
		],
	])(
		'every image is repaired once, and results %s are not repaired',
		async (_, repair, parameters) => {
			const original = await image();
			const active = await activate({ limit: 4, ...parameters }, { repair });
			const keys = Array.from({ length: 10 }, (__, index) => `in/p${index}.png`);
			for (const key of keys) {
				await scene.sandbox.putObject(key, original, 'image/png');
				await advanceClock(3);
				await active.poll();
			}
			for (let polls = 0; polls < 4; polls++) {
				for (const execution of active.executions) expect((await execution).error).toBeUndefined();
				await advanceClock(30);
				await active.poll();
			}
			const billed = (await scene.sandbox.calls()).filter((call) => call.billed);
			expect(billed.map(({ key }) => key).sort()).toEqual(keys);
			await active.deactivate();
		},
	);
});
