import { createHash } from 'node:crypto';
import * as net from 'node:net';

import COS from 'cos-nodejs-sdk-v5';

import { spawnSandbox, type SpawnedSandbox } from '../../../dev/sandbox/spawn';
import { markedImage, boxPolygon } from './image';
import { send, type RawRequest } from './send';

let sandbox: SpawnedSandbox;
beforeAll(async () => {
	sandbox = await spawnSandbox();
	await sandbox.putObject('a b.png', await markedImage(), 'image/png');
});
afterAll(() => sandbox.close());

const now = () => Math.floor(Date.now() / 1000);

interface Signing {
	method: string;
	key: string;
	query?: Record<string, string>;
	headers?: Record<string, string>;
	secretId?: string;
	keyTime?: string;
}

/** Signs with Tencent's SDK. */
function sign({ method, key, query = {}, headers = {}, secretId, keyTime }: Signing): string {
	return COS.getAuthorization({
		SecretId: secretId ?? sandbox.secretId,
		SecretKey: sandbox.secretKey,
		Method: method as COS.Method,
		Key: key,
		Query: query,
		Headers: { Host: new URL(sandbox.url).host, ...headers },
		KeyTime: keyTime ?? `${now() - 10};${now() + 600}`,
	});
}

const picOperations = JSON.stringify({
	rules: [{ fileid: 'out.png', rule: `ci-process=ImageRepair&MaskPoly=${boxPolygon}` }],
});

/** Valid requests, signed by the SDK. */
function upload(changes: Partial<Signing> = {}): RawRequest {
	const body = Buffer.from('thirteen byte');
	const sent = {
		'Content-Type': 'text/plain',
		'Content-Length': String(body.length),
		'Content-MD5': createHash('md5').update(body).digest('base64'),
		'Cache-Control': 'max-age=5',
		'x-cos-meta-note': 'an odd (value)!',
	};
	const authorization = sign({ method: 'PUT', key: 'up.txt', headers: sent, ...changes });
	return {
		method: 'PUT',
		target: '/up.txt',
		headers: { ...sent, Authorization: authorization },
		body,
	};
}

function cloud(changes: Partial<Signing> = {}): RawRequest {
	const headers = { 'Pic-Operations': picOperations, 'Content-Length': '0' };
	const query = { image_process: '' };
	const authorization = sign({ method: 'POST', key: 'a b.png', query, headers, ...changes });
	return {
		method: 'POST',
		target: '/a%20b.png?image_process',
		headers: { ...headers, Authorization: authorization },
	};
}

function download(changes: Partial<Signing> = {}): RawRequest {
	const query = { 'ci-process': 'ImageRepair', MaskPoly: boxPolygon };
	const authorization = sign({ method: 'GET', key: 'a b.png', query, ...changes });
	return {
		method: 'GET',
		target: `/a%20b.png?ci-process=ImageRepair&MaskPoly=${boxPolygon}`,
		headers: { Authorization: authorization },
	};
}

const presigned = (changes: Partial<Signing> = {}): RawRequest => {
	const request = download(changes);
	const { Authorization = '', ...headers } = request.headers;
	return { ...request, target: `${request.target}&${Authorization}`, headers };
};

const withHeader = (request: RawRequest, name: string, value: string): RawRequest => ({
	...request,
	headers: { ...request.headers, [name]: value },
});

const inAuthorization = (request: RawRequest, from: RegExp, to: string): RawRequest =>
	withHeader(request, 'Authorization', (request.headers.Authorization ?? '').replace(from, to));

it('unmodified requests succeed', async () => {
	for (const request of [upload(), cloud(), download(), presigned()]) {
		const response = await send(sandbox.url, request);
		expect([response.status, response.code]).toEqual([200, '']);
		expect(response.headers['x-cos-request-id']).toMatch(/^[\w=]+$/);
	}
});

type Case = [name: string, make: () => RawRequest, status: number, code: string];

const MISMATCH: [status: number, code: string] = [403, 'SignatureDoesNotMatch'];
const CASES: Case[] = [
	['a different method', () => ({ ...download(), method: 'DELETE' }), ...MISMATCH],
	['a different path', () => ({ ...upload(), target: '/up.txt2' }), ...MISMATCH],
	['an additional leading slash', () => ({ ...upload(), target: '//up.txt' }), 400, 'InvalidURI'],
	['an additional slash', () => ({ ...upload(), target: '/up.txt/' }), ...MISMATCH],
	[
		'a different ci-process',
		() => ({ ...download(), target: download().target.replace('ImageRepair', 'Other') }),
		...MISMATCH,
	],
	[
		'a different MaskPoly',
		() => ({ ...download(), target: download().target.replace(/MaskPoly=\w{4}/, 'MaskPoly=') }),
		...MISMATCH,
	],
	[
		'no MaskPoly',
		() => ({ ...download(), target: download().target.split('&')[0] ?? '' }),
		...MISMATCH,
	],
	[
		'a different MaskPoly in a presigned URL',
		() => ({ ...presigned(), target: presigned().target.replace(/MaskPoly=\w{4}/, 'MaskPoly=') }),
		...MISMATCH,
	],
	[
		'a different parameter value',
		() => ({ ...cloud(), target: `${cloud().target}=1` }),
		...MISMATCH,
	],
	...['Content-Type', 'Content-MD5', 'Cache-Control', 'x-cos-meta-note'].map((name): Case => [
		`a different ${name}`,
		() => withHeader(upload(), name, 'changed'),
		...MISMATCH,
	]),
	[
		'a different Pic-Operations',
		() => withHeader(cloud(), 'Pic-Operations', picOperations.replace('out', 'oot')),
		...MISMATCH,
	],
	[
		'a different Host',
		() => withHeader(download(), 'Host', `localhost:${new URL(sandbox.url).port}`),
		...MISMATCH,
	],
	[
		'a longer body',
		() => ({
			...withHeader(upload(), 'Content-Length', '14'),
			body: Buffer.from('fourteen bytes'),
		}),
		...MISMATCH,
	],
	[
		'a different signature',
		() => inAuthorization(download(), /\w{40}$/, 'a'.repeat(40)),
		...MISMATCH,
	],
	[
		'a longer window',
		() => inAuthorization(download(), /q-sign-time=(\d+);\d+/, `q-sign-time=$1;${now() + 9999}`),
		...MISMATCH,
	],
	[
		'an additional header in the list',
		() => inAuthorization(download(), /q-header-list=host/, 'q-header-list=host;user-agent'),
		...MISMATCH,
	],
	[
		'a parameter removed from the list',
		() => inAuthorization(download(), /;maskpoly/, ''),
		...MISMATCH,
	],
	[
		'a different Secret ID',
		() => inAuthorization(download(), /q-ak=AKID/, 'q-ak=AKIX'),
		403,
		'InvalidAccessKeyId',
	],
	...[
		['x-cos-acl', 'public-read'],
		['x-cos-meta-added', 'on the way'],
	].map(([name = '', value = '']): Case => [
		`an unsigned ${name}`,
		() => withHeader(upload(), name, value),
		403,
		'AccessDenied',
	]),
	[
		'an unsigned Host',
		() => inAuthorization(download(), /q-header-list=host/, 'q-header-list='),
		403,
		'AccessDenied',
	],
	[
		'an unsigned Pic-Operations',
		() => withHeader(upload(), 'Pic-Operations', picOperations),
		403,
		'AccessDenied',
	],
	['no signature', () => ({ ...download(), headers: {} }), 403, 'AccessDenied'],
	[
		'an invalid signature',
		() => withHeader(download(), 'Authorization', 'AWS4 x'),
		400,
		'InvalidArgument',
	],
	['an expired window', () => download({ keyTime: '1500000000;1500000600' }), 403, 'AccessDenied'],
	[
		'an expired presigned URL',
		() => presigned({ keyTime: '1500000000;1500000600' }),
		403,
		'AccessDenied',
	],
	[
		'a future window',
		() => download({ keyTime: `${now() + 300};${now() + 900}` }),
		403,
		'RequestTimeTooSkewed',
	],
	[
		'a Date half an hour off',
		() => withHeader(download(), 'Date', new Date(Date.now() - 1_800_000).toUTCString()),
		403,
		'RequestTimeTooSkewed',
	],
	[
		'a different bucket',
		() => withHeader(download(), 'Host', 'foreign-1250000000.localhost'),
		404,
		'NoSuchBucket',
	],
	[
		'a different region',
		() => withHeader(download(), 'Host', `${sandbox.bucket}.cos.eu-moscow.myqcloud.com`),
		301,
		'PermanentRedirect',
	],
	['an unknown host', () => withHeader(download(), 'Host', 'example.com'), 404, 'NoSuchBucket'],
	[
		'a bucket without an APPID',
		() => withHeader(download(), 'Host', 'x.localhost'),
		400,
		'InvalidBucketName',
	],
];

it.each(CASES)('%s is rejected', async (_name, make, status, code) => {
	const response = await send(sandbox.url, make());
	expect([response.status, response.code]).toEqual([status, code]);
	expect(response.headers['x-cos-trace-id']).toBeTruthy();
});

it('the error for a wrong signature contains both strings the server derived', async () => {
	const response = await send(sandbox.url, {
		...download(),
		method: 'PUT',
		body: Buffer.from('x'),
	});
	const xml = response.body.toString('utf8');
	expect(xml).toContain('<StringToSign>sha1\n');
	expect(xml).toContain('<FormatString>put\n/a b.png\nci-process=ImageRepair&amp;maskpoly=');
});

it.each([
	'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com',
	'examplebucket-1250000000.cos.ap-guangzhou.tencentcos.cn',
	'examplebucket-1250000000.cos.accelerate.myqcloud.com',
	'examplebucket-1250000000.cos-internal.ap-guangzhou.tencentcos.cn',
	'examplebucket-1250000000.localhost',
])('the bucket is served at the host %s', async (host) => {
	const Authorization = sign({ method: 'GET', key: 'a b.png', headers: { Host: host } });
	const headers = { Host: host, Authorization };
	const response = await send(sandbox.url, { method: 'GET', target: '/a%20b.png', headers });
	expect(response.status).toBe(200);
});

describe('a body', () => {
	const signedPut = (headers: Record<string, string>): string =>
		sign({ method: 'PUT', key: 'body.bin', headers });

	it('without a length is rejected', async () => {
		const headers = { Authorization: signedPut({}), 'Transfer-Encoding': 'chunked' };
		const put = { method: 'PUT', target: '/body.bin', headers, body: Buffer.from('x') };
		expect((await send(sandbox.url, put)).code).toBe('MissingContentLength');
	});

	it.each([
		['1B2M2Y8AsgTpgAmY7PhCfg==', 'BadDigest'],
		['not-an-md5', 'InvalidDigest'],
	])('with Content-MD5 %s is rejected', async (md5, code) => {
		const named = { 'Content-MD5': md5, 'Content-Length': '1' };
		const headers = { ...named, Authorization: signedPut(named) };
		const put = { method: 'PUT', target: '/body.bin', headers, body: Buffer.from('x') };
		const response = await send(sandbox.url, put);
		expect([response.status, response.code]).toEqual([400, code]);
		expect(await sandbox.keys()).not.toContain('body.bin');
	});

	it('that is cut off is not stored', async () => {
		const { hostname, port, host } = new URL(sandbox.url);
		const socket = net.connect(Number(port), hostname);
		const Authorization = signedPut({ 'Content-Length': '1000' });
		socket.write(
			`PUT /body.bin HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${Authorization}\r\n` +
				'Content-Length: 1000\r\n\r\nonly this',
		);
		await new Promise((resolve) => setTimeout(resolve, 100));
		socket.destroy();
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(await sandbox.keys()).not.toContain('body.bin');
		expect((await sandbox.calls()).at(-1)).toMatchObject({ kind: 'put', code: 'IncompleteBody' });
	});

	it('of 40 MB is stored as an object but rejected as an image to repair', async () => {
		const body = Buffer.alloc(40 * 1024 * 1024, 7);
		const named = { 'Content-Length': String(body.length) };
		const put = (headers: Record<string, string>) =>
			send(sandbox.url, {
				method: 'PUT',
				target: '/body.bin',
				headers: { ...headers, Authorization: signedPut(headers) },
				body,
			});
		expect((await put({ ...named, 'Pic-Operations': picOperations })).code).toBe('ImageTooLarge');
		expect(await sandbox.keys()).not.toContain('body.bin');
		expect((await put(named)).status).toBe(200);
		expect((await sandbox.getObject('body.bin')).equals(body)).toBe(true);
	});
});

describe('a request', () => {
	const ask = async (method: string, target: string, headers: Record<string, string> = {}) => {
		const [path = '', search = ''] = target.split('?');
		const query = Object.fromEntries(new URLSearchParams(search));
		const key = decodeURIComponent(path).slice(1);
		const Authorization = sign({ method, key, query, headers });
		return await send(sandbox.url, { method, target, headers: { ...headers, Authorization } });
	};

	it.each([
		['GET', '/a%20b.png?unknown=1', 400, 'InvalidArgument'],
		['GET', '/a%20b.png?acl', 501, 'NotImplemented'],
		['GET', '/a%20b.png?ci-process=Other', 501, 'NotImplemented'],
		['GET', '/a%20b.png?ci-process=ImageRepair&MaskPoly=!!', 400, 'InvalidArgument'],
		['GET', '/a%20b.png?ci-process=ImageRepair&maskpoly=abcd', 400, 'InvalidArgument'],
		['GET', '/?ci-process=ImageRepair', 400, 'InvalidArgument'],
		['GET', '/?max-keys=1001', 400, 'InvalidArgument'],
		['GET', '/missing?ci-process=ImageRepair', 404, 'NoSuchKey'],
		['GET', '/missing', 404, 'NoSuchKey'],
		['POST', '/a%20b.png', 405, 'MethodNotAllowed'],
		['PATCH', '/a%20b.png', 405, 'MethodNotAllowed'],
		['POST', '/missing?image_process', 400, 'InvalidArgument'],
	])('%s %s is rejected', async (method, target, status, code) => {
		const response = await ask(method, target);
		expect([response.status, response.code]).toEqual([status, code]);
	});

	it.each(['/a/../b', '/%2e%2e/b', '/%zz', '/%00'])('to %s is rejected', async (target) => {
		const response = await send(sandbox.url, { method: 'GET', target, headers: {} });
		expect([response.status, response.code]).toEqual([400, 'InvalidURI']);
	});

	it('can ask for a range', async () => {
		await sandbox.putObject('digits', Buffer.from('0123456789'), 'text/plain');
		const part = await ask('GET', '/digits', { Range: 'bytes=2-4' });
		expect([part.status, part.body.toString()]).toEqual([206, '234']);
		expect(part.headers['content-range']).toBe('bytes 2-4/10');
		expect((await ask('GET', '/digits', { Range: 'bytes=-3' })).body.toString()).toBe('789');
		expect((await ask('GET', '/digits', { Range: 'bytes=10-' })).code).toBe('InvalidRange');
	});
});
