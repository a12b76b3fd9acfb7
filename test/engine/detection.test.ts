import type { IDataObject, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';

import type { FaultRule } from '../../dev/sandbox/faults/faultRules';
import type { CallKind } from '../../dev/sandbox/ledger/calls';
import { byKey, image, named, NODE, openScene, pixelChange, type Scene } from './bucketAndEngine';

/** What the sandbox makes up in an image of 120 x 80 pixels, and the same 1 percent larger: one pixel. */
const CORNERS = [
	[45, 30],
	[75, 30],
	[75, 50],
	[45, 50],
];
const GROWN = { left: 44, top: 29, width: 32, height: 22 };
const TEXT = { area: 'text', textFilter: 'any' };

let scene: Scene;
let original: Buffer;

beforeAll(async () => {
	scene = await openScene();
	original = await image();
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await find('one');
	for (const key of await scene.sandbox.keys()) await scene.sandbox.deleteObject(key);
	await scene.sandbox.putObject('a.png', original, 'image/png');
	await scene.sandbox.resetCalls();
});

const DETECTIONS: CallKind[] = ['detect-text', 'detect-logo'];

/** What is found from now on. */
async function find(
	what: 'nothing' | 'one' | 'turned' | 'unsure' | 'many',
	...more: FaultRule[]
): Promise<void> {
	const fault = { fault: 'detection', find: what } as const;
	await scene.sandbox.setFaults([...more, { kind: DETECTIONS, fault }]);
}

const MODES = ['download', 'upload', 'cloud'] as const;

async function runMode(
	operation: (typeof MODES)[number] | 'detect',
	parameters: INodeParameters,
	options: INodeParameters = {},
	items = 1,
) {
	const file = { content: original, mimeType: 'image/png', fileName: 'a.png' };
	const item = { json: {}, binary: { data: file } };
	return await scene.run(
		{ operation, ...named('a.png'), ...parameters, options },
		Array.from({ length: items }, () => item),
	);
}

type Run = Awaited<ReturnType<typeof runMode>>;

/** How often each kind of call was made. */
async function kinds(): Promise<Record<string, number>> {
	const counts: Record<string, number> = {};
	for (const { kind } of await scene.sandbox.calls()) counts[kind] = (counts[kind] ?? 0) + 1;
	return counts;
}

async function repairedOf(operation: string, result: Run): Promise<Buffer> {
	if (operation === 'download') return await scene.readOutput(result);
	return await scene.sandbox.getObject('a-repaired.png');
}

const lineOf = (result: Run) => result.hints(NODE)[0]?.message;
const jsonOf = (result: Run): IDataObject => result.output(NODE)[0]?.json ?? {};

describe.each(MODES)('in the mode %s, what is found', (operation) => {
	test.each([
		['text', TEXT, 'text'],
		['a logo', { area: 'logo' }, 'logo'],
	])('as %s is repaired with a margin, and told', async (_, area, kind) => {
		const result = await runMode(operation, area);
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject({
			repaired: true,
			areas: [{ kind, label: 'sandbox', confidence: 99, polygon: CORNERS }],
		});
		const change = await pixelChange(original, await repairedOf(operation, result), GROWN);
		expect(change.outside).toBe(0);
		expect(change.inside).toBeGreaterThan(500);
		expect(lineOf(result)).toBe('1 repaired, 1 billed call, 1 detection');
		expect(await scene.billedCalls()).toBe(1);
		// Nothing of what a file was shown to the detector by is left.
		expect((await scene.sandbox.keys()).filter((key) => key.includes('masks'))).toEqual([]);
	});

	test('nothing, leaves the image as it is, and no repair is billed', async () => {
		await find('nothing');
		const result = await runMode(operation, TEXT);
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject({ key: 'a.png', repaired: false, areas: [] });
		expect(lineOf(result)).toBe('1 left as they are: nothing found, 1 detection, no repair billed');
		expect(await scene.billedCalls()).toBe(0);
		expect(await scene.sandbox.keys()).toEqual(['a.png']);
		expect(await scene.sandbox.getObject('a.png')).toEqual(original);
	});

	test('nothing, fails if it is to fail, before anything is billed', async () => {
		await find('nothing');
		const result = await runMode(operation, { ...TEXT, ifNothingFound: 'fail' });
		expect(result.error?.message).toContain('Nothing was found in the image (a.png) [item 0]');
		expect(await scene.billedCalls()).toBe(0);
	});

	test('nothing, is repaired automatically if that is chosen', async () => {
		await find('nothing');
		const result = await runMode(operation, { ...TEXT, ifNothingFound: 'automatic' });
		// The image has nothing that the sandbox would take for a logo.
		expect(result.error?.message).toContain('a.png');
		const asked = (await scene.sandbox.ledger()).calls.flatMap(({ asked }) => asked);
		expect(asked.at(-1)?.area).toBe('automatic');
	});

	test('is not looked for in a dry run, unless that is wanted', async () => {
		const blind = await runMode(operation, TEXT, { dryRun: true });
		expect(JSON.stringify(jsonOf(blind))).toContain('"area":"notDetected"');
		expect(lineOf(blind)).toBe('Dry run: 1 checked, 1 call would be billed, no repair billed');
		expect(await kinds()).not.toHaveProperty('detect-text');

		const seen = await runMode(operation, TEXT, { dryRun: true, detectInDryRun: true });
		expect(jsonOf(seen)).toMatchObject({ areas: [{ polygon: CORNERS }], billedCalls: 1 });
		expect(lineOf(seen)).toContain('1 call would be billed, 1 detection, no repair billed');

		await find('nothing');
		const none = await runMode(operation, TEXT, { dryRun: true, detectInDryRun: true });
		expect(jsonOf(none)).toMatchObject({ dryRun: true, areas: [], billedCalls: 0 });
		expect(await scene.billedCalls()).toBe(0);
		expect(await scene.sandbox.keys()).toEqual(['a.png']);
	});

	test('costs no detection beyond Max Billed Calls', async () => {
		const result = await runMode(operation, TEXT, { maxBilledCalls: 1 }, 1);
		expect(result.error).toBeUndefined();
		expect((await kinds())['detect-text']).toBe(1);
	});

	test('is paid for once, however often the repair is tried', async () => {
		const repairs: CallKind[] = ['repair-download', 'repair-upload', 'repair-cloud'];
		const refusal = { fault: 'status', status: 403, code: 'AccessDenied' } as const;
		await find('one', { kind: repairs, times: 1, fault: refusal });
		const result = await scene.run(
			{ operation, ...named('a.png'), ...TEXT },
			[
				{
					json: {},
					binary: { data: { content: original, mimeType: 'image/png', fileName: 'a.png' } },
				},
			],
			{ node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 } },
		);
		expect(result.error).toBeUndefined();
		expect(lineOf(result)).toBe('1 repaired, 1 billed call, 1 detection');
		expect((await kinds())['detect-text']).toBe(1);
		expect(await scene.billedCalls()).toBe(1);
	});

	test('is not asked for again when the response was lost, and the message says so', async () => {
		await find('one', { kind: 'detect-text', fault: { fault: 'reset', processed: true } });
		const result = await runMode(operation, TEXT);
		expect(JSON.stringify(result.error)).toContain('A detection may have been billed');
		const calls = await kinds();
		expect(calls['detect-text']).toBe(1);
		expect(await scene.billedCalls()).toBe(0);
	});

	test('is asked for again when the service was busy', async () => {
		const busy = { fault: 'status', status: 503, code: 'ServiceUnavailable' } as const;
		await find('one', { kind: 'detect-text', times: 1, fault: busy });
		const result = await runMode(operation, TEXT);
		expect(result.error).toBeUndefined();
		expect(lineOf(result)).toBe('1 repaired, 1 retry, 1 billed call, 1 detection');
	});
});

test('the original is passed on where nothing is found, if that is wanted', async () => {
	await find('nothing');
	const result = await runMode('download', TEXT, { passOriginal: true });
	expect(jsonOf(result)).toMatchObject({ repaired: false, size: original.length });
	expect(await scene.readOutput(result)).toEqual(original);
	const without = await runMode('download', TEXT);
	expect(jsonOf(without)).not.toHaveProperty('size');
});

test.each([
	['of low confidence', 'unsure', {}, 0],
	['of low confidence, where that is enough', 'unsure', { minConfidence: 10 }, 1],
	['that says something else', 'one', { textFilter: 'contains', texts: ['shop-a.com'] }, 0],
	['that says it, misread', 'one', { textFilter: 'contains', texts: ['5AND80X'] }, 1],
	['that says it, misread, to the letter', 'one', { texts: ['5AND80X'], exactText: true }, 0],
	['that a pattern matches', 'one', { textFilter: 'matches', texts: ['s?nd*'] }, 1],
	['that no pattern matches', 'one', { textFilter: 'matches', texts: ['and*'] }, 0],
	['far from the border', 'one', { searchIn: 'border', searchBorder: 20 }, 0],
	['near enough to the border', 'one', { searchIn: 'border', searchBorder: 50 }, 1],
])('a text %s is left alone, or repaired', async (_, found, parameters, repairs) => {
	await find(found as 'one' | 'unsure');
	const result = await runMode('cloud', {
		...TEXT,
		textFilter: 'contains',
		...parameters,
		...('texts' in parameters ? {} : { textFilter: 'any' }),
	});
	expect(result.error).toBeUndefined();
	expect(await scene.billedCalls()).toBe(repairs);
});

test('grows as usual where an expression chooses the area, and as entered otherwise', async () => {
	const areaOf = async (parameters: INodeParameters) => {
		const result = await runMode('cloud', { ...TEXT, ...parameters });
		expect(result.error).toBeUndefined();
		return (await scene.sandbox.ledger()).calls.at(-1)?.asked[0]?.area;
	};
	const square = (by: number) =>
		`polygons ${JSON.stringify([
			[
				[45 - by, 30 - by],
				[75 + by, 30 - by],
				[75 + by, 50 + by],
				[45 - by, 50 + by],
			],
		])}`;
	expect(await areaOf({ area: '={{ "Found Text" }}' })).toBe(square(1));
	expect(await areaOf({ growArea: 0 })).toBe(square(0));
	expect(await areaOf({ growArea: 3, growUnit: 'pixels' })).toBe(square(3));
	expect(await areaOf({ growArea: 10, growUnit: 'percent' })).toBe(square(8));
});

test('a rectangle says where to look', async () => {
	const at = (left: number) => ({
		searchIn: 'rectangles',
		searchRectangles: { rectangle: [{ left, top: 0, width: 60, height: 80 }] },
	});
	expect(jsonOf(await runMode('cloud', { ...TEXT, ...at(30) })).repaired).toBe(true);
	expect(jsonOf(await runMode('cloud', { ...TEXT, ...at(70) })).repaired).toBe(false);
});

test('a text without anything to compare it with is refused, and nothing is sent', async () => {
	const result = await runMode('cloud', { area: 'text' });
	expect(result.error?.message).toContain('Texts is empty');
	expect(await kinds()).toEqual({});
});

test('an image of a format that is not read is handed over as a copy, its places scaled back', async () => {
	const size = { width: 3000, height: 1500 };
	const large = await sharp({ create: { ...size, channels: 3, background: '#888' } })
		.webp()
		.toBuffer();
	await scene.sandbox.putObject('large.webp', large, 'image/webp');
	const result = await scene.run({
		operation: 'detect',
		objectKey: byKey('large.webp'),
		lookFor: 'text',
	});
	expect(result.error).toBeUndefined();
	expect(jsonOf(result)).toMatchObject({
		...size,
		areas: [
			{
				polygon: [
					[1125, 563],
					[1875, 563],
					[1875, 938],
					[1125, 938],
				],
			},
		],
	});
	expect(JSON.stringify(result.output(NODE))).not.toContain('q-signature');
});

test('texts and logos are told without a repair, and of the same image once', async () => {
	const result = await runMode('detect', {}, {}, 2);
	expect(result.error).toBeUndefined();
	const [first, second] = result.output(NODE);
	expect(first?.json).toEqual({
		key: 'a.png',
		bucket: scene.sandbox.bucket,
		width: 120,
		height: 80,
		areas: [
			{ kind: 'text', label: 'sandbox', confidence: 99, polygon: CORNERS },
			{ kind: 'logo', label: 'sandbox', confidence: 99, polygon: CORNERS },
		],
	});
	expect(second?.json).toMatchObject({ sameAs: 0, areas: [{}, {}] });
	expect(await kinds()).toEqual({ 'image-info': 1, 'detect-text': 1, 'detect-logo': 1 });
	expect(lineOf(result)).toBe('2 looked at, 2 detections, no repair billed');
});

test('what Detect gives is taken as Polygons', async () => {
	const found = jsonOf(await runMode('detect', { lookFor: 'text' }));
	const result = await runMode('cloud', {
		area: 'polygons',
		polygons: JSON.stringify(found.areas),
		growArea: 1,
		growUnit: 'pixels',
	});
	expect(result.error).toBeUndefined();
	const change = await pixelChange(original, await repairedOf('cloud', result), GROWN);
	expect(change.outside).toBe(0);
	expect(change.inside).toBeGreaterThan(500);
});

test('of several results, those for which nothing is found are left out', async () => {
	await find('nothing');
	const rectangle = { left: 10, top: 10, width: 20, height: 20 };
	const result = await runMode('cloud', TEXT, {
		additionalResults: {
			result: [{ resultKey: 'b.png', area: 'rectangles', rectangles: { rectangle: [rectangle] } }],
		},
	});
	expect(result.error).toBeUndefined();
	expect(jsonOf(result)).toMatchObject({
		results: [{ key: 'b.png' }],
		leftOut: [{ key: 'a-repaired.png', reason: 'nothingFound' }],
	});
	expect([...(await scene.sandbox.keys())].sort()).toEqual(['a.png', 'b.png']);
});

test('results that look for the same in the same image pay for one detection', async () => {
	const row = (resultKey: string, text: string) => ({ resultKey, area: 'text', texts: [text] });
	const result = await runMode('cloud', TEXT, {
		additionalResults: { result: [row('b.png', 'sand'), row('c.png', 'box')] },
	});
	expect(result.error).toBeUndefined();
	expect((await kinds())['detect-text']).toBe(1);
	expect((await scene.sandbox.keys()).length).toBe(4);
});

test('an account that may not read text is told which permission that takes', async () => {
	const refusal = { fault: 'status', status: 403, code: 'AccessDenied' } as const;
	await find('one', { kind: 'detect-text', fault: refusal });
	const result = await runMode('cloud', TEXT);
	expect(JSON.stringify(result.error)).toContain('ci:CreateOCRJob');
	expect(await scene.billedCalls()).toBe(0);
});

test('hundreds of texts are repaired at once, or refused before a repair is billed', async () => {
	await find('many');
	const result = await runMode('cloud', TEXT);
	expect(result.error).toBeUndefined();
	// They lie so close, one below the other, that each column is one area.
	const area = (await scene.sandbox.ledger()).calls.at(-1)?.asked[0]?.area ?? '';
	expect(JSON.parse(area.replace('polygons ', ''))).toHaveLength(10);
	const apart = await runMode('cloud', { ...TEXT, growArea: 0 });
	expect(apart.error?.message).toMatch(/^Area makes a request with a line of \d+ bytes/);
	expect(await scene.billedCalls()).toBe(1);
});

test('a run that stops tells what was found before, and what was stored as it is', async () => {
	const file = { content: original, mimeType: 'image/png', fileName: 'a.png' };
	await find('nothing');
	const result = await scene.run(
		{ operation: 'upload', storeAs: '={{ $json.key }}', ...TEXT, options: { maxConcurrency: 1 } },
		[
			{ json: { key: 'plain.png' }, binary: { data: file } },
			{ json: { key: 'next.png' }, binary: {} },
		],
	);
	expect(result.error?.description).toContain(
		'Stored as they are, as nothing was found in them: plain.png.',
	);
	expect(result.error?.description).toContain('1 detection, no repair billed');
	expect(result.error?.description).not.toContain('Repaired:');
});
