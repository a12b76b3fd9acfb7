import { createServer } from 'node:net';
import type { INodeParameters } from 'n8n-workflow';

import type { Call } from '../../dev/sandbox/ledger/calls';
import type { Fault, FaultRule } from '../../dev/sandbox/faults/faultRules';
import { shortenPauses } from '../quickSleep';
import { byKey, named, LOGO_POLYGON, NODE, openScene, image, type Scene } from './bucketAndEngine';
import { listen } from './localServer';

const PNG = 'image/png';
type Mode = 'download' | 'upload' | 'cloud';
const MODES: Mode[] = ['download', 'upload', 'cloud'];

let scene: Scene;
let original: Buffer;

/** Longer than the second that `Last-Modified` tells is long: what is stored then is certainly new. */
const WORK = { workMs: 2000 };

beforeAll(async () => {
	shortenPauses(100);
	scene = await openScene({ binaryMode: 'filesystem' }, { quick: true });
	original = await image();
	for (const name of ['0', '1', '2']) await scene.sandbox.putObject(`${name}.png`, original, PNG);
	// The sandbox needs longer for its first repair than the short timeouts below allow.
	await scene.run({
		operation: 'download',
		...named('0.png'),
		area: 'polygons',
		polygons: LOGO_POLYGON,
	});
});
afterAll(async () => {
	await scene.close();
});

interface MiddleItem {
	/** The error, if it became an error item. */
	error?: { message: string; description: string; code: string; requestId?: string };
	json: Record<string, unknown>;
	/** Its repair requests. */
	calls: Call[];
	billed: number;
	hint: string;
}

/** Runs three items with a fault for the middle one, and expects that the others succeed. */
async function runWithFault(
	mode: Mode,
	fault: Fault,
	{ options = {}, rule = {} }: { options?: INodeParameters; rule?: Partial<FaultRule> } = {},
): Promise<MiddleItem> {
	await scene.sandbox.resetCalls();
	await scene.sandbox.setFaults([
		{
			kind: ['repair-download', 'repair-upload', 'repair-cloud'],
			keyPattern: '^1\\.png$',
			fault,
			...rule,
		},
	]);
	const result = await scene.run(
		{
			operation: mode,
			...named('={{ $json.n }}.png'),
			area: 'polygons',
			polygons: LOGO_POLYGON,
			...(mode !== 'download' && { resultKey: `=${String(Math.random())}-{{ $json.n }}.png` }),
			options: { checkAreaFirst: false, retries: 1, ...options },
		},
		[0, 1, 2].map((n) => ({
			json: { n },
			binary: { data: { content: original, mimeType: PNG, fileName: 'a.png' } },
		})),
		{ node: { onError: 'continueRegularOutput' } },
	);
	await scene.sandbox.setFaults([]);
	expect(result.error).toBeUndefined();
	const output = result.output(NODE);
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => ({ item })));
	expect([output[0]?.json.key, output[2]?.json.key]).toEqual(['0.png', '2.png']);
	if (mode === 'download') {
		for (const index of [0, 2]) {
			expect(output[index]?.binary?.data?.bytes).toBe(output[index]?.json.size);
		}
	}
	const calls = (await scene.sandbox.calls()).filter(
		({ key, kind }) => key === '1.png' && kind.startsWith('repair'),
	);
	const json = (output[1]?.json ?? {}) as Record<string, unknown>;
	return {
		error: json.error as MiddleItem['error'],
		json,
		calls,
		billed: calls.filter((call) => call.billed).length,
		hint: result.hints(NODE)[0]?.message ?? '',
	};
}

const status = (code: number, more: object = {}): Fault => ({
	fault: 'status',
	status: code,
	...more,
});

describe('a request that the service says it did not process is retried', () => {
	test.each<[string, Fault]>([
		['429', status(429)],
		['500', status(500)],
		['504', status(504)],
		['SlowDown', status(503, { code: 'SlowDown' })],
		['SlowDown with Retry-After', status(503, { code: 'SlowDown', retryAfter: 1 })],
	])('%s: the first retry succeeds, and one call is billed', async (_, fault) => {
		for (const mode of MODES) {
			const { error, calls, billed, hint } = await runWithFault(mode, fault, {
				rule: { times: 1 },
			});
			expect(error).toBeUndefined();
			expect(calls.map((call) => call.status)).toEqual([(fault as { status: number }).status, 200]);
			expect(billed).toBe(1);
			expect(hint).toBe('3 repaired, 1 retry, 3 billed calls');
		}
	});

	test('as often as Retries allows, and then the error item says what to do', async () => {
		const { error, calls, billed } = await runWithFault('cloud', status(503, { code: 'SlowDown' }));
		expect(error).toMatchObject({
			message: 'The service asks for fewer requests (1.png) [item 1]',
			description: expect.stringMatching(
				/^In a repair node, enter a smaller Max Concurrency.*SlowDown.*Request ID/,
			) as string,
			code: 'SlowDown',
			requestId: expect.any(String) as string,
		});
		expect([calls.length, billed]).toEqual([2, 0]);
	});

	test('not at all if Retries is 0', async () => {
		const { error, calls } = await runWithFault('upload', status(500), { options: { retries: 0 } });
		expect(error?.code).toBe('InternalError');
		expect(calls).toHaveLength(1);
	});
});

describe('a request that the service rejects is never retried', () => {
	test.each<[string, Fault, RegExp]>([
		['400', status(400), /^The service did not accept a value/],
		['403', status(403), /^The account may not do this/],
		['404', status(404), /^There is no image under this path in the bucket/],
		['400 with an HTML body', status(400, { body: 'html' }), /^The service refused the request/],
		[
			'404 with an empty body',
			status(404, { body: 'empty' }),
			/^What was requested does not exist/,
		],
		['501', status(501), /^The service cannot do this/],
		[
			'a redirect to another host',
			{ fault: 'redirect', location: 'https://example.com/' },
			/^The bucket is in another region/,
		],
	])('%s', async (_, fault, message) => {
		for (const mode of MODES) {
			const { error, calls, billed } = await runWithFault(mode, fault);
			expect(error?.message).toMatch(message);
			expect(error?.description).toMatch(/^[A-Z].{20,}/);
			expect([calls.length, billed]).toEqual([1, 0]);
		}
	});

	test('an error document with status 200 counts as an error', async () => {
		const rejected = await runWithFault('cloud', status(200, { code: 'InvalidArgument' }));
		expect(rejected.error?.message).toMatch(/^The service did not accept a value/);
		expect(rejected.calls).toHaveLength(1);
		// With a status of success, what was met at work may have been billed.
		const broken = await runWithFault('cloud', status(200, { code: 'InternalError' }), {
			rule: { times: 1 },
		});
		expect(broken.error?.message).toMatch(/^The service met a fault of its own/);
		expect(broken.calls).toHaveLength(1);
	});

	test('a code that asks for fewer requests is retried whatever its status', async () => {
		for (const code of [200, 403, 503]) {
			const slow = await runWithFault('cloud', status(code, { code: 'SlowDown' }), {
				rule: { times: 1 },
			});
			expect(slow.error).toBeUndefined();
			expect([slow.calls.length, slow.billed]).toEqual([2, 1]);
		}
	});
});

describe('a lost response', () => {
	const lost: Array<[string, Fault]> = [
		['connection reset after processing', { fault: 'reset', processed: true }],
		['connection reset in the middle of the response', { fault: 'cut', by: 'reset' }],
		['response shorter than its Content-Length', { fault: 'cut', by: 'end' }],
		['slow response that never ends', { fault: 'drip', everyMs: 50, processed: true }],
		['response after the timeout', { fault: 'delay', ms: 5000, processed: true }],
	];

	test.each(lost)('%s: a download is not billed twice', async (_, fault) => {
		const { error, calls, billed, hint } = await runWithFault('download', fault, {
			options: { timeout: 1, retries: 2 },
		});
		expect(error?.message).toMatch(/\[item 1\]$/);
		expect(error?.description).toMatch(/billed/);
		expect([calls.length, billed]).toEqual([1, 1]);
		expect(hint).toMatch(/1 failed.*1 more may have been billed/);
	});

	test('a download is retried if Retry Lost Calls allows it', async () => {
		const { error, calls } = await runWithFault(
			'download',
			{ fault: 'cut' },
			{
				options: { retryLostCalls: true },
				rule: { times: 1 },
			},
		);
		expect(error).toBeUndefined();
		expect(calls).toHaveLength(2);
	});

	test.each(lost)('%s: a stored result is found and not billed twice', async (_, fault) => {
		for (const mode of ['upload', 'cloud'] as const) {
			const lostAfterWork = { ...fault, ...WORK };
			const { error, json, calls, billed, hint } = await runWithFault(mode, lostAfterWork, {
				options: { timeout: 3 },
			});
			expect(error).toBeUndefined();
			expect(json).toMatchObject({
				key: '1.png',
				results: [
					{
						size: expect.any(Number) as number,
						etag: expect.stringMatching(/^[0-9a-f]{32}/) as string,
						url: expect.stringContaining(scene.sandbox.url) as string,
					},
				],
			});
			expect([calls.length, billed]).toEqual([1, 1]);
			expect(hint).toBe('3 repaired, 3 billed calls');
		}
	});

	test('before processing: the item fails, because the service could still be at work', async () => {
		for (const mode of MODES) {
			const { error, calls, billed } = await runWithFault(
				mode,
				{ fault: 'reset' },
				{ rule: { times: 1 } },
			);
			expect(error?.description).toMatch(/may have been done and billed/);
			expect([calls.length, billed]).toEqual([1, 0]);
		}
	});

	test('an upload that breaks off stores no object', async () => {
		const before = await scene.sandbox.keys();
		const { error } = await runWithFault(
			'upload',
			{ fault: 'reset', at: 'request' },
			{ options: { retries: 0 } },
		);
		expect(error).toBeDefined();
		const added = (await scene.sandbox.keys()).filter((key) => !before.includes(key));
		expect(added.filter((key) => key.endsWith('-1.png'))).toEqual([]);
		expect(await scene.sandbox.getObject('1.png')).toEqual(original);
	});
});

describe('an invalid response', () => {
	test.each(['malformed', 'huge', 'entities', 'deep', 'missing'] as const)(
		'%s XML: the stored result is found nevertheless',
		async (shape) => {
			const fault: Fault = { fault: 'xml', shape, ...WORK };
			const { error, json, billed } = await runWithFault('cloud', fault);
			expect(error).toBeUndefined();
			expect(json).toMatchObject({
				key: '1.png',
				results: [{ size: expect.any(Number) as number }],
			});
			expect(billed).toBe(1);
		},
	);

	test('duplicated XML nodes change nothing', async () => {
		const { error, json } = await runWithFault('cloud', { fault: 'xml', shape: 'duplicated' });
		expect(error).toBeUndefined();
		expect(json.results).toHaveLength(1);
	});

	test('anything that is not an image is never output', async () => {
		for (const fault of [
			status(200, { body: 'html' }),
			status(200, { body: 'empty' }),
			{ fault: 'xml', shape: 'malformed', processed: true } as const,
		]) {
			const { error, json, calls } = await runWithFault('download', fault);
			expect(error).toBeDefined();
			expect(json).not.toHaveProperty('size');
			expect(calls).toHaveLength(1);
		}
	});

	test('an image with the wrong content type is recognized by its bytes', async () => {
		const { error, json } = await runWithFault('download', {
			fault: 'contentType',
			contentType: 'application/octet-stream',
		});
		expect(error).toBeUndefined();
		expect(json.contentType).toBe(PNG);
	});
});

describe('a wrong clock', () => {
	afterEach(async () => {
		await scene.sandbox.setClock(0);
	});

	test.each([-86_400, 86_400])(
		'%i seconds off is corrected by the first response, for the whole run',
		async (offset) => {
			await scene.sandbox.resetCalls();
			await scene.sandbox.setClock(offset);
			const result = await scene.run(
				{
					operation: 'cloud',
					objectKey: byKey('={{ $json.n }}.png'),
					area: 'polygons',
					polygons: LOGO_POLYGON,
					options: { checkAreaFirst: false, maxConcurrency: 1 },
				},
				[0, 1, 2].map((n) => ({ json: { n } })),
			);
			expect(result.error).toBeUndefined();
			const calls = await scene.sandbox.calls();
			expect(calls.map((call) => call.status)).toEqual([403, 200, 200, 200]);
		},
	);

	test('causes one corrected request at most', async () => {
		const { error, calls } = await runWithFault(
			'cloud',
			status(403, { code: 'RequestTimeTooSkewed' }),
		);
		expect(error?.message).toMatch(/^The clock of this machine is off/);
		expect(calls).toHaveLength(1);
	});
});

test('a closed port: the message names host and port after the retries', async () => {
	const server = createServer();
	const port = await listen(server);
	await new Promise((resolve) => server.close(resolve));
	const result = await scene.run(
		{ operation: 'cloud', objectKey: byKey('0.png'), area: 'automatic', options: { retries: 1 } },
		undefined,
		{ credential: { customDomain: `http://127.0.0.1:${String(port)}` } },
	);
	expect(result.error?.message).toBe(
		`127.0.0.1:${String(port)} does not accept connections (0.png) [item 0]`,
	);
	expect(result.error?.description).toMatch(/^Check the network connection/);
});
