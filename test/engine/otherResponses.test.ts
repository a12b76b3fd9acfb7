import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INodeParameters } from 'n8n-workflow';

import { startEngine, type Engine, type EngineItem } from '../../dev/engine/engine';
import { CREDENTIAL_TYPE } from '../../dev/packageNames';
import { byKey, LOGO_POLYGON, NODE, image, workflowOf } from './bucketAndEngine';

/**
 * What comes back where something stands between n8n and the bucket, or in the bucket's place: answers
 * that the service itself never gives.
 */

let engine: Engine;
let server: Server;
let answer: RequestListener;
let host: string;

beforeAll(async () => {
	engine = await startEngine();
	server = createServer((request, response) => {
		request.resume();
		answer(request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
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
			objectKey: byKey('a.png'),
			area: 'polygons',
			polygons: LOGO_POLYGON,
			options: { checkAreaFirst: false, retries: 0 },
			...more,
		}),
		{ credentials: { bucket: credential(customDomain) }, input },
	);
}

/** The image comes as it is; what a bucket adds to every answer is missing. */
const asImage =
	(content: Buffer, contentType?: string): RequestListener =>
	(_, response) => {
		if (contentType !== undefined) response.setHeader('content-type', contentType);
		response.end(content);
	};

test.each([
	['image/x-future', 'image/x-future', 'a.png'],
	[undefined, 'image/png', 'a.png'],
	['application/octet-stream', 'image/png', 'a.png'],
])('an image under the type %s is taken as %s', async (contentType, mimeType, fileName) => {
	const content = await image();
	answer = asImage(content, contentType);
	const result = await run('download');
	expect(result.error).toBeUndefined();
	const [item] = result.output(NODE);
	expect(item?.json).not.toHaveProperty('requestId');
	expect(item?.binary?.data).toMatchObject({ mimeType, fileName });
	expect(item?.binary?.data && (await engine.readBinary(item.binary.data))).toEqual(content);
});

test.each<[what: string, listener: RequestListener, message: RegExp]>([
	[
		'words without a type',
		asImage(Buffer.from('Welcome to the hotel network')),
		/^The service responded with something instead of an image \[item 0\]$/,
	],
	[
		'a page',
		asImage(Buffer.from('<html>Sign in</html>'), 'text/html; charset=utf-8'),
		/^The service responded with text\/html instead of an image \[item 0\]$/,
	],
	[
		'nothing at all',
		asImage(Buffer.alloc(0), 'image/png'),
		/^The image arrived incomplete and was discarded \[item 0\]$/,
	],
])('%s instead of an image is told as what it is', async (_, listener, message) => {
	answer = listener;
	const result = await run('download');
	expect(result.error?.message).toMatch(message);
	expect(result.error?.description).toMatch(/billed/);
});

test('fewer results than were asked for are not passed off as all of them', async () => {
	answer = (_, response) => {
		response.end(
			'<UploadResult><OriginalInfo><Key>a.png</Key><Location>h/a.png</Location></OriginalInfo></UploadResult>',
		);
	};
	const result = await run('cloud');
	expect(result.error?.message).toBe('The service responded with 0 results instead of 1 [item 0]');
});

test('a refusal without a request ID names none, whether it stops the run or not', async () => {
	answer = (_, response) => {
		response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
	};
	const result = await run('download');
	expect(result.error?.message).toBe('The account may not do this [item 0]');
	expect(result.error?.description).toMatch(/The service says: AccessDenied\.$/);
});

test('a refusal for the clock that does not tell the time is told at once', async () => {
	let visits = 0;
	answer = (_, response) => {
		visits++;
		response.sendDate = false;
		response.writeHead(403).end('<Error><Code>RequestTimeTooSkewed</Code></Error>');
	};
	const result = await run('cloud');
	expect(result.error?.message).toBe('The clock of this machine is off [item 0]');
	expect(visits).toBe(1);
});

test('a domain that does not exist is told from one that does not answer', async () => {
	const result = await run('cloud', {}, 'https://images.invalid');
	expect(result.error?.message).toBe('The address images.invalid cannot be found [item 0]');
	expect(result.error?.description).toMatch(/^Check Bucket, Region and Endpoint/);
});

test.each([
	['{"message":"hello"}', 'application/json'],
	['<html>Welcome</html>', 'text/html'],
])('Test tells a domain that answers %s from a bucket', async (body, contentType) => {
	answer = (_, response) => {
		response.setHeader('content-type', contentType).end(body);
	};
	const { status, message } = await engine.testCredential(CREDENTIAL_TYPE, credential());
	expect(status).toBe('Error');
	expect(message).toBe(
		`${host} does not respond as a bucket does. Check Endpoint and Custom Domain.`,
	);
});

test.each([
	['photo.heic', 'application/octet-stream', 'image/heic'],
	['photo', 'application/octet-stream', 'application/octet-stream'],
	['photo', 'image/x-future', 'image/x-future'],
])('an upload of %s that n8n calls %s is sent as %s', async (fileName, mimeType, sent) => {
	let received: string | undefined;
	answer = (request, response) => {
		received = request.headers['content-type'];
		response.writeHead(400).end();
	};
	const content = Buffer.from('bytes of a format that nobody knows');
	await run('upload', {}, undefined, [
		{ json: {}, binary: { data: { content, mimeType, fileName } } },
	]);
	expect(received).toBe(sent);
});
