import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, Socket, type Server } from 'node:net';
import { generate } from 'selfsigned';

import { CREDENTIAL_TYPE } from '../../dev/packageNames';
import { shortenPauses } from '../quickSleep';
import { byKey, named, NODE, openScene, type Scene } from './bucketAndEngine';
import { listen } from './localServer';
import type { NetworkReport, NetworkRequest } from './networkRun';
import { runInEnvironment } from './ownProcess';

/** What n8n reports when a request does not reach the bucket: real servers, real n8n. */

interface ErrorItem {
	message: string;
	description: string;
	code: string;
}

const opened: Array<{ close: () => unknown }> = [];
let certificate: { key: string; cert: string };

beforeAll(async () => {
	const { private: key, cert } = await generate([{ name: 'commonName', value: 'bucket.test' }], {
		extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
	});
	certificate = { key, cert };
});
afterAll(() => {
	for (const one of opened) one.close();
});

/** A server on this machine, closed when all tests are over. */
async function open(server: Server): Promise<number> {
	opened.push(server);
	return await listen(server);
}

/** A TCP server that counts its connections. */
async function openTcp(onConnection: (socket: Socket) => void) {
	const connections: Socket[] = [];
	const port = await open(
		createServer((socket) => {
			socket.on('error', () => undefined);
			connections.push(socket);
			onConnection(socket);
		}),
	);
	return { port, connections };
}

describe('a bucket that cannot be reached', () => {
	let scene: Scene;

	beforeAll(async () => {
		shortenPauses(20);
		scene = await openScene({}, { quick: true });
	});
	afterAll(async () => {
		await scene.close();
	});

	/** A repair in the bucket and the credential's Test, of a bucket at this address. */
	async function reach(origin: string, options: Record<string, unknown> = {}) {
		const credential = { customDomain: origin };
		const result = await scene.run(
			{
				operation: 'cloud',
				...named('a.png'),
				area: 'automatic',
				options: { retries: 1, ...options },
			},
			undefined,
			{ credential, node: { onError: 'continueRegularOutput' } },
		);
		const test = await scene.engine.testCredential(CREDENTIAL_TYPE, {
			...scene.credential,
			...credential,
		});
		return {
			error: result.output(NODE)[0]?.json.error as unknown as ErrorItem,
			hint: result.hints(NODE)[0]?.message ?? '',
			test,
		};
	}

	/** The words of a reason, the same in the error item and in the credential's Test. */
	function expectWords(
		{ error, test, hint }: Awaited<ReturnType<typeof reach>>,
		message: string,
		advice: RegExp,
		code: string,
	): void {
		expect(error).toMatchObject({ message: `${message} (a.png) [item 0]`, code });
		expect(error.description).toMatch(advice);
		expect(test.status).toBe('Error');
		expect(test.message.startsWith(`${message}. `)).toBe(true);
		expect(test.message).toMatch(advice);
		expect(hint).not.toMatch(/may have been billed/);
	}

	test('a closed port is named, and tried again', async () => {
		const server = createServer();
		const port = await listen(server);
		await new Promise((resolve) => server.close(resolve));
		const reached = await reach(`https://127.0.0.1:${port}`);
		const message = `127.0.0.1:${port} does not accept connections`;
		expectWords(reached, message, /network connection/, 'ECONNREFUSED');
		expect(reached.hint).toMatch(/1 retry/);
	});

	test('a name that does not exist is named, and not tried again', async () => {
		const reached = await reach('https://images.invalid');
		const message = 'The address images.invalid cannot be found';
		expectWords(reached, message, /Bucket, Region and Endpoint/, 'ENOTFOUND');
		expect(reached.hint).not.toMatch(/retry/);
	});

	test('a certificate that is not trusted is named with its code, nothing is sent, and nothing is tried again', async () => {
		let requests = 0;
		const server = createHttpsServer(certificate, (_, response) => {
			requests++;
			response.end();
		});
		const port = await open(server);
		const reached = await reach(`https://127.0.0.1:${port}`);
		expectWords(
			reached,
			`The certificate of 127.0.0.1:${port} is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)`,
			/NODE_EXTRA_CA_CERTS/,
			'DEPTH_ZERO_SELF_SIGNED_CERT',
		);
		expect(reached.hint).not.toMatch(/retry/);
		expect(requests).toBe(0);
	});

	test('a server without encryption at an https address is told from one that is off', async () => {
		let requests = 0;
		const port = await open(
			createHttpServer((_, response) => {
				requests++;
				response.end();
			}),
		);
		const reached = await reach(`https://127.0.0.1:${port}`);
		expect(reached.error.code).toMatch(/^(?:EPROTO|ERR_SSL_\w+)$/);
		expectWords(
			reached,
			`127.0.0.1:${port} does not respond with the encryption that https:// asks for`,
			/port in it/,
			reached.error.code,
		);
		expect(reached.hint).not.toMatch(/retry/);
		expect(requests).toBe(0);
	});

	test('a connection that ends during the handshake is tried again', async () => {
		const { port, connections } = await openTcp((socket) => {
			socket.once('data', () => socket.end());
		});
		const reached = await reach(`https://127.0.0.1:${port}`);
		const message = `127.0.0.1:${port} ended the connection before it was encrypted`;
		expectWords(reached, message, /proxy or firewall/, 'ECONNRESET');
		expect(connections).toHaveLength(3);
	});

	test('a connection that is reset during the handshake was not sent either', async () => {
		const { port, connections } = await openTcp((socket) => {
			socket.once('data', () => socket.resetAndDestroy());
		});
		const { error, hint } = await reach(`https://127.0.0.1:${port}`);
		expect(error).toMatchObject({
			message: `127.0.0.1:${port} ended the connection before it was encrypted (a.png) [item 0]`,
			code: 'ECONNRESET',
		});
		expect(hint).not.toMatch(/may have been billed/);
		// Two tries, and one of the credential's Test.
		expect(connections).toHaveLength(3);
	});

	test('a host that never finishes the handshake was not sent anything when the time is up', async () => {
		const { port, connections } = await openTcp(() => undefined);
		const result = await scene.run(
			{
				operation: 'cloud',
				...named('a.png'),
				area: 'automatic',
				options: { retries: 1, timeout: 1 },
			},
			undefined,
			{
				credential: { customDomain: `https://127.0.0.1:${port}` },
				node: { onError: 'continueRegularOutput' },
			},
		);
		for (const socket of connections) socket.destroy();
		expect(result.output(NODE)[0]?.json.error).toMatchObject({
			message: `127.0.0.1:${port} did not accept a connection within 1 seconds (a.png) [item 0]`,
		});
		expect(result.hints(NODE)[0]?.message).not.toMatch(/may have been billed/);
		expect(connections).toHaveLength(2);
	});

	test('a connection that ends after the request was sent is unknown', async () => {
		const { port } = await openTcp((socket) => {
			socket.once('data', () => socket.end());
		});
		const { error, hint } = await reach(`http://127.0.0.1:${port}`, { retries: 0 });
		expect(error.message).toBe(
			`The connection to 127.0.0.1:${port} ended before the response came (a.png) [item 0]`,
		);
		expect(hint).toMatch(/1 more may have been billed/);
	});

	test('Test tells a gateway from the bucket', async () => {
		const port = await open(
			createHttpServer((_, response) => response.writeHead(503).end('<h1>busy</h1>')),
		);
		const { test } = await reach(`http://127.0.0.1:${port}`, { retries: 0 });
		expect(test.message).toMatch(
			`Not the bucket responded, but something between n8n and 127.0.0.1:${port} (status 503). `,
		);
	});
});

const BUCKET = { bucket: 'examplebucket-1250000000', region: 'ap-guangzhou' };
const BUCKET_HOST = `${BUCKET.bucket}.cos.${BUCKET.region}.myqcloud.com`;
const KEYS = { secretId: 'AKIDexampleexampleexample', secretKey: 'example-secret-key' };

type Credential = Record<string, string>;

/** The same for several credentials in an n8n with other settings in its environment. */
async function runAllWith(
	environment: Record<string, string>,
	credentials: readonly Credential[],
	calls: NetworkRequest['calls'],
): Promise<NetworkReport[]> {
	const requests = credentials.map((credential): NetworkRequest => ({
		credential: { ...KEYS, ...BUCKET, ...credential },
		calls,
	}));
	const { exitCode, output, printed } = await runInEnvironment(
		environment,
		'networkRun.ts',
		JSON.stringify(requests),
	);
	if (exitCode !== 0) throw new Error(printed);
	return JSON.parse(output) as NetworkReport[];
}

async function runWith(
	environment: Record<string, string>,
	credential: Credential,
	calls: NetworkRequest['calls'] = [{}],
): Promise<NetworkReport> {
	const [report] = await runAllWith(environment, [credential], calls);
	if (!report) throw new Error('No report');
	return report;
}

test('n8n’s guard against internal addresses is named, and nothing is sent or tried again', async () => {
	let connections = 0;
	const { port } = await openTcp((socket) => {
		connections++;
		socket.destroy();
	});
	const { calls, test: tested } = await runWith(
		{ N8N_SSRF_PROTECTION_ENABLED: 'true' },
		{ endpoint: 'custom', customDomain: `https://127.0.0.1:${port}` },
	);
	const message = `This n8n does not allow requests to 127.0.0.1:${port}`;
	expect(calls).toMatchObject([
		{
			message: `${message} (a.png) [item 0]`,
			description: expect.stringContaining('N8N_SSRF_ALLOWED_HOSTNAMES') as string,
			hint: expect.not.stringMatching(/retr|may have been billed/) as string,
		},
	]);
	expect(tested.message.startsWith(`${message}. `)).toBe(true);
	expect(connections).toBe(0);
});

describe('a proxy', () => {
	/** A proxy that responds to CONNECT as given for the host that it asks for. */
	async function openProxy(onConnect: (socket: Socket, host: string) => void) {
		const asked: string[] = [];
		const server = createHttpServer();
		server.on('connect', ({ url = '' }, socket) => {
			if (!(socket instanceof Socket)) return;
			socket.on('error', () => undefined);
			asked.push(url);
			onConnect(socket, url);
		});
		const port = await open(server);
		return { asked, environment: { HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: '' } };
	}

	describe('that does not open the tunnel', () => {
		/** One bucket for each way: n8n starts once for all of them. */
		const STATUSES = [407, 403, 502, 'reset'] as const;
		type Status = (typeof STATUSES)[number];
		const bucketFor = (status: Status) => `bucket-${status}-1250000000`;
		const hostFor = (status: Status) => BUCKET_HOST.replace(BUCKET.bucket, bucketFor(status));
		let asked: string[];
		const reports = new Map<Status, NetworkReport>();

		beforeAll(async () => {
			const proxy = await openProxy((socket, host) => {
				const status = /^bucket-(\d+)/.exec(host)?.[1];
				if (status === undefined) socket.resetAndDestroy();
				else socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`);
			});
			({ asked } = proxy);
			const credentials = STATUSES.map((status) => ({
				endpoint: 'default',
				bucket: bucketFor(status),
			}));
			const made = await runAllWith(proxy.environment, credentials, [
				{},
				{ operation: 'download' },
				{ operation: 'upload', resultKey: 'b.png' },
			]);
			made.forEach((report, index) => reports.set(STATUSES[index] ?? 'reset', report));
		});

		/** What is told of the bucket for a status, and how often the proxy was asked for it. */
		function reported(status: Status) {
			const report = reports.get(status);
			if (!report) throw new Error(`No report of ${status}`);
			return { ...report, asked: asked.filter((host) => host === `${hostFor(status)}:443`).length };
		}

		test.each([
			[407, `The proxy that n8n uses for ${hostFor(407)} asks for a login`, /HTTPS_PROXY/],
			[
				403,
				`The proxy that n8n uses does not connect to ${hostFor(403)} (status 403)`,
				/allow this host/,
			],
			[
				502,
				`The proxy that n8n uses does not connect to ${hostFor(502)} (status 502)`,
				/allow this host/,
			],
		] as const)(
			'but responds with %i is named, and nothing is tried again, in all modes',
			(status, message, advice) => {
				const { calls, test: tested, asked: times } = reported(status);
				expect(calls).toHaveLength(3);
				for (const call of calls) {
					expect(call).toMatchObject({
						message: `${message} (a.png) [item 0]`,
						code: `HTTP ${status}`,
					});
					expect(call.description).toMatch(advice);
					expect(call.hint).not.toMatch(/retr|may have been billed/);
				}
				// One for each call, and one for the credential's Test.
				expect(times).toBe(4);
				expect(tested.message).toMatch(
					status === 407
						? message
						: `something between n8n and ${hostFor(status)} (status ${status})`,
				);
			},
		);

		test('but resets the connection is named, and tried again, in all modes', () => {
			const { calls, asked: times } = reported('reset');
			const host = hostFor('reset');
			expect(calls).toHaveLength(3);
			for (const call of calls) {
				expect(call.message).toBe(
					`The proxy that n8n uses for ${host} cannot be reached, or ends the connection (a.png) [item 0]`,
				);
				expect(call.hint).toMatch(/1 retry(?!.*may have been billed)/);
			}
			// Two for each call, and one for the credential's Test.
			expect(times).toBe(7);
		});

		test('is asked for no other host', () => {
			const hosts = STATUSES.map((status) => `${hostFor(status)}:443`);
			expect([...new Set(asked)].sort()).toEqual(hosts.sort());
		});
	});

	test('that opens the tunnel passes on what the service refuses, whatever the status', async () => {
		const statuses = [403, 502, 503];
		const secure = createHttpsServer(certificate, ({ url = '' }, response) => {
			const status = Number(/^\/(\d+)/.exec(url)?.[1] ?? 404);
			response.writeHead(status, { 'x-cos-request-id': 'NWU4', 'content-type': 'application/xml' });
			response.end(`<Error><Code>AccessDenied</Code><Message>for ${status}</Message></Error>`);
		});
		const port = await open(secure);
		const { environment } = await openProxy((socket) => {
			const tunnel = connect(port, '127.0.0.1', () => {
				socket.write('HTTP/1.1 200 OK\r\n\r\n');
				tunnel.pipe(socket);
				socket.pipe(tunnel);
			});
			tunnel.on('error', () => socket.destroy());
		});
		const trusting = { ...environment, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
		const { calls } = await runWith(
			trusting,
			{ endpoint: 'default' },
			statuses.map((status) => ({ objectKey: byKey(`${status}.png`) })),
		);
		expect(calls).toMatchObject(
			statuses.map((status) => ({
				code: 'AccessDenied',
				requestId: 'NWU4',
				description: expect.stringContaining(`AccessDenied: for ${status}`) as string,
			})),
		);
	});
});
