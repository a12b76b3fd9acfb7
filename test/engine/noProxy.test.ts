import { createServer } from 'node:http';
import { createServer as createTcpServer, Socket } from 'node:net';

import { listen } from './localServer';
import type { NetworkReport, NetworkRequest } from './networkRun';
import { runInEnvironment } from './ownProcess';

/** n8n sends what the node asks for through the proxy of its environment, but for hosts in NO_PROXY. */
test.each([
	['', true],
	['127.0.0.1', false],
])('with NO_PROXY "%s", the proxy is asked for the bucket: %s', async (noProxy, isAsked) => {
	const asked: string[] = [];
	const proxy = createServer();
	proxy.on('connect', ({ url = '' }, socket) => {
		asked.push(url);
		if (socket instanceof Socket) socket.resetAndDestroy();
	});
	let direct = 0;
	const bucket = createTcpServer((socket) => {
		direct++;
		socket.on('error', () => undefined);
		socket.resetAndDestroy();
	});
	const [proxyPort, bucketPort] = [await listen(proxy), await listen(bucket)];
	const host = `127.0.0.1:${String(bucketPort)}`;
	const request: NetworkRequest = {
		credential: {
			secretId: 'AKIDsandbox',
			secretKey: 'not a real key',
			bucket: 'examplebucket-1250000000',
			region: 'ap-guangzhou',
			endpoint: 'custom',
			customDomain: `https://${host}`,
		},
		calls: [{}],
	};
	const environment = {
		HTTPS_PROXY: `http://127.0.0.1:${String(proxyPort)}`,
		NO_PROXY: noProxy,
	};
	const { output, printed } = await runInEnvironment(
		environment,
		'networkRun.ts',
		JSON.stringify([request]),
	);
	proxy.close();
	bucket.close();
	if (output === '') throw new Error(printed);
	const [report] = JSON.parse(output) as NetworkReport[];
	expect(report?.calls).toHaveLength(1);
	expect([...new Set(asked)]).toEqual(isAsked ? [host] : []);
	expect(direct > 0).toBe(!isAsked);
});
