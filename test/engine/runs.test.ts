import { WorkflowExpression, type INodeParameters } from 'n8n-workflow';

import type { Fault } from '../../dev/sandbox/faults/faultRules';
import type { Call, CallKind } from '../../dev/sandbox/ledger/calls';
import {
	byKey,
	image,
	LOGO_POLYGON,
	logoMask,
	NODE,
	openScene,
	type Scene,
} from './bucketAndEngine';

const PNG = 'image/png';
let scene: Scene;
let original: Buffer;

beforeAll(async () => {
	scene = await openScene({ binaryMode: 'filesystem' }, { quick: true });
	original = await image();
	// Older than its results by more than the second that the service tells of each.
	await scene.sandbox.putObject('a.png', original, PNG, new Date(Date.now() - 60_000));
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.resetCalls();
});

const polygons = { area: 'polygons', polygons: LOGO_POLYGON };
const cloud = (options: INodeParameters, more: INodeParameters = {}): INodeParameters => ({
	operation: 'cloud',
	objectKey: byKey('a.png'),
	...polygons,
	options: { checkAreaFirst: false, ...options },
	...more,
});

describe('Skip Existing Results', () => {
	test('repairs only missing results, and marks the other items as skipped', async () => {
		const items = ['one', 'two', 'three'].map((name) => ({ json: { name } }));
		const parameters = cloud({ skipExisting: true }, { resultKey: '=skip/{{ $json.name }}.png' });
		const first = await scene.run(parameters, items.slice(0, 2));
		expect(first.error).toBeUndefined();
		expect(await scene.billedCalls()).toBe(2);

		await scene.sandbox.resetCalls();
		const second = await scene.run(parameters, items);
		expect(await scene.billedCalls()).toBe(1);
		const output = second.output(NODE).map(({ json }) => json);
		expect(output.map(({ skipped }) => skipped)).toEqual([true, true, undefined]);
		const sizes = output.map(({ results }) => (results as Array<{ size: number }>)[0]?.size);
		expect(new Set(sizes).size).toBe(1);
		expect(output[0]).toMatchObject({
			key: 'a.png',
			results: [{ key: 'skip/one.png', url: `${scene.sandbox.url}/skip/one.png` }],
		});
		expect(second.hints(NODE).map(({ message }) => message)).toEqual([
			'1 repaired, 2 skipped, 1 billed call',
		]);
	});

	test('repairs an image again after it has changed in the bucket', async () => {
		const before = new Date(Date.now() - 60_000);
		await scene.sandbox.putObject('changes.png', original, PNG, before);
		const run = async () =>
			await scene.run(cloud({ skipExisting: true }, { objectKey: byKey('changes.png') }));
		await run();
		await run();
		expect(await scene.billedCalls()).toBe(1);
		await scene.sandbox.putObject('changes.png', original, PNG, new Date(Date.now() + 5000));
		const changed = await run();
		expect(changed.output(NODE)[0]?.json).not.toHaveProperty('skipped');
		expect(await scene.billedCalls()).toBe(2);
	});

	test('downloads an existing result if Also Download the Result is on', async () => {
		const parameters = cloud({ skipExisting: true }, { resultKey: 'sd.png', downloadResult: true });
		const first = await scene.run(parameters);
		const second = await scene.run(parameters);
		expect(await scene.readOutput(second)).toEqual(await scene.readOutput(first));
		expect(await scene.billedCalls()).toBe(1);
	});
});

describe('Dry Run', () => {
	test('shows the request without sending it, in every mode', async () => {
		const image = { data: { content: original, mimeType: PNG, fileName: 'a.png' } };
		for (const [operation, method] of [
			['download', 'GET'],
			['upload', 'PUT'],
			['cloud', 'POST'],
		]) {
			const result = await scene.run({ ...cloud({ dryRun: true }), operation: operation ?? '' }, [
				{ json: {}, binary: image },
			]);
			expect(result.error).toBeUndefined();
			const json = result.output(NODE)[0]?.json;
			expect(json).toMatchObject({ dryRun: true, method, key: 'a.png', billedCalls: 1 });
			expect(JSON.stringify(json)).toContain('[[40,30],[70,30],[70,46],[40,46]]');
		}
		expect(await scene.sandbox.calls()).toEqual([]);
	});

	test('shows that the service detects the area', async () => {
		const result = await scene.run(cloud({ dryRun: true }, { area: 'automatic' }));
		expect(result.output(NODE)[0]?.json).toMatchObject({
			results: [{ key: 'a-repaired.png', area: 'automatic' }],
			billedCalls: 1,
		});
	});

	test('rejects what the real run would reject', async () => {
		const outside = { polygons: '[[[40,30],[500,30],[70,46]]]' };
		const result = await scene.run(cloud({ dryRun: true, checkAreaFirst: true }, outside));
		expect(result.error?.message).toMatch(/corner 2 \[500,30\] is outside the image/);
		expect(await scene.billedCalls()).toBe(0);
	});

	test('neither stores a mask nor creates a presigned URL for one', async () => {
		const before = await scene.sandbox.keys();
		const result = await scene.run(
			cloud({ dryRun: true }, { area: 'mask', maskSource: 'binary', maskBinaryPropertyName: 'm' }),
			[{ json: {}, binary: { m: { content: original, mimeType: PNG, fileName: 'm.png' } } }],
		);
		expect(result.error).toBeUndefined();
		expect(JSON.stringify(result.output(NODE)[0]?.json)).not.toMatch(/q-sign/);
		expect(await scene.sandbox.keys()).toEqual(before);
		expect(await scene.sandbox.calls()).toEqual([]);
	});
});

describe('options from expressions', () => {
	test('that are null take their defaults', async () => {
		const unset = '={{ null }}';
		const result = await scene.run(
			cloud({ maxConcurrency: unset, retries: unset, timeout: '={{ undefined }}' }),
		);
		expect(result.error).toBeUndefined();
		expect(await scene.sandbox.calls()).toHaveLength(1);
	});

	test.each([
		['Max Concurrency', { maxConcurrency: '={{ "" }}' }, 'is "", which is not a number'],
		['Retries', { retries: '={{ "often" }}' }, 'is "often", which is not a number'],
		['Timeout', { timeout: '={{ 0 }}' }, 'is less than 1'],
		['Timeout', { timeout: '={{ 1e9 }}' }, 'is more than 3600'],
	])(
		'an invalid %s is rejected with its label, and no request is sent',
		async (label, options, why) => {
			const result = await scene.run(cloud(options));
			expect(result.error?.message).toContain(`${label} `);
			expect(result.error?.message).toContain(why);
			expect(await scene.sandbox.calls()).toEqual([]);
		},
	);

	test('that are text where a collection is expected count as empty, like in n8n', async () => {
		const result = await scene.run({ ...cloud({}), options: '={{ "none" }}' });
		expect(result.error).toBeUndefined();
		const more = await scene.run(cloud({ additionalResults: '={{ "none" }}' }));
		expect(more.output(NODE)[0]?.json.results).toHaveLength(1);
	});
});

/** How often n8n evaluates each expression of the node for each of two items, as "n × expression". */
async function evaluationsOf(parameters: INodeParameters): Promise<string[]> {
	const evaluate = jest.spyOn(WorkflowExpression.prototype, 'resolveSimpleParameterValue');
	try {
		const result = await scene.run(parameters, [{ json: { first: true } }, { json: {} }]);
		expect(result.error).toBeUndefined();
		const counts = new Map<string, number>();
		for (const [value, , , , itemIndex] of evaluate.mock.calls) {
			if (typeof value !== 'string' || !value.startsWith('=')) continue;
			const name = `${value} of item ${itemIndex}`;
			counts.set(name, (counts.get(name) ?? 0) + 1);
		}
		return [...counts].map(([name, count]) => `${count} × ${name}`);
	} finally {
		evaluate.mockRestore();
	}
}

// An expression costs a millisecond in the server of n8n 2, and may give another value each time it is read.
test.each<[mode: string, parameters: INodeParameters]>([
	['download', { operation: 'download', objectKey: byKey('={{ "a.png" }}') }],
	['cloud', { operation: 'cloud', objectKey: byKey('={{ "a.png" }}') }],
])('every expression of an item is evaluated once, mode %s', async (_, parameters) => {
	const evaluations = await evaluationsOf({
		...parameters,
		area: '={{ "polygons" }}',
		polygons: `={{ ${JSON.stringify(LOGO_POLYGON)} }}`,
		resultKey: '=once/{{ $itemIndex }}.png',
		options: { skipExisting: '={{ false }}', timeout: '={{ 60 }}' },
	});
	expect(evaluations).toContain('1 × ={{ "a.png" }} of item 0');
	expect(evaluations).toContain('1 × ={{ "a.png" }} of item 1');
	expect(evaluations.filter((line) => !line.startsWith('1 × '))).toEqual([]);
});

test('Requests per Second keeps requests apart', async () => {
	const names = ['one', 'two', 'three'];
	const result = await scene.run(
		cloud({ requestsPerSecond: 2 }, { resultKey: '=rate/{{ $json.name }}.png' }),
		names.map((name) => ({ json: { name } })),
	);
	expect(result.error).toBeUndefined();
	const times = (await scene.sandbox.calls()).map(({ at }) => Date.parse(at));
	expect(times).toHaveLength(names.length);
	// Two pauses of 500 ms; a slow machine can only make them longer.
	expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(300);
});

test('without it, all runs together keep to what the service takes for the bucket', async () => {
	const execute = async (name: string) => {
		const items = Array.from({ length: 30 }, (_, index) => ({ json: { index } }));
		const more = { resultKey: `=rate/${name}-{{ $json.index }}.png` };
		// The region only tells how many calls the service takes: the endpoint is this machine.
		const abroad = { credential: { region: 'eu-frankfurt' } };
		const result = await scene.run(cloud({ maxConcurrency: 30 }, more), items, abroad);
		expect(result.error).toBeUndefined();
	};
	await Promise.all(['one', 'two'].map(execute));
	const times = (await scene.sandbox.calls()).map(({ at }) => Date.parse(at));
	expect(times).toHaveLength(60);
	// 59 gaps of 20 ms; a slow machine can only make them longer.
	expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(1000);
});

describe('the hint in the output panel', () => {
	test('is missing if the only item has succeeded', async () => {
		const result = await scene.run(cloud({}));
		expect(result.hints(NODE)).toEqual([]);
	});

	test('sums up several items, including failed ones', async () => {
		const keys = ['a.png', 'missing.png', 'a.png'];
		const result = await scene.run(
			{
				...cloud({}),
				objectKey: byKey('={{ $json.key }}'),
				resultKey: '=sum/{{ $itemIndex }}.png',
			},
			keys.map((key) => ({ json: { key } })),
			{ node: { onError: 'continueRegularOutput' } },
		);
		expect(result.hints(NODE)).toMatchObject([
			{ message: '2 repaired, 1 failed, 2 billed calls', type: 'warning' },
		]);
	});
});

describe('a large run', () => {
	const many = (count: number) => Array.from({ length: count }, (_, n) => ({ json: { n } }));

	test.each([1, 3, 100])(
		'with Max Concurrency %i keeps items in order and paired',
		async (maxConcurrency) => {
			const result = await scene.run(
				{ ...cloud({ maxConcurrency }), resultKey: '=order/{{ $json.n }}.png' },
				many(40),
			);
			expect(result.error).toBeUndefined();
			const output = result.output(NODE);
			expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
				many(40).map((_, item) => ({ item })),
			);
			expect(output.map(({ json }) => (json.results as Array<{ key: string }>)[0]?.key)).toEqual(
				many(40).map((_, n) => `order/${String(n)}.png`),
			);
			expect(await scene.billedCalls()).toBe(40);
		},
	);
});

describe('a run that is stopped', () => {
	/** One step of an item with a mask, long enough to be stopped in. */
	type Step = [what: string, kind: CallKind, fault: Fault];
	const WORK: Fault = { fault: 'work', workMs: 800 };
	const LATE: Fault = { fault: 'delay', ms: 800, processed: false };
	const STEPS: Step[] = [
		['the image is looked at', 'image-info', LATE],
		['a mask is stored', 'put', WORK],
		['the mask is looked at', 'image-mogr', LATE],
		['the image is repaired', 'repair-cloud', WORK],
		['the mask is deleted', 'delete', LATE],
	];

	afterEach(async () => {
		await scene.sandbox.clearFaults();
		for (const key of await masksLeft()) await scene.sandbox.deleteObject(key);
	});

	const mask = { area: 'mask', maskSource: 'binary', maskBinaryPropertyName: 'm' };
	// Otherwise all items would ask for the same, and one would do it.
	const masked = (options: INodeParameters) =>
		cloud(options, { ...mask, resultKey: '=stopped/{{ $itemIndex }}.png' });
	const itemsWithMask = async (count: number) => {
		const m = { content: await logoMask(), mimeType: PNG, fileName: 'm.png' };
		return Array.from({ length: count }, () => ({ json: {}, binary: { m } }));
	};
	const masksLeft = async () =>
		(await scene.sandbox.keys()).filter((key) => key.startsWith('image-repair-masks/'));
	const until = async (isSo: (calls: readonly Call[]) => boolean) => {
		while (!isSo(await scene.sandbox.calls())) {
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
	};
	/** n8n does not wait for a node that it has stopped, which still deletes its masks. */
	const untilMasksAreDeleted = async () => {
		const keysOf = (calls: readonly Call[], kind: CallKind, from = 0) =>
			calls.filter((call) => call.kind === kind && call.status >= from).map(({ key }) => key);
		await until((calls) => {
			const deleted = keysOf(calls, 'delete', 200);
			return keysOf(calls, 'put').every((key) => deleted.includes(key));
		});
		// What goes on although nobody waits for it comes to its end first.
		await scene.sandbox.ledger();
	};

	test.each(STEPS)('while %s leaves no mask in the bucket', async (_, kind, fault) => {
		await scene.sandbox.setFaults([{ kind, fault }]);
		const execution = scene.start(masked({ checkAreaFirst: true }), await itemsWithMask(1));
		const size = (await logoMask()).length;
		// Stopped before that, an upload does not take effect.
		const isUnderWay = (call: Call) =>
			call.kind === kind && call.bytesIn === (kind === 'put' ? size : 0);
		await until((calls) => calls.some(isUnderWay));
		execution.cancel();
		expect((await execution.result).status).toBe('canceled');
		await untilMasksAreDeleted();
		expect(await masksLeft()).toEqual([]);
	});

	test('begins no further item', async () => {
		await scene.sandbox.setFaults([{ kind: 'repair-cloud', fault: { ...WORK, workMs: 2000 } }]);
		const execution = scene.start(masked({ maxConcurrency: 2 }), await itemsWithMask(50));
		await until((calls) => calls.filter(({ kind }) => kind === 'put').length === 2);
		execution.cancel();
		expect((await execution.result).status).toBe('canceled');
		const count = (await scene.sandbox.calls()).length;
		await untilMasksAreDeleted();
		expect(await masksLeft()).toEqual([]);
		const calls = await scene.sandbox.calls();
		expect(calls.filter(({ method }) => method === 'POST').length).toBeLessThanOrEqual(2);
		expect(calls.length).toBeLessThanOrEqual(count + 4);
	});
});
