import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { authorize, createAccount } from '../../cos';
import { buildGuard } from '../../dev/playground/buildGuard';
import { imagesPage } from '../../dev/playground/images/imagesPage';
import { Inbox } from '../../dev/playground/images/inbox';
import { serveNeighbours, STORAGE_KEYS, type Neighbours } from '../../dev/playground/neighbours';
import { spawnSandbox, type SpawnedSandbox } from '../../dev/sandbox/spawn';
import { ask, exchange } from './rawRequest';

/**
 * What a page in a browser on this machine can send to the servers of the playground and of the sandbox, although they
 * listen on a loopback address: each of it is refused, and nothing is read or changed.
 */

/** A server in a process that has loaded the guard of n8n, and counts what its listeners got. */
const GUARDED = `
	const { createServer } = require('node:http');
	let count = 0;
	const server = createServer((request, response) => {
		if (request.url !== '/count') count++;
		request.resume();
		response.end(String(count));
	});
	server.on('upgrade', (request, socket) => {
		count++;
		socket.end('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n');
	});
	server.on('checkContinue', (request, response) => {
		count++;
		response.end();
	});
	server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

let folder: string;
let sandbox: SpawnedSandbox;
let neighbours: Neighbours;
let guarded: { readonly child: ChildProcess; readonly url: string };

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'image-repair-foreign-'));
	sandbox = await spawnSandbox({ quick: true });
	const links = { n8n: 'http://127.0.0.1:5678', picker: `${sandbox.controlUrl}/picker` };
	const files = new Map([['a.jpg', Buffer.from('a file')]]);
	neighbours = await serveNeighbours(files, {}, imagesPage(new Inbox(sandbox), links));
	const guard = join(folder, 'guard.cjs');
	await buildGuard(guard);
	const child = spawn(process.execPath, ['--require', guard, '--eval', GUARDED], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
	guarded = { child, url: `http://127.0.0.1:${port}` };
});
afterAll(async () => {
	guarded.child.kill();
	await neighbours.close();
	await sandbox.close();
	await rm(folder, { recursive: true, force: true });
});

const KEY = 'kept.txt';
beforeEach(async () => {
	await sandbox.deleteObjects();
	await sandbox.putObject(KEY, Buffer.from('kept'), 'text/plain');
});

interface Target {
	readonly url: string;
	/** What the server keeps, to see that it stays. */
	readonly state: () => Promise<unknown>;
	/** Requests that change it if the server takes them. */
	readonly changes: ReadonlyArray<readonly [method: string, path: string, body?: string]>;
	/** What can be read there. */
	readonly reads: readonly string[];
}

const objects = async () => [await sandbox.keys(), (await sandbox.getObject(KEY)).toString()];

const TARGETS = {
	'the control port': () => ({
		url: sandbox.controlUrl,
		state: objects,
		changes: [
			['PUT', '/objects/planted', 'x'],
			['PUT', `/objects/${KEY}`, 'changed'],
			['PUT', '/objects', '[{"key":"planted","base64":"eA=="}]'],
			['DELETE', `/objects/${KEY}`],
			['DELETE', '/objects'],
		],
		reads: ['/objects', `/objects/${KEY}`, '/calls', '/ledger', '/versions', '/policy', '/picker'],
	}),
	'chat, storage and images': () => ({
		url: neighbours.url,
		state: async () => [[...neighbours.messages], [...neighbours.stored.keys()], await objects()],
		changes: [
			['POST', '/chat', '{"text":"planted"}'],
			['PUT', '/storage/bucket/planted', ''],
			['POST', '/images/add?name=planted.png', 'GIF89a'],
		],
		reads: ['/chat', '/mail', '/files/a.jpg', '/images', '/images/list', '/nothing'],
	}),
	'a server in the process of n8n': () => ({
		url: guarded.url,
		state: async () => (await ask(`${guarded.url}/count`)).body,
		changes: [
			['POST', '/rest/login', '{}'],
			['PATCH', '/rest/workflows/1', '{}'],
			['PUT', '/rest/workflows/1', '{}'],
			['DELETE', '/rest/workflows/1'],
			['POST', '/webhook/clean', '{}'],
		],
		reads: ['/', '/rest/settings', '/rest/push?pushRef=1', '/webhook/clean'],
	}),
} satisfies Record<string, () => Target>;

const STORAGE_LOGIN = {
	authorization: `AWS4-HMAC-SHA256 Credential=${STORAGE_KEYS.accessKeyId}/x`,
	'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==',
};
const OTHER_NAME =
	/This server is for this machine only, .* Open http:\/\/127\.0\.0\.1:\d+ instead\./;
const OTHER_PAGE =
	/A page of another server sent this request, .* Open http:\/\/127\.0\.0\.1:\d+ and/;

describe.each(Object.entries(TARGETS))('%s', (_, targetOf) => {
	let target: Target;
	let port: string;
	beforeEach(() => {
		target = targetOf();
		({ port } = new URL(target.url));
	});

	/** Sends every request, and sees it refused with a sentence, and nothing changed. */
	async function refused(
		headers: OutgoingHttpHeaders,
		sentence: RegExp,
		{ reads = true }: { reads?: boolean } = {},
	): Promise<void> {
		const before = await target.state();
		const readings = target.reads.map((path) => ['GET', path] as const);
		for (const [method, path, body] of [...target.changes, ...(reads ? readings : [])]) {
			const all = { ...STORAGE_LOGIN, 'content-type': 'text/plain', ...headers };
			const response = await ask(`${target.url}${path}`, { method, body, headers: all });
			expect([method, path, response.status]).toEqual([method, path, 403]);
			expect(response.body).toMatch(sentence);
		}
		expect(await target.state()).toEqual(before);
	}

	test('a page whose name leads to this machine reads and changes nothing', async () => {
		for (const name of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example']) {
			const host = `${name}:${port}`;
			await refused(
				{ host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' },
				OTHER_NAME,
			);
			await refused({ host }, OTHER_NAME);
		}
		await refused({ host: 'localhost' }, OTHER_NAME);
		await refused({ host: '127.0.0.1:1' }, OTHER_NAME);
	});

	test('a page of another site, of another port or of no origin changes and reads nothing', async () => {
		const origins = [
			'http://evil.example',
			'https://evil.example',
			'null',
			'http://localhost:3000',
		];
		for (const origin of [...origins, 'http://127.0.0.1:1', `https://127.0.0.1:${port}`]) {
			await refused({ origin }, OTHER_PAGE);
		}
	});

	test('a form or a beacon of another site is known by what the browser says of it, too', async () => {
		for (const site of ['cross-site', 'same-site']) {
			await refused({ 'sec-fetch-site': site }, OTHER_PAGE, { reads: false });
		}
	});

	test('a preflight is not answered with a permission', async () => {
		const headers = {
			origin: 'http://evil.example',
			'access-control-request-method': 'DELETE',
			'access-control-request-private-network': 'true',
		};
		const asked = request(target.url, { method: 'OPTIONS', headers, agent: false });
		asked.end();
		const [response] = (await once(asked, 'response')) as [IncomingMessage];
		response.resume();
		expect(response.statusCode).toBe(403);
		const names = Object.keys(response.headers).filter((name) => name.startsWith('access-control'));
		expect(names).toEqual([]);
	});

	test('a request of an old client without any host is refused', async () => {
		const before = await target.state();
		for (const [method, path] of target.changes) {
			const answered = await exchange(port, `${method} ${path} HTTP/1.0\r\n\r\n`);
			expect(answered).toMatch(/^HTTP\/1\.1 403 /);
			expect(answered).toMatch(OTHER_NAME);
		}
		// An address in place of the path does not stand for the host.
		const whole = `GET ${target.url}/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
		expect(await exchange(port, whole)).toMatch(/^HTTP\/1\.1 403 /);
		expect(await target.state()).toEqual(before);
	});

	test('programs, the address line and pages of its own are served', async () => {
		const own = `http://127.0.0.1:${port}`;
		for (const headers of [
			{},
			{ host: `localhost:${port}` },
			{ host: `LOCALHOST:${port}`, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' },
			{
				'sec-fetch-site': 'cross-site',
				'sec-fetch-mode': 'navigate',
				'sec-fetch-dest': 'document',
			},
			{ origin: own, 'sec-fetch-site': 'same-origin' },
			{ origin: `http://localhost:${port}`, 'sec-fetch-site': 'cross-site' },
		]) {
			for (const path of target.reads) {
				expect((await ask(`${target.url}${path}`, { headers })).status).not.toBe(403);
			}
		}
		const before = await target.state();
		const [method, path, body] = target.changes[0] ?? ['', ''];
		const response = await ask(`${target.url}${path}`, { method, body, headers: { origin: own } });
		expect(response.status).toBe(200);
		expect(await target.state()).not.toEqual(before);
	});
});

describe('a server in the process of n8n', () => {
	const upgrade = async (headers: string) =>
		await exchange(
			new URL(guarded.url).port,
			`GET /rest/push HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${headers}\r\n\r\n`,
		);
	const count = async () => (await ask(`${guarded.url}/count`)).body;

	test('no page of another server opens its push connection', async () => {
		const { host } = new URL(guarded.url);
		const before = await count();
		const foreign: Array<[string, RegExp]> = [
			[`Host: evil.example\r\nOrigin: http://evil.example`, OTHER_NAME],
			[`Host: evil.example`, OTHER_NAME],
			[`Host: ${host}\r\nOrigin: http://evil.example`, OTHER_PAGE],
			[`Host: ${host}\r\nOrigin: http://localhost:3000`, OTHER_PAGE],
			[`Host: ${host}\r\nOrigin: null`, OTHER_PAGE],
		];
		for (const [headers, sentence] of foreign) {
			const answered = await upgrade(headers);
			expect(answered).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
			expect(answered).toMatch(sentence);
		}
		expect(await count()).toBe(before);
		expect(await upgrade(`Host: ${host}\r\nOrigin: http://${host}`)).toMatch(/^HTTP\/1\.1 101 /);
		// As n8n's task runners open theirs.
		expect(await upgrade(`Host: ${host}`)).toMatch(/^HTTP\/1\.1 101 /);
		expect(Number(await count())).toBe(Number(before) + 2);
	});

	test('a request that waits to be told to go on is refused before that', async () => {
		const before = await count();
		const head = 'POST /rest/login HTTP/1.1\r\nHost: evil.example\r\nExpect: 100-continue\r\n';
		const answered = await exchange(new URL(guarded.url).port, `${head}Content-Length: 2\r\n\r\n`);
		expect(answered).toMatch(/^HTTP\/1\.1 403 /);
		expect(await count()).toBe(before);
	});

	const post = async (path: string, headers: OutgoingHttpHeaders) =>
		(await ask(`${guarded.url}${path}`, { method: 'POST', headers })).status;

	test('a form that n8n shows without an origin can be sent, and nothing else from there', async () => {
		const headers = { origin: 'null', 'sec-fetch-site': 'cross-site' };
		for (const path of ['/form/a', '/form-test/a', '/form-waiting/1', '/webhook-waiting/1']) {
			expect([path, await post(path, headers)]).toEqual([path, 200]);
		}
		for (const path of [
			...['/webhook/a', '/webhook-test/a', '/rest/login', '/api/v1/workflows', '/mcp/form/a'],
			...['/rest/form/a', '/forms/a', '/form', '//form/a', '/?/form/a'],
		]) {
			expect([path, await post(path, headers)]).toEqual([path, 403]);
		}
	});

	test('no page of another site or name sends a form', async () => {
		const { port } = new URL(guarded.url);
		for (const from of [
			{ origin: 'http://evil.example' },
			{ origin: 'http://localhost:3000' },
			{ 'sec-fetch-site': 'cross-site' },
			{ host: `evil.example:${port}`, origin: 'null' },
			{ host: `evil.example:${port}`, origin: `http://evil.example:${port}` },
		]) {
			for (const path of ['/form/a', '/form-test/a', '/form-waiting/1', '/webhook-waiting/1']) {
				expect([from, path, await post(path, from)]).toEqual([from, path, 403]);
			}
		}
	});
});

test('a request without a host is told why it is refused', async () => {
	for (const { port } of [new URL(sandbox.controlUrl), new URL(neighbours.url)]) {
		const answered = await exchange(port, 'GET /chat HTTP/1.1\r\nConnection: close\r\n\r\n');
		expect(answered).toMatch(/^HTTP\/1\.1 403 /);
		expect(answered).toMatch(OTHER_NAME);
	}
});

describe('the mailbox', () => {
	const MAIL =
		'MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nDATA\r\n\r\n<script>1</script>\r\n.\r\nQUIT\r\n';

	test('takes no mail out of the body of a request', async () => {
		for (const body of [MAIL, `EHLO x\r\n${MAIL}`]) {
			const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${neighbours.mailPort}\r\n`;
			const length = `Content-Length: ${body.length}\r\n\r\n`;
			const answered = await exchange(neighbours.mailPort, head + length + body).catch(String);
			expect(answered).not.toContain('250');
		}
		expect(neighbours.mails).toEqual([]);
	});

	test('takes mail of a program, and shows it without running what is in it', async () => {
		expect(await exchange(neighbours.mailPort, `EHLO x\r\n${MAIL}`)).toContain('250 Kept');
		expect(neighbours.mails).toEqual(['<script>1</script>']);
		const { headers } = await fetch(neighbours.mailUrl);
		expect(headers.get('content-security-policy')).toMatch(/^sandbox .*default-src 'none'/);
	});
});

describe('the bucket', () => {
	test('is there under its own names alone, and lets nobody read without a signature', async () => {
		const { port } = new URL(sandbox.url);
		for (const host of ['evil.example', `evil.example:${port}`, 'localhost.evil.example']) {
			for (const method of ['GET', 'PUT', 'DELETE', 'POST']) {
				const response = await ask(`${sandbox.url}/${KEY}`, { method, headers: { host } });
				expect(response.status).toBe(404);
				expect(response.body).toContain('<Code>NoSuchBucket</Code>');
			}
		}
		for (const path of ['/', `/${KEY}`]) {
			const response = await ask(sandbox.url + path);
			expect([response.status, response.body]).toEqual([
				403,
				expect.stringContaining('AccessDenied'),
			]);
		}
		expect(await objects()).toEqual([[KEY], 'kept']);
	});

	/** Signs with the keys of the sandbox, which are published. */
	async function signed(method: string, key: string, more: OutgoingHttpHeaders) {
		const { secretId, secretKey, bucket, region, url } = sandbox;
		const account = createAccount(
			{ secretId, secretKey },
			{ bucket, region, endpoint: 'custom', customDomain: url },
		);
		const address = `${url}/${key}`;
		const { headers } = authorize(account, { method, url: address, headers: {} }, Date.now());
		return (await ask(address, { method, headers: { ...headers, ...more } })).status;
	}

	test('is changed by no page of another server that knows its published keys', async () => {
		for (const origin of ['http://evil.example', 'null', 'http://localhost:3000']) {
			expect(await signed('PUT', 'planted', { origin })).toBe(403);
			expect(await signed('DELETE', KEY, { origin })).toBe(403);
		}
		expect(await signed('DELETE', KEY, { 'sec-fetch-site': 'cross-site' })).toBe(403);
		expect(await objects()).toEqual([[KEY], 'kept']);
		expect(await signed('GET', KEY, { 'sec-fetch-site': 'cross-site' })).toBe(200);
		expect(await signed('PUT', 'new', {})).toBe(200);
		expect(await signed('DELETE', 'new', { origin: sandbox.url })).toBe(204);
	});
});
