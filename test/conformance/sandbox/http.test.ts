import { createHash } from 'node:crypto';

import COS from 'cos-nodejs-sdk-v5';

import { createAccount, authorize } from '../../../cos/signing/authorize';
import { spawnSandbox, type SpawnedSandbox } from '../../../dev/sandbox/spawn';
import { markedImage } from './image';
import { rawResponse, send, type RawRequest } from './send';
import { signedFor } from './signed';

/** What the sandbox writes and refuses on the wire, as the service's pages have it. */

let sandbox: SpawnedSandbox;
beforeAll(async () => {
	sandbox = await spawnSandbox();
	await sandbox.putObject('a.png', await markedImage(), 'image/png');
});
afterAll(() => sandbox.close());

const host = () => new URL(sandbox.url).host;

describe('header names', () => {
	const named = async (method: string, target: string) => {
		const request = signedFor(sandbox, method, target, { Connection: 'close' });
		const received = await rawResponse(sandbox.url, request);
		const [head = ''] = received.split('\r\n\r\n');
		return head
			.split('\r\n')
			.slice(1)
			.map((line) => line.replace(/:.*/s, ''));
	};

	it.each([
		['HEAD', '/a.png', ['ETag', 'Last-Modified', 'Content-Length', 'Content-Type']],
		['GET', '/a.png', ['ETag', 'Last-Modified', 'Content-Length', 'Content-Type']],
		['GET', '/', ['Content-Type', 'Content-Length']],
	])('of %s %s are written as the service writes them', async (method, target, expected) => {
		const names = await named(method, target);
		expect(names).toEqual(
			expect.arrayContaining([...expected, 'x-cos-request-id', 'Date', 'Server']),
		);
		const odd = names.filter((name) => !name.startsWith('x-') && !/^[A-Z]/.test(name));
		expect(odd).toEqual([]);
	});
});

describe('the host in a signature', () => {
	const withHost = (signedHost: string): RawRequest => {
		const Authorization = COS.getAuthorization({
			SecretId: sandbox.secretId,
			SecretKey: sandbox.secretKey,
			Method: 'GET',
			Key: 'a.png',
			Headers: { Host: signedHost },
		});
		return { method: 'GET', target: '/a.png', headers: { Host: host(), Authorization } };
	};

	it.each<[string, () => string, number]>([
		['with its port', host, 200],
		['without its port, as the Python SDK signs it', () => host().replace(/:\d+$/, ''), 200],
		['with another port', () => host().replace(/:\d+$/, ':1'), 403],
		['of another name', () => 'localhost', 403],
	])('counts %s', async (_, signedHost, status) => {
		expect((await send(sandbox.url, withHost(signedHost()))).status).toBe(status);
	});
});

describe('strict signature mode', () => {
	const account = () => {
		const { secretId, secretKey, bucket, region, url } = sandbox;
		return createAccount(
			{ secretId, secretKey },
			{ bucket, region, endpoint: 'custom', customDomain: url },
		);
	};
	const body = Buffer.from('abc');
	const sent = {
		'Content-Type': 'text/plain',
		'Content-Length': '3',
		'Content-MD5': createHash('md5').update(body).digest('base64'),
	};
	const put = (changing: string[]): RawRequest => {
		const url = `${sandbox.url}/strict.txt`;
		const { headers } = authorize(
			account(),
			{ method: 'PUT', url, headers: sent, changing },
			Date.now(),
		);
		return { method: 'PUT', target: '/strict.txt', headers: { Host: host(), ...headers }, body };
	};
	beforeAll(() => sandbox.setStrictSignature(true));
	afterAll(() => sandbox.setStrictSignature(false));

	it('takes a request that signs what describes its body', async () => {
		expect((await send(sandbox.url, put([]))).status).toBe(200);
		// The SDK signs the same headers where it is given them.
		const bySdk = { ...signedFor(sandbox, 'PUT', '/strict.txt', sent), body };
		expect((await send(sandbox.url, bySdk)).status).toBe(200);
	});

	it.each(['content-type', 'content-length', 'content-md5'])(
		'refuses one that leaves out %s, and takes it without the mode',
		async (name) => {
			const refused = await send(sandbox.url, put([name]));
			expect([refused.status, refused.code]).toEqual([403, 'AccessDenied']);
			expect(refused.body.toString()).toContain('Strict signature missing header');
			await sandbox.setStrictSignature(false);
			expect((await send(sandbox.url, put([name]))).status).toBe(200);
			await sandbox.setStrictSignature(true);
		},
	);
});

describe('what is read of headers, and refused before anything is done', () => {
	const downloadOf = (characters: number) =>
		signedFor(sandbox, 'GET', `/a.png?ci-process=ImageRepair&MaskPoly=${'A'.repeat(characters)}`);

	it('a query of more than 8 KB', async () => {
		const refused = await send(sandbox.url, downloadOf(8200));
		expect([refused.status, refused.code]).toEqual([400, 'InvalidURI']);
		expect((await send(sandbox.url, downloadOf(8000))).code).toBe('InvalidArgument');
	});

	it('Pic-Operations of more than 8 KB', async () => {
		const rule = `ci-process=ImageRepair&MaskPoly=${'A'.repeat(8200)}`;
		const operations = JSON.stringify({ rules: [{ fileid: 'x.png', rule }] });
		const headers = { 'Pic-Operations': operations, 'Content-Length': '0' };
		const refused = await send(
			sandbox.url,
			signedFor(sandbox, 'POST', '/a.png?image_process', headers),
		);
		expect([refused.status, refused.code]).toEqual([400, 'InvalidArgument']);
		expect(refused.body.toString()).toContain('longer than 8192 bytes');
	});

	it('a header value that is not UTF-8', async () => {
		const latin1 = signedFor(sandbox, 'GET', '/a.png', { 'x-cos-meta-note': 'caf\u00e9' });
		const refused = await send(sandbox.url, latin1);
		expect([refused.status, refused.code]).toEqual([403, 'SignatureDoesNotMatch']);
		const unsigned = signedFor(sandbox, 'GET', '/a.png');
		const headers = { ...unsigned.headers, 'x-note': 'caf\u00e9' };
		expect((await send(sandbox.url, { ...unsigned, headers })).code).toBe('InvalidArgument');
	});

	it('and UTF-8 in Pic-Operations means what it says', async () => {
		const operations = JSON.stringify({
			rules: [{ fileid: '清晰.png', rule: 'ci-process=ImageRepair' }],
		});
		const bytes = Buffer.from(operations).toString('latin1');
		const signed = signedFor(sandbox, 'POST', '/a.png?image_process', {
			'Pic-Operations': operations,
			'Content-Length': '0',
		});
		const sent = { ...signed, headers: { ...signed.headers, 'Pic-Operations': bytes } };
		await sandbox.resetCalls();
		await send(sandbox.url, sent);
		expect((await sandbox.ledger()).calls.at(-1)?.asked).toMatchObject([{ key: '清晰.png' }]);
	});

	it('a token that is not the one of the keys, with the status 400', async () => {
		const temporary = await spawnSandbox({ token: 'TOKEN' });
		try {
			const wrong = signedFor(temporary, 'GET', '/', { 'x-cos-security-token': 'OTHER' });
			const refused = await send(temporary.url, wrong);
			expect([refused.status, refused.code]).toEqual([400, 'ExpiredToken']);
		} finally {
			await temporary.close();
		}
	});
});

describe('a parameter that is given more than once', () => {
	it('is verified by its values in order, and is refused all the same', async () => {
		const { secretId, secretKey, bucket, region, url } = sandbox;
		const account = createAccount(
			{ secretId, secretKey },
			{ bucket, region, endpoint: 'custom', customDomain: url },
		);
		const target = '/?prefix=b&prefix=a&prefix=%E4%B8%AD';
		const { headers } = authorize(
			account,
			{ method: 'GET', url: url + target, headers: {} },
			Date.now(),
		);
		const sent: RawRequest = { method: 'GET', target, headers: { Host: host(), ...headers } };
		expect((await send(url, sent)).code).toBe('InvalidArgument');
		const changed = { ...sent, target: target.replace('prefix=a', 'prefix=c') };
		expect((await send(url, changed)).code).toBe('SignatureDoesNotMatch');
	});
});
