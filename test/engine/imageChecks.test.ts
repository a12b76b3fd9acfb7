import type { IDataObject, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';

import { tinyImage } from '../../dev/sandbox/repair/tinyImage';
import { gif } from '../conformance/sandbox/craftedImages';
import {
	byKey,
	named,
	image,
	IMAGE_SIZE,
	LOGO,
	LOGO_POLYGON,
	logoMask,
	NODE,
	openScene,
	type Scene,
} from './bucketAndEngine';
import { serve } from './localServer';

/** What is refused before a call is paid for, image by image, and what that costs. */

const PNG = 'image/png';
const GOES_ON = { node: { onError: 'continueRegularOutput' } } as const;
let scene: Scene;
let original: Buffer;

const { width, height } = IMAGE_SIZE;

/** A mask of one color, with a rectangle of another on it where the logo is. */
async function mask(background: object | string, rectangle?: object | string, size = IMAGE_SIZE) {
	const layers = rectangle
		? [
				{
					input: await sharp({
						create: {
							width: LOGO.width,
							height: LOGO.height,
							channels: 4,
							background: rectangle,
						},
					})
						.png()
						.toBuffer(),
					left: LOGO.left,
					top: LOGO.top,
				},
			]
		: [];
	return await sharp({ create: { ...size, channels: 4, background } })
		.composite(layers)
		.png()
		.toBuffer();
}

/** White all over, and transparent where the logo is. */
async function cutout(): Promise<Buffer> {
	const pixels = Buffer.alloc(width * height * 4, 255);
	for (let y = LOGO.top; y < LOGO.top + LOGO.height; y++) {
		for (let x = LOGO.left; x < LOGO.left + LOGO.width; x++) pixels[(y * width + x) * 4 + 3] = 0;
	}
	return await sharp(pixels, { raw: { ...IMAGE_SIZE, channels: 4 } })
		.png()
		.toBuffer();
}

async function wrongMasks(): Promise<ReadonlyArray<readonly [string, Buffer, RegExp]>> {
	return [
		['empty', await mask('black'), /is black all over, so it marks nothing/],
		['full', await mask('white'), /is white all over, so it marks the whole image/],
		['inverted', await mask('white', 'black'), /is white on 95 percent of the image/],
		['alpha', await mask({ r: 0, g: 0, b: 0, alpha: 0 }, 'black'), /marks with transparency/],
		['cutout', await cutout(), /marks with transparency/],
		[
			'small',
			await mask('black', 'white', { width: width - 20, height }),
			/is 100 × 80 pixels, and the image to repair 120 × 80/,
		],
	];
}

beforeAll(async () => {
	scene = await openScene({ binaryMode: 'filesystem' });
	original = await image();
	await scene.sandbox.putObject('a.png', original, PNG);
	await scene.sandbox.putObject('masks/right.png', await logoMask(), PNG);
	await scene.sandbox.putObject('masks/thin.png', await thinMask(), PNG);
	for (const [name, bytes] of await wrongMasks()) {
		await scene.sandbox.putObject(`masks/${name}.png`, bytes, PNG);
	}
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.resetCalls();
});

/** White lines one pixel wide on black. */
async function thinMask(): Promise<Buffer> {
	const line = await sharp({ create: { width, height: 1, channels: 3, background: 'white' } })
		.png()
		.toBuffer();
	return await sharp({ create: { ...IMAGE_SIZE, channels: 3, background: 'black' } })
		.composite([{ input: line, left: 0, top: 40 }])
		.png()
		.toBuffer();
}

const billed = async () => await scene.billedCalls();

const countOf = async (kind: string) =>
	(await scene.sandbox.calls()).filter((call) => call.kind === kind).length;

const withMask = (maskObjectKey: INodeParameters): INodeParameters => ({
	area: 'mask',
	maskSource: 'object',
	maskObjectKey,
});

describe('a mask of the bucket', () => {
	test('that cannot be meant as it is is refused in all modes, and nothing is billed', async () => {
		const masks = await wrongMasks();
		for (const operation of ['download', 'upload', 'cloud']) {
			const result = await scene.run(
				{
					operation,
					...named(operation === 'upload' ? '={{ "up/" + $json.name + ".png" }}' : 'a.png'),
					resultKey: '={{ "r/" + $json.name + ".png" }}',
					...withMask(byKey('={{ "masks/" + $json.name + ".png" }}')),
				},
				masks.map(([name]) => ({
					json: { name },
					binary: { data: { content: original, mimeType: PNG, fileName: 'a.png' } },
				})),
				GOES_ON,
			);
			const errors = result.output(NODE).map(({ json }) => JSON.stringify(json.error));
			for (const [index, [name, , message]] of masks.entries()) {
				expect([operation, name, errors[index]]).toEqual([
					operation,
					name,
					expect.stringMatching(message),
				]);
			}
			expect(await billed()).toBe(0);
			expect((await scene.sandbox.keys()).filter((key) => key.startsWith('up/'))).toEqual([]);
		}
	});

	test('is looked at once a run, however many images it is for', async () => {
		const result = await scene.run(
			{
				operation: 'cloud',
				objectKey: byKey('a.png'),
				resultKey: '={{ "r/" + $json.name + ".png" }}',
				...withMask(byKey('masks/right.png')),
			},
			['one', 'two', 'three'].map((name) => ({ json: { name } })),
		);
		expect(result.error).toBeUndefined();
		expect(await countOf('image-mogr')).toBe(1);
		expect(await billed()).toBe(3);
	});

	test.each([
		['gone', /^Mask in Bucket "masks\/gone.png" is not in the bucket/],
		['text', /^Mask in Bucket "masks\/text.png" is not an image that the service can read/],
	])('that is %s is named, and not the image', async (name, message) => {
		await scene.sandbox.putObject('masks/text.png', Buffer.from('no image'), PNG);
		const result = await scene.run({
			operation: 'cloud',
			objectKey: byKey('a.png'),
			...withMask(byKey(`masks/${name}.png`)),
		});
		expect(result.error?.message).toMatch(message);
		expect(await billed()).toBe(0);
	});

	test('with thin lines marks something', async () => {
		const result = await scene.run({
			operation: 'cloud',
			objectKey: byKey('a.png'),
			resultKey: 'r/thin.png',
			...withMask(byKey('masks/thin.png')),
		});
		expect(result.error).toBeUndefined();
	});

	test('is sent as it is with Check Area First off', async () => {
		const result = await scene.run({
			operation: 'cloud',
			objectKey: byKey('a.png'),
			resultKey: 'r/empty.png',
			options: { checkAreaFirst: false, retries: 0 },
			...withMask(byKey('masks/empty.png')),
		});
		expect(result.error?.message).not.toMatch(/^Mask/);
		expect(await countOf('image-mogr')).toBe(0);
		expect(await countOf('repair-cloud')).toBe(1);
	});

	test('that the service gives in place of a small copy is told as that, and nothing is billed', async () => {
		await scene.sandbox.setFaults([{ kind: 'image-mogr', fault: { fault: 'original' } }]);
		const result = await scene.run({
			operation: 'cloud',
			objectKey: byKey('a.png'),
			options: { retries: 0 },
			...withMask(byKey('masks/right.png')),
		});
		await scene.sandbox.clearFaults();
		expect(result.error?.message).toMatch(/BMP/);
		expect(await billed()).toBe(0);
	});
});

test('a mask from a binary field is refused for the same reasons, and leaves nothing behind', async () => {
	const masks = await wrongMasks();
	const before = await scene.sandbox.keys();
	const result = await scene.run(
		{ operation: 'download', objectKey: byKey('a.png'), area: 'mask', maskSource: 'binary' },
		masks.map(([name, content]) => ({
			json: { name },
			binary: { mask: { content, mimeType: PNG, fileName: `${name}.png` } },
		})),
		GOES_ON,
	);
	const errors = result.output(NODE).map(({ json }) => JSON.stringify(json.error));
	for (const [index, [name, , message]] of masks.entries()) {
		expect([name, errors[index]]).toEqual([name, expect.stringMatching(message)]);
		expect(errors[index]).toContain('Mask Binary Field');
	}
	expect(await billed()).toBe(0);
	expect(await scene.sandbox.keys()).toEqual(before);
});

test('a mask from a binary field is stored once for all results that have it', async () => {
	const mask = { area: 'mask', maskSource: 'binary' };
	const result = await scene.run(
		{
			operation: 'cloud',
			objectKey: byKey('a.png'),
			resultKey: 'r/first.png',
			...mask,
			options: { additionalResults: { result: [{ resultKey: 'r/second.png', ...mask }] } },
		},
		[
			{
				json: {},
				binary: { mask: { content: await logoMask(), mimeType: PNG, fileName: 'm.png' } },
			},
		],
	);
	expect(result.error).toBeUndefined();
	expect(await scene.sandbox.getObject('r/second.png')).toEqual(
		await scene.sandbox.getObject('r/first.png'),
	);
	expect([await countOf('put'), await countOf('delete'), await countOf('image-mogr')]).toEqual([
		1, 1, 1,
	]);
});

describe('a stored image', () => {
	const repair = async (operation: string, key: string, more: INodeParameters = {}) =>
		await scene.run({ operation, ...named(key), resultKey: 'r/one.png', ...more });

	test.each(['download', 'cloud'])(
		'that is animated is refused in %s mode, and nothing is billed',
		async (operation) => {
			await scene.sandbox.putObject('moving.gif', gif(40, 30, 12), 'image/gif');
			const result = await repair(operation, 'moving.gif', { area: 'automatic' });
			expect(result.error?.message).toBe(
				'Image "moving.gif" is an animation of 12 frames, of which one would come back [item 0]',
			);
			expect(await billed()).toBe(0);
		},
	);

	test('that is animated is repaired with Allow Animated, without a question before', async () => {
		await scene.sandbox.putObject('moving.gif', gif(40, 30, 12), 'image/gif');
		const options = { allowAnimated: true, checkAreaFirst: false };
		const polygons = '[[5,5],[20,5],[20,15],[5,15]]';
		const result = await repair('cloud', 'moving.gif', { area: 'polygons', polygons, options });
		expect(result.error).toBeUndefined();
		expect(await countOf('image-info')).toBe(0);
		expect(await billed()).toBe(1);
	});

	test.each([
		['sides over the limit', { width: '50001', height: '10' }, /50001 × 10 pixels; a side may/],
		[
			'a WebP side over its limit',
			{ format: 'webp', width: '16384', height: '10' },
			/at most 16383/,
		],
		['too many pixels', { width: '20000', height: '14000' }, /20000 × 14000 pixels; it may/],
		[
			'too many frames',
			{ frame_count: '301' },
			/an animation of 301 frames; it may have at most 300/,
		],
		[
			'too long an animation',
			{ width: '10000', height: '1000', frame_count: '26' },
			/26 frames of 10000 × 1000 pixels; they may have at most 250000000 pixels in all/,
		],
	])('with %s is refused before it is paid for', async (_, info, message) => {
		const told = { format: 'gif', width: '10', height: '10', frame_count: '1', ...info };
		const seen: string[] = [];
		const server = await serve((request, response) => {
			seen.push(`${request.method} ${request.url}`);
			response.setHeader('x-cos-request-id', 'NjE=').end(JSON.stringify(told));
		});
		const result = await scene.run(
			{
				operation: 'cloud',
				objectKey: byKey('large.gif'),
				area: 'polygons',
				polygons: LOGO_POLYGON,
				options: { allowAnimated: true },
			},
			undefined,
			{ credential: { customDomain: server.url } },
		);
		server.close();
		expect(result.error?.message).toMatch(message);
		expect(seen).toEqual(['GET /large.gif?imageInfo']);
	});
});

test.each(['download', 'cloud'])(
	'a result whose format is not that of its source, by the name, is said in %s mode',
	async (operation) => {
		await scene.sandbox.putObject('photo.bmp', original, PNG);
		const result = await scene.run({
			operation,
			...named('photo.bmp'),
			resultKey: 'r/photo.bmp',
			area: 'polygons',
			polygons: LOGO_POLYGON,
		});
		const json = result.output(NODE)[0]?.json ?? {};
		const told = operation === 'download' ? json : (json.results as IDataObject[])[0];
		expect(told?.formatChanged).toEqual({ from: 'BMP', to: 'PNG' });
	},
);

test('Dry Run warns of formats that no page names, and of animations', async () => {
	const pixels = sharp({ create: { ...IMAGE_SIZE, channels: 3, background: 'gray' } });
	const files = [
		['photo.tif', await pixels.clone().tiff().toBuffer()],
		['photo.avif', await pixels.clone().avif().toBuffer()],
		['moving.gif', gif(40, 30, 12)],
		['photo.png', tinyImage('plain')],
	] as const;
	const result = await scene.run(
		{
			operation: 'upload',
			storeAs: '={{ $json.name }}',
			options: { dryRun: true, allowAnimated: true },
		},
		files.map(([name, content]) => ({
			json: { name },
			binary: { data: { content, mimeType: PNG, fileName: name } },
		})),
	);
	expect(result.output(NODE).map(({ json }) => json.warnings)).toEqual([
		[expect.stringMatching(/repairs TIFF images/)],
		[expect.stringMatching(/repairs AVIF images/)],
		[expect.stringMatching(/animation of 12 frames, of which one/)],
		undefined,
	]);
	expect(await scene.sandbox.calls()).toEqual([]);
});
