import type { INodeParameters } from 'n8n-workflow';

import type { ExecutionResult } from '../../dev/engine/engine';
import type { Fault } from '../../dev/sandbox/faults/faultRules';
import { shortenPauses } from '../quickSleep';
import { byKey, image, LOGO_POLYGON, NODE, type RunSettings, type Scene } from './bucketAndEngine';
import {
	continueOnError,
	errorOf,
	parameters,
	PNG,
	REPAIRS,
	useFaultScene,
	type Mode,
} from './faultScene';

/** What users were billed for twice, told wrongly or lost, one test for each. */

let scene: Scene;
let original: Buffer;
let items: Parameters<Parameters<typeof useFaultScene>[0]>[0]['items'];
useFaultScene((opened) => {
	({ scene, original, items } = opened);
});
/** A result that comes is looked for long enough to be found, one that never comes is given up soon. */
const expectResult = () => shortenPauses(10);
const expectNoResult = () => shortenPauses(100);

beforeEach(async () => {
	expectNoResult();
	await scene.sandbox.resetLedger();
	await scene.sandbox.putObject('0.png', original, PNG);
});

const MODES: Mode[] = ['download', 'upload', 'cloud'];
const STORING: Mode[] = ['upload', 'cloud'];

/** Longer than the second that `Last-Modified` tells is long. */
const WORK = { workMs: 2000 };
const lostAfterWork: Fault = { fault: 'reset', processed: true, ...WORK };

const repairs = async () =>
	(await scene.sandbox.ledger()).calls.filter(({ kind }) => REPAIRS.includes(kind));
const billed = async () => (await repairs()).filter((call) => call.billed).length;
const hintOf = (result: ExecutionResult) => result.hints(NODE)[0]?.message;

/** A key that no other test has used. */
let keys = 0;
const freshKey = () => `/paid/${String(++keys)}.png`;

async function withFault(
	mode: Mode,
	fault: Fault,
	options: INodeParameters = {},
	more: INodeParameters = {},
	settings: RunSettings = continueOnError,
) {
	await scene.sandbox.resetLedger();
	await scene.sandbox.setFaults([{ kind: REPAIRS, times: 1, fault }]);
	const resultKey = freshKey();
	const result = await scene.run(
		parameters(mode, { retries: 3, ...options }, { resultKey, ...more }),
		items(0),
		settings,
	);
	return { result, error: errorOf(result, 0), key: resultKey.slice(1) };
}

describe('a paid call is billed once', () => {
	test.each(STORING)('when the service needs longer than Timeout allows: %s', async (mode) => {
		expectResult();
		const { result, error, key } = await withFault(
			mode,
			{ fault: 'work', workMs: 3000 },
			{ timeout: 1 },
		);
		expect(error).toBeUndefined();
		expect(result.output(NODE)[0]?.json.results).toMatchObject([{ key }]);
		expect([(await repairs()).length, await billed()]).toEqual([1, 1]);
	});

	test.each<[Mode, number]>([
		['download', 500],
		['download', 502],
		['download', 503],
		['download', 504],
		['upload', 502],
		['cloud', 504],
	])('when a gateway responds after the work was done: %s, %i as HTML', async (mode, status) => {
		expectResult();
		const { result, error } = await withFault(mode, {
			...(mode !== 'download' && WORK),
			fault: 'status',
			status,
			body: 'html',
			requestId: false,
			processed: true,
		});
		expect([(await repairs()).length, await billed()]).toEqual([1, 1]);
		if (mode === 'download') {
			expect(error).toMatchObject({ billed: 'perhaps', httpCode: String(status) });
			expect(hintOf(result)).toBe('1 failed, 0 billed calls, 1 more may have been billed');
		} else {
			expect(error).toBeUndefined();
			expect(hintOf(result) ?? '1 billed call').toMatch(/1 billed call/);
		}
	});

	test.each<[what: string, headers: Record<string, string | null>]>([
		['Date', { Date: null }],
		['Last-Modified', { 'Last-Modified': null }],
		['a clock of its own: a cache responds', { Age: '100' }],
		['a request id: something in between responds', { 'x-cos-request-id': null }],
	])('when the look for its lost result comes without %s', async (_, headers) => {
		await scene.sandbox.setFaults([
			{ kind: REPAIRS, times: 1, fault: { fault: 'reset', processed: true } },
			{ kind: 'head', fault: { fault: 'headers', headers } },
		]);
		const resultKey = freshKey();
		const result = await scene.run(
			parameters('cloud', { retries: 3 }, { resultKey }),
			items(0),
			continueOnError,
		);
		expect(errorOf(result, 0)).toMatchObject({
			billed: 'perhaps',
			results: [{ key: resultKey.slice(1), bucket: scene.sandbox.bucket, status: 'unknown' }],
			description: expect.stringContaining(resultKey.slice(1)) as string,
		});
		expect([(await repairs()).length, await billed()]).toEqual([1, 1]);
	});

	test('and what others store under its result key is not told as the result of an upload that never arrived', async () => {
		shortenPauses(5);
		const resultKey = freshKey();
		await scene.sandbox.setFaults([{ kind: REPAIRS, fault: { fault: 'reset' } }]);
		await scene.sandbox.resetCalls();
		const running = scene.run(
			parameters('upload', {}, { storeAs: 'never-arrived.png', resultKey }),
			items(0),
			continueOnError,
		);
		// Long enough after the call began for the second in which it is stored to prove it.
		await new Promise((resolve) => setTimeout(resolve, 2000));
		await scene.sandbox.putObject(resultKey.slice(1), original, PNG);
		expect(errorOf(await running, 0)).toMatchObject({
			billed: 'perhaps',
			results: [{ key: resultKey.slice(1), status: 'unknown' }],
		});
		const looked = (await scene.sandbox.calls()).filter(({ kind }) => kind === 'head');
		// Once for the result that was found, once for what Skip Existing Results has to remember.
		expect(looked.filter(({ key }) => key === 'never-arrived.png')).toHaveLength(2);
		expect(await billed()).toBe(0);
	});

	test('when its result can be seen late', async () => {
		expectResult();
		const { error } = await withFault('cloud', { ...lostAfterWork, visibleAfterMs: 1000 });
		expect(error).toBeUndefined();
		expect([(await repairs()).length, await billed()]).toEqual([1, 1]);
	});

	test.each(MODES)('by five items of a run that ask for the same: %s', async (mode) => {
		const result = await scene.run(
			parameters(mode, { skipExisting: mode !== 'download' }, { resultKey: freshKey() }),
			items(0, 0, 0, 0, 0),
		);
		expect(result.error).toBeUndefined();
		expect(result.output(NODE).map(({ json }) => json.sameAs)).toEqual([undefined, 0, 0, 0, 0]);
		expect(await billed()).toBe(1);
		expect(hintOf(result)).toBe('5 repaired, 1 billed call');
		if (mode !== 'download') return;
		const bytes = await Promise.all(
			[0, 4].map(async (index) => await scene.readOutput(result, index)),
		);
		expect(bytes[1]).toEqual(bytes[0]);
	});
});

describe('what may have been done is made again only with Retry Lost Calls', () => {
	test.each(MODES)('%s', async (mode) => {
		const before: Fault = { fault: 'reset' };
		const off = await withFault(mode, before);
		expect(off.error).toMatchObject({ billed: 'perhaps' });
		expect([(await repairs()).length, await billed()]).toEqual([1, 0]);
		expect(hintOf(off.result)).toBe('1 failed, 0 billed calls, 1 more may have been billed');

		const on = await withFault(mode, before, { retryLostCalls: true });
		expect(on.error).toBeUndefined();
		expect([(await repairs()).length, await billed()]).toEqual([2, 1]);
		expect(hintOf(on.result)).toBe(
			'1 repaired, 1 retry, 1 billed call, 1 more may have been billed',
		);
	});

	test.each(MODES)(
		'%s: 500 with a code of the service is a refusal, and comes again',
		async (mode) => {
			const { result, error } = await withFault(mode, {
				fault: 'status',
				status: 500,
				code: 'InternalError',
			});
			expect(error).toBeUndefined();
			expect([(await repairs()).length, await billed()]).toEqual([2, 1]);
			expect(hintOf(result)).toBe('1 repaired, 1 retry, 1 billed call');
		},
	);
});

describe('fewer results than were asked for', () => {
	const fiveOptions = {
		additionalResults: {
			result: [2, 3, 4, 5].map((n) => ({
				resultKey: `/five/${String(n)}.png`,
				area: 'polygons',
				polygons: LOGO_POLYGON,
			})),
		},
	};

	test.each(['missing', 'object'] as const)('(%s): paid once, none is lost', async (report) => {
		const fault: Fault = {
			fault: 'rules',
			rules: [3],
			report,
			code: 'InternalError',
			message: 'This rule failed',
		};
		const { result, error } = await withFault(
			'cloud',
			fault,
			fiveOptions,
			{ resultKey: '/five/1.png' },
			{
				node: {
					onError: 'continueRegularOutput',
					retryOnFail: true,
					maxTries: 3,
					waitBetweenTries: 1,
				},
			},
		);
		expect(error).toMatchObject({
			code: 'MissingResults',
			billed: 'yes',
			requestId: expect.any(String) as string,
			results: [1, 2, 3, 4, 5].map((n) => ({
				key: `five/${String(n)}.png`,
				status: n === 3 ? 'missing' : 'stored',
			})),
		});
		if (report === 'object')
			expect(error?.description).toContain('InternalError: This rule failed');
		expect(await repairs()).toHaveLength(1);
		expect(hintOf(result)).toMatch(/1 failed, 1 billed call$/);
	});
});

describe('items of one run under one key', () => {
	test.each<[string, INodeParameters]>([
		['another source', {}],
		['another area', { objectKey: byKey('0.png'), polygons: `=[[[{{ $json.n }},0],[9,0],[9,9]]]` }],
	])(
		'with %s: the second is refused before anything is sent, and names the first',
		async (_, more) => {
			const result = await scene.run(
				parameters('cloud', {}, { resultKey: freshKey(), ...more }),
				items(0, 1),
				continueOnError,
			);
			expect(errorOf(result, 0)).toBeUndefined();
			expect(errorOf(result, 1)).toMatchObject({
				billed: 'no',
				message: expect.stringMatching(/^Result Key .*item 0 .*\[item 1\]$/) as string,
			});
			expect(await repairs()).toHaveLength(1);
		},
	);
});

describe('with Overwrite Original', () => {
	const overwrite = { overwriteOriginal: true };

	test.each(STORING)(
		'%s: a call that was lost before the work is not told as a repair',
		async (mode) => {
			const { error } = await withFault(
				mode,
				{ fault: 'reset', processed: mode === 'upload' ? 'original' : false },
				{},
				overwrite,
			);
			expect(error).toMatchObject({
				billed: 'perhaps',
				results: [{ key: '0.png', status: 'unknown' }],
			});
			expect(await billed()).toBe(0);
			expect(await scene.sandbox.getObject('0.png')).toEqual(original);
		},
	);

	test.each(STORING)('%s: a lost repair is found by its other bytes', async (mode) => {
		expectResult();
		const { error } = await withFault(mode, lostAfterWork, {}, overwrite);
		expect(error).toBeUndefined();
		expect(await billed()).toBe(1);
	});
});

test('originals that refused uploads have stored are all named when one of them stops the run', async () => {
	await scene.sandbox.setFaults([
		{
			kind: 'repair-upload',
			fault: { fault: 'status', status: 400, code: 'InvalidArgument', processed: 'original' },
		},
	]);
	const storeAs = '=originals/{{ $json.n }}.png';
	const result = await scene.run(parameters('upload', {}, { storeAs }), items(0, 1, 2));
	expect(result.error?.message).toMatch(/\[item 0\]$/);
	const stored = (await scene.sandbox.keys()).filter((one) => one.startsWith('originals/'));
	expect(stored).toEqual(['originals/0.png', 'originals/1.png', 'originals/2.png']);
	for (const one of stored) expect(result.error?.description).toContain(one);
});

describe('with n8n’s Retry On Fail', () => {
	const retry = (onError?: string): RunSettings => ({
		node: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1, ...(onError && { onError }) },
	});

	test.each(MODES)('%s: each good picture is billed once although one key is bad', async (mode) => {
		const more =
			mode === 'upload'
				? { storeAs: '={{ $json.n === 1 ? "a/../b" : "up/" + $json.n + ".png" }}' }
				: {
						objectKey: byKey('={{ $json.n === 1 ? "missing" : $json.n }}.png'),
					};
		const resultKey = freshKey().replace('.png', '-{name}.png');
		const result = await scene.run(
			parameters(mode, {}, { ...more, resultKey }),
			items(0, 1, 2),
			retry(),
		);
		expect(result.error?.message).toMatch(/\[item 1\]$/);
		expect(result.error?.description).toMatch(/2 billed calls/);
		expect(await billed()).toBe(2);
	});

	test('in a first item with Continue, all tries are counted and the output is whole', async () => {
		const resultKey = freshKey().replace('.png', '-{{ $json.n }}.png');
		const more = {
			objectKey: byKey('={{ $json.n === 1 ? "missing" : $json.n }}.png'),
			resultKey: `=${resultKey}`,
		};
		const result = await scene.run(
			parameters('cloud', {}, more),
			items(1, 0, 2),
			retry('continueRegularOutput'),
		);
		expect(result.output(NODE).map(({ json }) => json.key)).toEqual([
			'missing.png',
			'0.png',
			'2.png',
		]);
		expect(await billed()).toBe(2);
		expect(hintOf(result)).toBe('2 repaired, 1 failed, 2 billed calls');
	});

	test('a key with the time in it does not make a try pay again', async () => {
		await scene.sandbox.setFaults([
			{ kind: 'get', times: 8, fault: { fault: 'status', status: 503 } },
		]);
		const more = { resultKey: '=/time/{{ $now.toMillis() }}.png', downloadResult: true };
		const result = await scene.run(parameters('cloud', { retries: 3 }, more), items(0), retry());
		expect(result.error).toBeUndefined();
		expect(await billed()).toBe(1);
		const [stored] = result.output(NODE)[0]?.json.results as Array<{ key: string }>;
		expect(await scene.sandbox.keys()).toContain(stored?.key);
		expect(await scene.readOutput(result)).toEqual(
			await scene.sandbox.getObject(stored?.key ?? ''),
		);
	});

	test('an image that was downloaded in a try that failed is passed on by the next one', async () => {
		await scene.sandbox.setFaults([
			{
				kind: REPAIRS,
				keyPrefix: '1',
				times: 1,
				fault: { fault: 'status', status: 403, code: 'AccessDenied' },
			},
		]);
		const result = await scene.run(parameters('download'), items(0, 1, 2), retry());
		expect(result.error).toBeUndefined();
		expect(await billed()).toBe(3);
		expect(hintOf(result)).toBe('3 repaired, 3 billed calls');
		expect((await scene.readOutput(result, 0)).length).toBeGreaterThan(0);
	});

	test('a lost call is looked for again in the next try, and not made again', async () => {
		shortenPauses(30);
		const { result, error } = await withFault(
			'cloud',
			{ fault: 'reset', processed: 'later', ...WORK },
			{},
			{},
			retry(),
		);
		expect(error).toBeUndefined();
		expect(result.error).toBeUndefined();
		expect([(await repairs()).length, await billed()]).toEqual([1, 1]);
		expect(hintOf(result) ?? '1 billed call').toMatch(/1 billed call$/);
	});

	test.each(MODES)(
		'%s: a lost call of an earlier try is told when the next one is refused',
		async (mode) => {
			await scene.sandbox.setFaults([
				{ kind: REPAIRS, times: 1, fault: { fault: 'reset' } },
				{ kind: REPAIRS, fault: { fault: 'status', status: 403, code: 'AccessDenied' } },
			]);
			const resultKey = freshKey();
			const options = { retries: 0, retryLostCalls: true };
			const result = await scene.run(
				parameters(mode, options, { resultKey }),
				items(0),
				retry('continueRegularOutput'),
			);
			const results = [{ key: resultKey.slice(1), status: 'unknown' }];
			expect(errorOf(result, 0)).toMatchObject({
				billed: 'perhaps',
				code: 'AccessDenied',
				...(mode !== 'download' && { results }),
			});
			expect(hintOf(result)).toBe('1 failed, 0 billed calls, 1 more may have been billed');
		},
	);

	test('what a lost call has stored is told when the next try skips it and another item fails', async () => {
		const anHourAgo = new Date(Date.now() - 3_600_000);
		await scene.sandbox.putObject('old.png', original, PNG, anHourAgo);
		// Stored within the second in which the call began, so that nothing proves that it is its result.
		const fault: Fault = { fault: 'reset', processed: true };
		await scene.sandbox.setFaults([{ kind: REPAIRS, times: 1, fault }]);
		const resultKey = freshKey();
		const options = {
			retries: 0,
			skipExisting: true,
			retryLostCalls: true,
			maxConcurrency: 1,
		};
		const objectKey = byKey('={{ $json.n === 1 ? "missing" : "old" }}.png');
		const result = await scene.run(
			parameters('cloud', options, {
				objectKey,
				resultKey: `=${resultKey}{{ $json.n === 1 ? "-1.png" : "" }}`,
			}),
			items(0, 1),
			retry(),
		);
		expect(result.error?.message).toMatch(/\[item 1\]$/);
		expect(result.error?.description).toContain(resultKey.slice(1));
		expect(await billed()).toBe(1);
	});

	test('a lost call of an earlier try is told when Max Billed Calls leaves no other', async () => {
		await scene.sandbox.setFaults([{ kind: REPAIRS, fault: { fault: 'reset' } }]);
		const options = { retries: 0, retryLostCalls: true, maxBilledCalls: 1 };
		const result = await scene.run(
			parameters('download', options),
			items(0),
			retry('continueRegularOutput'),
		);
		expect(errorOf(result, 0)).toMatchObject({ billed: 'perhaps', code: 'RepairLost' });
		expect(await repairs()).toHaveLength(1);
	});
});

describe('what was paid for is not lost when something fails after it', () => {
	test('the download of the result', async () => {
		await scene.sandbox.setFaults([
			{ kind: 'get', fault: { fault: 'status', status: 403, code: 'AccessDenied' } },
		]);
		const resultKey = freshKey();
		const run = async (settings?: RunSettings) =>
			await scene.run(
				parameters('cloud', {}, { resultKey, downloadResult: true }),
				items(0),
				settings,
			);
		const [call] = await (async () => {
			const result = await run(continueOnError);
			expect(errorOf(result, 0)).toMatchObject({
				billed: 'yes',
				results: [{ key: resultKey.slice(1), status: 'stored', bucket: scene.sandbox.bucket }],
			});
			const calls = await repairs();
			expect(errorOf(result, 0)).toMatchObject({ requestId: calls[0]?.requestId });
			return calls;
		})();
		expect(call?.billed).toBe(true);
		const thrown = await run();
		expect(thrown.error?.description).toContain(resultKey.slice(1));
	});

	test('a result that can be seen late is downloaded when it is there', async () => {
		shortenPauses(1);
		const { result, error, key } = await withFault(
			'cloud',
			{ fault: 'work', visibleAfterMs: 700 },
			{},
			{ downloadResult: true },
		);
		expect(error).toBeUndefined();
		expect(await scene.readOutput(result)).toEqual(await scene.sandbox.getObject(key));
		expect(await billed()).toBe(1);
	});

	test('another image under the key of the result is not passed on as the result', async () => {
		const fault: Fault = { fault: 'headers', headers: { ETag: '"another"' } };
		await scene.sandbox.setFaults([{ kind: 'get', fault }]);
		const more = { resultKey: freshKey(), downloadResult: true };
		const result = await scene.run(parameters('cloud', {}, more), items(0), continueOnError);
		expect(errorOf(result, 0)).toMatchObject({ code: 'OtherVersion', billed: 'yes' });
	});

	test('an item that stops the run names what the others have paid for', async () => {
		await scene.sandbox.setFaults([
			{ kind: REPAIRS, keyPrefix: '1', fault: { fault: 'delay', ms: 500 } },
		]);
		const more = {
			objectKey: byKey('={{ $json.n === 2 ? "missing" : $json.n }}.png'),
			resultKey: '=/so-far/{{ $json.n }}.png',
		};
		const result = await scene.run(parameters('cloud', {}, more), items(0, 1, 2));
		expect(result.error?.message).toMatch(/\[item 2\]$/);
		expect(result.error?.description).toContain(
			'Repaired: 0.png as so-far/0.png; 1.png as so-far/1.png.',
		);
		expect(result.error?.description).toContain('2 billed calls');
	});
});

describe('Skip Existing Results', () => {
	const skip = async (mode: Mode, resultKey: string, item = items(0)) =>
		await scene.run(parameters(mode, { skipExisting: true }, { resultKey }), item);
	const seconds = async (count: number) =>
		await new Promise((resolve) => setTimeout(resolve, count * 1000));

	test('skips what was made of this very image', async () => {
		const resultKey = freshKey();
		await scene.sandbox.putObject('0.png', original, PNG, new Date(Date.now() - 60_000));
		await skip('cloud', resultKey);
		const again = await skip('cloud', resultKey);
		expect(again.output(NODE)[0]?.json).toMatchObject({
			skipped: true,
			results: [{ key: resultKey.slice(1) }],
		});
		expect(await billed()).toBe(1);
	});

	test('repairs an image that was replaced in the second its result was stored', async () => {
		const resultKey = freshKey();
		await scene.sandbox.putObject('0.png', original, PNG, new Date(Date.now() - 60_000));
		await skip('cloud', resultKey);
		const { versions } = await scene.sandbox.ledger();
		const { storedAt } = versions.find(({ key }) => key === resultKey.slice(1)) ?? {};
		await scene.sandbox.putObject('0.png', await image('webp'), PNG, new Date(storedAt ?? 0));
		expect((await skip('cloud', resultKey)).output(NODE)[0]?.json.skipped).toBeUndefined();
		expect(await billed()).toBe(2);
	});

	test('tells of an image that was replaced while it was repaired, and repairs it the next time', async () => {
		const resultKey = freshKey();
		await scene.sandbox.putObject('0.png', original, PNG, new Date(Date.now() - 60_000));
		await scene.sandbox.setFaults([{ kind: REPAIRS, times: 1, fault: { fault: 'work', ...WORK } }]);
		const running = skip('cloud', resultKey);
		await seconds(1);
		await scene.sandbox.putObject('0.png', await image('jpeg'), 'image/jpeg');
		expect((await running).output(NODE)[0]?.json).toMatchObject({ sourceChanged: true });
		await seconds(2);
		const again = (await skip('cloud', resultKey)).output(NODE)[0]?.json;
		expect([again?.skipped, again?.sourceChanged]).toEqual([undefined, undefined]);
		expect(await billed()).toBe(2);
	});

	test.each<Mode>(['cloud', 'upload'])(
		'%s: does not take the late result of a lost call for one of the image that is there by then',
		async (mode) => {
			expectResult();
			const resultKey = freshKey();
			await scene.sandbox.putObject('0.png', original, PNG, new Date(Date.now() - 60_000));
			const fault: Fault = {
				fault: 'reset',
				processed: 'later',
				workMs: 3000,
				visibleAfterMs: 3000,
			};
			await scene.sandbox.setFaults([{ kind: REPAIRS, times: 1, fault }]);
			const running = scene.run(
				parameters(mode, { skipExisting: true }, { resultKey }),
				items(0),
				continueOnError,
			);
			await seconds(1);
			const content = await image('jpeg');
			await scene.sandbox.putObject('0.png', content, 'image/jpeg');
			expect(errorOf(await running, 0)).toMatchObject({ billed: 'perhaps' });
			while (!(await scene.sandbox.keys()).includes(resultKey.slice(1))) await seconds(0.1);
			const again = [{ json: { n: 0 }, binary: { data: { content, mimeType: 'image/jpeg' } } }];
			expect((await skip(mode, resultKey, again)).output(NODE)[0]?.json).toMatchObject({
				results: [{ key: resultKey.slice(1) }],
			});
			expect(await billed()).toBe(2);
		},
	);

	test('uploads another picture under a known key, and skips the same one', async () => {
		const resultKey = freshKey();
		await scene.sandbox.setFaults([{ kind: REPAIRS, times: 1, fault: { fault: 'work', ...WORK } }]);
		await skip('upload', resultKey);
		expect((await skip('upload', resultKey)).output(NODE)[0]?.json.skipped).toBe(true);
		expect(await billed()).toBe(1);
		const other = [
			{
				json: { n: 0 },
				binary: { data: { content: await image('jpeg'), mimeType: 'image/jpeg' } },
			},
		];
		expect((await skip('upload', resultKey, other)).output(NODE)[0]?.json.skipped).toBeUndefined();
		expect(await billed()).toBe(2);
	});

	test('two executions at once pay once', async () => {
		const resultKey = freshKey();
		await scene.sandbox.putObject('0.png', original, PNG, new Date(Date.now() - 60_000));
		await scene.sandbox.setFaults([{ kind: REPAIRS, fault: { fault: 'work', workMs: 500 } }]);
		const both = await Promise.all([skip('cloud', resultKey), skip('cloud', resultKey)]);
		expect(both.map((one) => one.output(NODE)[0]?.json.skipped).filter(Boolean)).toHaveLength(1);
		expect(await billed()).toBe(1);
	});
});

describe('Max Billed Calls', () => {
	const capped = (mode: Mode, most: number, options: INodeParameters = {}) =>
		parameters(
			mode,
			{ maxBilledCalls: most, maxConcurrency: 4, ...options },
			{ resultKey: '=/cap/{{ $json.n }}-{{ $itemIndex }}.png' },
		);

	test.each(STORING)('%s: no more is paid, and what is beyond leaves unrepaired', async (mode) => {
		const objectKey = byKey('={{ $json.n }}.png');
		const result = await scene.run({ ...capped(mode, 2), objectKey }, items(0, 1, 2));
		expect(result.error).toBeUndefined();
		expect(await billed()).toBe(2);
		const left = result.output(NODE).filter(({ json }) => json.reason === 'maxBilledCalls');
		expect(left).toHaveLength(1);
		const index = result.output(NODE).findIndex((one) => one === left[0]);
		expect(left[0]?.json).toMatchObject({ key: `${String(index)}.png`, skipped: true });
		expect(hintOf(result)).toBe('2 repaired, 1 left out by Max Billed Calls, 2 billed calls');
	});

	test('a refused call leaves its place to another item, a lost one does not', async () => {
		await scene.sandbox.setFaults([
			{
				kind: REPAIRS,
				keyPrefix: '0',
				fault: { fault: 'status', status: 403, code: 'AccessDenied' },
			},
			{ kind: REPAIRS, keyPrefix: '1', fault: { fault: 'reset' } },
		]);
		const result = await scene.run(capped('download', 2), items(0, 1, 2, 2), continueOnError);
		expect(result.output(NODE).map(({ json }) => json.key)).toEqual([
			'0.png',
			'1.png',
			'2.png',
			'2.png',
		]);
		expect(errorOf(result, 1)).toMatchObject({ billed: 'perhaps' });
		const left = await scene.run(capped('download', 1), items(1, 2), continueOnError);
		expect(left.output(NODE)[1]?.json).toMatchObject({ skipped: true, reason: 'maxBilledCalls' });
	});

	test('Dry Run counts in the same way', async () => {
		const result = await scene.run(capped('cloud', 2, { dryRun: true }), items(0, 1, 2));
		const reasons = result.output(NODE).map(({ json }) => json.reason ?? json.dryRun);
		expect(reasons.sort()).toEqual(['maxBilledCalls', true, true]);
		expect(hintOf(result)).toBe(
			'Dry run: 2 checked, 1 left out by Max Billed Calls, 2 calls would be billed, no repair billed',
		);
		expect(await repairs()).toEqual([]);
	});
});

test('a clock that is an hour off and a mask in the bucket: every item is repaired', async () => {
	await scene.sandbox.putObject('mask.png', items(0)[0]?.binary?.mask?.content as Buffer, PNG);
	await scene.sandbox.setClock(3600);
	const more = {
		area: 'mask',
		maskSource: 'object',
		maskObjectKey: byKey('mask.png'),
		resultKey: '=/clock/{{ $json.n }}.png',
	};
	try {
		for (const mode of MODES) {
			const result = await scene.run(parameters(mode, {}, more), items(0, 1, 2));
			expect(result.error).toBeUndefined();
			expect(result.output(NODE)).toHaveLength(3);
		}
	} finally {
		await scene.sandbox.setClock(0);
	}
});

test('what keeps the whole run from starting sends its items down the error branch', async () => {
	const result = await scene.run(parameters('cloud'), items(0, 1), {
		credential: { bucket: 'no bucket' },
		node: { onError: 'continueErrorOutput' },
	});
	expect(result.outputs(NODE)[0] ?? []).toEqual([]);
	expect(result.outputs(NODE)[1]).toHaveLength(2);
});
