import type { INodeParameters } from 'n8n-workflow';

import type { WorkflowJson } from '../../dev/engine/engine';
import { NODE_TYPE, TRIGGER_TYPE } from '../../dev/packageNames';
import { byKey, chainOf, image, NODE, nodeOf, openScene, type Scene } from './bucketAndEngine';

const TRIGGER = 'New Images';
const DOWNLOAD = 'Download';
const OTHER_BUCKET = 'other-1250000000';

let scene: Scene;
let offset = 0;

beforeAll(async () => {
	scene = await openScene({}, { delay: 1, buckets: [OTHER_BUCKET] });
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await advanceClock(-offset);
	await scene.sandbox.deleteObjects();
	await scene.sandbox.resetCalls();
});

async function advanceClock(seconds: number): Promise<void> {
	offset += seconds;
	await scene.sandbox.setClock(offset);
}

const inFolder: INodeParameters = {
	pollTimes: { item: [{ mode: 'everyMinute' }] },
	folder: { __rl: true, mode: 'path', value: 'in/' },
	minimumAge: 0,
};

/** The trigger and the nodes behind it, one after the other. */
const chain = (trigger: INodeParameters, ...behind: WorkflowJson['nodes']) =>
	chainOf(nodeOf(TRIGGER, TRIGGER_TYPE, { ...inFolder, ...trigger }), ...behind);

const repairing = (parameters: INodeParameters) =>
	nodeOf(NODE, NODE_TYPE, {
		operation: 'cloud',
		objectKey: byKey('={{ $json.key }}'),
		...parameters,
	});
const downloading = nodeOf(DOWNLOAD, NODE_TYPE, {
	operation: 'download',
	objectKey: byKey('={{ $json.key }}'),
});
const uploading = (parameters: INodeParameters) =>
	repairing({
		operation: 'upload',
		storeAs: '={{ $json.key }}',
		binaryPropertyName: 'data',
		...parameters,
	});

const activate = async (workflow: WorkflowJson) =>
	await scene.engine.activate(workflow, { credentials: { bucket: scene.credential } });

type Active = Awaited<ReturnType<typeof activate>>;

async function put(key: string): Promise<void> {
	await scene.sandbox.putObject(key, await image(), 'image/png');
}

/** Polls, and waits until what was started with the images is over. */
async function poll(active: Active, times = 1): Promise<void> {
	for (let polls = 0; polls < times; polls++) {
		await advanceClock(60);
		await active.poll();
		await Promise.all(active.executions);
	}
}

async function refusals({ executions }: Active): Promise<Array<string | undefined>> {
	return (await Promise.all(executions)).map(({ error }) => error?.message);
}

describe('one image, six polls: what the trigger would find again is refused before it is paid for', () => {
	test.each<[what: string, trigger: INodeParameters, repair: INodeParameters, message: RegExp]>([
		[
			'a result key from an expression',
			{},
			{ resultKey: '={{ "clean/" + $json.key.split("/").pop() }}' },
			/^Result Key "in\/clean\/a.png" is a key that the trigger "New Images" would find/,
		],
		[
			'a result key from an expression that Ignore Repaired Images would recognize, switched off',
			{ ignoreRepaired: false },
			{ resultKey: '={{ "{name}-repaired{extension}" }}' },
			/^Result Key "in\/a-repaired.png" is a key/,
		],
		[
			'an additional result from an expression',
			{},
			{
				options: {
					additionalResults: { result: [{ resultKey: '=/in/{{ 1 }}.png', area: 'automatic' }] },
				},
			},
			/^Result Key "in\/1.png" is a key/,
		],
		[
			'Overwrite Original by expression',
			{},
			{ overwriteOriginal: '={{ true }}' },
			/^Overwrite Original is on, so the trigger "New Images" would find "in\/a.png" again/,
		],
		[
			'the own bucket as Destination Bucket, by expression',
			{},
			{
				resultKey: 'clean/{name}{extension}',
				options: { destinationBucket: '={{ $json.bucket }}' },
			},
			/^Result Key "in\/clean\/a.png" is a key/,
		],
	])('%s', async (_, trigger, repair, message) => {
		const active = await activate(chain(trigger, repairing(repair)));
		await put('in/a.png');
		await poll(active, 6);
		expect(await refusals(active)).toEqual([expect.stringMatching(message)]);
		expect(await scene.billedCalls()).toBe(0);
		expect(await scene.sandbox.keys()).toEqual(['in/a.png']);
		await active.deactivate();
	});

	test('download, then upload into the watched folder', async () => {
		const upload = uploading({ storeAs: '=in/clean-{{ $json.key.split("/").pop() }}' });
		const active = await activate(chain({}, downloading, upload));
		await put('in/a.png');
		await poll(active, 6);
		expect(await refusals(active)).toEqual([
			expect.stringMatching(
				/^Store As "in\/clean-a.png" is a key that the trigger "New Images" would find/,
			),
		]);
		// That of the node before: it stores nothing, and comes first.
		const billed = (await scene.sandbox.calls()).filter((call) => call.billed);
		expect(billed.map(({ method }) => method)).toEqual(['GET']);
		expect(await scene.sandbox.keys()).toEqual(['in/a.png']);
		await active.deactivate();
	});

	test('the own bucket as Destination Bucket, typed in, keeps the workflow from being activated', async () => {
		const repair = repairing({
			resultKey: 'clean/{name}{extension}',
			options: { destinationBucket: scene.sandbox.bucket },
		});
		await expect(activate(chain({}, repair))).rejects.toThrow(
			/Result Key "clean\/\{name\}\{extension\}" of "Image Repair" stores images/,
		);
	});

	test.each([
		['a key in the folder', 'in/latest.png', 'in/latest.png'],
		['the folder itself', 'in/', 'in/image.jpg'],
		['random keys in the folder', 'in/{id}{extension}', 'in/k7m2xq4d.jpg'],
	])('an upload to %s, typed in, keeps the workflow from being activated', async (...given) => {
		const [, typed, key] = given;
		const upload = uploading({ storeAs: typed });
		await expect(activate(chain({}, downloading, upload))).rejects.toThrow(
			`Store As "${key}" is where "Image Repair" uploads images`,
		);
	});

	test('a test run refuses too, as soon as the trigger is above the node', async () => {
		await put('in/a.png');
		const workflow = chain({}, repairing({ overwriteOriginal: '={{ true }}' }));
		const result = await scene.engine.run(workflow, {
			credentials: { bucket: scene.credential },
			startNode: TRIGGER,
		});
		expect(result.error?.message).toMatch(/^Overwrite Original is on, so the trigger/);
		expect(await scene.billedCalls()).toBe(0);
	});
});

describe('one image, six polls: what the trigger leaves alone is repaired once', () => {
	const anywhere = '={{ "clean/" + $json.key.split("/").pop() }}';
	test.each<[what: string, trigger: INodeParameters, repair: INodeParameters, stored: string]>([
		['a result that it recognizes', {}, {}, 'in/a-repaired.png'],
		[
			'a result that it recognizes, from an expression',
			{ resultKeys: ['clean/{name}{extension}'] },
			{ resultKey: anywhere },
			'in/clean/a.png',
		],
		[
			'a result outside of the folder, from an expression',
			{},
			{ resultKey: '=/{{ "out/a.png" }}' },
			'out/a.png',
		],
		[
			'a result in a subfolder that it does not look into, from an expression',
			{ includeSubfolders: false },
			{ resultKey: anywhere },
			'in/clean/a.png',
		],
		[
			'a result of another type, from an expression',
			{ fileTypes: ['image/png'] },
			{ resultKey: '={{ "b.jpg" }}' },
			'in/b.jpg',
		],
		[
			'Overwrite Original off by expression',
			{},
			{ overwriteOriginal: '={{ false }}' },
			'in/a-repaired.png',
		],
	])('%s', async (_, trigger, repair, stored) => {
		const active = await activate(chain(trigger, repairing(repair)));
		await put('in/a.png');
		await poll(active, 6);
		expect(await refusals(active)).toEqual([undefined]);
		expect(await scene.billedCalls()).toBe(1);
		expect(await scene.sandbox.keys()).toEqual(['in/a.png', stored].sort());
		await active.deactivate();
	});

	test('a result in another bucket, from an expression', async () => {
		const repair = repairing({
			resultKey: anywhere,
			options: { destinationBucket: `={{ "${OTHER_BUCKET}" }}` },
		});
		const active = await activate(chain({}, repair));
		await put('in/a.png');
		await poll(active, 6);
		expect(await refusals(active)).toEqual([undefined]);
		expect(await scene.billedCalls()).toBe(1);
		await active.deactivate();
	});

	test('download, then upload to a key outside of the folder', async () => {
		const upload = uploading({ storeAs: '=out/{{ $json.key.split("/").pop() }}' });
		const active = await activate(chain({}, downloading, upload));
		await put('in/a.png');
		await poll(active, 6);
		expect(await refusals(active)).toEqual([undefined]);
		expect(await scene.billedCalls()).toBe(2);
		await active.deactivate();
	});

	test('a folder by expression is no reason to refuse', async () => {
		const folder = { __rl: true, mode: 'path', value: '={{ "in/" }}' };
		const active = await activate(
			chain({ folder }, repairing({ resultKey: '={{ "/out/a.png" }}' })),
		);
		await put('in/a.png');
		await poll(active, 6);
		expect(await refusals(active)).toEqual([undefined]);
		expect(await scene.billedCalls()).toBe(1);
		await active.deactivate();
	});
});

describe('the trigger breaks off when results come back that nothing else could tell', () => {
	const anyFolder = { folder: { __rl: true, mode: 'path', value: '={{ "in/" }}' } };
	const growing = '={{ "{name}-clean{extension}" }}';
	const messages = ({ pollErrors }: Active) => pollErrors.map(({ message }) => message);
	const keysOf = ({ emitted }: Active) => emitted.flat().map(({ json }) => json.key);

	test('names that grow out of names: two are billed, and every further poll says why it stopped', async () => {
		const active = await activate(chain(anyFolder, repairing({ resultKey: growing })));
		await put('in/a.png');
		await poll(active, 6);
		const message =
			'Folder gave "in/a.png", after that "in/a-clean.png", and now has "in/a-clean-clean.png": results seem to be found as new images';
		expect(messages(active)).toEqual([message, message, message, message]);
		expect(keysOf(active)).toEqual(['in/a.png', 'in/a-clean.png']);
		expect(await scene.billedCalls()).toBe(2);
		await put('in/b.png');
		await scene.sandbox.deleteObject('in/a-clean-clean.png');
		await poll(active);
		expect(keysOf(active)).toHaveLength(2);
		expect(messages(active)).toHaveLength(5);
		await active.deactivate();
	});

	test('results of another workflow, in folders that grow', async () => {
		const active = await activate(chain({}));
		for (const key of ['in/a.png', 'in/x/a.png', 'in/x/x/a.png']) {
			await put(key);
			await poll(active);
		}
		expect(keysOf(active)).toEqual(['in/a.png', 'in/x/a.png']);
		expect(messages(active)).toEqual([expect.stringContaining('and now has "in/x/x/a.png"')]);
		await active.deactivate();
	});

	test('one key again and again: five are billed', async () => {
		const repair = repairing({ overwriteOriginal: '={{ true }}' });
		const active = await activate(chain(anyFolder, repair));
		await put('in/a.png');
		await poll(active, 8);
		expect(keysOf(active)).toEqual(Array(5).fill('in/a.png'));
		expect(await scene.billedCalls()).toBe(5);
		const message =
			'Folder gave "in/a.png" 5 times, changed each time: "Image Repair" seems to store its results there';
		expect(messages(active)).toEqual([message, message, message]);
		await active.deactivate();
	});

	test('it goes on where it stopped once the workflow is changed, also after a restart', async () => {
		const workflow = chain(anyFolder, repairing({ resultKey: growing }));
		const first = await activate(workflow);
		await put('in/a.png');
		await poll(first, 3);
		expect(messages(first)).toHaveLength(1);
		await first.deactivate();
		const options = { credentials: { bucket: scene.credential }, staticData: first.saved() };
		await expect(scene.engine.activate(workflow, options)).rejects.toThrow(/and now has/);
		const changed = chain(
			{ ...anyFolder, resultKeys: ['{name}-clean{extension}'] },
			repairing({ resultKey: growing }),
		);
		const second = await scene.engine.activate(changed, options);
		await put('in/b.png');
		await poll(second, 3);
		expect(messages(second)).toEqual([]);
		expect(keysOf(second)).toEqual(['in/b.png']);
		await second.deactivate();
	});

	test.each<[what: string, behind: Array<WorkflowJson['nodes'][number]>]>([
		['no node behind the trigger', []],
		['a node that stores nothing', [downloading]],
		['a node whose results are recognized', [repairing({})]],
		[
			'a node that stores elsewhere, by expression',
			[repairing({ resultKey: '=/out/{{ $json.etag }}.png' })],
		],
	])('a webcam that overwrites its image is not stopped: %s', async (_, behind) => {
		const active = await activate(chain({}, ...behind));
		for (let times = 0; times < 8; times++) {
			await put('in/latest.png');
			await poll(active);
		}
		expect(await refusals(active)).toEqual(Array(8).fill(undefined));
		expect(keysOf(active)).toEqual(Array(8).fill('in/latest.png'));
		expect(messages(active)).toEqual([]);
		await active.deactivate();
	});

	test('images that are numbered, dated or longer by chance are not taken for results', async () => {
		const active = await activate(chain({}));
		const keys = ['1', '11', '111', '2025', '2025-01', '2025-01-02', 'cat', 'cat-a', 'cat-a-b'];
		for (const name of keys) {
			await put(`in/${name}.png`);
			await poll(active);
		}
		expect(keysOf(active)).toEqual(keys.map((name) => `in/${name}.png`));
		expect(messages(active)).toEqual([]);
		await active.deactivate();
	});
});
