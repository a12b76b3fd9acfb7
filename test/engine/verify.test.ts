import type { IDataObject, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';

import type { FaultRule } from '../../dev/sandbox/faults/faultRules';
import type { WrongResult } from '../../dev/sandbox/repair/wrongResult';
import {
	byKey,
	image,
	IMAGE_SIZE,
	LOGO_POLYGON,
	logoMask,
	named,
	NODE,
	openScene,
	type Scene,
} from './bucketAndEngine';

const OTHER = 'other-1250000000';
let scene: Scene;
let original: Buffer;

beforeAll(async () => {
	scene = await openScene({}, { buckets: [OTHER] });
	original = await image('jpeg');
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.setFaults([]);
	for (const key of await scene.sandbox.keys()) await scene.sandbox.deleteObject(key);
	await scene.sandbox.putObject('a.jpg', original, 'image/jpeg', new Date(Date.now() - 60_000));
	await scene.sandbox.resetCalls();
});

const AREA = { area: 'polygons', polygons: LOGO_POLYGON };

interface Case {
	parameters?: INodeParameters;
	options?: INodeParameters;
	file?: Buffer;
	node?: IDataObject;
}

async function run(operation: string, { parameters, options, file = original, node }: Case = {}) {
	const binary = { data: { content: file, mimeType: 'image/jpeg', fileName: 'a.jpg' } };
	return await scene.run(
		{
			operation,
			...named('a.jpg'),
			...AREA,
			...parameters,
			options: { verifyResult: 'report', ...options },
		},
		[{ json: {}, binary }],
		{ node },
	);
}

type Run = Awaited<ReturnType<typeof run>>;

const jsonOf = (result: Run): IDataObject => result.output(NODE)[0]?.json ?? {};
const verificationOf = (result: Run) => jsonOf(result).verification as IDataObject | undefined;
const lineOf = (result: Run) => result.hints(NODE)[0]?.message;

async function copiesMade(): Promise<number> {
	return (await scene.sandbox.calls()).filter(({ kind }) => kind === 'image-mogr').length;
}

async function spoil(as: WrongResult, ...more: FaultRule[]): Promise<void> {
	const kind = ['repair-upload', 'repair-cloud', 'repair-download'] as const;
	await scene.sandbox.setFaults([...more, { kind, fault: { fault: 'result', as } }]);
}

describe.each(['upload', 'cloud'])('Verify Result of %s', (operation) => {
	test('says of a good repair what has changed, and what that took', async () => {
		const result = await run(operation);
		const { verdict, changedInside, changedOutside, ...rest } = verificationOf(result) ?? {};
		expect({ verdict, changedOutside, rest }).toEqual({
			verdict: 'repaired',
			changedOutside: 0,
			rest: {},
		});
		expect(changedInside).toBeGreaterThan(50);
		expect(lineOf(result)).toBe(
			'1 repaired, 1 billed call, 1 verified, 2 small copies made for it',
		);
		expect(await copiesMade()).toBe(2);
		expect(jsonOf(result)).not.toHaveProperty('imageInfo');
	});

	test.each<[WrongResult, string, IDataObject]>([
		['original', 'unchanged', {}],
		['elsewhere', 'changedElsewhere', {}],
		['smaller', 'resized', { size: IMAGE_SIZE, resultSize: { width: 60, height: 40 } }],
		['sideways', 'resized', { orientation: 'turned' }],
		['upsideDown', 'changedElsewhere', { orientation: 'turned' }],
		['mirrored', 'changedElsewhere', { orientation: 'turned' }],
		['recolored', 'changedElsewhere', {}],
	])('tells a result that is wrong: %s is %s', async (as, verdict, more) => {
		await spoil(as);
		const result = await run(operation);
		expect(verificationOf(result)).toMatchObject({ verdict, ...more });
		expect(verificationOf(result)?.why).toMatch(/\w{20}|\w+ \w+/);
		expect(lineOf(result)).toContain('1 result is not as it should be');
		const [hint] = result.hints(NODE);
		expect(hint?.type).toBe('warning');
	});

	test('needs no copy of a result that has the bytes of the original', async () => {
		await spoil('original');
		await run(operation);
		expect(await copiesMade()).toBe(0);
	});

	test('lets an item fail that is not as it should be, with all that was paid for, once', async () => {
		await spoil('elsewhere');
		const node = {
			onError: 'continueErrorOutput',
			retryOnFail: true,
			maxTries: 3,
			waitBetweenTries: 0,
		};
		const result = await run(operation, { options: { verifyResult: 'fail' }, node });
		const [item] = result.output(NODE, 1);
		expect(item?.json.error).toMatchObject({
			code: 'NotAsAsked',
			billed: 'yes',
			results: [{ key: 'a-repaired.jpg', status: 'stored' }],
			verification: { verdict: 'changedElsewhere' },
		});
		expect(await scene.billedCalls()).toBe(1);
		expect(await copiesMade()).toBe(2);
	});

	test('passes a good repair on although what is wrong fails', async () => {
		const result = await run(operation, { options: { verifyResult: 'fail' } });
		expect(verificationOf(result)).toMatchObject({ verdict: 'repaired' });
	});

	test('does not lose a paid repair when the service makes no copies', async () => {
		await scene.sandbox.setFaults([
			{ kind: 'image-mogr', fault: { fault: 'status', status: 403, code: 'AccessDenied' } },
		]);
		const result = await run(operation, { options: { verifyResult: 'fail' } });
		const { verdict, why } = verificationOf(result) ?? {};
		expect(verdict).toBe('notVerified');
		expect(why).toContain('Not compared: ');
		expect(lineOf(result)).toContain('1 not verified');
		expect(await scene.billedCalls()).toBe(1);
	});

	test('knows the area of a mask', async () => {
		await scene.sandbox.putObject('mask.png', await logoMask(), 'image/png');
		const mask = { area: 'mask', maskSource: 'object', maskObjectKey: byKey('mask.png') };
		const right = await run(operation, { parameters: mask });
		expect(verificationOf(right)).toMatchObject({ verdict: 'repaired', changedOutside: 0 });
		expect(verificationOf(right)).toHaveProperty('changedInside');
		await spoil('elsewhere');
		const wrong = await run(operation, { parameters: { ...mask, resultKey: 'b.jpg' } });
		expect(verificationOf(wrong)).toMatchObject({ verdict: 'changedElsewhere' });
	});

	test('looks at each of several results, and tells the worst first', async () => {
		const row = {
			resultKey: 'b.jpg',
			area: 'rectangles',
			rectangles: { rectangle: [{ x: 80, y: 50, width: 20, height: 16 }] },
		};
		const result = await run(operation, { options: { additionalResults: { result: [row] } } });
		expect(result.error).toBeUndefined();
		const results = jsonOf(result).results as Array<{ verification: IDataObject }>;
		expect(results.map(({ verification }) => verification.verdict)).toEqual([
			'repaired',
			'repaired',
		]);
		expect(await copiesMade()).toBe(3);
	});

	test('does not compare again what is there already', async () => {
		const options = { skipExisting: true };
		await run(operation, { options });
		// An upload has stored it just now, which leaves doubt.
		const before = new Date(Date.now() - 60_000);
		await scene.sandbox.putObject('a.jpg', original, 'image/jpeg', before);
		await scene.sandbox.resetCalls();
		const result = await run(operation, { options });
		expect(jsonOf(result)).toMatchObject({ skipped: true });
		expect(verificationOf(result)).toBeUndefined();
		expect(await copiesMade()).toBe(0);
	});

	test('compares a result that was found after its response was lost', async () => {
		const kind = ['repair-upload', 'repair-cloud'] as const;
		const fault = { fault: 'reset', processed: true, workMs: 1100 } as const;
		await scene.sandbox.setFaults([{ kind, fault }]);
		const result = await run(operation);
		expect(verificationOf(result)).toMatchObject({ verdict: 'repaired' });
		expect(await scene.billedCalls()).toBe(1);
	});

	test('says why a result in another bucket is not compared', async () => {
		const result = await run(operation, { options: { destinationBucket: OTHER } });
		expect(verificationOf(result)).toMatchObject({ verdict: 'notVerified' });
		expect(verificationOf(result)?.why).toContain('bucket of the result');
	});

	test.each([6, 3, 8])(
		'sees an image upright: with the EXIF orientation %d, what is shown is compared',
		async (orientation) => {
			const turned = await sharp(original)
				.withMetadata({ orientation })
				.jpeg({ quality: 95 })
				.toBuffer();
			await scene.sandbox.putObject('a.jpg', turned, 'image/jpeg');
			const right = await run(operation, { file: turned });
			expect(verificationOf(right)).toMatchObject({ verdict: 'repaired', changedOutside: 0 });
			await spoil('withoutOrientation');
			const wrong = await run(operation, { file: turned, parameters: { resultKey: 'b.jpg' } });
			const verdict = orientation === 3 ? 'changedElsewhere' : 'resized';
			expect(verificationOf(wrong)).toMatchObject({ verdict, orientation: 'turned' });
		},
	);

	test('of Automatic tells that the service found nothing', async () => {
		await spoil('original');
		const result = await run(operation, { parameters: { area: 'automatic' } });
		expect(verificationOf(result)).toMatchObject({ verdict: 'unchanged' });
		expect(verificationOf(result)?.why).toContain(
			'With Automatic, the service may have found nothing',
		);
	});

	test('looks again for what was found, and tells what remains', async () => {
		const find = async (nth: number, what: 'one' | 'nothing') => ({
			kind: 'detect-text' as const,
			nth,
			times: 1,
			fault: { fault: 'detection' as const, find: what },
		});
		const parameters = { area: 'text', textFilter: 'any' };
		const options = { lookAgain: true };
		await scene.sandbox.setFaults([await find(1, 'one'), await find(1, 'nothing')]);
		const gone = await run(operation, { parameters, options });
		expect(verificationOf(gone)).toMatchObject({ verdict: 'repaired', remaining: [] });
		expect(lineOf(gone)).toContain('2 detections');
		await scene.sandbox.setFaults([await find(1, 'one'), await find(1, 'one')]);
		const there = await run(operation, {
			parameters: { ...parameters, resultKey: 'b.jpg' },
			options: { ...options, verifyResult: 'fail' },
		});
		expect(there.error?.message).toContain('not as it should be');
		expect(there.error?.description).toContain('found in the result, too');
	});
});

test('an original that its result replaces is looked at before, if it is in the bucket', async () => {
	const parameters = { overwriteOriginal: true };
	const stored = await run('cloud', { parameters });
	expect(verificationOf(stored)).toMatchObject({ verdict: 'repaired', changedOutside: 0 });
	const uploaded = await run('upload', { parameters });
	expect(verificationOf(uploaded)).toMatchObject({ verdict: 'notVerified' });
	expect(verificationOf(uploaded)?.why).toContain('replaced the original');
});

describe('Verify Result of download', () => {
	test('compares a BMP by its own pixels', async () => {
		const bmp = await toBmp(await image('png'));
		await scene.sandbox.putObject('a.bmp', bmp, 'image/bmp');
		const right = await run('download', { parameters: named('a.bmp') });
		expect(verificationOf(right)).toMatchObject({ verdict: 'repaired', changedOutside: 0 });
		await spoil('original');
		const options = { verifyResult: 'fail' };
		const wrong = await run('download', { parameters: named('a.bmp'), options });
		expect(wrong.error?.message).toContain('unchanged');
		expect(wrong.error?.description).toContain('billed');
	});

	test('says of other formats that they are not verified, and asks for nothing', async () => {
		const result = await run('download', { options: { verifyResult: 'fail' } });
		expect(result.error).toBeUndefined();
		expect(verificationOf(result)).toMatchObject({ verdict: 'notVerified' });
		expect(await copiesMade()).toBe(0);
	});
});

/** A BMP of 24 bits, from the bottom up. */
async function toBmp(file: Buffer): Promise<Buffer> {
	const { data, info } = await sharp(file)
		.removeAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	const stride = Math.ceil((info.width * 3) / 4) * 4;
	const bmp = Buffer.alloc(54 + stride * info.height);
	bmp.write('BM', 'latin1');
	bmp.writeUInt32LE(bmp.length, 2);
	bmp.writeUInt32LE(54, 10);
	bmp.writeUInt32LE(40, 14);
	bmp.writeInt32LE(info.width, 18);
	bmp.writeInt32LE(info.height, 22);
	bmp.writeUInt16LE(1, 26);
	bmp.writeUInt16LE(24, 28);
	for (let y = 0; y < info.height; y++) {
		for (let x = 0; x < info.width; x++) {
			const from = (y * info.width + x) * 3;
			const to = 54 + (info.height - 1 - y) * stride + x * 3;
			for (const color of [0, 1, 2]) bmp[to + 2 - color] = data[from + color] ?? 0;
		}
	}
	return bmp;
}
