import { crc32 } from 'node:zlib';

import type { INodeParameters } from 'n8n-workflow';

import { tinyImage } from '../../dev/sandbox/repair/tinyImage';
import { byKey, LOGO_POLYGON, NODE, openScene, image, type Scene } from './bucketAndEngine';

let scene: Scene;
let original: Buffer;

beforeAll(async () => {
	scene = await openScene({ binaryMode: 'filesystem' });
	original = await image();
	await scene.sandbox.putObject('a.png', original, 'image/png');
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.resetCalls();
});

const cloud = { operation: 'cloud', objectKey: byKey('a.png') };
const polygons = (value: string): INodeParameters => ({
	...cloud,
	area: 'polygons',
	polygons: value,
});
const rectangle = (row: INodeParameters): INodeParameters => ({
	...cloud,
	area: 'rectangles',
	rectangles: {
		rectangle: [
			{ corner: 'topLeft', unit: 'pixels', left: 1, top: 1, width: 5, height: 5, ...row },
		],
	},
});

test.each<[what: string, parameters: INodeParameters, message: RegExp]>([
	['empty key', { ...cloud, objectKey: byKey('={{ "" }}') }, /^Image is empty/],
	['key of a folder', { ...cloud, objectKey: byKey('a/') }, /^Image "a\/" is a folder/],
	['key with ".."', { ...cloud, objectKey: byKey('a/../b') }, /^Image .*"\.\."/],
	['key too long', { ...cloud, objectKey: byKey('图'.repeat(300)) }, /^Image is longer than 850/],
	[
		'key with a line break at the end',
		{ ...cloud, objectKey: byKey('={{ "a.png\\n" }}') },
		/^Image ends with a line break/,
	],
	[
		'key with a space before it',
		{ ...cloud, objectKey: byKey(' a.png') },
		/^Image begins with a space/,
	],
	[
		'key with a control character',
		{ ...cloud, objectKey: byKey('={{ "a\\u001a.png" }}') },
		/^Image holds the invisible character U\+001A/,
	],
	[
		'key with a backslash at the beginning',
		{ ...cloud, objectKey: byKey('\\a.png') },
		/^Image has a backslash/,
	],
	[
		'key with two slashes at the beginning',
		{ ...cloud, objectKey: byKey('//a.png') },
		/^Image begins with a slash, which no key can/,
	],
	[
		'result key with a space behind it',
		{ ...cloud, resultKey: '{name}-clean.png ' },
		/^Result Key ends with a space/,
	],
	[
		'mask key with a line break at the end',
		{ ...cloud, area: 'mask', maskSource: 'object', maskObjectKey: byKey('={{ "m.png\\r\\n" }}') },
		/^Mask in Bucket ends with a line break/,
	],
	[
		'folder of temporary masks with ".."',
		{
			...cloud,
			area: 'mask',
			maskSource: 'binary',
			options: { temporaryMaskPrefix: '../masks' },
		},
		/^Temporary Mask Folder .*"\.\."/,
	],
	[
		'folder of temporary masks with a tab',
		{
			...cloud,
			area: 'mask',
			maskSource: 'binary',
			options: { temporaryMaskPrefix: '={{ "masks\\t" }}' },
		},
		/^Temporary Mask Folder ends with a tab/,
	],
	[
		'polygons that are not JSON',
		polygons('[[1,2'),
		/^Polygons "\[\[1,2": a "\]\]" is missing at the end/,
	],
	['empty polygons', polygons(''), /^Polygons is empty/],
	['polygons that are not numbers', polygons('[[["a",2],[3,4],[5,6]]]'), /^Polygon 1, corner 1/],
	['polygon with two corners', polygons('[[[1,2],[3,4]]]'), /^Polygon 1 has fewer than three/],
	['negative corner', polygons('[[[1,2],[30,-4],[5,60]]]'), /^Polygon 1, corner 2 .*negative/],
	['polygons nested too deep', polygons('[[[[1,2],[30,4],[5,60]]]]'), /^Polygon 1, corner 1/],
	[
		'polygons that are too long to send',
		{
			...polygons(
				JSON.stringify(
					Array.from({ length: 700 }, (_, index) => {
						const turn = (index / 700) * 2 * Math.PI;
						return [Math.cos(turn), Math.sin(turn)].map((part) => Math.round(20_000 + 9999 * part));
					}),
				),
			),
			options: { checkAreaFirst: false },
		},
		/^Area makes a request with a line of \d+ bytes, more than 8192/,
	],
	[
		'polygon that crosses itself',
		polygons('[[0,0],[50,50],[50,0],[0,50]]'),
		/^Polygon 1 crosses itself/,
	],
	['polygon without area', polygons('[[0,0],[10,10],[20,20]]'), /^Polygon 1 has no area/],
	['rectangle without a number', rectangle({ left: '={{ "" }}' }), /value that is not a number/],
	['unknown corner', rectangle({ corner: 'middle' }), /Rectangle 1, Measured From is "middle"/],
	['unknown unit', rectangle({ unit: 'ells' }), /Rectangle 1, Unit is "ells"/],
	['rectangle with a word as a number', rectangle({ top: 'five' }), /value that is not a number/],
	[
		'rectangles as text',
		{ ...cloud, area: 'rectangles', rectangles: '={{ "1,1,5,5" }}' },
		/^Rectangles holds no rectangle/,
	],
	['no rectangle', { ...cloud, area: 'rectangles' }, /^Rectangles holds no rectangle/],
	['rectangle without width', rectangle({ width: 0 }), /^Rectangle 1 has no Width/],
	[
		'rectangle beyond 100 percent',
		rectangle({ unit: 'percent', left: 99, width: 5 }),
		/distance 99 \+ width 5 = 104 %/,
	],
	[
		'mask URL that is not http',
		{ ...cloud, area: 'mask', maskUrl: 'ftp://example.com/m.png' },
		/^Mask Image URL is not an address that begins with http/,
	],
	['mask URL null', { ...cloud, area: 'mask', maskUrl: '={{ null }}' }, /^Mask Image URL is empty/],
	[
		'empty mask key',
		{ ...cloud, area: 'mask', maskSource: 'object', maskObjectKey: byKey('={{ "" }}') },
		/^Mask in Bucket is empty/,
	],
	[
		'public image in cloud mode',
		{ ...cloud, objectKey: { __rl: true, mode: 'public', value: 'https://example.com/a.png' } },
		/^Image is a public image, which works in the mode Download Repaired Image only/,
	],
	[
		'rectangle in percent of a public image',
		{
			...rectangle({ unit: 'percent' }),
			operation: 'download',
			objectKey: { __rl: true, mode: 'public', value: 'https://example.com/a.png' },
		},
		/^Rectangles depends on the size of the image/,
	],
	['empty mask URL', { ...cloud, area: 'mask', maskUrl: '' }, /^Mask Image URL is empty/],
	[
		'result key that is a folder',
		{ ...cloud, resultKey: 'clean/' },
		/^Result Key "clean\/" ends in "\/"/,
	],
	['empty result key', { ...cloud, resultKey: '={{ "" }}' }, /^Result Key is empty/],
	[
		'unknown placeholder',
		{ ...cloud, resultKey: '{nmae}.png' },
		/^Result Key has the unknown placeholder \{nmae\}/,
	],
	[
		'destination bucket without APPID',
		{ ...cloud, options: { destinationBucket: 'other' } },
		/^Destination Bucket "other" is not a full bucket name/,
	],
	[
		'six results',
		{
			...cloud,
			options: {
				additionalResults: {
					result: [1, 2, 3, 4, 5].map((n) => ({
						resultKey: `${String(n)}.png`,
						area: 'automatic',
					})),
				},
			},
		},
		/^Additional Results holds 5 results, which makes 6/,
	],
	[
		'two results with the same key',
		{
			...cloud,
			options: {
				additionalResults: { result: [{ resultKey: '{name}-repaired.png', area: 'automatic' }] },
			},
		},
		/^Additional Results would store two results under "a-repaired.png"/,
	],
])(
	'%s: the message names the field and says what to do, and no request is sent',
	async (_, parameters, message) => {
		const result = await scene.run(parameters);
		expect(result.status).toBe('error');
		expect(result.error?.message).toMatch(message);
		expect(result.error?.message).toMatch(/\[item 0\]$/);
		expect(result.error?.description).toMatch(/^[A-Z].{20,}/);
		expect(`${result.error?.message ?? ''} ${result.error?.description ?? ''}`).not.toMatch(
			/\b(error|problem|failure|mistake)\b/i,
		);
		expect(await scene.sandbox.calls()).toEqual([]);
	},
);

test.each<[what: string, credential: Record<string, string>, message: RegExp]>([
	[
		'bucket without APPID',
		{ bucket: 'examplebucket' },
		/^Bucket in the credential .* full bucket name/,
	],
	['empty bucket', { bucket: '' }, /^Bucket in the credential is empty/],
	[
		'region with a space',
		{ region: 'other', otherRegion: 'ap guangzhou' },
		/^Region or Other Region in the credential/,
	],
	['empty secret key', { secretKey: ' ' }, /^Secret Key in the credential is empty/],
	[
		'unencrypted http to another machine',
		{ customDomain: 'http://images.example.com' },
		/^Custom Domain in the credential .* unencrypted/,
	],
])(
	'%s: the message names the field of the credential, and no request is sent',
	async (_, credential, message) => {
		const result = await scene.run(cloud, undefined, { credential });
		expect(result.error?.message).toMatch(message);
		expect(result.error?.description).toMatch(/^[A-Z].{20,}/);
		expect(await scene.sandbox.calls()).toEqual([]);
	},
);

/** A PNG whose header tells other sides than it has. */
function withSides(width: number, height: number): Buffer {
	const png = Buffer.from(tinyImage('sides'));
	png.writeUInt32BE(width, 16);
	png.writeUInt32BE(height, 20);
	png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
	return png;
}

/** An animation of frames of one pixel. */
function gif(frames: number): Buffer {
	const frame = Buffer.from('2c0000000001000100000202440100', 'hex');
	const start = Buffer.from('47494638396101000100000000', 'hex');
	return Buffer.concat([start, ...Array.from({ length: frames }, () => frame), Buffer.from(';')]);
}

const upload = { operation: 'upload', storeAs: 'up.png', area: 'automatic' };

test.each<
	[what: string, parameters: INodeParameters, content: Buffer | undefined, message: RegExp]
>([
	['no binary data at all', upload, undefined, /^Input Binary Field "data" is not a binary field/],
	[
		'another binary field',
		{ ...upload, binaryPropertyName: 'photo' },
		Buffer.from('x'),
		/^Input Binary Field "photo" is not a binary field/,
	],
	[
		'a binary field without a name',
		{ ...upload, binaryPropertyName: '={{ "" }}' },
		Buffer.from('x'),
		/^Input Binary Field is empty/,
	],
	['an empty file', upload, Buffer.alloc(0), /^Input Binary Field "data" holds an empty file/],
	[
		'a file over 32 MB',
		upload,
		Buffer.alloc(32 * 1024 * 1024 + 1),
		/^Input Binary Field "data" holds a file of 32.0 MB/,
	],
	[
		'a PDF',
		upload,
		Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj', 'latin1'),
		/^Input Binary Field "data" holds a file named "a.png" that cannot be repaired: it is a PDF/,
	],
	[
		'the page of a login in place of an image',
		upload,
		Buffer.from('<!DOCTYPE html><html><body>Sign in</body></html>'),
		/^Input Binary Field "data" holds a file named "a.png" that cannot be repaired: it is a web page \(HTML\)/,
	],
	[
		'an image that was cut',
		upload,
		tinyImage('cut').subarray(0, -10),
		/^Input Binary Field "data" holds a PNG that is cut short or damaged/,
	],
	[
		'an image whose side is over 50,000 pixels',
		upload,
		withSides(50_001, 10),
		/^Input Binary Field "data" is an image of 50001 × 10 pixels; a side may have at most 50000/,
	],
	[
		'an image of over 250 million pixels',
		upload,
		withSides(20_000, 14_000),
		/^Input Binary Field "data" is an image of 20000 × 14000 pixels; it may have at most 250000000/,
	],
	[
		'an animation',
		upload,
		gif(3),
		/^Input Binary Field "data" is an animation of 3 frames, of which one would come back/,
	],
	[
		'an animation of over 300 frames, although animations are allowed',
		{ ...upload, options: { allowAnimated: true } },
		gif(301),
		/^Input Binary Field "data" is an animation of 301 frames; it may have at most 300/,
	],
	[
		'a mask that is none',
		{
			...upload,
			area: 'mask',
			maskSource: 'binary',
			maskBinaryPropertyName: 'mask',
		},
		tinyImage('with a mask'),
		/^Mask Binary Field "mask" holds a file named "mask.png" that cannot be repaired: it is plain text/,
	],
	[
		'an image without width, with rectangles in percent',
		{ ...rectangle({ unit: 'percent' }), ...{ ...upload, area: 'rectangles' } },
		withSides(0, 80),
		/^Input Binary Field "data" does not tell how large/,
	],
])(
	'upload of %s: the message names the field, and nothing is sent or stored',
	async (_, parameters, content, message) => {
		const result = await scene.run(parameters, [
			{
				json: {},
				...(content && {
					binary: {
						data: { content, fileName: 'a.png', mimeType: 'image/png' },
						mask: { content: Buffer.from('a mask'), fileName: 'mask.png', mimeType: 'image/png' },
					},
				}),
			},
		]);
		expect(result.error?.message).toMatch(message);
		expect(await scene.sandbox.calls()).toEqual([]);
		expect(await scene.sandbox.keys()).not.toContain('up.png');
	},
);

test.each([
	['a slash before the key', '/a.png', 'key'],
	['an address without a scheme, as a result has it under "location"', '{host}/a.png', 'url'],
	['an address with http://', 'http://{host}/a.png', 'url'],
	['a "#" in the key', '{origin}/a#1.png', 'url'],
])('%s is read as it is meant', async (_, given, mode) => {
	const { url } = scene.sandbox;
	const { host } = new URL(url);
	await scene.sandbox.putObject('a#1.png', original, 'image/png');
	const value = given.replace('{host}', host).replace('{origin}', url);
	const result = await scene.run({
		...polygons(LOGO_POLYGON),
		objectKey: { __rl: true, mode, value },
	});
	expect(result.error).toBeUndefined();
	const key = given.includes('#') ? 'a#1' : 'a';
	expect(result.output(NODE)[0]?.json).toMatchObject({
		key: `${key}.png`,
		results: [{ key: `${key}-repaired.png` }],
	});
});

test('with Continue On Fail, only the invalid item becomes an error item that says what to do', async () => {
	const keys = ['a.png', 'missing.png', 'a.png'];
	const run = async (onError: string) =>
		await scene.run(
			{
				operation: 'download',
				objectKey: byKey('={{ $json.key }}'),
				area: 'polygons',
				polygons: LOGO_POLYGON,
				options: { checkAreaFirst: false },
			},
			keys.map((key) => ({ json: { key } })),
			{ node: { onError } },
		);

	const regular = (await run('continueRegularOutput')).output(NODE);
	expect(regular.map(({ json }) => json.key)).toEqual(keys);
	expect(regular[1]?.json).toEqual({
		key: 'missing.png',
		error: {
			message: 'There is no image under this path in the bucket (missing.png) [item 1]',
			description: expect.stringMatching(/^Check Image:.*NoSuchKey.*Request ID/) as string,
			key: 'missing.png',
			code: 'NoSuchKey',
			httpCode: '404',
			requestId: expect.any(String) as string,
			itemIndex: 1,
			billed: 'no',
		},
	});
	expect(regular[1]?.pairedItem).toEqual({ item: 1 });

	const split = await run('continueErrorOutput');
	expect(split.output(NODE, 0).map(({ json }) => json.key)).toEqual(['a.png', 'a.png']);
	expect(split.output(NODE, 1).map(({ json }) => json)).toEqual([
		expect.objectContaining({
			key: 'missing.png',
			error: expect.objectContaining({ code: 'NoSuchKey', itemIndex: 1 }) as object,
		}),
	]);
});

test('without it, the run stops at the first invalid item, names its number and starts no further item', async () => {
	const result = await scene.run(
		{ operation: 'download', objectKey: byKey('={{ $json.key }}'), area: 'automatic' },
		[
			{ json: { key: 'missing.png' } },
			...Array.from({ length: 30 }, () => ({ json: { key: 'a.png' } })),
		],
	);
	expect(result.error?.message).toBe(
		'There is no image under this path in the bucket (missing.png) [item 0]',
	);
	expect(result.error?.description).toMatch(/NoSuchKey/);
	expect((await scene.sandbox.calls()).length).toBeLessThan(15);
});

test('an expression that cannot be resolved fails only its own item', async () => {
	const result = await scene.run(
		{
			operation: 'download',
			objectKey: byKey('={{ $json.key ?? $("Nowhere").item.json.key }}'),
			area: 'polygons',
			polygons: LOGO_POLYGON,
		},
		[{ json: { key: 'a.png' } }, { json: {} }],
		{ node: { onError: 'continueRegularOutput' } },
	);
	const [whole, broken] = result.output(NODE);
	expect(whole?.json.key).toBe('a.png');
	expect(broken?.json.error).toMatchObject({
		message: 'The item could not be processed [item 1]',
		description: expect.stringMatching(/Referenced node|Nowhere/) as string,
		code: 'Unexpected',
	});
});
