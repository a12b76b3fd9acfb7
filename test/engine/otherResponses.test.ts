import type { RequestListener, Server } from 'node:http';
import type { INodeParameters } from 'n8n-workflow';

import { startEngine, type Engine, type EngineItem } from '../../dev/engine/engine';
import { CREDENTIAL_TYPE } from '../../dev/packageNames';
import { named, LOGO_POLYGON, NODE, image, workflowOf } from './bucketAndEngine';
import { shortenPauses } from '../quickSleep';
import { serve } from './localServer';

/** Responses that the service itself never sends, but a proxy or a wrong server might. */

let engine: Engine;
let server: Server;
let respond: RequestListener;
let host: string;

beforeAll(() => shortenPauses(100));
beforeAll(async () => {
	engine = await startEngine();
	const local = await serve((request, response) => {
		request.resume();
		respond(request, response);
	});
	({ server } = local);
	host = new URL(local.url).host;
});
afterAll(async () => {
	server.close();
	await engine.close();
});

const credential = (customDomain = `http://${host}`) => ({
	secretId: 'AKIDexample',
	secretKey: 'example',
	bucket: 'examplebucket-1250000000',
	region: 'ap-guangzhou',
	endpoint: 'custom',
	customDomain,
});

async function run(
	operation: string,
	more: INodeParameters = {},
	customDomain?: string,
	input?: readonly EngineItem[],
) {
	return await engine.run(
		workflowOf({
			operation,
			...named('a.png'),
			area: 'polygons',
			polygons: LOGO_POLYGON,
			options: { checkAreaFirst: false, retries: 0 },
			...more,
		}),
		{ credentials: { bucket: credential(customDomain) }, input },
	);
}

/** Sends a body without the headers that a bucket adds to every response. */
const sendBody =
	(content: Buffer, contentType?: string): RequestListener =>
	(_, response) => {
		if (contentType !== undefined) response.setHeader('content-type', contentType);
		response.end(content);
	};

test.each(['image/x-future', 'image/jpeg', undefined, 'application/octet-stream', 'text/html'])(
	'a PNG with the content type %s is output as what it is',
	async (contentType) => {
		const content = await image();
		respond = sendBody(content, contentType);
		const result = await run('download');
		expect(result.error).toBeUndefined();
		const [item] = result.output(NODE);
		expect(item?.json).not.toHaveProperty('requestId');
		expect(item?.binary?.data).toMatchObject({ mimeType: 'image/png', fileName: 'a.png' });
		expect(item?.binary?.data && (await engine.readBinary(item.binary.data))).toEqual(content);
	},
);

test.each<[what: string, listener: RequestListener, message: RegExp]>([
	[
		'text without a content type',
		sendBody(Buffer.from('Welcome to the hotel network')),
		/^The service responded with something instead of an image \(a\.png\) \[item 0\]$/,
	],
	[
		'an HTML page',
		sendBody(Buffer.from('<html>Sign in</html>'), 'text/html; charset=utf-8'),
		/^The service responded with text\/html instead of an image \(a\.png\) \[item 0\]$/,
	],
	[
		'an empty body',
		sendBody(Buffer.alloc(0), 'image/png'),
		/^The image arrived incomplete and was discarded \(a\.png\) \[item 0\]$/,
	],
])('%s instead of an image is reported as such', async (_, listener, message) => {
	respond = listener;
	const result = await run('download');
	expect(result.error?.message).toMatch(message);
	expect(result.error?.description).toMatch(/billed/);
});

test('fewer results than requested are an error, and none is lost', async () => {
	respond = (_, response) => {
		response.end(
			'<UploadResult><OriginalInfo><Key>a.png</Key><Location>h/a.png</Location></OriginalInfo></UploadResult>',
		);
	};
	const result = await run('cloud');
	expect(result.error?.message).toBe('The service left out 1 of 1 results (a.png) [item 0]');
	expect(result.error?.description).toMatch(/billed\. Missing: a-repaired\.png in /);
});

test('the message for an error response without a request ID names none', async () => {
	respond = (_, response) => {
		response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
	};
	const result = await run('download');
	expect(result.error?.message).toBe('The account may not do this (a.png) [item 0]');
	expect(result.error?.description).toMatch(
		/The service says: AccessDenied\. This repair was not billed\.$/,
	);
});

test('a request rejected because of the clock is not retried if the response has no Date', async () => {
	let requests = 0;
	respond = (_, response) => {
		requests++;
		response.sendDate = false;
		response.writeHead(403).end('<Error><Code>RequestTimeTooSkewed</Code></Error>');
	};
	const result = await run('cloud');
	expect(result.error?.message).toBe('The clock of this machine is off (a.png) [item 0]');
	expect(requests).toBe(1);
});

test('the message for a domain that does not exist differs from that for an unreachable one', async () => {
	const result = await run('cloud', {}, 'https://images.invalid');
	expect(result.error?.message).toBe('The address images.invalid cannot be found (a.png) [item 0]');
	expect(result.error?.description).toMatch(/^Check Bucket, Region and Endpoint/);
});

test.each([
	['{"message":"hello"}', 'application/json'],
	['<html>Welcome</html>', 'text/html'],
])('Test reports a domain that responds with %s as not a bucket', async (body, contentType) => {
	respond = (_, response) => {
		response.setHeader('content-type', contentType).end(body);
	};
	const { status, message } = await engine.testCredential(CREDENTIAL_TYPE, credential());
	expect(status).toBe('Error');
	expect(message).toBe(
		`${host} does not respond as a bucket does. Check Endpoint and Custom Domain.`,
	);
});

test.each([
	['photo.heic', 'application/octet-stream'],
	['photo.jpg', 'image/jpeg'],
	['photo', 'image/x-future'],
])(
	'a PNG named %s with the MIME type %s in n8n is uploaded as a PNG',
	async (fileName, mimeType) => {
		let received: string | undefined;
		respond = (request, response) => {
			received ??= request.headers['content-type'];
			response.writeHead(400).end();
		};
		const content = await image();
		await run('upload', {}, undefined, [
			{ json: {}, binary: { data: { content, mimeType, fileName } } },
		]);
		expect(received).toBe('image/png');
	},
);
