import type { INodeParameters } from 'n8n-workflow';

import type { WorkflowJson } from '../../dev/engine/engine';
import { NODE_TYPE, TRIGGER_TYPE } from '../../dev/packageNames';
import { byKey, image, NODE, openScene, type Scene } from './bucketAndEngine';

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
	const left = await scene.sandbox.keys();
	await Promise.all(left.map(async (key) => await scene.sandbox.deleteObject(key)));
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

type NodeJson = WorkflowJson['nodes'][number];

function node(name: string, type: string, parameters: INodeParameters): NodeJson {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters };
}

/** The trigger and the nodes behind it, one after the other. */
function chain(trigger: INodeParameters, ...behind: NodeJson[]): WorkflowJson {
	const nodes = [node(TRIGGER, TRIGGER_TYPE, { ...inFolder, ...trigger }), ...behind];
	const connections: WorkflowJson['connections'] = {};
	nodes.forEach(({ name }, index) => {
		const next = nodes[index + 1];
		if (next) connections[name] = { main: [[{ node: next.name, type: 'main', index: 0 }]] };
	});
	return { nodes, connections };
}

const repairing = (parameters: INodeParameters) =>
	node(NODE, NODE_TYPE, {
		operation: 'cloud',
		objectKey: byKey('={{ $json.key }}'),
		...parameters,
	});
const downloading = node(DOWNLOAD, NODE_TYPE, {
	operation: 'download',
	objectKey: byKey('={{ $json.key }}'),
});
const uploading = (parameters: INodeParameters) =>
	repairing({ operation: 'upload', binaryPropertyName: 'data', ...parameters });

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
			{ additionalResults: { result: [{ resultKey: '=/in/{{ 1 }}.png', area: 'automatic' }] } },
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
		const upload = uploading({ objectKey: byKey('=in/clean-{{ $json.key.split("/").pop() }}') });
		const active = await activate(chain({}, downloading, upload));
		await put('in/a.png');
		await poll(active, 6);
		expect(await refusals(active)).toEqual([
			expect.stringMatching(
				/^Object Key "in\/clean-a.png" is a key that the trigger "New Images" would find/,
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

	test('an upload to a key in the folder, typed in, keeps the workflow from being activated', async () => {
		const upload = uploading({ objectKey: byKey('in/latest.png') });
		await expect(activate(chain({}, downloading, upload))).rejects.toThrow(
			/Object Key "in\/latest.png" is where "Image Repair" uploads images/,
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
		const upload = uploading({ objectKey: byKey('=out/{{ $json.key.split("/").pop() }}') });
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
