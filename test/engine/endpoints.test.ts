import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, request as httpRequest, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

import { spawnSandbox, type SpawnedSandbox } from '../../dev/sandbox/spawn';
import { expectLogoRepaired, image, logoMask } from './bucketAndEngine';
import { listen } from './localServer';
import { runInEnvironment } from './ownProcess';
import type { RealNamesReport, RealNamesRequest } from './realNames';

/**
 * The real host names of a bucket. n8n reaches `https://<bucket>.cos.<region>.myqcloud.com` through a
 * proxy in this test, which terminates TLS and forwards the request to the sandbox with its original
 * `Host`. The engine runs in a process of its own, because Node reads trusted certificates only when
 * it starts.
 */

const BUCKET = 'examplebucket-1250000000';
const HOSTS = {
	default: `${BUCKET}.cos.ap-guangzhou.myqcloud.com`,
	tencentcos: `${BUCKET}.cos.ap-guangzhou.tencentcos.cn`,
	accelerate: `${BUCKET}.cos.accelerate.myqcloud.com`,
	internal: `${BUCKET}.cos-internal.ap-guangzhou.tencentcos.cn`,
};
const WRONG_BUCKET = 'nosuchbucket-1250000000';
const CERTIFIED_NAMES = [
	...Object.values(HOSTS),
	`${WRONG_BUCKET}.cos.ap-guangzhou.myqcloud.com`,
	`${BUCKET}.cos.ap-shanghai.myqcloud.com`,
];

let sandbox: SpawnedSandbox;
let folder: string;
let tls: Server;
let proxy: Server;
let original: Buffer;
/** The methods of the requests to each host, in order. */
const seen = new Map<string, string[]>();

const portOf = (server: Server) => (server.address() as AddressInfo).port;

beforeAll(async () => {
	sandbox = await spawnSandbox();
	original = await image();
	await sandbox.putObject('a b.png', original, 'image/png');
	await sandbox.putObject('mask.png', await logoMask(), 'image/png');
	const { private: key, cert } = await generate([{ name: 'commonName', value: 'bucket.test' }], {
		extensions: [
			{ name: 'basicConstraints', cA: true },
			{ name: 'subjectAltName', altNames: CERTIFIED_NAMES.map((value) => ({ type: 2, value })) },
		],
	});
	folder = mkdtempSync(join(tmpdir(), 'image-repair-names-'));
	writeFileSync(join(folder, 'ca.pem'), cert);

	const sandboxPort = new URL(sandbox.url).port;
	tls = createHttpsServer({ key, cert }, (incoming, outgoing) => {
		const { method = '', url: path, headers } = incoming;
		const { host = '' } = headers;
		seen.set(host, [...(seen.get(host) ?? []), method]);
		const forwarded = httpRequest(
			{ host: '127.0.0.1', port: sandboxPort, method, path, headers },
			(response) => {
				outgoing.writeHead(response.statusCode ?? 502, response.headers);
				response.pipe(outgoing);
			},
		);
		incoming.pipe(forwarded);
	});
	await listen(tls);
	proxy = createHttpServer();
	proxy.on('connect', (_, socket, head) => {
		const tunnel = connect(portOf(tls), '127.0.0.1', () => {
			socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			if (head.length > 0) tunnel.write(head);
			tunnel.pipe(socket);
			socket.pipe(tunnel);
		});
		tunnel.on('error', () => socket.destroy());
		socket.on('error', () => tunnel.destroy());
	});
	await listen(proxy);
});
afterAll(async () => {
	tls.close();
	proxy.close();
	await sandbox.close();
	rmSync(folder, { recursive: true, force: true });
});

async function reportsOf(...requests: readonly RealNamesRequest[]): Promise<RealNamesReport[]> {
	const { exitCode, output, printed } = await runInEnvironment(
		{
			HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}`,
			NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
		},
		'realNames.ts',
		JSON.stringify(requests),
	);
	if (exitCode !== 0) throw new Error(printed);
	return JSON.parse(output) as RealNamesReport[];
}

const credential = () => {
	const { secretId, secretKey, bucket, region } = sandbox;
	return { secretId, secretKey, bucket, region };
};

describe('the endpoint', () => {
	const kinds = Object.entries(HOSTS);
	/** Image and mask are looked at (three), the repair, the download of its result, and the credential's Test. */
	const REQUESTS = ['GET', 'GET', 'GET', 'POST', 'GET', 'GET'];
	let reports: RealNamesReport[];
	beforeAll(async () => {
		seen.clear();
		reports = await reportsOf(
			...kinds.map(([endpoint]) => ({
				credential: { ...credential(), endpoint },
				key: 'a b.png',
				tests: [{}],
			})),
		);
	});

	test.each(kinds.map(([endpoint, host], index) => [endpoint, host, index] as const))(
		'%s sends requests to %s over https',
		async (endpoint, host, index) => {
			const { run, tests } = reports[index] ?? {};
			expect(run).toMatchObject({ results: [{ url: `https://${host}/${endpoint}/a%20b.png` }] });
			// Those of one endpoint, each once: none went to the host of another.
			expect(seen.get(host)).toEqual(REQUESTS);
			expect(tests).toMatchObject([{ status: 'OK' }]);
			await expectLogoRepaired(original, await sandbox.getObject(`${endpoint}/a b.png`));
		},
	);

	test('the service fetches the mask from the default host, whatever the endpoint', async () => {
		const calls = await sandbox.calls();
		const masks = calls.filter(({ key, kind }) => key === 'mask.png' && kind === 'get');
		expect(masks.map(({ host, authorization }) => `${host} ${authorization}`)).toEqual(
			kinds.map(() => `${HOSTS.default} query`),
		);
	});

	test('no other host is asked', () => {
		expect([...seen.keys()]).toEqual(Object.values(HOSTS));
	});
});

test('Test reports each of these separately: wrong bucket, wrong region and no permission to list', async () => {
	// The sandbox never denies access to a valid signature, so this server stands in for an account
	// without permission to list.
	const denying = createHttpServer((_, response) => {
		response.writeHead(403, { 'content-type': 'application/xml' });
		response.end('<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>');
	});
	await listen(denying);
	const [report] = await reportsOf({
		credential: credential(),
		tests: [
			{ bucket: WRONG_BUCKET },
			{ region: 'ap-shanghai' },
			{ endpoint: 'custom', customDomain: `http://127.0.0.1:${String(portOf(denying))}` },
		],
	});
	denying.close();
	const { tests = [] } = report ?? {};
	expect(tests.map(({ status }) => status)).toEqual(['Error', 'Error', 'Error']);
	expect(tests[0]?.message).toMatch(/^There is no such bucket\. Open the credential/);
	expect(tests[1]?.message).toMatch(/^The bucket is in another region\. Open the credential/);
	expect(tests[2]?.message).toMatch(
		/^Secret ID and Secret Key are valid, but .* not allowed to list/,
	);
});
