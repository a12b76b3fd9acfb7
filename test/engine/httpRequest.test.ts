import {
	NodeConnectionTypes,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
} from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../../dev/packageNames';
import { openScene, image, workflowOf, type Scene } from './bucketAndEngine';

/** Sends a request with a predefined credential, like n8n's HTTP Request node. */
class HttpRequest implements INodeType {
	description: INodeType['description'] = {
		displayName: 'HTTP Request',
		name: 'httpRequest',
		group: [],
		version: 1,
		description: '',
		defaults: { name: 'HTTP Request' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL_TYPE, required: true }],
		properties: [],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const [item] = this.getInputData();
		// The HTTP Request node still uses this helper.
		// eslint-disable-next-line @typescript-eslint/no-deprecated
		const response: unknown = await this.helpers.requestWithAuthentication.call(
			this,
			CREDENTIAL_TYPE,
			{
				...item?.json,
				uri: String(item?.json.uri),
				method: (item?.json.method ?? 'GET') as 'GET',
				...(item?.json.bytes !== undefined && { body: Buffer.from(String(item.json.bytes)) }),
				qs: item?.json.qs as IDataObject,
				gzip: true,
				simple: false,
				resolveWithFullResponse: true,
			},
		);
		const { statusCode, body } = response as { statusCode: number; body: string };
		return [[{ json: { statusCode, body } }]];
	}
}

/** Sends a request like a declarative node: with a base URL and a path. */
class DeclarativeRequest extends HttpRequest {
	override async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const [item] = this.getInputData();
		const body: unknown = await this.helpers.httpRequestWithAuthentication.call(
			this,
			CREDENTIAL_TYPE,
			{ url: '', ...item?.json },
		);
		return [[{ json: { body: String(body) } }]];
	}
}

let scene: Scene;

beforeAll(async () => {
	scene = await openScene({
		extra: {
			nodes: {
				'test.httpRequest': new HttpRequest(),
				'test.declarativeRequest': new DeclarativeRequest(),
			},
		},
	});
	await scene.sandbox.putObject('照片/a b+c.png', await image(), 'image/png');
	await scene.sandbox.putObject('other.png', await image(), 'image/png');
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.resetCalls();
});

async function sendAs(type: string, request: IDataObject) {
	const workflow = workflowOf({});
	const [, node] = workflow.nodes;
	if (!node) throw new Error('The workflow has no second node');
	node.type = type;
	return await scene.engine.run(workflow, {
		credentials: { bucket: scene.credential },
		input: [{ json: request }],
	});
}

const send = async (request: IDataObject) => await sendAs('test.httpRequest', request);

test('the HTTP Request node can list the bucket, with special characters in the query', async () => {
	const result = await send({
		uri: `${scene.sandbox.url}/?delimiter=%2F`,
		qs: { prefix: '照片/a b+', 'max-keys': 10 },
	});
	expect(result.error).toBeUndefined();
	const json = result.output('Image Repair')[0]?.json;
	expect(json?.statusCode).toBe(200);
	expect(json?.body).toContain('<Key>照片/a b+c.png</Key>');
	expect(json?.body).not.toContain('other.png');
});

test.each([
	'https://example.com/',
	'https://otherbucket-1250000000.cos.ap-guangzhou.myqcloud.com/',
	'http://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/',
	'https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com.evil.example/',
])('the credential does not sign requests to %s, and the message says why', async (uri) => {
	const result = await send({ uri });
	expect(result.error?.message).toMatch(/signs requests to its own bucket only, not to /);
	expect(await scene.sandbox.calls()).toEqual([]);
});

test.each<[what: string, request: IDataObject]>([
	['a base URL and a path, without a method', { url: '/?delimiter=%2F' }],
	[
		'a query in the URL and more query parameters',
		{ url: '/?delimiter=%2F', qs: { 'max-keys': 5 } },
	],
	[
		'query parameters with a list and without a value',
		{ url: '/', qs: { 'max-keys': [5, null], marker: null } },
	],
	[
		'headers without a value',
		{ url: '/', headers: { 'x-cos-note': null, Range: 'bytes=0-99999' } },
	],
])('the credential signs the request of a declarative node: %s', async (_, request) => {
	const result = await sendAs('test.declarativeRequest', {
		baseURL: scene.sandbox.url,
		...request,
	});
	expect(result.error).toBeUndefined();
	expect(result.output('Image Repair')[0]?.json.body).toContain('<Key>other.png</Key>');
});

test.each<[what: string, request: IDataObject, stored: string]>([
	['bytes without a type', { bytes: 'abc' }, 'abc'],
	['bytes of a type', { bytes: 'abc', headers: { 'content-type': 'text/plain' } }, 'abc'],
	['text', { body: 'abc', headers: { 'content-type': 'text/plain' } }, 'abc'],
	['text, whose type n8n adds', { body: 'abc' }, '"abc"'],
	['an object', { body: { a: 1 }, json: true }, '{"a":1}'],
	['nothing', {}, ''],
	['a form', { form: { a: 'b c' } }, 'a=b+c'],
	[
		'a form whose type n8n replaces',
		{ form: { a: 'b c' }, headers: { 'Content-Type': 'text/plain' } },
		'a=b+c',
	],
	[
		'a header in Chinese and French',
		{ bytes: 'abc', headers: { 'x-cos-meta-note': '水印 café', 'Content-Type': 'text/plain' } },
		'abc',
	],
])('the HTTP Request node can store %s', async (_, request, stored) => {
	const result = await send({ uri: `${scene.sandbox.url}/stored`, method: 'PUT', ...request });
	expect(result.error).toBeUndefined();
	expect(result.output('Image Repair')[0]?.json).toMatchObject({ statusCode: 200 });
	const text = (await scene.sandbox.getObject('stored')).toString();
	expect(stored.includes('=') ? decodeURIComponent(text).replace('+', ' ') : text).toBe(
		stored.replace('+', ' '),
	);
});

test.each<[what: string, request: IDataObject]>([
	['bytes without a type', { bytes: 'abc' }],
	['bytes of a type', { bytes: 'abc', headers: { 'content-type': 'text/plain' } }],
	['nothing', {}],
])('a bucket in strict signature mode takes %s', async (_, request) => {
	await scene.sandbox.setStrictSignature(true);
	try {
		const result = await send({ uri: `${scene.sandbox.url}/stored`, method: 'PUT', ...request });
		expect(result.output('Image Repair')[0]?.json).toMatchObject({ statusCode: 200 });
	} finally {
		await scene.sandbox.setStrictSignature(false);
	}
});

test.each([
	['text/plain', 'GET'],
	['application/json', 'GET'],
	['application/x-www-form-urlencoded', 'GET'],
	['application/json; charset=utf-8', 'DELETE'],
	['text/plain', 'HEAD'],
])('a type without a body, %s, does not break the signature of %s', async (type, method) => {
	await scene.sandbox.putObject('typed', Buffer.from('x'), 'text/plain');
	const headers = { 'Content-Type': type };
	const older = await send({ uri: `${scene.sandbox.url}/typed`, method, headers });
	expect(older.error).toBeUndefined();
	await scene.sandbox.putObject('typed', Buffer.from('x'), 'text/plain');
	const newer = await sendAs('test.declarativeRequest', {
		baseURL: scene.sandbox.url,
		url: '/typed',
		method,
		headers,
		body: {},
	});
	expect(newer.error).toBeUndefined();
	expect((await scene.sandbox.calls()).map(({ code }) => code)).toEqual(['', '']);
});

test.each([{}, { 'content-type': 'multipart/form-data' }])(
	'a form with a file is signed too, with the headers %j',
	async (headers) => {
		const result = await send({
			uri: `${scene.sandbox.url}/stored`,
			method: 'PUT',
			formData: { a: 'b' },
			headers,
		});
		expect(result.error).toBeUndefined();
		expect(result.output('Image Repair')[0]?.json).toMatchObject({ statusCode: 200 });
		expect((await scene.sandbox.getObject('stored')).toString()).toContain('name="a"');
	},
);

test.each<[what: string, request: IDataObject]>([
	['ignores the certificate', { rejectUnauthorized: false }],
	['brings an authority of its own', { agentOptions: { ca: 'certificate' } }],
	['goes through a proxy unencrypted', { proxy: 'http://127.0.0.1:9' }],
])('the credential does not sign a request that %s, and nothing is sent', async (_, request) => {
	const result = await send({ uri: `${scene.sandbox.url}/other.png`, ...request });
	expect(result.error?.message).toMatch(/^This credential does not sign requests /);
	expect(await scene.sandbox.calls()).toEqual([]);
});
