import { connect } from 'node:net';

import type { Fault } from '../../../dev/sandbox/faults/faultRules';
import { spawnSandbox, type SpawnedSandbox } from '../../../dev/sandbox/spawn';
import { boxPolygon, countChanges, markedImage, onlyTheBox } from './image';
import { signedFor } from './signed';
import { connectionEnd, send, type RawResponse, type RawRequest } from './send';

let sandbox: SpawnedSandbox;
let image: Buffer;

beforeAll(async () => {
	sandbox = await spawnSandbox();
	image = await markedImage();
	await sandbox.putObject('a.png', image, 'image/png');
});
afterAll(() => sandbox.close());
beforeEach(async () => {
	await sandbox.clearFaults();
	await sandbox.resetCalls();
});

const signed = (method: string, target: string, given?: Record<string, string>): RawRequest =>
	signedFor(sandbox, method, target, given);

const rules = (fileid: string) =>
	JSON.stringify({ rules: [{ fileid, rule: `ci-process=ImageRepair&MaskPoly=${boxPolygon}` }] });
const download = () => signed('GET', `/a.png?ci-process=ImageRepair&MaskPoly=${boxPolygon}`);
const cloud = () =>
	signed('POST', '/a.png?image_process', {
		'Pic-Operations': rules('/out.png'),
		'Content-Length': '0',
	});
const upload = (): RawRequest => ({
	...signed('PUT', '/up.png', {
		'Pic-Operations': rules('/up-out.png'),
		'Content-Length': String(image.length),
	}),
	body: image,
});

/** Sends a request that gets a fault. Returns the response or the client's error message. */
async function sendWithFault(request: RawRequest, fault: Fault): Promise<RawResponse | string> {
	await sandbox.setFaults([{ fault }]);
	return await send(sandbox.url, request).catch((error: unknown) => String(error));
}
async function responseTo(request: RawRequest, fault: Fault): Promise<RawResponse> {
	const response = await sendWithFault(request, fault);
	if (typeof response === 'string') throw new Error(`There was no response: ${response}`);
	return response;
}
const lastCall = async () => (await sandbox.calls()).at(-1);

it.each([400, 403, 404, 429, 500, 501, 502, 503, 504] as const)(
	'status %i: the request is not processed and not billed',
	async (status) => {
		const keys = await sandbox.keys();
		for (const request of [download(), cloud(), upload()]) {
			const response = await responseTo(request, { fault: 'status', status });
			expect(response.status).toBe(status);
			expect(response.code).not.toBe('');
			expect(await lastCall()).toMatchObject({
				status,
				code: response.code,
				fault: 'status',
				billed: false,
				results: [],
			});
		}
		expect(await sandbox.keys()).toEqual(keys);
	},
);

it('status: the body is XML, HTML, empty, cut off, or the request itself', async () => {
	const of = (body: 'xml' | 'html' | 'empty' | 'cut' | 'echo') =>
		({ fault: 'status', status: 503, body }) as const;
	expect((await responseTo(cloud(), of('xml'))).code).toBe('ServiceUnavailable');
	const html = await responseTo(cloud(), of('html'));
	expect(html.headers['content-type']).toBe('text/html');
	expect(html.body.toString()).toContain('<h1>503 from a gateway');
	expect((await responseTo(cloud(), of('empty'))).body).toHaveLength(0);
	const echo = (await responseTo(cloud(), of('echo'))).body.toString();
	expect(echo).toMatch(/^q-sign-algorithm=\S+q-signature=\w+\nPOST \/a\.png\?image_process/);
	expect(await sendWithFault(cloud(), of('cut'))).toBe('Error: aborted');
});

it('status: SlowDown has a Retry-After header or not', async () => {
	const slowDown = { fault: 'status', status: 503, code: 'SlowDown' } as const;
	const without = await responseTo(cloud(), slowDown);
	expect([without.code, without.headers['retry-after']]).toEqual(['SlowDown', undefined]);
	const withIt = await responseTo(cloud(), { ...slowDown, retryAfter: 7 });
	expect(withIt.headers['retry-after']).toBe('7');
});

it('status: the request can be processed and billed first', async () => {
	const response = await responseTo(cloud(), { fault: 'status', status: 504, processed: true });
	expect(response.code).toBe('GatewayTimeout');
	expect(await lastCall()).toMatchObject({ status: 504, billed: true, results: ['out.png'] });
	expect(await countChanges(image, await sandbox.getObject('out.png'))).toEqual(onlyTheBox);
});

it('status: 200 with an error document', async () => {
	const response = await responseTo(cloud(), { fault: 'status', status: 200 });
	expect([response.status, response.code]).toEqual([200, 'InternalError']);
	expect(await lastCall()).toMatchObject({ billed: false });
});

it('redirect: the response names another host', async () => {
	const response = await responseTo(cloud(), {
		fault: 'redirect',
		status: 301,
		location: 'https://elsewhere.example.com/a.png',
	});
	expect([response.status, response.code]).toEqual([301, 'PermanentRedirect']);
	expect(response.headers.location).toBe('https://elsewhere.example.com/a.png');
	expect(response.body.toString()).toContain('<Endpoint>elsewhere.example.com</Endpoint>');
});

it('reset: after the whole request, processed or not', async () => {
	expect(await sendWithFault(upload(), { fault: 'reset' })).toBe('Error: read ECONNRESET');
	expect(await lastCall()).toMatchObject({
		status: 0,
		billed: false,
		bytesIn: image.length,
		results: [],
	});
	expect(await sandbox.keys()).not.toContain('up-out.png');

	expect(await sendWithFault(upload(), { fault: 'reset', processed: true })).toBe(
		'Error: read ECONNRESET',
	);
	expect(await lastCall()).toMatchObject({ status: 0, billed: true, results: ['up-out.png'] });
	expect(await sandbox.getObject('up.png')).toEqual(image);
});

it('reset: in the middle of the request, nothing is stored', async () => {
	const body = Buffer.alloc(8 * 1024 * 1024, 'x');
	const request = signed('PUT', '/half.bin', { 'Content-Length': String(body.length) });
	expect(await sendWithFault({ ...request, body }, { fault: 'reset', at: 'request' })).toMatch(
		/ECONNRESET|EPIPE/,
	);
	const call = await lastCall();
	expect(call).toMatchObject({ status: 0, billed: false });
	expect(call?.bytesIn).toBeLessThan(body.length);
	expect(await sandbox.keys()).not.toContain('half.bin');
});

it.each([
	['reset', 'read ECONNRESET'],
	['end', 'end'],
] as const)('cut by %s: half of the response arrives, and it is billed', async (by, end) => {
	await sandbox.setFaults([{ fault: { fault: 'cut', by } }]);
	expect(await connectionEnd(sandbox.url, download())).toBe(end);
	expect(await sendWithFault(download(), { fault: 'cut', by })).toMatch(/ECONNRESET|aborted/);
	const call = await lastCall();
	expect(call).toMatchObject({ status: 200, billed: true, fault: 'cut' });
	const whole = await responseTo(download(), { fault: 'delay', ms: 0 });
	expect(call?.bytesOut).toBe(Math.ceil(whole.body.length / 2));
});

it('drip: continues until the client disconnects', async () => {
	await sandbox.setFaults([{ fault: { fault: 'drip', everyMs: 1 } }]);
	const { target, headers } = download();
	const response = await fetch(`${sandbox.url}${target}`, {
		headers: { Authorization: headers.Authorization ?? '' },
	});
	expect(response.headers.get('content-length')).toBeNull();
	const reader = response.body?.getReader();
	let received = Buffer.alloc(0);
	while (received.length < 8) {
		received = Buffer.concat([received, (await reader?.read())?.value ?? Buffer.alloc(0)]);
	}
	await reader?.cancel();
	expect(received.subarray(0, 4).toString('latin1')).toBe('\x89PNG');
	expect(await lastCall()).toMatchObject({ status: 200, billed: true });
});

it('delay: an unprocessed request is dropped if the client disconnects', async () => {
	await sandbox.setFaults([{ fault: { fault: 'delay', ms: 300, processed: false } }]);
	const { target, headers } = cloud();
	const abandoned = fetch(`${sandbox.url}${target}`, {
		method: 'POST',
		headers: {
			Authorization: headers.Authorization ?? '',
			'Pic-Operations': headers['Pic-Operations'] ?? '',
		},
		signal: AbortSignal.timeout(50),
	});
	await expect(abandoned).rejects.toThrow();
	await sandbox.clearFaults();
	// The response to this request arrives after the delay of the first is over.
	await responseTo(cloud(), { fault: 'delay', ms: 400 });
	const [first] = await sandbox.calls();
	expect(first).toMatchObject({ status: 0, billed: false, results: [] });
});

it('contentType: the wrong type with the right bytes', async () => {
	const response = await responseTo(download(), { fault: 'contentType', contentType: 'text/html' });
	expect(response.headers['content-type']).toBe('text/html');
	expect(await countChanges(image, response.body)).toEqual(onlyTheBox);
});

it.each(['malformed', 'huge', 'entities', 'deep', 'duplicated', 'missing'] as const)(
	'xml: %s, with status 200, processed or not',
	async (shape) => {
		const broken = await responseTo(cloud(), { fault: 'xml', shape });
		expect(broken.status).toBe(200);
		expect(broken.headers['content-length']).toBe(String(broken.body.length));
		expect(await lastCall()).toMatchObject({ billed: true, results: ['out.png'] });
		await responseTo(cloud(), { fault: 'xml', shape, processed: false });
		expect(await lastCall()).toMatchObject({ billed: false, results: [] });
	},
);

it('a request with a wrong signature gets the signature error, not the fault', async () => {
	const request = cloud();
	const wrong = { ...request, headers: { ...request.headers, 'Pic-Operations': rules('/b.png') } };
	expect((await responseTo(wrong, { fault: 'status', status: 503 })).code).toBe(
		'SignatureDoesNotMatch',
	);
	expect(await lastCall()).toMatchObject({ fault: '' });
});

/** Tries to connect. Returns `connected` or the error code. */
const tryToConnect = async () =>
	await new Promise<string>((resolve) => {
		const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1', () => {
			socket.destroy();
			resolve('connected');
		});
		socket.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
	});

it('the port can be closed for a time and opens again with the same number', async () => {
	await sandbox.refuseConnections(300);
	expect(await tryToConnect()).toBe('ECONNREFUSED');
	while ((await tryToConnect()) !== 'connected')
		await new Promise((resolve) => setTimeout(resolve, 20));
	expect((await send(sandbox.url, download())).status).toBe(200);
});

it('the error for an invalid rule contains the rule', async () => {
	const misspelt = await fetch(`${sandbox.controlUrl}/faults`, {
		method: 'PUT',
		body: JSON.stringify([{ fault: { fault: 'delay', mss: 1 } }]),
	});
	expect(misspelt.status).toBe(400);
	expect(await misspelt.text()).toContain('mss');
});
