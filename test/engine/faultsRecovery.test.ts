import { createHash } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';

import type { CallKind } from '../../dev/sandbox/ledger/calls';
import type { Fault, FaultRule } from '../../dev/sandbox/faults/faultRules';
import type { EngineItem } from '../../dev/engine/engine';
import { NODE_TYPE } from '../../dev/packageNames';
import { LOGO_POLYGON, NODE, image, type Scene } from './bucketAndEngine';
import {
	binaryMask,
	continueOnError,
	countBilled,
	errorOf,
	parameters,
	REPAIRS,
	repairsOf,
	useFaultScene,
	type Mode,
} from './faultScene';
import { serve } from './localServer';
import { shortenPauses } from '../quickSleep';

let scene: Scene;
let items: (...numbers: readonly number[]) => EngineItem[];
useFaultScene((opened) => {
	({ scene, items } = opened);
});

describe('requests that cost nothing are retried if their response is lost', () => {
	const lost: Fault[] = [
		{ fault: 'reset', processed: true },
		{ fault: 'status', status: 503, body: 'cut' },
	];
	const cases: Array<[what: string, kind: CallKind, mode: Mode, more: INodeParameters]> = [
		['the image’s size', 'image-info', 'download', {}],
		['the download of a result', 'get', 'cloud', { downloadResult: true }],
		['the upload of a mask', 'put', 'cloud', binaryMask],
		['the deletion of a mask', 'delete', 'upload', binaryMask],
		['the check for an existing result', 'head', 'cloud', {}],
	];

	test.each(cases)('%s', async (what, kind, mode, more) => {
		const before = new Set(await scene.sandbox.keys());
		await scene.sandbox.setFaults([{ kind, times: lost.length, fault: lost }]);
		const result = await scene.run(
			parameters(
				mode,
				{ retries: 2, checkAreaFirst: kind === 'image-info', skipExisting: kind === 'head' },
				{ ...more, resultKey: `=free/${kind}-{{ $json.n }}.png` },
			),
			items(0),
		);

		expect([what, result.error]).toEqual([what, undefined]);
		expect(result.output(NODE)[0]?.json).toMatchObject({ key: '0.png' });
		const calls = await scene.sandbox.calls();
		expect(calls.filter((call) => call.kind === kind && call.fault !== '')).toHaveLength(
			lost.length,
		);
		expect(countBilled(calls)).toBe(1);
		expect(result.hints(NODE)[0]?.message).toBe('1 repaired, 2 retries, 1 billed call');
		const added = (await scene.sandbox.keys()).filter((key) => !before.has(key));
		expect(added.filter((key) => !key.startsWith('free/'))).toEqual([]);
	});

	test('a response that drips or does not arrive ends with the timeout and the request is retried', async () => {
		await scene.sandbox.setFaults([
			{
				kind: 'image-info',
				times: 2,
				fault: [{ fault: 'drip' }, { fault: 'delay', ms: 60_000 }],
			},
		]);
		const result = await scene.run(
			parameters('download', { checkAreaFirst: true, retries: 2, timeout: 1 }),
			items(0),
		);
		expect(result.error).toBeUndefined();
		expect(countBilled(await scene.sandbox.calls())).toBe(1);
	});

	test('an unreadable image size is requested again, and then the item fails unbilled', async () => {
		const fault: Fault = { fault: 'xml', shape: 'malformed' };
		await scene.sandbox.setFaults([{ kind: 'image-info', keyPrefix: '1', fault }]);
		const options = { checkAreaFirst: true };
		const result = await scene.run(
			parameters('download', options),
			items(0, 1, 2),
			continueOnError,
		);
		expect(errorOf(result, 1)).toMatchObject({ code: 'UnreadableResponse', itemIndex: 1 });
		expect(result.output(NODE).map(({ json }) => json.key)).toEqual(['0.png', '1.png', '2.png']);
		const calls = await scene.sandbox.calls();
		expect(calls.filter(({ kind, key }) => kind === 'image-info' && key === '1.png')).toHaveLength(
			2,
		);
		expect(repairsOf(calls, '1.png')).toEqual([]);
		expect(countBilled(calls)).toBe(2);
	});

	test('a result that never arrives complete is not output, and its repair is not billed again', async () => {
		await scene.sandbox.setFaults([{ kind: 'get', keyPattern: 'cut-1', fault: { fault: 'cut' } }]);
		const result = await scene.run(
			parameters('cloud', {}, { downloadResult: true, resultKey: '=cut-{{ $json.n }}.png' }),
			items(0, 1, 2),
			continueOnError,
		);
		expect(errorOf(result, 1)).toMatchObject({ itemIndex: 1 });
		expect(result.output(NODE)[1]?.binary).toBeUndefined();
		for (const index of [0, 2]) {
			const bytes = await scene.readOutput(result, index);
			expect(bytes).toEqual(await scene.sandbox.getObject(`cut-${String(index)}.png`));
		}
		expect(countBilled(await scene.sandbox.calls())).toBe(3);
	});
});

describe('when the response is lost, a stored result', () => {
	beforeAll(() => shortenPauses(30));
	afterAll(() => shortenPauses(1));

	const oldResult = async (key: string) => {
		const bytes = await image('jpeg');
		await scene.sandbox.setClock(-3600);
		await scene.sandbox.putObject(key, bytes, 'image/jpeg');
		await scene.sandbox.setClock(0);
		return bytes;
	};

	test('counts only if it is not an older object with the same key', async () => {
		const old = await oldResult('older.png');
		const run = async (options: INodeParameters) =>
			await scene.run(parameters('cloud', options, { resultKey: '/older.png' }), items(1));

		await scene.sandbox.setFaults([{ kind: REPAIRS, fault: { fault: 'reset' } }]);
		expect((await run({ retries: 1 })).error?.message).toMatch(/\[item 0\]$/);
		expect(await scene.sandbox.getObject('older.png')).toEqual(old);

		await scene.sandbox.resetCalls();
		await scene.sandbox.setFaults([{ kind: REPAIRS, times: 1, fault: { fault: 'reset' } }]);
		const again = await run({ retries: 1, retryLostCalls: true });
		expect(again.error).toBeUndefined();
		const made = (await scene.sandbox.ledger()).calls.filter(({ billed }) => billed).at(-1);
		const stored = await scene.sandbox.getObject('older.png');
		expect(stored).not.toEqual(old);
		expect(createHash('md5').update(stored).digest('hex')).toBe(made?.results[0]?.md5);
		const calls = await scene.sandbox.calls();
		expect([repairsOf(calls, '1.png').length, countBilled(calls)]).toEqual([2, 1]);
	});

	test('counts only if all of several results are stored', async () => {
		await oldResult('several-2.png');
		const second = { resultKey: '/several-2.png', area: 'polygons', polygons: LOGO_POLYGON };
		const several = () =>
			parameters(
				'cloud',
				{ additionalResults: { result: [second] } },
				{ resultKey: '/several-1.png' },
			);
		const processed: Fault = { fault: 'reset', processed: true, workMs: 2000 };
		await scene.sandbox.setFaults([{ kind: REPAIRS, times: 1, fault: processed }]);
		const done = await scene.run(several(), items(1));
		expect(done.error).toBeUndefined();
		expect(done.output(NODE)[0]?.json.results).toMatchObject([
			{ key: 'several-1.png' },
			{ key: 'several-2.png' },
		]);
		expect(repairsOf(await scene.sandbox.calls(), '1.png')).toHaveLength(1);

		// One is new, the other one old: the lost request cannot have stored both.
		await oldResult('several-2.png');
		await scene.sandbox.resetCalls();
		await scene.sandbox.setFaults([{ kind: REPAIRS, times: 1, fault: { fault: 'reset' } }]);
		const failed = await scene.run(several(), items(1));
		expect(failed.error?.description).toMatch(/several-1.png.*several-2.png/);
		expect(repairsOf(await scene.sandbox.calls(), '1.png')).toHaveLength(1);
	});

	test('that cannot be checked stops the retries, and the item says that it may be billed', async () => {
		await scene.sandbox.setFaults([
			{ kind: REPAIRS, keyPrefix: '1', fault: { fault: 'reset', processed: true } },
			{ kind: 'head', fault: { fault: 'status', status: 403 } },
		]);
		const more = { resultKey: '=unchecked-{{ $json.n }}.png' };
		const result = await scene.run(parameters('cloud', {}, more), items(0, 1, 2), continueOnError);
		expect(errorOf(result, 1)?.description).toMatch(/billed/);
		expect(repairsOf(await scene.sandbox.calls(), '1.png')).toHaveLength(1);
		expect(result.hints(NODE)[0]?.message).toBe(
			'2 repaired, 1 failed, 2 billed calls, 1 more may have been billed',
		);
	});

	test('is checked again if the check itself fails', async () => {
		await scene.sandbox.setFaults([
			{ kind: REPAIRS, fault: { fault: 'reset', processed: true, workMs: 2000 } },
			{ kind: 'head', times: 1, fault: { fault: 'reset' } },
		]);
		const result = await scene.run(
			parameters('cloud', {}, { resultKey: '/checked.png', downloadResult: true }),
			items(1),
		);
		expect(result.error).toBeUndefined();
		const stored = await scene.sandbox.getObject('checked.png');
		expect(await scene.readOutput(result)).toEqual(stored);
		expect(countBilled(await scene.sandbox.calls())).toBe(1);
	});
});

describe('a body that is not an image is never output', () => {
	test.each<[what: string, fault: Fault]>([
		['an empty body', { fault: 'status', status: 200, body: 'empty' }],
		['XML with an entity bomb', { fault: 'xml', shape: 'entities' }],
	])('%s', async (_, fault) => {
		await scene.sandbox.setFaults([{ kind: REPAIRS, keyPrefix: '1', fault }]);
		const result = await scene.run(
			parameters('download', { retries: 0 }),
			items(0, 1, 2),
			continueOnError,
		);
		expect(errorOf(result, 1)).toMatchObject({
			message: expect.stringMatching(/\[item 1\]$/) as string,
			description: expect.stringMatching(/^[A-Z].{20,}/) as string,
		});
		expect(result.output(NODE)[1]?.binary).toBeUndefined();
		expect(result.output(NODE).map(({ json }) => json.key)).toEqual(['0.png', '1.png', '2.png']);
	});
});

describe('a redirect to another host', () => {
	test.each([301, 302, 307] as const)('with status %i is not followed', async (status) => {
		let connections = 0;
		const otherHost = await serve((_, response) => response.end());
		otherHost.server.on('connection', () => connections++);
		try {
			const fault: Fault = { fault: 'redirect', status, location: otherHost.url };
			for (const mode of ['download', 'upload', 'cloud'] as const) {
				await scene.sandbox.setFaults([{ kind: REPAIRS, keyPrefix: '1', fault }]);
				const result = await scene.run(parameters(mode), items(0, 1, 2), continueOnError);
				expect(errorOf(result, 1)).toMatchObject({ httpCode: String(status) });
				expect(errorOf(result, 0)).toBeUndefined();
			}
			expect(connections).toBe(0);
		} finally {
			otherHost.close();
		}
	});
});

describe('a wrong clock', () => {
	afterEach(async () => {
		await scene.sandbox.setClock(0);
	});

	test('an expired signature is renewed once if the response shows another time', async () => {
		const fault: Fault = {
			fault: 'status',
			status: 403,
			code: 'AccessDenied',
			message: 'Request has expired',
		};
		await scene.sandbox.setFaults([{ kind: REPAIRS, times: 1, fault }]);
		// Too little for the service to reject the Date, enough for the node to correct its clock.
		await scene.sandbox.setClock(120);
		const result = await scene.run(
			parameters('cloud', { retries: 0 }, { resultKey: '/expired.png' }),
			items(0),
		);
		expect(result.error).toBeUndefined();
		expect(repairsOf(await scene.sandbox.calls(), '0.png').map(({ status }) => status)).toEqual([
			403, 200,
		]);
	});

	test('an expired signature is not renewed if both clocks agree', async () => {
		const fault: Fault = {
			fault: 'status',
			status: 403,
			code: 'AccessDenied',
			message: 'Request has expired',
		};
		await scene.sandbox.setFaults([{ kind: REPAIRS, fault }]);
		const result = await scene.run(parameters('download'), items(0));
		expect(result.error?.message).toMatch(/^The signature was no longer valid/);
		expect(await scene.sandbox.calls()).toHaveLength(1);
	});
});

describe('between retries', () => {
	test('a port that is closed for a moment fails no item', async () => {
		await scene.sandbox.refuseConnections(700);
		const result = await scene.run(parameters('download', { retries: 4 }), items(0, 1, 2));
		expect(result.error).toBeUndefined();
		expect(result.hints(NODE)[0]?.message).toMatch(/^3 repaired, \d+ retries, 3 billed calls$/);
		expect(await scene.sandbox.calls()).toHaveLength(3);
	});

	test('Retry-After is respected, so a service that is unavailable until then is reached', async () => {
		const slowDown: Fault = { fault: 'status', status: 503, code: 'SlowDown', retryAfter: 3 };
		await scene.sandbox.setFaults([{ kind: REPAIRS, times: 1, fault: slowDown }]);
		const running = scene.run(parameters('download', { retries: 1 }), items(0));
		while ((await scene.sandbox.calls()).every(({ fault }) => fault === '')) {
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
		await scene.sandbox.refuseConnections(1500);
		const result = await running;
		expect(result.error).toBeUndefined();
		expect(await scene.sandbox.calls()).toHaveLength(2);
	});

	test('a cancelled execution stops retrying', async () => {
		await scene.sandbox.setFaults([{ kind: REPAIRS, fault: { fault: 'status', status: 503 } }]);
		const execution = scene.start(parameters('cloud', { retries: 10 }), items(0, 1, 2));
		while ((await scene.sandbox.calls()).length < 3) {
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
		execution.cancel();
		expect((await execution.result).status).toBe('canceled');
		await new Promise((resolve) => setTimeout(resolve, 100));
		const count = (await scene.sandbox.calls()).length;
		await new Promise((resolve) => setTimeout(resolve, 1200));
		expect(await scene.sandbox.calls()).toHaveLength(count);
	});

	test('a cancelled execution closes responses that are still arriving', async () => {
		await scene.sandbox.setFaults([{ kind: REPAIRS, fault: { fault: 'drip', everyMs: 10 } }]);
		const execution = scene.start(parameters('download'), items(0, 1, 2));
		const receivedBytes = async () =>
			(await scene.sandbox.calls()).map(({ bytesOut }) => bytesOut).join(' ');
		while ((await scene.sandbox.calls()).filter(({ bytesOut }) => bytesOut > 3).length < 3) {
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		execution.cancel();
		expect((await execution.result).status).toBe('canceled');
		await new Promise((resolve) => setTimeout(resolve, 200));
		const before = await receivedBytes();
		await new Promise((resolve) => setTimeout(resolve, 200));
		expect(await receivedBytes()).toBe(before);
	});
});

describe('without Continue On Fail', () => {
	const cases: Array<[what: string, fault: Fault, message: RegExp]> = [
		['a rejected request', { fault: 'status', status: 403 }, /^The account may not do this/],
		['a lost response', { fault: 'reset', processed: true }, /ended before the response came/],
		['an incomplete image', { fault: 'cut' }, /incomplete/],
		['a slow response', { fault: 'drip' }, /did not respond in full within 1 seconds/],
	];
	test.each(cases)(
		'%s stops the run with a message that names the item and says what to do',
		async (_, fault, message) => {
			await scene.sandbox.setFaults([{ kind: REPAIRS, keyPrefix: '1', fault }]);
			const result = await scene.run(parameters('download', { timeout: 1 }), items(0, 1, 2));
			expect(result.status).toBe('error');
			expect(result.error?.message).toMatch(message);
			expect(result.error?.message).toMatch(/\[item 1\]$/);
			expect(result.error?.description).toMatch(/^[A-Z].{20,}/);
			expect(repairsOf(await scene.sandbox.calls(), '1.png')).toHaveLength(1);
		},
	);

	test('Retry On Fail repairs only missing results if Skip Existing Results is on', async () => {
		const fault: Fault = { fault: 'status', status: 403 };
		await scene.sandbox.setFaults([{ kind: REPAIRS, keyPrefix: '2', times: 1, fault }]);
		const result = await scene.run(
			parameters(
				'cloud',
				{ skipExisting: true, maxConcurrency: 1 },
				{ resultKey: '=again/{{ $json.n }}.png' },
			),
			items(0, 1, 2),
			{ node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 } },
		);
		expect(result.error).toBeUndefined();
		// Not even looked for: what the first try has paid for is the output of the second.
		expect(result.output(NODE).map(({ json }) => json.skipped)).toEqual([
			undefined,
			undefined,
			undefined,
		]);
		expect(countBilled(await scene.sandbox.calls())).toBe(3);
	});
});

test('only the failed item goes to the error output', async () => {
	await scene.sandbox.setFaults([
		{ kind: REPAIRS, keyPrefix: '1', fault: { fault: 'status', status: 404, body: 'html' } },
	]);
	const result = await scene.run(parameters('download'), items(0, 1, 2), {
		node: { onError: 'continueErrorOutput' },
	});
	expect(result.output(NODE, 0).map(({ json }) => json.key)).toEqual(['0.png', '2.png']);
	expect(result.output(NODE, 1).map(({ json }) => json)).toMatchObject([
		{ n: 1, error: { httpCode: '404', itemIndex: 1 } },
	]);
});

describe('the list of images in the editor', () => {
	const list = async (rule: FaultRule) => {
		await scene.sandbox.setFaults([rule]);
		return await scene.engine.listSearch({
			nodeType: NODE_TYPE,
			method: 'searchImages',
			nodeParameters: {},
			credentials: { bucket: scene.credential },
		});
	};

	test.each<[what: string, fault: Fault]>([
		['SlowDown', { fault: 'status', status: 503, code: 'SlowDown' }],
		['a reset', { fault: 'reset' }],
		['an incomplete list', { fault: 'cut', by: 'end' }],
	])('is requested again after %s', async (_, fault) => {
		const { results } = await list({ kind: 'list', times: 1, fault });
		expect(results.map(({ value }) => value)).toContain('0.png');
	});

	test.each<[what: string, fault: Fault]>([
		['a rejected request', { fault: 'status', status: 403 }],
		['a list with an entity bomb', { fault: 'xml', shape: 'entities', node: 'Name' }],
	])('fails with advice after %s', async (_, fault) => {
		await expect(list({ kind: 'list', fault })).rejects.toMatchObject({
			message: expect.stringMatching(/^[A-Z]/) as string,
			description: expect.stringMatching(/^[A-Z].{20,}/) as string,
		});
	});
});

test('a mask that cannot be deleted fails no item, and the output names it', async () => {
	await scene.sandbox.setFaults([{ kind: 'delete', fault: { fault: 'status', status: 403 } }]);
	const result = await scene.run(parameters('download', {}, binaryMask), items(0));
	expect(result.error).toBeUndefined();
	const left = (await scene.sandbox.keys()).filter((key) => key.startsWith('image-repair-masks/'));
	expect(left).toHaveLength(1);
	expect(result.output(NODE)[0]?.json.temporaryMasks).toEqual(left);
});
