import { connect } from 'node:net';

import COS from 'cos-nodejs-sdk-v5';

import type { Fault } from '../../../dev/sandbox/faults/faults';
import { spawnSandbox, type SpawnedSandbox } from '../../../dev/sandbox/spawn';
import { boxPolygon, countChanges, markedImage, onlyTheBox } from './image';
import { send, type RawAnswer, type RawRequest } from './send';

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

function signed(method: string, target: string, given: Record<string, string> = {}): RawRequest {
	const [path = '', parameters = ''] = target.split('?');
	const headers = { Host: new URL(sandbox.url).host, ...given };
	const Authorization = COS.getAuthorization({
		SecretId: sandbox.secretId,
		SecretKey: sandbox.secretKey,
		Method: method as COS.Method,
		Key: path.slice(1),
		Query: Object.fromEntries(new URLSearchParams(parameters)),
		Headers: { ...headers },
	});
	return { method, target, headers: { ...headers, Authorization } };
}

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

/** The answer to a request that meets a fault, or what its client says of the connection. */
async function meet(request: RawRequest, fault: Fault): Promise<RawAnswer | string> {
	await sandbox.setFaults([{ fault }]);
	return await send(sandbox.url, request).catch((error: unknown) => String(error));
}
async function answered(request: RawRequest, fault: Fault): Promise<RawAnswer> {
	const answer = await meet(request, fault);
	if (typeof answer === 'string') throw new Error(`No answer came: ${answer}`);
	return answer;
}
const lastCall = async () => (await sandbox.calls()).at(-1);

it.each([400, 403, 404, 429, 500, 501, 502, 503, 504] as const)(
	'status %i: nothing is done, nothing is billed',
	async (status) => {
		const keys = await sandbox.keys();
		for (const request of [download(), cloud(), upload()]) {
			const answer = await answered(request, { fault: 'status', status });
			expect(answer.status).toBe(status);
			expect(answer.code).not.toBe('');
			expect(await lastCall()).toMatchObject({
				status,
				code: answer.code,
				fault: 'status',
				billed: false,
				results: [],
			});
		}
		expect(await sandbox.keys()).toEqual(keys);
	},
);

it('the body of a status is XML, HTML, empty, cut off, or the request itself', async () => {
	const of = (body: 'xml' | 'html' | 'empty' | 'cut' | 'echo') =>
		({ fault: 'status', status: 503, body }) as const;
	expect((await answered(cloud(), of('xml'))).code).toBe('ServiceUnavailable');
	const html = await answered(cloud(), of('html'));
	expect(html.headers['content-type']).toBe('text/html');
	expect(html.body.toString()).toContain('<h1>503 from a gateway');
	expect((await answered(cloud(), of('empty'))).body).toHaveLength(0);
	const echo = (await answered(cloud(), of('echo'))).body.toString();
	expect(echo).toMatch(/^q-sign-algorithm=\S+q-signature=\w+\nPOST \/a\.png\?image_process/);
	expect(await meet(cloud(), of('cut'))).toBe('Error: aborted');
});

it('SlowDown comes with or without Retry-After', async () => {
	const slowDown = { fault: 'status', status: 503, code: 'SlowDown' } as const;
	const without = await answered(cloud(), slowDown);
	expect([without.code, without.headers['retry-after']]).toEqual(['SlowDown', undefined]);
	const withIt = await answered(cloud(), { ...slowDown, retryAfter: 7 });
	expect(withIt.headers['retry-after']).toBe('7');
});

it('a status can come after the work was done, and is billed then', async () => {
	const answer = await answered(cloud(), { fault: 'status', status: 504, processed: true });
	expect(answer.code).toBe('GatewayTimeout');
	expect(await lastCall()).toMatchObject({ status: 504, billed: true, results: ['out.png'] });
	expect(await countChanges(image, await sandbox.getObject('out.png'))).toEqual(onlyTheBox);
});

it('a status of 200 brings a refusal that looks like a success', async () => {
	const answer = await answered(cloud(), { fault: 'status', status: 200 });
	expect([answer.status, answer.code]).toEqual([200, 'InternalError']);
	expect(await lastCall()).toMatchObject({ billed: false });
});

it('a redirect names another host', async () => {
	const answer = await answered(cloud(), {
		fault: 'redirect',
		status: 301,
		location: 'https://elsewhere.example.com/a.png',
	});
	expect([answer.status, answer.code]).toEqual([301, 'PermanentRedirect']);
	expect(answer.headers.location).toBe('https://elsewhere.example.com/a.png');
	expect(answer.body.toString()).toContain('<Endpoint>elsewhere.example.com</Endpoint>');
});

it('a reset comes after the whole request, with the work done or not', async () => {
	expect(await meet(upload(), { fault: 'reset' })).toBe('Error: read ECONNRESET');
	expect(await lastCall()).toMatchObject({
		status: 0,
		billed: false,
		bytesIn: image.length,
		results: [],
	});
	expect(await sandbox.keys()).not.toContain('up-out.png');

	expect(await meet(upload(), { fault: 'reset', processed: true })).toBe('Error: read ECONNRESET');
	expect(await lastCall()).toMatchObject({ status: 0, billed: true, results: ['up-out.png'] });
	expect(await sandbox.getObject('up.png')).toEqual(image);
});

it('a reset in the middle of the request leaves nothing', async () => {
	const body = Buffer.alloc(8 * 1024 * 1024, 'x');
	const request = signed('PUT', '/half.bin', { 'Content-Length': String(body.length) });
	expect(await meet({ ...request, body }, { fault: 'reset', at: 'request' })).toMatch(
		/ECONNRESET|EPIPE/,
	);
	const call = await lastCall();
	expect(call).toMatchObject({ status: 0, billed: false });
	expect(call?.bytesIn).toBeLessThan(body.length);
	expect(await sandbox.keys()).not.toContain('half.bin');
});

it.each([
	['reset', 'Error: read ECONNRESET'],
	['end', 'Error: aborted'],
] as const)('an answer cut by %s: half arrives, all is billed', async (by, complaint) => {
	expect(await meet(download(), { fault: 'cut', by })).toBe(complaint);
	const call = await lastCall();
	expect(call).toMatchObject({ status: 200, billed: true, fault: 'cut' });
	const whole = await answered(download(), { fault: 'delay', ms: 0 });
	expect(call?.bytesOut).toBe(Math.ceil(whole.body.length / 2));
});

it('a drip goes on until the client goes', async () => {
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

it('a delay of work that has not begun: nothing is done once the client has gone', async () => {
	await sandbox.setFaults([{ fault: { fault: 'delay', ms: 300, processed: false } }]);
	const { target, headers } = cloud();
	const gone = fetch(`${sandbox.url}${target}`, {
		method: 'POST',
		headers: {
			Authorization: headers.Authorization ?? '',
			'Pic-Operations': headers['Pic-Operations'] ?? '',
		},
		signal: AbortSignal.timeout(50),
	});
	await expect(gone).rejects.toThrow();
	await sandbox.clearFaults();
	// A later request is answered after the time of the first is over.
	await answered(cloud(), { fault: 'delay', ms: 400 });
	const [first] = await sandbox.calls();
	expect(first).toMatchObject({ status: 0, billed: false, results: [] });
});

it('a wrong content type comes with the right bytes', async () => {
	const answer = await answered(download(), { fault: 'contentType', contentType: 'text/html' });
	expect(answer.headers['content-type']).toBe('text/html');
	expect(await countChanges(image, answer.body)).toEqual(onlyTheBox);
});

it.each(['malformed', 'huge', 'entities', 'deep', 'duplicated', 'missing'] as const)(
	'%s XML comes with status 200 after the work was done, or without',
	async (shape) => {
		const spoilt = await answered(cloud(), { fault: 'xml', shape });
		expect(spoilt.status).toBe(200);
		expect(spoilt.headers['content-length']).toBe(String(spoilt.body.length));
		expect(await lastCall()).toMatchObject({ billed: true, results: ['out.png'] });
		await answered(cloud(), { fault: 'xml', shape, processed: false });
		expect(await lastCall()).toMatchObject({ billed: false, results: [] });
	},
);

it('a fault does not spare a request its signature', async () => {
	const request = cloud();
	const wrong = { ...request, headers: { ...request.headers, 'Pic-Operations': rules('/b.png') } };
	expect((await answered(wrong, { fault: 'status', status: 503 })).code).toBe(
		'SignatureDoesNotMatch',
	);
	expect(await lastCall()).toMatchObject({ fault: '' });
});

/** Whether a new connection is taken, or the code of what became of it. */
const knock = async () =>
	await new Promise<string>((resolve) => {
		const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1', () => {
			socket.destroy();
			resolve('taken');
		});
		socket.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
	});

it('the port can be closed for a time, and opens again as the same', async () => {
	await sandbox.refuseConnections(300);
	expect(await knock()).toBe('ECONNREFUSED');
	while ((await knock()) !== 'taken') await new Promise((resolve) => setTimeout(resolve, 20));
	expect((await send(sandbox.url, download())).status).toBe(200);
});

it('a rule that is none is refused by name', async () => {
	const misspelt = await fetch(`${sandbox.controlUrl}/faults`, {
		method: 'PUT',
		body: JSON.stringify([{ fault: { fault: 'delay', mss: 1 } }]),
	});
	expect(misspelt.status).toBe(400);
	expect(await misspelt.text()).toContain('mss');
});
