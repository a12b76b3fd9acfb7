import type { INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';

import {
	byKey,
	LOGO,
	LOGO_POLYGON,
	NODE,
	openScene,
	image,
	IMAGE_SIZE,
	logoMask,
	pixelChange,
	type Scene,
} from './bucketAndEngine';
import { serve } from './localServer';

const PNG = 'image/png';
let scene: Scene;
let original: Buffer;
/** The image repaired with LOGO_POLYGON: every other way to mark the logo must give the same bytes. */
let expected: Buffer;

beforeAll(async () => {
	scene = await openScene({ binaryMode: 'filesystem' });
	original = await image();
	await scene.sandbox.putObject('a.png', original, PNG);
	await scene.sandbox.putObject('masks/logo.png', await logoMask(), PNG);
	await scene.run({
		operation: 'cloud',
		objectKey: byKey('a.png'),
		area: 'polygons',
		polygons: LOGO_POLYGON,
		resultKey: 'expected.png',
	});
	expected = await scene.sandbox.getObject('expected.png');
	expect((await pixelChange(original, expected)).inside).toBeGreaterThan(400);
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.resetCalls();
});

const upload = (parameters: INodeParameters) =>
	scene.run({ operation: 'upload', storeAs: 'up.png', resultKey: 'r.png', ...parameters }, [
		{
			json: {},
			binary: { data: { content: original, mimeType: PNG, fileName: 'a.png' } },
		},
	]);

const rows = (...rectangle: INodeParameters[]): INodeParameters => ({
	area: 'rectangles',
	rectangles: { rectangle },
});

const { left, top, width, height } = LOGO;
const right = IMAGE_SIZE.width - left - width;
const bottom = IMAGE_SIZE.height - top - height;
const percentX = (pixels: number) => (pixels / IMAGE_SIZE.width) * 100;
const percentY = (pixels: number) => (pixels / IMAGE_SIZE.height) * 100;
const percent = { width: percentX(width), height: percentY(height), unit: 'percent' };
const pixels = { width, height, unit: 'pixels' };

const RECTANGLES: Array<[name: string, row: INodeParameters]> = [
	['pixels from the top left', { ...pixels, corner: 'topLeft', left, top }],
	['pixels from the top right', { ...pixels, corner: 'topRight', left: right, top }],
	['pixels from the bottom left', { ...pixels, corner: 'bottomLeft', left, top: bottom }],
	['pixels from the bottom right', { ...pixels, corner: 'bottomRight', left: right, top: bottom }],
	[
		'percent from the top left',
		{ ...percent, corner: 'topLeft', left: percentX(left), top: percentY(top) },
	],
	[
		'percent from the bottom right',
		{ ...percent, corner: 'bottomRight', left: percentX(right), top: percentY(bottom) },
	],
];

describe('rectangles', () => {
	test.each(RECTANGLES)('%s repair the same pixels in every mode', async (_, row) => {
		const cloud = await scene.run({
			operation: 'cloud',
			objectKey: byKey('a.png'),
			resultKey: 'r.png',
			...rows(row),
		});
		expect(cloud.error).toBeUndefined();
		expect(await scene.sandbox.getObject('r.png')).toEqual(expected);

		const download = await scene.run({
			operation: 'download',
			objectKey: byKey('a.png'),
			...rows(row),
		});
		const binary = download.output(NODE)[0]?.binary?.data;
		expect(binary && (await scene.engine.readBinary(binary))).toEqual(expected);

		await scene.sandbox.resetCalls();
		const uploaded = await upload(rows(row));
		expect(uploaded.error).toBeUndefined();
		expect(await scene.sandbox.getObject('r.png')).toEqual(expected);
		// An upload needs no image-info request: its size is read from the file.
		expect((await scene.sandbox.calls()).map(({ method }) => method)).toEqual(['PUT']);
	});

	test('that reach outside the image are rejected before the billed call, in every mode', async () => {
		const row = { ...pixels, corner: 'bottomRight', left: 100, top: 1 };
		for (const result of [
			await scene.run({ operation: 'cloud', objectKey: byKey('a.png'), ...rows(row) }),
			await scene.run({ operation: 'download', objectKey: byKey('a.png'), ...rows(row) }),
			await upload(rows(row)),
		]) {
			expect(result.error?.message).toMatch(
				/^Rectangle 1 reaches beyond the image of 120 × 80 pixels/,
			);
		}
		expect(await scene.billedCalls()).toBe(0);
	});

	test('in percent mark the same part of an image of any size', async () => {
		const large = await sharp(original).resize(480, 320, { kernel: 'nearest' }).png().toBuffer();
		await scene.sandbox.putObject('large.png', large, PNG);
		const row = { ...percent, corner: 'bottomRight', left: percentX(right), top: percentY(bottom) };
		await scene.run({
			operation: 'cloud',
			objectKey: byKey('large.png'),
			resultKey: 'large-r.png',
			...rows(row),
		});
		const change = await pixelChange(large, await scene.sandbox.getObject('large-r.png'), {
			left: 160,
			top: 120,
			width: 120,
			height: 64,
		});
		expect(change.outside).toBe(0);
		expect(change.inside).toBeGreaterThan(6000);
	});
});

describe('polygons', () => {
	const corners = [
		[40, 30],
		[70, 30],
		[70, 46],
		[40, 46],
	];
	test.each<[string, string]>([
		['one polygon', JSON.stringify(corners)],
		['a closed ring', JSON.stringify([[...corners, [40, 30]]])],
		['counter-clockwise corners', JSON.stringify([[...corners].reverse()])],
		['numbers as text', JSON.stringify([corners.map(([x, y]) => [String(x), String(y)])])],
		['an expression that returns a list', `={{ ${JSON.stringify(corners)} }}`],
		['a box with width and height', '={{ { x: 40, y: 30, width: 30, height: 16 } }}'],
		['a box with four sides', '{"left":40,"top":30,"right":70,"bottom":46}'],
		[
			'a list of boxes',
			'[{"x":40,"y":30,"width":15,"height":16},{"x":55,"y":30,"width":15,"height":16}]',
		],
		['corners as objects', JSON.stringify([corners.map(([x, y]) => ({ x, y }))])],
	])('%s repairs the same pixels', async (_, polygons) => {
		const result = await scene.run({
			operation: 'cloud',
			objectKey: byKey('a.png'),
			resultKey: 'r.png',
			area: 'polygons',
			polygons,
		});
		expect(result.error).toBeUndefined();
		expect(await scene.sandbox.getObject('r.png')).toEqual(expected);
	});

	test('outside the image are rejected with a message that names the corner, and nothing is billed', async () => {
		const parameters = { area: 'polygons', polygons: '[[[40,30],[500,30],[70,46]]]' };
		for (const result of [
			await scene.run({ operation: 'cloud', objectKey: byKey('a.png'), ...parameters }),
			await scene.run({ operation: 'download', objectKey: byKey('a.png'), ...parameters }),
			await upload(parameters),
		]) {
			expect(result.error?.message).toMatch(
				/^Polygon 1, corner 2 \[500,30\] is outside the image of 120 × 80 pixels/,
			);
		}
		expect(await scene.billedCalls()).toBe(0);
	});
});

describe('the size of a stored image', () => {
	const kinds = async () => (await scene.sandbox.calls()).map(({ kind }) => kind);

	test('is requested once, no matter how many results need it', async () => {
		const area = rows({ ...pixels, corner: 'bottomRight', left: right, top: bottom });
		await scene.run({
			operation: 'cloud',
			objectKey: byKey('a.png'),
			...area,
			options: {
				additionalResults: {
					result: [
						{ resultKey: 'second.png', ...area },
						{ resultKey: 'third.png', ...area },
					],
				},
			},
		});
		expect(await kinds()).toEqual(['image-info', 'repair-cloud']);
	});

	test('is not requested if nothing depends on it', async () => {
		await scene.run({
			operation: 'cloud',
			objectKey: byKey('a.png'),
			area: 'mask',
			maskSource: 'object',
			maskObjectKey: byKey('masks/logo.png'),
			options: { checkAreaFirst: false },
		});
		await scene.run({
			operation: 'cloud',
			objectKey: byKey('a.png'),
			area: 'polygons',
			polygons: LOGO_POLYGON,
			options: { checkAreaFirst: false },
		});
		expect((await kinds()).filter((kind) => kind === 'image-info')).toEqual([]);
	});
});

describe('a mask', () => {
	let closeServer: () => void;
	let maskUrl: string;

	beforeAll(async () => {
		const bytes = await logoMask();
		const server = await serve((_, response) => {
			response.setHeader('content-type', PNG).end(bytes);
		});
		closeServer = server.close;
		maskUrl = `${server.url}mask.png?a=b&c=d`;
	});
	afterAll(() => {
		closeServer();
	});

	const cloud = (parameters: INodeParameters, items?: Parameters<Scene['run']>[1]) =>
		scene.run(
			{
				operation: 'cloud',
				objectKey: byKey('a.png'),
				resultKey: 'r.png',
				area: 'mask',
				...parameters,
			},
			items,
		);

	test('by URL is sent unchanged, in Base64 without padding', async () => {
		const result = await cloud({ maskSource: 'url', maskUrl });
		expect(result.error).toBeUndefined();
		expect(await scene.sandbox.getObject('r.png')).toEqual(expected);
	});

	test('in the private bucket is sent as a presigned URL, which the output does not show', async () => {
		const result = await cloud({ maskSource: 'object', maskObjectKey: byKey('masks/logo.png') });
		expect(result.error).toBeUndefined();
		expect(await scene.sandbox.getObject('r.png')).toEqual(expected);
		expect(JSON.stringify(result.raw)).not.toContain('q-signature');
	});

	test('from a binary field is stored, used and deleted', async () => {
		const before = await scene.sandbox.keys();
		const result = await cloud({ maskSource: 'binary', maskBinaryPropertyName: 'stencil' }, [
			{
				json: {},
				binary: { stencil: { content: await logoMask(), mimeType: PNG, fileName: 'm.png' } },
			},
		]);
		expect(result.error).toBeUndefined();
		expect(await scene.sandbox.getObject('r.png')).toEqual(expected);
		expect(await scene.sandbox.keys()).toEqual(before);
		const calls = await scene.sandbox.calls();
		expect(calls.map(({ method }) => method)).toEqual(
			expect.arrayContaining(['PUT', 'POST', 'GET', 'DELETE']),
		);
		expect(calls.find(({ method }) => method === 'PUT')?.key).toMatch(
			/^image-repair-masks\/[0-9a-f-]{36}$/,
		);
	});

	test('from a binary field leaves no version behind in a bucket that keeps versions', async () => {
		const masks = async () =>
			(await scene.sandbox.remainingVersions()).filter(({ key }) =>
				key.startsWith('image-repair-masks/'),
			);
		await scene.sandbox.setVersioned(true);
		try {
			const result = await cloud({ maskSource: 'binary' }, [
				{
					json: {},
					binary: { mask: { content: await logoMask(), mimeType: PNG, fileName: 'm.png' } },
				},
			]);
			expect(result.error).toBeUndefined();
			expect(await masks()).toEqual([]);
			// A mask whose upload was lost has no known version: it is hidden, and named.
			await scene.sandbox.setFaults([
				{ kind: 'put', times: 1, fault: { fault: 'reset', processed: true } },
			]);
			const lost = await cloud({ maskSource: 'binary' }, [
				{
					json: {},
					binary: { mask: { content: await logoMask(), mimeType: PNG, fileName: 'm.png' } },
				},
			]);
			expect(lost.error).toBeUndefined();
			const left = lost.output(NODE)[0]?.json.temporaryMasks;
			expect([...new Set((await masks()).map(({ key }) => key))]).toEqual(left);
		} finally {
			await scene.sandbox.clearFaults();
			await scene.sandbox.setVersioned(false);
		}
	});

	test('from a binary field is deleted even if the repair is rejected', async () => {
		const before = await scene.sandbox.keys();
		const result = await cloud(
			{
				objectKey: byKey('missing.png'),
				maskSource: 'binary',
				options: { temporaryMaskPrefix: 'tmp/', checkAreaFirst: false },
			},
			[
				{
					json: {},
					binary: { mask: { content: await logoMask(), mimeType: PNG, fileName: 'm.png' } },
				},
			],
		);
		expect(result.error?.message).toBe(
			'There is no image under this path in the bucket (missing.png) [item 0]',
		);
		expect(await scene.sandbox.keys()).toEqual(before);
		expect((await scene.sandbox.calls())[0]?.key).toMatch(/^tmp\//);
	});

	test('takes precedence over polygons if an expression returns both', async () => {
		const polygons = JSON.stringify({
			polygons: [
				[
					[0, 0],
					[10, 0],
					[10, 10],
				],
			],
			maskUrl,
		});
		const result = await cloud({ area: 'polygons', polygons });
		expect(result.error).toBeUndefined();
		expect(await scene.sandbox.getObject('r.png')).toEqual(expected);
	});
});

describe('several results', () => {
	test('each have their own key, area and bucket', async () => {
		const second = { left: 2, top: 3, width: 8, height: 9 };
		const result = await scene.run({
			operation: 'cloud',
			objectKey: byKey('a.png'),
			area: 'polygons',
			polygons: LOGO_POLYGON,
			resultKey: '/many/{name}-1{extension}',
			options: {
				additionalResults: {
					result: [
						{
							resultKey: 'many/{name}-2.png',
							...rows({ ...second, corner: 'topLeft', unit: 'pixels' }),
						},
						{
							resultKey: '/many/3.png',
							area: 'mask',
							maskSource: 'object',
							maskObjectKey: byKey('masks/logo.png'),
						},
						{ resultKey: '/many/4.png', area: 'polygons', polygons: LOGO_POLYGON },
						{ resultKey: '/many/5.png', area: 'polygons', polygons: LOGO_POLYGON },
					],
				},
			},
			downloadResult: true,
		});
		expect(result.error).toBeUndefined();
		const [item] = result.output(NODE);
		const results = item?.json.results as Array<{ key: string; url: string }>;
		expect(results.map(({ key }) => key)).toEqual([
			'many/a-1.png',
			'many/a-2.png',
			'many/3.png',
			'many/4.png',
			'many/5.png',
		]);
		expect(results[1]?.url).toBe(`${scene.sandbox.url}/many/a-2.png`);
		expect(Object.keys(item?.binary ?? {})).toEqual(['data', 'data2', 'data3', 'data4', 'data5']);
		expect(await scene.sandbox.getObject('many/a-1.png')).toEqual(expected);
		expect(await scene.sandbox.getObject('many/3.png')).toEqual(expected);
		const change = await pixelChange(
			original,
			await scene.sandbox.getObject('many/a-2.png'),
			second,
		);
		expect(change.outside).toBe(0);
		expect(change.inside).toBeGreaterThan(0);
		expect(await scene.billedCalls()).toBe(1);
	});
});

describe('parameters that the editor would store in another form', () => {
	const cloud = { operation: 'cloud', resultKey: 'r.png' };
	const shapes = JSON.parse(LOGO_POLYGON) as unknown;

	test.each<[what: string, parameters: INodeParameters]>([
		[
			'a key and a mask key as plain text',
			{ objectKey: 'a.png', area: 'mask', maskSource: 'object', maskObjectKey: 'masks/logo.png' },
		],
		[
			'polygons as an object without a mask',
			{
				objectKey: byKey('a.png'),
				area: 'polygons',
				polygons: `={{ (${JSON.stringify({ polygons: shapes })}) }}`,
			},
		],
		[
			'numbers of a rectangle as text',
			{
				objectKey: byKey('a.png'),
				...rows({
					corner: 'topLeft',
					unit: 'pixels',
					left: `={{ "${String(left)}" }}`,
					top: `={{ "${String(top)}" }}`,
					width: `={{ "${String(width)}" }}`,
					height: `={{ "${String(height)}" }}`,
				}),
			},
		],
	])('%s work', async (_, parameters) => {
		const result = await scene.run({ ...cloud, ...parameters });
		expect(result.error).toBeUndefined();
		expect(await scene.sandbox.getObject('r.png')).toEqual(expected);
	});
});

test('an image whose size comes after more than 64 kB of metadata can be measured', async () => {
	const jpeg = await image('jpeg');
	const metadata = Buffer.concat([
		Buffer.from([0xff, 0xe2, 0xff, 0xff]),
		Buffer.alloc(65_533, 'x'),
	]);
	const content = Buffer.concat([jpeg.subarray(0, 2), metadata, metadata, jpeg.subarray(2)]);
	const result = await scene.run(
		{
			operation: 'upload',
			storeAs: 'metadata.jpg',
			...rows({ ...percent, corner: 'topLeft', left: percentX(left), top: percentY(top) }),
			resultKey: 'r.jpg',
			options: { dryRun: true },
		},
		[{ json: {}, binary: { data: { content, mimeType: 'image/jpeg', fileName: 'a.jpg' } } }],
	);
	expect(result.error).toBeUndefined();
	expect(result.output(NODE)[0]?.json.results).toMatchObject([
		{ polygons: JSON.parse(LOGO_POLYGON) as unknown },
	]);
});
