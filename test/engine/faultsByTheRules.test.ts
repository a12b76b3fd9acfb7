import type { IDataObject, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';

import type { ExecutionResult } from '../../engine/engine';
import type { Call, CallKind } from '../../sandbox/calls';
import type { Fault } from '../../sandbox/faults';
import {
	byKey,
	LOGO,
	LOGO_POLYGON,
	NODE,
	openScene,
	picture,
	PICTURE_SIZE,
	type Scene,
} from './bucketAndEngine';

const PNG = 'image/png';
const REPAIRS: CallKind[] = ['repair-download', 'repair-upload', 'repair-cloud'];

let scene: Scene;
let original: Buffer;
let mask: Buffer;

beforeAll(async () => {
	scene = await openScene({ binaryMode: 'filesystem' });
	original = await picture();
	const black = { create: { ...PICTURE_SIZE, channels: 3, background: '#000' } } as const;
	const white = await sharp({ create: { ...black.create, ...LOGO, background: '#fff' } })
		.png()
		.toBuffer();
	mask = await sharp(black)
		.composite([{ input: white, left: LOGO.left, top: LOGO.top }])
		.png()
		.toBuffer();
	for (const name of ['0', '1', '2']) await scene.sandbox.putObject(`${name}.png`, original, PNG);
	// The first repair takes the sandbox longer than the short timeouts below.
	await scene.run(parameters('download', {}, { objectKey: byKey('0.png') }));
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.clearFaults();
	await scene.sandbox.resetCalls();
});

type Mode = 'download' | 'upload' | 'cloud';

const parameters = (
	mode: Mode,
	options: INodeParameters = {},
	more: INodeParameters = {},
): INodeParameters => ({
	operation: mode,
	objectKey: byKey('={{ $json.n }}.png'),
	area: 'polygons',
	polygons: LOGO_POLYGON,
	options: { checkAreaFirst: false, retries: 1, timeout: 5, ...options },
	...more,
});
const binaryMask = { area: 'mask', maskSource: 'binary', maskBinaryPropertyName: 'mask' };

const items = (...numbers: number[]) =>
	numbers.map((n) => ({
		json: { n },
		binary: {
			data: { content: original, mimeType: PNG, fileName: `${String(n)}.png` },
			mask: { content: mask, mimeType: PNG, fileName: 'mask.png' },
		},
	}));

const goOn = { node: { onError: 'continueRegularOutput' } };

interface ErrorItem {
	message: string;
	description: string;
	code: string;
	httpCode?: string;
	itemIndex: number;
}
const errorOf = (result: ExecutionResult, item: number): ErrorItem | undefined => {
	const error = result.output(NODE)[item]?.json.error;
	return typeof error === 'object' ? (error as IDataObject & ErrorItem) : undefined;
};
const repairsOf = (calls: readonly Call[], key: string) =>
	calls.filter((call) => call.key === key && REPAIRS.includes(call.kind));
const billed = (calls: readonly Call[]) => calls.filter((call) => call.billed).length;

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

describe('what only calls itself a picture is never passed on', () => {
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

test('the list of pictures in the editor comes all the same after spoilt XML', async () => {
	await scene.sandbox.setFaults([
		{ kind: 'list', times: 1, fault: { fault: 'xml', shape: 'malformed' } },
	]);
	const { results } = await scene.engine.listSearch({
		nodeType: 'n8n-nodes-tencent-image-repair.imageRepair',
		method: 'searchPictures',
		nodeParameters: {},
		credentials: { bucket: scene.credential },
	});
	expect(results.map(({ value }) => value)).toContain('0.png');
});
