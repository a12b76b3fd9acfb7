import type { INodeParameters } from 'n8n-workflow';

import {
	byKey,
	expectLogoRepaired,
	LOGO_POLYGON,
	NODE,
	openScene,
	image,
	type Scene,
} from './bucketAndEngine';
import { serve } from './localServer';

const PNG = 'image/png';
const OTHER_BUCKET = 'otherbucket-1250000000';
let scene: Scene;
let original: Buffer;

beforeAll(async () => {
	scene = await openScene({ binaryMode: 'filesystem' }, { buckets: [OTHER_BUCKET] });
	original = await image();
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.resetCalls();
});

const polygons = { area: 'polygons', polygons: LOGO_POLYGON };

async function expectRepaired(key: string, bucket?: string): Promise<void> {
	await expectLogoRepaired(original, await scene.sandbox.getObject(key, bucket));
}

describe('any object key', () => {
	const keys = [
		'plain.png',
		'with space and  two.png',
		' leading space.png',
		'plus+percent%20%.png',
		'quotes\'"()!*.png',
		'#hash?query=1&x.png',
		'emoji 🖼️/中文/ключ.png',
		'double//slash.png',
		'..dots.../..x/.hidden.png',
		'0012',
		'back\\slash|pipe<>.png',
	];

	/** What looks like a slip of whoever copied a key is taken as it is when it comes from the list. */
	const isOdd = (key: string) => /^ |\\/.test(key);
	const given = (key: string) =>
		isOdd(key) ? { __rl: true, mode: 'list', value: key } : byKey(key);
	/** For such a key, its address. */
	const entered = (key: string) =>
		isOdd(key) ? `${scene.sandbox.url}/${encodeURIComponent(key)}` : key;

	test.each(keys)('%j works in every mode, for results and for masks', async (key) => {
		await scene.sandbox.putObject(key, original, PNG);
		await scene.sandbox.putObject(`masks/${key}`, original, PNG);
		const download = await scene.run({ operation: 'download', objectKey: given(key), ...polygons });
		expect(download.error).toBeUndefined();
		expect(download.output(NODE)[0]?.json.key).toBe(key);

		const cloud = await scene.run({
			operation: 'cloud',
			objectKey: given(key),
			...polygons,
			resultKey: '/cloud/{folder}{name}{extension}',
			downloadResult: true,
		});
		expect(cloud.error).toBeUndefined();
		await expectRepaired(`cloud/${key}`);

		const upload = await scene.run(
			{
				operation: 'upload',
				storeAs: entered(`up/${key}`),
				area: 'mask',
				maskSource: 'object',
				maskObjectKey: byKey(entered(`masks/${key}`)),
				resultKey: '/result/{name}{extension}',
			},
			[{ json: {}, binary: { data: { content: original, mimeType: PNG, fileName: 'a.png' } } }],
		);
		expect(upload.error).toBeUndefined();
		expect(await scene.sandbox.getObject(`up/${key}`)).toEqual(original);
	});
});

describe('Image', () => {
	test('by URL accepts a URL of this bucket, even a presigned one', async () => {
		await scene.sandbox.putObject('folder/by url.png', original, PNG);
		const result = await scene.run({
			operation: 'cloud',
			objectKey: {
				__rl: true,
				mode: 'url',
				value: `${scene.sandbox.url}/folder/by%20url.png?q-sign-algorithm=sha1`,
			},
			...polygons,
		});
		expect(result.error).toBeUndefined();
		await expectRepaired('folder/by url-repaired.png');
	});

	test.each([
		['https://other-1250000000.cos.ap-guangzhou.myqcloud.com/a.png', /not of this bucket/],
		['folder/a.png', /is not an address/],
	])('by URL rejects %s', async (value, message) => {
		const result = await scene.run({
			operation: 'cloud',
			objectKey: { __rl: true, mode: 'url', value },
			...polygons,
		});
		expect(result.error?.message).toMatch(/^Image /);
		expect(result.error?.message).toMatch(message);
		expect(await scene.sandbox.calls()).toEqual([]);
	});

	describe('as a public image', () => {
		let closeServer: () => void;
		let url: string;
		beforeAll(async () => {
			const server = await serve((_, response) => {
				response.setHeader('content-type', PNG).end(original);
			});
			closeServer = server.close;
			url = `${server.url}shop/bag%20red.png?v=2`;
		});
		afterAll(() => {
			closeServer();
		});
		const publicImage = (value: string): INodeParameters => ({
			operation: 'download',
			objectKey: { __rl: true, mode: 'public', value },
			...polygons,
		});

		test('is repaired without being stored', async () => {
			const result = await scene.run(publicImage(url));
			expect(result.error).toBeUndefined();
			const [item] = result.output(NODE);
			expect(item?.json.sourceUrl).toBe(url);
			expect(item?.binary?.data?.fileName).toBe('bag red.png');
			await expectLogoRepaired(original, await scene.readOutput(result));
		});

		test('can have a URL without a file name, and works with rectangles in pixels', async () => {
			const result = await scene.run({
				...publicImage(new URL('/', url).href),
				area: 'rectangles',
				rectangles: {
					rectangle: [
						{ corner: 'topLeft', unit: 'pixels', left: 40, top: 30, width: 30, height: 16 },
					],
				},
			});
			expect(result.error).toBeUndefined();
			expect(result.output(NODE)[0]?.binary?.data?.fileName).toBe('image.png');
		});

		test('must be an http or https URL', async () => {
			const result = await scene.run(publicImage('file:///etc/passwd'));
			expect(result.error?.message).toMatch(/^Image \(Public Image\) is not an address/);
			expect(await scene.sandbox.calls()).toEqual([]);
		});
	});
});

test('a result can be stored in another bucket of the account', async () => {
	await scene.sandbox.putObject('a.png', original, PNG);
	const result = await scene.run({
		operation: 'cloud',
		objectKey: byKey('a.png'),
		...polygons,
		options: { destinationBucket: OTHER_BUCKET },
	});
	expect(result.error).toBeUndefined();
	await expectRepaired('a-repaired.png', OTHER_BUCKET);
	expect(result.output(NODE)[0]?.json.results).toMatchObject([
		{
			key: 'a-repaired.png',
			bucket: OTHER_BUCKET,
			url: `https://${OTHER_BUCKET}.cos.ap-guangzhou.myqcloud.com/a-repaired.png`,
		},
	]);
});

describe('results in another bucket of the account', () => {
	const toOtherBucket = (
		more: INodeParameters,
		options: INodeParameters = {},
	): INodeParameters => ({
		operation: 'cloud',
		objectKey: byKey('a.png'),
		...polygons,
		options: { checkAreaFirst: false, destinationBucket: OTHER_BUCKET, ...options },
		...more,
	});

	test('cannot be checked, so Skip Existing Results repairs them again', async () => {
		const parameters = toOtherBucket({ resultKey: 'twice.png' }, { skipExisting: true });
		for (const times of [1, 2]) {
			expect((await scene.run(parameters)).error).toBeUndefined();
			expect(await scene.billedCalls()).toBe(times);
		}
	});

	test('are not downloaded, because the credential is for its own bucket', async () => {
		const result = await scene.run(
			toOtherBucket({
				resultKey: 'there.png',
				downloadResult: true,
				options: {
					destinationBucket: OTHER_BUCKET,
					additionalResults: {
						result: [{ resultKey: 'here.png', ...polygons, destinationBucket: '' }],
					},
				},
			}),
		);
		expect(result.error).toBeUndefined();
		expect(Object.keys(result.output(NODE)[0]?.binary ?? {})).toEqual(['data2']);
	});

	test('are not repaired again if the response is lost, because they cannot be checked', async () => {
		await scene.sandbox.setFaults([
			{ kind: 'repair-cloud', nth: 1, fault: { fault: 'reset', processed: true } },
		]);
		const result = await scene.run(toOtherBucket({ resultKey: 'lost.png' }));
		await scene.sandbox.clearFaults();
		expect(result.error?.description).toMatch(/may have been billed/i);
		expect(await scene.billedCalls()).toBe(1);
	});
});

describe('binary fields', () => {
	const item = () => ({
		json: { note: 'unrelated' },
		binary: {
			data: { content: original, mimeType: PNG, fileName: 'a.png' },
			invoice: { content: Buffer.from('%PDF-'), mimeType: 'application/pdf', fileName: 'i.pdf' },
		},
	});

	test('of the item are kept in download mode', async () => {
		await scene.sandbox.putObject('a.png', original, PNG);
		const result = await scene.run(
			{
				operation: 'download',
				objectKey: byKey('a.png'),
				...polygons,
				outputBinaryPropertyName: 'repaired',
			},
			[item()],
		);
		expect(Object.keys(result.output(NODE)[0]?.binary ?? {})).toEqual([
			'data',
			'invoice',
			'repaired',
		]);
	});

	test('work if n8n keeps files within the JSON', async () => {
		await scene.sandbox.putObject('a.png', original, PNG);
		const settings = { binaryMode: 'combined' };
		const files = (result: Awaited<ReturnType<Scene['run']>>) =>
			result.output(NODE)[0]?.json._files as Record<string, { id: string }> | undefined;

		const workflow = {
			operation: 'download',
			objectKey: byKey('a.png'),
			...polygons,
			outputBinaryPropertyName: 'repaired',
		};
		const download = await scene.run(workflow, [item()], { settings });
		expect(download.error).toBeUndefined();
		expect(Object.keys(files(download) ?? {})).toContain('repaired');

		const [output] = download.output(NODE);
		const upload = await scene.run(
			{
				operation: 'upload',
				storeAs: 'c.png',
				...polygons,
				binaryPropertyName: 'repaired',
			},
			[{ json: output?.json ?? {} }],
			{ settings },
		);
		expect(upload.error).toBeUndefined();
		// The output keeps the input files next to the new one.
		const kept = await scene.run(
			{ ...workflow, outputBinaryPropertyName: '={{ "" }}' },
			[{ json: output?.json ?? {} }],
			{ settings },
		);
		expect(kept.error).toBeUndefined();
		expect(Object.keys(files(kept) ?? {})).toEqual(
			expect.arrayContaining(['invoice', 'repaired', 'data']),
		);

		const repaired = files(download)?.repaired;
		expect(repaired).toBeDefined();
		expect((await scene.sandbox.getObject('c.png')).length).toBeGreaterThan(1000);
	});
});

test('temporary credentials send their token, and fail without it', async () => {
	const token = 'sandbox-session-token';
	const temporary = await openWithToken(token);
	try {
		await temporary.sandbox.putObject('a.png', original, PNG);
		const parameters = { operation: 'cloud', objectKey: byKey('a.png'), ...polygons };
		const without = await temporary.run(parameters);
		expect(without.error).toBeDefined();
		const result = await temporary.run(parameters, undefined, {
			credential: { securityToken: token },
		});
		expect(result.error).toBeUndefined();
		expect(JSON.stringify(result.raw)).not.toContain(token);
	} finally {
		await temporary.close();
	}
});

async function openWithToken(token: string): Promise<Scene> {
	await scene.close();
	return await openScene({}, { token });
}
