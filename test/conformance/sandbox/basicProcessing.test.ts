import COS from 'cos-nodejs-sdk-v5';
import sharp from 'sharp';

import type { Fault } from '../../../dev/sandbox/faults/faultRules';
import { decodeBmp, encodeBmp } from '../../../dev/sandbox/repair/bmp';
import { spawnSandbox, type SpawnedSandbox } from '../../../dev/sandbox/spawn';
import { bmpHeader, gif, heic } from './craftedImages';
import { boxPolygon, markedImage } from './image';
import { connectionEnd, send, type RawResponse } from './send';
import { signedFor } from './signed';

/** `imageMogr2` and `imageInfo`, and what they and Image Repair refuse. */

let sandbox: SpawnedSandbox;
let image: Buffer;
beforeAll(async () => {
	sandbox = await spawnSandbox();
	image = await markedImage();
	await sandbox.putObject('a.png', image, 'image/png');
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.resetCalls());

const ask = async (key: string, query: string): Promise<RawResponse> =>
	await send(sandbox.url, signedFor(sandbox, 'GET', `/${key}?${query}`));
/** The result of operations, which must succeed. */
async function processed(operations: string, source?: Buffer): Promise<Buffer> {
	const key = source ? 'source' : 'a.png';
	if (source) await sandbox.putObject(key, source, 'application/octet-stream');
	const { status, body } = await ask(key, operations);
	if (status !== 200) throw new Error(`${status}: ${body.toString()}`);
	return body;
}
async function infoOf(source: Buffer): Promise<Record<string, string>> {
	const info: unknown = JSON.parse((await processed('imageInfo', source)).toString());
	return info as Record<string, string>;
}
const rawPixels = async (bytes: Buffer) => await sharp(bytes).raw().toBuffer();
const bmpPixels = (bytes: Buffer) => {
	const { data = Buffer.alloc(0) } = decodeBmp(bytes) ?? {};
	return Buffer.from(data);
};
/** Width, height and bits per pixel, read from the header. */
const bmpHead = (bytes: Buffer) => [
	bytes.readInt32LE(18),
	bytes.readInt32LE(22),
	bytes.readUInt16LE(28),
];
const cutOff = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length * 0.6));

describe('a request signed by Tencent’s SDK', () => {
	const OPERATIONS = 'imageMogr2/cut/100x60x20x10|imageMogr2/thumbnail/50x50>/format/bmp';
	const place = () => ({ Bucket: sandbox.bucket, Region: sandbox.region, Key: 'a.png' });
	const client = () =>
		new COS({
			SecretId: sandbox.secretId,
			SecretKey: sandbox.secretKey,
			Domain: new URL(sandbox.url).host,
			Protocol: 'http:',
		});
	const presign = async (params: { Query: Record<string, string> } | { QueryString: string }) =>
		await new Promise<string>((resolve, reject) => {
			client().getObjectUrl({ ...place(), ...params, Sign: true }, (error, data) => {
				if (error) reject(new Error(error.message));
				else resolve(data.Url);
			});
		});
	const fetched = async (url: string) => {
		const { origin } = new URL(url);
		return await send(origin, { method: 'GET', target: url.slice(origin.length), headers: {} });
	};

	it('gets the processed image by its header and by an address', async () => {
		const direct = await client().getObject({ ...place(), Query: { [OPERATIONS]: '' } });
		expect(direct.headers?.['content-type']).toBe('image/bmp');
		expect(bmpHead(Buffer.from(direct.Body))).toEqual([50, 30, 24]);
		const url = await presign({ Query: { [OPERATIONS]: '' } });
		expect(url).toContain('imagemogr2%252fcut');
		const synchronous = client().getObjectUrl(
			{ ...place(), Query: { [OPERATIONS]: '' }, Sign: true },
			() => undefined,
		);
		for (const address of [url, synchronous]) {
			expect((await fetched(address)).body).toEqual(Buffer.from(direct.Body));
		}
		expect(await sandbox.calls()).toMatchObject([
			{ kind: 'image-mogr', authorization: 'header', query: { [OPERATIONS]: '' } },
			{ kind: 'image-mogr', authorization: 'query' },
			{ kind: 'image-mogr', authorization: 'query' },
		]);
	});

	it('keeps operations that it signs from being taken off or changed', async () => {
		const url = await presign({ Query: { [OPERATIONS]: '' } });
		const without = await fetched(url.replace(/&imageMogr2.*$/, ''));
		const changed = await fetched(url.replace('50x50', '99x99'));
		expect([without.code, changed.code]).toEqual([
			'SignatureDoesNotMatch',
			'SignatureDoesNotMatch',
		]);
	});

	it('may leave them unsigned, as Tencent’s example does', async () => {
		const QueryString = 'imageMogr2/thumbnail/80x/';
		const direct = await client().getObject({ ...place(), QueryString });
		expect((await sharp(Buffer.from(direct.Body)).metadata()).width).toBe(80);
		const { body } = await fetched(await presign({ QueryString }));
		expect(body).toEqual(Buffer.from(direct.Body));
	});

	it('means the same with and without percent-encoding', async () => {
		const bare = await ask('a.png', OPERATIONS);
		const encoded = await ask('a.png', encodeURIComponent(OPERATIONS));
		const withValue = await ask('a.png', `${encodeURIComponent(OPERATIONS)}=`);
		expect(bare.status).toBe(200);
		expect([encoded.body, withValue.body]).toEqual([bare.body, bare.body]);
	});
});

describe('imageMogr2', () => {
	it('scales and cuts the pixels as sharp does', async () => {
		const scaled = sharp(image).resize(64, 40, { fit: 'fill' });
		const bmp = await processed('imageMogr2/thumbnail/64x64/format/bmp');
		expect(bmpPixels(bmp)).toEqual(await rawPixels(await scaled.png().toBuffer()));
		const part = await sharp(image)
			.extract({ left: 30, top: 20, width: 70, height: 50 })
			.png()
			.toBuffer();
		expect(await rawPixels(await processed('imageMogr2/cut/70x50x30x20'))).toEqual(
			await rawPixels(part),
		);
		const chained = await processed('imageMogr2/cut/70x50x30x20|imageMogr2/thumbnail/!50p');
		const both = await sharp(part).resize(35, 25, { fit: 'fill' }).png().toBuffer();
		expect(await rawPixels(chained)).toEqual(await rawPixels(both));
	});

	it('does operations in their order', async () => {
		const cutFirst = await processed('imageMogr2/cut/80x50x0x0|imageMogr2/thumbnail/160x');
		const scaledFirst = await processed('imageMogr2/thumbnail/320x|imageMogr2/cut/80x50x0x0');
		expect((await sharp(cutFirst).metadata()).width).toBe(160);
		expect((await sharp(scaledFirst).metadata()).width).toBe(80);
	});

	it.each([
		['jpg', 'jpeg'],
		['png', 'png'],
		['webp', 'webp'],
		['gif', 'gif'],
	])('converts to %s', async (format, name) => {
		const { status, headers, body } = await ask('a.png', `imageMogr2/format/${format}`);
		expect([status, headers['content-type']]).toEqual([200, `image/${name}`]);
		expect(await sharp(body).metadata()).toMatchObject({ format: name, width: 160, height: 100 });
	});

	it('keeps every pixel in PNG and BMP, with 32 bits for one with transparency', async () => {
		expect(await rawPixels(await processed('imageMogr2/format/png'))).toEqual(
			await rawPixels(image),
		);
		const seen = await sharp(image).ensureAlpha(0.5).png().toBuffer();
		const bmp = await processed('imageMogr2/format/bmp', seen);
		expect(bmpHead(bmp)).toEqual([160, 100, 32]);
		expect(bmpPixels(bmp)).toEqual(await rawPixels(seen));
	});

	it.each([
		['a grey PNG', (source: sharp.Sharp) => source.greyscale().png()],
		['a PNG of 16 bits', (source: sharp.Sharp) => source.toColourspace('rgb16').png()],
		['a TIFF', (source: sharp.Sharp) => source.tiff({ compression: 'lzw' })],
		['an AVIF', (source: sharp.Sharp) => source.avif({ lossless: true, effort: 0 })],
		['a CMYK JPEG', (source: sharp.Sharp) => source.toColourspace('cmyk').jpeg()],
	])('reads %s', async (_, make) => {
		const source = await make(sharp(image)).toBuffer();
		const bmp = await processed('imageMogr2/format/bmp', source);
		expect(bmpHead(bmp)).toEqual([160, 100, 24]);
		const expected = await sharp(source).toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer();
		expect(bmpPixels(bmp)).toEqual(expected);
	});

	it('reads a BMP, and gives a source without format/ back in its own format', async () => {
		const data = await rawPixels(image);
		const bmp = encodeBmp({ data, width: 160, height: 100, channels: 3 });
		expect(await processed('imageMogr2/cut/160x100x0x0', bmp)).toEqual(bmp);
	});

	it('takes pixels as stored, turns them in auto-orient only and keeps metadata until strip', async () => {
		const source = await sharp(image).withMetadata({ orientation: 6 }).jpeg().toBuffer();
		const stored = await processed('imageMogr2/thumbnail/80x', source);
		expect(await sharp(stored).metadata()).toMatchObject({
			...{ width: 80, height: 50, orientation: 6 },
		});
		const turned = await processed('imageMogr2/auto-orient', source);
		expect(await sharp(turned).metadata()).toMatchObject({ width: 100, height: 160 });
		expect((await sharp(turned).metadata()).orientation ?? 1).toBe(1);
		const stripped = await processed('imageMogr2/strip', source);
		expect(await sharp(stored).metadata()).toHaveProperty('exif');
		expect(await sharp(stripped).metadata()).toMatchObject({ width: 160, height: 100 });
		expect(await sharp(stripped).metadata()).not.toHaveProperty('exif');
	});

	it('takes the first frame of an animation, and refuses to make one', async () => {
		const source = await sharp([image, await sharp(image).negate().toBuffer()], {
			join: { animated: true },
		})
			.gif()
			.toBuffer();
		const bmp = await processed('imageMogr2/format/bmp', source);
		expect(bmpHead(bmp).slice(0, 2)).toEqual([160, 100]);
		expect(bmpPixels(bmp)).toEqual(await rawPixels(source));
		expect((await ask('source', 'imageMogr2/thumbnail/9x')).code).toBe('NotImplemented');
	});

	it('makes a smaller JPG with a lower quality', async () => {
		const at = async (quality: string) =>
			(await processed(`imageMogr2/format/jpg/${quality}`)).length;
		expect(await at('quality/20')).toBeLessThan(await at('quality/90'));
		expect(await at('rquality/20')).toBeLessThan(await at('rquality/90'));
	});

	it.each([
		['a cut beyond the image', 'imageMogr2/cut/100x100x61x0', 400, 'InvalidArgument'],
		['an unknown operation', 'imageMogr2/spin/9', 400, 'InvalidArgument'],
		['ignore-error', 'imageMogr2/format/bmp/ignore-error/1', 400, 'InvalidArgument'],
		['eleven operations', Array(11).fill('imageMogr2/strip').join('|'), 400, 'InvalidArgument'],
		['two operations', 'imageMogr2/strip&imageMogr2/format/bmp', 400, 'InvalidArgument'],
		['an operation with a value', 'imageMogr2/strip=1', 400, 'InvalidArgument'],
		['another parameter', 'imageMogr2/strip&x=1', 400, 'InvalidArgument'],
		['a result that is too wide', 'imageMogr2/thumbnail/50001x', 400, 'ImageResolutionExceed'],
		['one for WebP', 'imageMogr2/thumbnail/16384x1!/format/webp', 400, 'ImageResolutionExceed'],
		['one over 32 MB', 'imageMogr2/thumbnail/4000x3000!/format/bmp', 400, 'ImageTooLarge'],
		['a format it cannot make', 'imageMogr2/format/avif', 501, 'NotImplemented'],
		['another module', 'watermark/2/text/eA', 501, 'NotImplemented'],
	])('refuses %s', async (_, query, status, code) => {
		const refused = await ask('a.png', query);
		expect([refused.status, refused.code]).toEqual([status, code]);
		expect(refused.headers['content-type']).toBe('application/xml');
	});

	it('refuses to enlarge a GIF, an object that is missing, and any method but GET', async () => {
		await sandbox.putObject('small.gif', gif(4, 4, 1), 'image/gif');
		expect((await ask('small.gif', 'imageMogr2/thumbnail/8x')).code).toBe('InvalidArgument');
		const missing = await ask('none.png', 'imageMogr2/format/bmp');
		expect([missing.status, missing.code, missing.headers['x-errno']]).toEqual([
			404,
			'NoSuchKey',
			undefined,
		]);
		const target = '/a.png?imageMogr2/format/bmp';
		const put = await send(sandbox.url, {
			...signedFor(sandbox, 'PUT', target, { 'Content-Length': '0' }),
		});
		expect(put.code).toBe('NotImplemented');
	});
});

describe('imageInfo', () => {
	it.each([
		['tiff', async () => await sharp(image).tiff().toBuffer(), '160', '100'],
		['avif', async () => await sharp(image).avif({ effort: 0 }).toBuffer(), '160', '100'],
		['heif', () => heic(4032, 3024), '4032', '3024'],
		[
			'bmp',
			() => encodeBmp({ data: Buffer.alloc(24), width: 4, height: 2, channels: 3 }),
			'4',
			'2',
		],
		[
			'jpeg',
			async () => await sharp(image).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
			...(['160', '100'] as const),
		],
	])('tells the stored sides of a %s as text', async (format, make, width, height) => {
		const source = await make();
		const info = await infoOf(source);
		expect(info).toMatchObject({
			...{ format, width, height, frame_count: '1' },
			size: String(source.length),
		});
		expect('photo_rgb' in info).toBe(format !== 'heif');
	});

	it('counts the frames of an animation', async () => {
		expect(await infoOf(gif(6, 5, 3))).toMatchObject({
			...{ format: 'gif', width: '6', height: '5', frame_count: '3' },
		});
	});

	it('has no limit of its own for results', async () => {
		const wide = await sharp({
			create: { width: 12_000, height: 1, channels: 3, background: '#fff' },
		})
			.png()
			.toBuffer();
		expect(await infoOf(wide)).toMatchObject({ width: '12000', height: '1' });
	});
});

/** An image that no call can process, and with which code and `X-ErrNo`. */
const REFUSED: Array<
	[name: string, make: () => Buffer | Promise<Buffer>, code: string, errNo: string | undefined]
> = [
	['a PDF', () => Buffer.from('%PDF-1.7\n1 0 obj'), 'InvalidImageFormat', '-441'],
	['an empty object', () => Buffer.alloc(0), 'InvalidImageFormat', '-441'],
	[
		'an SVG',
		() => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
		'InvalidImageFormat',
		'-441',
	],
	['33 MB', () => Buffer.alloc(33 * 1024 * 1024), 'ImageTooLarge', '-167'],
	['a side of 50,001 pixels', () => bmpHeader(50_001, 1), 'ImageResolutionExceed', '-447'],
	['300 million pixels', () => bmpHeader(20_000, 15_000), 'ImageResolutionExceed', '-447'],
	['301 frames', () => gif(2, 2, 301), 'ImageResolutionExceed', '-447'],
	['frames of 252 million pixels', () => gif(2000, 2000, 63), 'ImageResolutionExceed', '-447'],
	['half a PNG', () => cutOff(image), 'InvalidImageSource', undefined],
	[
		'half a JPEG',
		async () => cutOff(await sharp(image).jpeg().toBuffer()),
		'InvalidImageSource',
		undefined,
	],
	[
		'half a WebP',
		async () => cutOff(await sharp(image).webp().toBuffer()),
		'InvalidImageSource',
		undefined,
	],
	[
		'half a GIF',
		async () => cutOff(await sharp(image).gif().toBuffer()),
		'InvalidImageSource',
		undefined,
	],
	[
		'half a TIFF',
		async () => cutOff(await sharp(image).tiff().toBuffer()),
		'InvalidImageSource',
		undefined,
	],
	['a BMP without pixels', () => bmpHeader(9, 9), 'InvalidImageSource', undefined],
];
const REPAIR = `ci-process=ImageRepair&MaskPoly=${boxPolygon}`;

describe('an image that cannot be processed', () => {
	it.each(REFUSED)('%s is refused by all calls', async (_, make, code, errNo) => {
		await sandbox.putObject('bad', await make(), 'image/png');
		for (const query of ['imageInfo', 'imageMogr2/format/bmp', REPAIR]) {
			const refused = await ask('bad', query);
			expect([query, refused.status, refused.code, refused.headers['x-errno']]).toEqual([
				...[query, 400, code, errNo],
			]);
		}
		expect((await sandbox.calls()).some(({ billed }) => billed)).toBe(false);
	});

	it.each([
		['TIFF', async () => await sharp(image).tiff().toBuffer(), 'InvalidImageFormat'],
		['AVIF', async () => await sharp(image).avif({ effort: 0 }).toBuffer(), 'InvalidImageFormat'],
		['HEIF', () => heic(160, 100), 'NotImplemented'],
	])('%s is not repaired', async (_, make, code) => {
		await sandbox.putObject('other', await make(), 'image/png');
		expect((await ask('other', REPAIR)).code).toBe(code);
	});

	it('HEIF is not decoded', async () => {
		await sandbox.putObject('a.heic', heic(160, 100), 'image/heic');
		expect((await ask('a.heic', 'imageMogr2/format/bmp')).code).toBe('NotImplemented');
	});
});

describe('what is kept of imageMogr2, and done to it', () => {
	const operations = 'imageMogr2/thumbnail/80x/format/bmp';
	const withFault = async (fault: Fault, query = operations) => {
		await sandbox.setFaults([{ kind: ['image-mogr', 'image-info', 'repair-download'], fault }]);
		return await ask('a.png', query).finally(async () => await sandbox.clearFaults());
	};

	it('the ledger has it as a call that is not billed as a repair', async () => {
		await sandbox.resetLedger();
		await processed(operations);
		expect((await sandbox.ledger()).calls).toMatchObject([
			{
				kind: 'image-mogr',
				key: 'a.png',
				billed: false,
				results: [],
				asked: [],
				answered: 'whole',
			},
		]);
	});

	it.each<[string, Fault, number, Record<string, string>]>([
		['a status', { fault: 'status', status: 503, code: 'SlowDown' }, 503, {}],
		['a placeholder', { fault: 'placeholder' }, 200, { 'x-errno': '-6101' }],
		['a redirect', { fault: 'redirect', to: 'original', errNo: -156 }, 302, { 'x-errno': '-156' }],
	])('it can meet %s', async (_, fault, status, headers) => {
		const response = await withFault(fault);
		expect(response.status).toBe(status);
		expect(response.headers).toMatchObject(headers);
	});

	it('its body can end in the middle', async () => {
		await sandbox.setFaults([{ kind: 'image-mogr', fault: { fault: 'cut', by: 'end' } }]);
		const request = signedFor(sandbox, 'GET', `/a.png?${operations}`);
		expect(await connectionEnd(sandbox.url, request)).toBe('end');
		await sandbox.clearFaults();
	});

	it.each([operations, 'imageInfo', REPAIR])(
		'the original can take the place of its result, and of %s',
		async (query) => {
			await sandbox.resetLedger();
			const { status, headers, body } = await withFault({ fault: 'original' }, query);
			expect([status, headers['content-type']]).toEqual([200, 'image/png']);
			expect(body).toEqual(image);
			expect((await sandbox.ledger()).calls).toMatchObject([
				{ billed: false, answered: 'fault', fault: 'original', results: [] },
			]);
		},
	);
});
