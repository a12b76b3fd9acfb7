import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

import COS from 'cos-nodejs-sdk-v5';
import sharp from 'sharp';

import type { Fault } from '../../../dev/sandbox/faults/faultRules';
import { startSandbox } from '../../../dev/sandbox/sandbox';
import { spawnSandbox, type SpawnedSandbox } from '../../../dev/sandbox/spawn';
import { logoPng, marked, plain } from '../../unit/sandbox/drawings';
import { markedImage } from './image';
import { connectionEnd, send, type RawResponse } from './send';
import { signedFor } from './signed';

/** `ci-process=OCR` and `ci-process=RecognizeLogo`. */

const OCR = 'ci-process=OCR';
const LOGO = 'ci-process=RecognizeLogo';

/** The texts of all elements with this name. */
const texts = (xml: string, name: string) =>
	[...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, text = '']) => text);
const places = (xml: string) =>
	texts(xml, 'Polygon').map((point) => [texts(point, 'X'), texts(point, 'Y')].flat().map(Number));
const clientOf = ({ secretId, secretKey, url }: SpawnedSandbox) =>
	new COS({
		SecretId: secretId,
		SecretKey: secretKey,
		Domain: new URL(url).host,
		Protocol: 'http:',
	});
const presigned = async (client: COS, params: Omit<COS.GetObjectUrlParams, 'Sign'>) =>
	await new Promise<string>((resolve, reject) => {
		client.getObjectUrl({ ...params, Sign: true }, (error, data) => {
			if (error) reject(new Error(error.message));
			else resolve(data.Url);
		});
	});

describe('a request of Tencent’s SDK', () => {
	let sandbox: SpawnedSandbox;
	let cos: COS;
	let folder: string;
	beforeAll(async () => {
		folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sandbox-logos-'));
		const logo = await logoPng();
		fs.writeFileSync(path.join(folder, 'Example Shop.png'), logo);
		sandbox = await spawnSandbox({ logos: folder });
		cos = clientOf(sandbox);
		const text = { text: 'shop-a.com', x: 500, y: 560, fill: '#234' };
		const image = sharp(await marked(await plain('#9ab'), text));
		const composed = image.composite([{ input: logo, left: 80, top: 60 }]);
		await sandbox.putObject('a b.png', await composed.png().toBuffer(), 'image/png');
	});
	afterAll(async () => {
		await sandbox.close();
		fs.rmSync(folder, { recursive: true, force: true });
	});

	const place = () => ({ Bucket: sandbox.bucket, Region: sandbox.region });
	const ask = async (Key: string, Query: Record<string, string>) =>
		await cos.request({ ...place(), Method: 'GET', Key, Query });

	it('reads text, signed in the header or presigned', async () => {
		const Query = () => ({ 'ci-process': 'OCR', 'language-type': 'zh', isword: 'true' });
		const response = await ask('a b.png', Query());
		expect(response).toMatchObject({
			Response: {
				Angel: '0.00',
				Language: 'zh',
				PdfPageSize: '0',
				RequestId: expect.stringMatching(/.+/) as unknown,
				TextDetections: {
					DetectedText: 'shop-a.com',
					Confidence: expect.stringMatching(/^[89]\d$/) as unknown,
					ItemPolygon: {
						X: '502',
						Y: '530',
						Width: expect.stringMatching(/^25\d$/) as unknown,
						Height: '38',
					},
					Words: Array.from('shop-a.com', (Character) => ({ Character })),
				},
			},
		});
		const url = await presigned(cos, { ...place(), Key: 'a b.png', Query: Query() });
		const fetched = await fetch(url);
		expect(fetched.headers.get('content-type')).toBe('application/xml');
		const xml = await fetched.text();
		expect(places(xml)).toEqual([
			[502, 530],
			[756, 530],
			[756, 568],
			[502, 568],
		]);
		expect(texts(xml, 'WordCoordinate')).toHaveLength(4 * 10);
		expect(texts(xml, 'RequestId')).toEqual([fetched.headers.get('x-cos-request-id')]);
	});

	it('finds a logo of the folder', async () => {
		const response = await ask('a b.png', { 'ci-process': 'RecognizeLogo' });
		const point = expect.stringMatching(/^\d+,\d+$/) as unknown;
		expect(response).toMatchObject({
			RecognitionResult: {
				Status: '1',
				LogoInfo: {
					Name: 'Example Shop',
					Sorce: expect.stringMatching(/^(\d\d|100)$/) as unknown,
					Location: { Point: [point, point] },
				},
			},
		});
	});

	it('reads a smaller copy of an object by its address, in the pixels of the copy', async () => {
		const Query = { 'imageMogr2/thumbnail/450x': '' };
		const url = await presigned(cos, { ...place(), Key: 'a b.png', Query });
		const response = await ask('', { 'ci-process': 'OCR', 'detect-url': url });
		expect(response).toMatchObject({
			Response: { TextDetections: { DetectedText: 'shop-a.com' } },
		});
		const about = (number: number) =>
			expect.stringMatching(
				new RegExp(`^(${[-3, -2, -1, 0, 1, 2, 3].map((off) => number + off).join('|')})$`),
			) as unknown;
		expect(response).toHaveProperty('Response.TextDetections.ItemPolygon.X', about(251));
		expect(response).toHaveProperty('Response.TextDetections.ItemPolygon.Y', about(265));
		expect((await sandbox.ledger()).calls.slice(-2)).toMatchObject([
			{ kind: 'detect-text', detected: true, billed: false },
			{ kind: 'image-mogr', detected: false, billed: false },
		]);
	});
});

describe('without any looking', () => {
	let sandbox: SpawnedSandbox;
	let image: Buffer;
	beforeAll(async () => {
		sandbox = await spawnSandbox({ quick: true });
		image = await markedImage();
		await sandbox.putObject('a.gif', await sharp(image).gif().toBuffer(), 'image/gif');
		await sandbox.putObject('a.webp', await sharp(image).webp().toBuffer(), 'image/webp');
		await sandbox.putObject('a.pdf', Buffer.from('%PDF-1.7\n'), 'application/pdf');
	});
	afterAll(() => sandbox.close());
	beforeEach(async () => {
		await sandbox.clearFaults();
		await sandbox.clearPolicy();
		await sandbox.setRecognition(true);
		await sandbox.putObject('a.png', image, 'image/png');
		await sandbox.resetLedger();
		await sandbox.resetCalls();
	});

	const ask = async (query: string, key = 'a.png'): Promise<RawResponse> =>
		await send(sandbox.url, signedFor(sandbox, 'GET', `/${key}?${query}`));
	const withFault = async (fault: Fault, query = OCR): Promise<string> => {
		await sandbox.setFaults([{ kind: ['detect-text', 'detect-logo'], fault }]);
		const response = await ask(query);
		expect([response.status, response.headers['content-type']]).toEqual([200, 'application/xml']);
		return response.body.toString('utf8');
	};
	const lastEntry = async () => (await sandbox.ledger()).calls.at(-1);

	it('one text and one logo are in the middle of every image', async () => {
		expect(places((await ask(OCR)).body.toString())).toEqual([
			[60, 38],
			[100, 38],
			[100, 63],
			[60, 63],
		]);
		expect(texts((await ask(LOGO)).body.toString(), 'Point')).toEqual(['60,38', '100,63']);
	});

	it.each([
		['OCR', OCR, 'detect-text'],
		['RecognizeLogo', LOGO, 'detect-logo'],
	])('%s is billed as a detection and not as a repair', async (_, query, kind) => {
		await ask(query);
		const billing = { kind, detected: true, billed: false };
		expect(await sandbox.calls()).toMatchObject([billing]);
		expect(await lastEntry()).toMatchObject({
			...billing,
			...{ answered: 'whole', fault: '', results: [], asked: [] },
			source: { key: 'a.png', version: expect.any(Number) as unknown },
		});
	});

	it.each<[what: string, query: string, key: string, status: number, code: string, errNo?: string]>(
		[
			['a missing object', OCR, 'none.png', 404, 'NoSuchKey'],
			['a missing object with a logo', LOGO, 'none.png', 404, 'NoSuchKey'],
			['an unknown type', `${OCR}&type=best`, 'a.png', 400, 'InvalidArgument'],
			['an unknown language', `${OCR}&language-type=en`, 'a.png', 400, 'InvalidArgument'],
			['a parameter of OCR', `${LOGO}&type=general`, 'a.png', 400, 'InvalidArgument'],
			['a mask', `${OCR}&MaskPoly=x`, 'a.png', 400, 'InvalidArgument'],
			['neither object nor address', OCR, '', 400, 'InvalidArgument'],
			[
				'both object and address',
				`${LOGO}&detect-url=http%3A%2F%2F127.0.0.1%2F`,
				'a.png',
				400,
				'InvalidArgument',
			],
			['another host', `${OCR}&detect-url=http%3A%2F%2F192.0.2.1%2F`, '', 400, 'InvalidArgument'],
			['an animation', OCR, 'a.gif', 400, 'InvalidImageFormat', '-441'],
			['a WebP', OCR, 'a.webp', 400, 'InvalidImageFormat', '-441'],
			['a PDF', `${OCR}&ispdf=true`, 'a.pdf', 501, 'NotImplemented'],
			['what is no image', LOGO, 'a.pdf', 400, 'InvalidImageFormat', '-441'],
		],
	)('%s is refused, and not billed', async (...given) => {
		const [, query, key, status, code, errNo] = given;
		const refused = await ask(query, key);
		expect([refused.status, refused.code, refused.headers['x-errno']]).toEqual([
			status,
			code,
			errNo,
		]);
		expect(await lastEntry()).toMatchObject({ detected: false, billed: false, code });
	});

	it('a file of more than 7 MB as Base64 is refused', async () => {
		const answers: unknown[] = [];
		for (const size of [5_505_024, 5_505_025]) {
			const body = Buffer.concat([image, Buffer.alloc(size - image.length)]);
			const put = signedFor(sandbox, 'PUT', '/large.png', { 'Content-Length': String(size) });
			await send(sandbox.url, { ...put, body });
			const { status, code, headers } = await ask(OCR, 'large.png');
			answers.push([status, code, headers['x-errno']]);
		}
		expect(answers).toEqual([
			[200, '', undefined],
			[400, 'ImageTooLarge', '-167'],
		]);
		expect(await lastEntry()).toMatchObject({ detected: false });
	});

	it('both are refused while AI content recognition is not activated, and repairs are not', async () => {
		await sandbox.setRecognition(false);
		for (const query of [OCR, LOGO]) {
			const refused = await ask(query);
			expect([refused.status, refused.code]).toEqual([403, 'AccessDenied']);
			expect(refused.body.toString()).toContain('AI content recognition');
			expect(await lastEntry()).toMatchObject({ detected: false });
		}
		expect((await ask('ci-process=ImageRepair')).status).toBe(200);
	});

	it('each needs its own action on CI, and cos:GetObject on the object', async () => {
		const statuses = async (action: string[], resource = '*') => {
			const statement = [{ effect: 'allow', action, resource }];
			await sandbox.setPolicy({ document: { version: '2.0', statement } });
			return [(await ask(OCR)).status, (await ask(LOGO)).status];
		};
		expect(await statuses(['cos:GetObject'])).toEqual([403, 403]);
		expect(await statuses(['ci:CreateOCRJob'])).toEqual([403, 403]);
		expect(await statuses(['cos:GetObject', 'ci:CreateOCRJob'])).toEqual([200, 403]);
		expect(await statuses(['cos:GetObject', 'ci:*'])).toEqual([200, 200]);
		expect(await statuses(['cos:GetObject', 'ci:Create*'])).toEqual([200, 200]);
		const elsewhere = 'qcs::ci:ap-guangzhou:uid/1250000000:bucket/examplebucket-1250000000/b/*';
		expect(await statuses(['*'], elsewhere)).toEqual([403, 403]);
		expect((await sandbox.calls()).filter(({ detected }) => detected)).toHaveLength(5);
	});

	it('a parameter that was changed or taken off after signing is refused', async () => {
		const { headers } = signedFor(sandbox, 'GET', `/a.png?${OCR}&isword=true`);
		const codes: string[] = [];
		for (const query of [`${LOGO}&isword=true`, `${OCR}&isword=false`, OCR, `${OCR}&isword=true`]) {
			codes.push(
				(await send(sandbox.url, { method: 'GET', target: `/a.png?${query}`, headers })).code,
			);
		}
		const unsigned = { Host: headers.Host ?? '' };
		const target = `/a.png?${OCR}`;
		codes.push((await send(sandbox.url, { method: 'GET', target, headers: unsigned })).code);
		expect(codes).toEqual([...Array<string>(3).fill('SignatureDoesNotMatch'), '', 'AccessDenied']);
		expect((await sandbox.calls()).map(({ detected }) => detected)).toEqual([
			...[false, false, false, true, false],
		]);
	});

	describe('the fault "detection"', () => {
		it('finds nothing, which is billed all the same', async () => {
			const xml = await withFault({ fault: 'detection', find: 'nothing' });
			expect(xml).not.toContain('TextDetections');
			expect(texts(xml, 'Angel')).toEqual(['0.00']);
			expect(await lastEntry()).toMatchObject({ detected: true, answered: 'whole' });
			const logos = await withFault({ fault: 'detection', find: 'nothing' }, LOGO);
			expect([texts(logos, 'Status'), logos.includes('LogoInfo')]).toEqual([['0'], false]);
		});

		it('finds hundreds', async () => {
			const xml = await withFault({ fault: 'detection', find: 'many' });
			expect(new Set(texts(xml, 'DetectedText')).size).toBe(300);
			expect(
				texts(await withFault({ fault: 'detection', find: 'many' }, LOGO), 'Name'),
			).toHaveLength(300);
		});

		it('finds a text that is turned', async () => {
			const xml = await withFault({ fault: 'detection', find: 'turned' });
			expect(texts(xml, 'Angel')).toEqual(['30.00']);
			expect(places(xml)).toEqual([
				[69, 29],
				[104, 49],
				[91, 71],
				[56, 51],
			]);
			expect(texts(xml, 'Width').concat(texts(xml, 'Height'))).toEqual(['40', '25']);
		});

		it('finds a text of low confidence, and writes numbers with decimals or spaces', async () => {
			const unsure = await withFault({ fault: 'detection', find: 'unsure' });
			expect(texts(unsure, 'Confidence')).toEqual(['12']);
			const decimal = await withFault({ fault: 'detection', numbers: 'decimal' });
			expect([texts(decimal, 'Confidence'), texts(decimal, 'X')[1]]).toEqual([['99.00'], '60.00']);
			const spaced = await withFault({ fault: 'detection', numbers: 'spaced' }, LOGO);
			expect(texts(spaced, 'Sorce')).toEqual([' 99 ']);
		});

		it('finds what it is told to find, for the objects that its rule selects', async () => {
			const corners = [
				[1, 2],
				[9.5, 2],
				[9.5, 8],
				[1, 8],
			] as const;
			const fault: Fault = {
				...{ fault: 'detection', points: 4 },
				texts: [{ text: 'a & <b>', confidence: 50.5, corners }],
				logos: [{ name: 'Shop', score: 7, corners }],
			};
			expect(texts(await withFault(fault), 'DetectedText')).toEqual(['a &amp; &lt;b&gt;']);
			const points = texts(await withFault(fault, LOGO), 'Point');
			expect(points).toEqual(['1,2', '10,2', '10,8', '1,8']);
			await sandbox.setFaults([{ keyPrefix: 'b', fault }]);
			expect(texts((await ask(LOGO)).body.toString(), 'Name')).toEqual(['sandbox']);
		});

		it('writes a document with nothing in it', async () => {
			expect(await withFault({ fault: 'detection', empty: true })).toMatch(/<Response\/>$/);
			expect(await withFault({ fault: 'detection', empty: true }, LOGO)).toMatch(
				/<RecognitionResult\/>$/,
			);
		});
	});

	it('the other faults work as with any call', async () => {
		const broken = await withFault({ fault: 'xml', shape: 'duplicated', node: 'TextDetections' });
		expect(texts(broken, 'DetectedText')).toHaveLength(2);
		expect(await lastEntry()).toMatchObject({ detected: true, answered: 'fault' });

		await sandbox.setFaults([{ fault: { fault: 'cut' } }]);
		const end = await connectionEnd(sandbox.url, signedFor(sandbox, 'GET', `/a.png?${OCR}`));
		expect(end).toContain('ECONNRESET');
		expect(await lastEntry()).toMatchObject({ detected: true, answered: 'fault' });

		for (const status of [429, 503]) {
			await sandbox.setFaults([{ fault: { fault: 'status', status, retryAfter: 2 } }]);
			const refused = await ask(LOGO);
			expect([refused.status, refused.headers['retry-after']]).toEqual([status, '2']);
			expect(await lastEntry()).toMatchObject({ detected: false, answered: 'refused' });
		}
		await sandbox.setFaults([
			{ fault: { fault: 'status', status: 403, errNo: -29214, body: 'empty', processed: true } },
		]);
		expect((await ask(OCR)).headers['x-errno']).toBe('-29214');
		expect(await lastEntry()).toMatchObject({ detected: true, billed: false });
		await sandbox.setFaults([{ fault: { fault: 'original' } }]);
		expect((await ask(OCR)).body).toEqual(image);
		expect(await lastEntry()).toMatchObject({ detected: false });
	});
});

it('a sandbox in the same process finds what a function says, by the bytes of the image', async () => {
	const corners = [
		[0, 0],
		[4, 0],
		[4, 4],
		[0, 4],
	] as const;
	const seen: number[] = [];
	const sandbox = await startSandbox({
		detect: (bytes) => {
			seen.push(bytes.length);
			return { texts: [{ text: 'made up', confidence: 77, corners }] };
		},
	});
	try {
		const image = await markedImage();
		const body = async () => await Promise.resolve(image);
		await sandbox.control({ method: 'PUT', url: '/objects/a.png', body });
		const ask = async (query: string) => {
			const response = await send(sandbox.url, signedFor(sandbox, 'GET', `/a.png?${query}`));
			return response.body.toString();
		};
		expect(texts(await ask(OCR), 'DetectedText')).toEqual(['made up']);
		expect(texts(await ask(LOGO), 'Status')).toEqual(['0']);
		expect(seen).toEqual([image.length, image.length]);
	} finally {
		await sandbox.close();
	}
});
