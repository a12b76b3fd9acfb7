import type { Fault } from '../../dev/sandbox/faults/faultRules';
import { NODE, type Scene } from './bucketAndEngine';
import {
	billed,
	binaryMask,
	errorOf,
	goOn,
	itemsWith,
	openFaultScene,
	parameters,
	PNG,
	REPAIRS,
	repairsOf,
	type Mode,
} from './faultScene';

let scene: Scene;
let original: Buffer;
let mask: Buffer;

beforeAll(async () => {
	({ scene, original, mask } = await openFaultScene());
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.clearFaults();
	await scene.sandbox.resetCalls();
});

const items = (...numbers: number[]) => itemsWith({ original, mask }, numbers);

describe('a refusal whose body breaks off is still the refusal its status says', () => {
	test.each<Mode>(['download', 'upload', 'cloud'])(
		'503 in %s mode is tried again',
		async (mode) => {
			const fault: Fault = { fault: 'status', status: 503, body: 'cut' };
			await scene.sandbox.setFaults([{ kind: REPAIRS, times: 1, keyPrefix: '1', fault }]);
			const more = mode === 'download' ? {} : { resultKey: `=cutbody/${mode}-{{ $json.n }}.png` };
			const result = await scene.run(parameters(mode, {}, more), items(0, 1, 2), goOn);
			expect(errorOf(result, 1)).toBeUndefined();
			const calls = await scene.sandbox.calls();
			expect(repairsOf(calls, '1.png').map(({ status }) => status)).toEqual([503, 200]);
			expect(billed(calls)).toBe(3);
		},
	);

	test('403 is not', async () => {
		const fault: Fault = { fault: 'status', status: 403, body: 'cut' };
		await scene.sandbox.setFaults([{ kind: REPAIRS, keyPrefix: '1', fault }]);
		const result = await scene.run(parameters('download'), items(0, 1, 2), goOn);
		expect(errorOf(result, 1)).toMatchObject({ httpCode: '403' });
		expect(repairsOf(await scene.sandbox.calls(), '1.png')).toHaveLength(1);
	});
});

describe('what only calls itself an image is never passed on', () => {
	test.each<[what: string, fault: Fault]>([
		[
			'an HTML page that calls itself a PNG',
			{ fault: 'status', status: 200, body: 'html', contentType: PNG },
		],
		[
			'a refusal that calls itself a PNG',
			{ fault: 'status', status: 200, body: 'xml', contentType: PNG },
		],
	])('%s', async (_, fault) => {
		await scene.sandbox.setFaults([{ kind: REPAIRS, keyPrefix: '1', fault }]);
		const result = await scene.run(parameters('download', { retries: 0 }), items(0, 1, 2), goOn);
		expect(errorOf(result, 1)).toMatchObject({
			message: expect.stringMatching(/\[item 1\]$/) as string,
			description: expect.stringMatching(/^[A-Z].{20,}/) as string,
		});
		expect(result.output(NODE)[1]?.binary).toBeUndefined();
		expect(result.output(NODE).map(({ json }) => json.key)).toEqual(['0.png', undefined, '2.png']);
	});
});

describe('a clock that is off by a day', () => {
	afterEach(async () => {
		await scene.sandbox.setClock(0);
	});

	test.each([-86_400, 86_400])('%i s: all of many items at a time succeed', async (offset) => {
		await scene.sandbox.setClock(offset);
		const result = await scene.run(
			parameters('cloud', { maxConcurrency: 5 }, { resultKey: '=clock/{{ $itemIndex }}.png' }),
			items(0, 1, 2, 0, 1, 2, 0, 1, 2, 0),
			goOn,
		);
		expect(result.output(NODE).map(({ json }) => json.error)).toEqual(Array(10).fill(undefined));
		expect(billed(await scene.sandbox.calls())).toBe(10);
	});

	test.each([-86_400, 86_400])('%i s: a mask can be fetched, and is deleted', async (offset) => {
		const before = await scene.sandbox.keys();
		await scene.sandbox.setClock(offset);
		const result = await scene.run(parameters('download', {}, binaryMask), items(0));
		expect(result.error).toBeUndefined();
		expect(await scene.sandbox.keys()).toEqual(before);
	});
});

test('the list of images in the editor comes all the same after spoilt XML', async () => {
	await scene.sandbox.setFaults([
		{ kind: 'list', times: 1, fault: { fault: 'xml', shape: 'malformed' } },
	]);
	const { results } = await scene.engine.listSearch({
		nodeType: 'n8n-nodes-tencent-image-repair.imageRepair',
		method: 'searchImages',
		nodeParameters: {},
		credentials: { bucket: scene.credential },
	});
	expect(results.map(({ value }) => value)).toContain('0.png');
});
