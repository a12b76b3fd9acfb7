import sharp from 'sharp';

import {
	byKey,
	expectLogoRepaired,
	LOGO_POLYGON,
	NODE,
	openScene,
	image,
	type Scene,
} from './bucketAndEngine';

const PNG = 'image/png';

describe.each(['default', 'filesystem'] as const)('with binary data in %s mode', (binaryMode) => {
	let scene: Scene;
	let original: Buffer;

	beforeAll(async () => {
		scene = await openScene({ binaryMode });
		original = await image();
	});
	afterAll(async () => {
		await scene.close();
	});
	beforeEach(async () => {
		await scene.sandbox.resetCalls();
	});

	test('download returns the repaired image as binary data and stores nothing', async () => {
		const key = 'photos/cat 1.png';
		await scene.sandbox.putObject(key, original, PNG);
		const keysBefore = await scene.sandbox.keys();

		const result = await scene.run({
			operation: 'download',
			objectKey: byKey(key),
			area: 'polygons',
			polygons: LOGO_POLYGON,
		});

		expect(result.error).toBeUndefined();
		const [item] = result.output(NODE);
		const binary = item?.binary?.data;
		expect(binary).toMatchObject({
			fileName: 'cat 1.png',
			fileExtension: 'png',
			mimeType: PNG,
			fileType: 'image',
		});
		expect(binary?.directory).toBeUndefined();
		const repaired = await scene.readOutput(result);
		expect(item?.json).toEqual({
			key,
			bucket: scene.sandbox.bucket,
			size: repaired.length,
			contentType: PNG,
			requestId: expect.stringMatching(/\S{10,}/) as string,
		});
		expect(item?.pairedItem).toEqual({ item: 0 });
		await expectLogoRepaired(original, repaired);
		expect(await scene.sandbox.keys()).toEqual(keysBefore);
	});

	test('upload stores the original unchanged and the repaired image beside it', async () => {
		const result = await scene.run(
			{
				operation: 'upload',
				storeAs: 'incoming/猫 & dog.png',
				area: 'polygons',
				polygons: LOGO_POLYGON,
			},
			[{ json: {}, binary: { data: { content: original, mimeType: PNG, fileName: 'a.png' } } }],
		);

		expect(result.error).toBeUndefined();
		expect(await scene.sandbox.getObject('incoming/猫 & dog.png')).toEqual(original);
		const repaired = await scene.sandbox.getObject('incoming/猫 & dog-repaired.png');
		await expectLogoRepaired(original, repaired);

		const [item] = result.output(NODE);
		const url = (name: string) => `${scene.sandbox.url}/incoming/${encodeURIComponent(name)}`;
		expect(item?.json).toEqual({
			key: 'incoming/猫 & dog.png',
			bucket: scene.sandbox.bucket,
			url: url('猫 & dog.png'),
			contentType: PNG,
			size: original.length,
			results: [
				{
					key: 'incoming/猫 & dog-repaired.png',
					bucket: scene.sandbox.bucket,
					url: url('猫 & dog-repaired.png'),
					size: repaired.length,
					width: 120,
					height: 80,
					format: 'png',
					etag: expect.stringMatching(/^[0-9a-f]{32,40}$/) as string,
				},
			],
			requestId: expect.any(String) as string,
		});
	});

	test('cloud stores the repaired image as another object and sends no body', async () => {
		await scene.sandbox.putObject('a.png', original, PNG);
		const result = await scene.run({
			operation: 'cloud',
			objectKey: byKey('a.png'),
			area: 'polygons',
			polygons: LOGO_POLYGON,
			resultKey: '/clean/{folder}{name}{extension}',
			options: { checkAreaFirst: false, returnImageInformation: true },
		});

		expect(result.error).toBeUndefined();
		await expectLogoRepaired(original, await scene.sandbox.getObject('clean/a.png'));
		const calls = await scene.sandbox.calls();
		expect(
			calls.map(({ method, key, query, bytesIn }) => ({ method, key, query, bytesIn })),
		).toEqual([{ method: 'POST', key: 'a.png', query: { image_process: '' }, bytesIn: 0 }]);
		expect(result.output(NODE)[0]?.json).toMatchObject({
			key: 'a.png',
			imageInfo: { format: 'png', width: 120, height: 80 },
			results: [{ key: 'clean/a.png' }],
		});
	});
});

describe('in any binary data mode', () => {
	let scene: Scene;
	let original: Buffer;

	beforeAll(async () => {
		scene = await openScene({ binaryMode: 'filesystem' });
		original = await image();
	});
	afterAll(async () => {
		await scene.close();
	});
	beforeEach(async () => {
		await scene.sandbox.resetCalls();
	});

	test('every input item has one output item, in order and paired', async () => {
		const names = Array.from({ length: 12 }, (_, index) => `many/${String(index)}.png`);
		await Promise.all(
			names.map(async (name) => {
				await scene.sandbox.putObject(name, original, PNG);
			}),
		);
		const result = await scene.run(
			{
				operation: 'download',
				objectKey: byKey('={{ $json.key }}'),
				area: 'polygons',
				polygons: LOGO_POLYGON,
				options: { checkAreaFirst: false },
			},
			names.map((key) => ({ json: { key } })),
		);
		expect(result.error).toBeUndefined();
		const output = result.output(NODE);
		expect(output.map(({ json }) => json.key)).toEqual(names);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(names.map((_, item) => ({ item })));
		expect(await scene.sandbox.calls()).toHaveLength(names.length);
	});

	test('automatic sends neither polygons nor a mask', async () => {
		await scene.sandbox.putObject('auto.png', original, PNG);
		await scene.run({ operation: 'download', objectKey: byKey('auto.png'), area: 'automatic' });
		const [call] = await scene.sandbox.calls();
		expect(call?.query).toEqual({ 'ci-process': 'ImageRepair' });
	});

	test('is_pic_info is sent only if image information is requested', async () => {
		await scene.sandbox.putObject('info.png', original, PNG);
		const parameters = {
			operation: 'cloud',
			objectKey: byKey('info.png'),
			area: 'polygons',
			polygons: LOGO_POLYGON,
		};
		const without = await scene.run(parameters);
		expect(without.output(NODE)[0]?.json).not.toHaveProperty('imageInfo');
		const raw = await scene.run({
			...parameters,
			options: { returnImageInformation: true, simplify: false },
		});
		expect(raw.output(NODE)[0]?.json).toMatchObject({
			originalInfo: { key: 'info.png', imageInfo: { width: 120, height: 80 } },
			results: [{ key: 'info-repaired.png', width: 120, quality: 100 }],
		});
	});

	test('a file with the wrong extension is output with the right one, and with the right type', async () => {
		await scene.sandbox.putObject('really-a.png', await image('jpeg'), 'application/octet-stream');
		const result = await scene.run({
			operation: 'download',
			objectKey: byKey('really-a.png'),
			area: 'polygons',
			polygons: LOGO_POLYGON,
		});
		expect(result.output(NODE)[0]?.binary?.data).toMatchObject({
			fileName: 'really-a.jpg',
			fileExtension: 'jpg',
			mimeType: 'image/jpeg',
		});
	});

	test.each(['png', 'jpeg', 'webp'] as const)('%s stays %s', async (format) => {
		const key = `formats/x.${format}`;
		await scene.sandbox.putObject(key, await image(format), `image/${format}`);
		const result = await scene.run({
			operation: 'cloud',
			objectKey: byKey(key),
			area: 'polygons',
			polygons: LOGO_POLYGON,
			downloadResult: true,
		});
		expect(result.output(NODE)[0]?.binary?.data?.mimeType).toBe(`image/${format}`);
		expect((await sharp(await scene.readOutput(result)).metadata()).format).toBe(format);
	});

	test('the original is overwritten only if Overwrite Original is on', async () => {
		await scene.sandbox.putObject('deep/er/over.png', original, PNG);
		const parameters = {
			operation: 'cloud',
			objectKey: byKey('deep/er/over.png'),
			area: 'polygons',
			polygons: LOGO_POLYGON,
		};
		for (const resultKey of [
			'over.png',
			'/deep/er/over.png',
			'deep/er/over.png',
			'{name}{extension}',
		]) {
			const rejected = await scene.run({ ...parameters, resultKey });
			expect(rejected.error?.message).toMatch(/^Result Key .* is the original itself/);
		}
		expect(await scene.sandbox.getObject('deep/er/over.png')).toEqual(original);
		expect(await scene.sandbox.calls()).toEqual([]);

		const result = await scene.run({ ...parameters, overwriteOriginal: true });
		expect(result.error).toBeUndefined();
		await expectLogoRepaired(original, await scene.sandbox.getObject('deep/er/over.png'));
	});

	test('Content-Type and Content-Length are always sent, even for a file of unknown type', async () => {
		const result = await scene.run(
			{
				operation: 'upload',
				storeAs: 'typed',
				area: 'polygons',
				polygons: LOGO_POLYGON,
			},
			[
				{
					json: {},
					binary: {
						data: { content: original, mimeType: 'application/octet-stream', fileName: 'a' },
					},
				},
			],
		);
		expect(result.error).toBeUndefined();
		const download = await scene.run({
			operation: 'download',
			objectKey: byKey('typed'),
			area: 'polygons',
			polygons: LOGO_POLYGON,
		});
		expect(download.output(NODE)[0]?.binary?.data).toMatchObject({
			fileName: 'typed.png',
			mimeType: PNG,
		});
	});
});
