import fc from 'fast-check';

import { CHARACTER } from '../../../character';
import type { Polygon } from '../../../../cos/areas/points';
import { parsePolygons } from '../areas/shapes';
import { bucketName } from '../../../../cos/location/bucket';
import { locateBucket, requestUrl } from '../../../../cos/location/endpoint';
import { objectKey } from '../../../../cos/location/objectKey';
import { checkResults, resultKey, sourceAsResult } from '../../../../cos/location/resultKey';
import { imageUrl } from '../../../../cos/location/imageUrl';
import {
	downloadRequest,
	inBucketRequest,
	picOperations,
	publicImageRequest,
	uploadRequest,
	type Repair,
	type RepairArea,
	type RepairResult,
} from '../../../../cos/requests/imageRepair';
import { urlSafeBase64 } from '../../../../cos/signing/encoding';
import { invalidInput } from '../thrown';
import page from '../vectors/requests.json';

const location = locateBucket({
	bucket: 'examplebucket-1250000000',
	region: 'ap-chengdu',
	endpoint: 'default',
});
const source = objectKey('filename.jpg');
const polygons: Polygon[] = [
	[
		[608, 794],
		[1024, 794],
		[1024, 842],
		[608, 842],
	],
];
const maskUrl = imageUrl(page.examples.maskUrl, 'maskUrl');

function plainBase64(text: string): string {
	return Buffer.from(text, 'base64').toString('utf8');
}

function result(fileid: string, area: RepairArea = {}, bucket?: string): RepairResult {
	const other = bucket === undefined ? undefined : bucketName(bucket);
	return { target: resultKey(fileid, source, other), area };
}

function repair(...results: RepairResult[]): Repair {
	return { results: checkResults(results), returnImageInformation: false };
}

describe('the examples of the specification page', () => {
	it('MaskPic: the address of a mask, encoded', () => {
		expect(urlSafeBase64(page.maskUrl.plain)).toBe(page.maskUrl.encoded);
		expect(
			downloadRequest(objectKey('folder/document.jpg'), {
				maskUrl: imageUrl(page.maskUrl.plain, 'maskUrl'),
			}).query,
		).toEqual([
			['ci-process', 'ImageRepair'],
			['MaskPic', page.maskUrl.encoded],
		]);
	});

	it('MaskPoly: two polygons, already clockwise, encoded', () => {
		const parsed = parsePolygons(page.maskPoly);
		const [, [, encoded] = []] = downloadRequest(source, { polygons: parsed }).query;
		expect(plainBase64(encoded ?? '')).toBe(
			'[[[608,794],[1024,794],[1024,842],[608,842]],[[1295,62],[1295,30],[1597,32],[1597,64]]]',
		);
		expect(encoded).toMatch(/^[A-Za-z0-9_-]+$/);
	});

	it('MaskPoly: a single polygon is a 3-D matrix like several', () => {
		const [, [, encoded] = []] = downloadRequest(source, { polygons }).query;
		expect(plainBase64(encoded ?? '')).toBe('[[[608,794],[1024,794],[1024,842],[608,842]]]');
	});

	it('download: GET /<ObjectKey>?ci-process=ImageRepair', () => {
		const request = downloadRequest(objectKey('folder/document.jpg'), {});
		expect(request).toEqual({
			method: 'GET',
			key: 'folder/document.jpg',
			query: [['ci-process', 'ImageRepair']],
			headers: {},
		});
		expect(requestUrl(location, request.key, request.query)).toBe(
			'https://examplebucket-1250000000.cos.ap-chengdu.myqcloud.com/folder/document.jpg?ci-process=ImageRepair',
		);
	});

	it('upload: PUT /filename.jpg with its Pic-Operations and Content-Length', () => {
		const request = uploadRequest(source, repair(result('test.jpg', { maskUrl })), {
			contentType: 'image/jpeg',
			contentLength: 64,
		});
		expect(request).toEqual({
			method: 'PUT',
			key: 'filename.jpg',
			query: [],
			headers: {
				'Content-Type': 'image/jpeg',
				'Content-Length': '64',
				'Pic-Operations': page.examples.uploadPicOperations,
			},
		});
	});

	it('in the bucket: POST /filename.jpg?image_process with its Pic-Operations and no body', () => {
		const request = inBucketRequest(source, repair(result('bigpic_process.jpg', { maskUrl })));
		expect(request).toEqual({
			method: 'POST',
			key: 'filename.jpg',
			query: [['image_process', '']],
			headers: {
				'Content-Type': 'application/octet-stream',
				'Content-Length': '0',
				'Pic-Operations': page.examples.cloudPicOperations,
			},
		});
		expect(requestUrl(location, request.key, request.query)).toBe(
			'https://examplebucket-1250000000.cos.ap-chengdu.myqcloud.com/filename.jpg?image_process',
		);
	});
});

describe('the area', () => {
	it('is left out when nothing is given, so that the service looks for logos itself', () => {
		expect(picOperations(repair(result('b.jpg')))).toBe(
			'{"rules":[{"fileid":"b.jpg","rule":"ci-process=ImageRepair"}]}',
		);
	});

	it('is sent as mask and as polygons when both are given', () => {
		const both = { maskUrl, polygons };
		expect(downloadRequest(source, both).query).toEqual([
			['ci-process', 'ImageRepair'],
			['MaskPic', urlSafeBase64(maskUrl)],
			['MaskPoly', urlSafeBase64('[[[608,794],[1024,794],[1024,842],[608,842]]]')],
		]);
		expect(picOperations(repair(result('b.jpg', both)))).toBe(
			`{"rules":[{"fileid":"b.jpg","rule":"ci-process=ImageRepair&MaskPic=${urlSafeBase64(maskUrl)}&MaskPoly=W1tbNjA4LDc5NF0sWzEwMjQsNzk0XSxbMTAyNCw4NDJdLFs2MDgsODQyXV1d"}]}`,
		);
	});

	it('uses the URL-safe alphabet without padding, even for a signed mask address in Chinese', () => {
		const text = 'https://example.com/掩码???>>>~~~.png?q-ak=x&q-sign-time=1;2';
		const signed = imageUrl(text, 'maskUrl');
		const [, [, encoded] = []] = downloadRequest(source, { maskUrl: signed }).query;
		expect(encoded).toMatch(/^[A-Za-z0-9_-]+$/);
		expect(encoded).toMatch(/[-_]/);
		expect(Buffer.from(encoded ?? '', 'base64url').toString('utf8')).toBe(signed);
	});

	it.each(['', 'mask.png', '/mask.png', 'ftp://example.com/mask.png', 'http://', 'javascript:1'])(
		'is refused for the mask address %j before anything is sent',
		(address) => {
			expect(invalidInput(() => imageUrl(address, 'maskUrl'))).toMatchObject({
				field: 'maskUrl',
				reason: address === '' ? 'url.empty' : 'url.notHttp',
				what:
					address === '' ? 'is empty' : 'is not an address that begins with http:// or https://',
				advice: expect.stringContaining('https://example.com/mask.png') as string,
			});
		},
	);

	it.each(['http://example.com/m.png', 'https://127.0.0.1:9/m.png', 'HTTPS://EXAMPLE.COM/'])(
		'takes the mask address %s as it is',
		(address) => {
			const checked = imageUrl(address, 'maskUrl');
			expect(checked).toBe(address);
			expect(downloadRequest(source, { maskUrl: checked }).query[1]).toEqual([
				'MaskPic',
				urlSafeBase64(address),
			]);
		},
	);
});

describe('a public image', () => {
	it('is named by detect-url in a request to the bucket itself', () => {
		const request = publicImageRequest(
			imageUrl('https://example.com/a b.png?x=1&y=2', 'imageUrl'),
			{ polygons },
		);
		expect(request).toEqual({
			method: 'GET',
			key: '',
			query: [
				['ci-process', 'ImageRepair'],
				['MaskPoly', urlSafeBase64('[[[608,794],[1024,794],[1024,842],[608,842]]]')],
				['detect-url', 'https://example.com/a b.png?x=1&y=2'],
			],
			headers: {},
		});
		expect(requestUrl(location, request.key, request.query)).toMatch(
			/^https:\/\/examplebucket-1250000000\.cos\.ap-chengdu\.myqcloud\.com\/\?ci-process=ImageRepair&MaskPoly=[\w-]+&detect-url=https%3A%2F%2Fexample\.com%2Fa%20b\.png%3Fx%3D1%26y%3D2$/,
		);
	});

	it('has to be an http(s) address', () => {
		expect(invalidInput(() => imageUrl('file:///etc/passwd', 'imageUrl'))).toMatchObject({
			field: 'imageUrl',
			reason: 'url.notHttp',
		});
		expect(invalidInput(() => imageUrl('', 'imageUrl'))).toMatchObject({
			field: 'imageUrl',
			reason: 'url.empty',
			what: 'is empty',
		});
	});
});

describe('Pic-Operations', () => {
	it('asks for image information only when wanted', () => {
		const plain = repair(result('out/1.jpg'));
		const informed = { ...plain, returnImageInformation: true };
		expect(picOperations(informed)).toBe(
			'{"is_pic_info":1,"rules":[{"fileid":"out/1.jpg","rule":"ci-process=ImageRepair"}]}',
		);
		expect(picOperations(plain)).not.toContain('is_pic_info');
		const body = { contentType: 'image/png', contentLength: 1 };
		for (const [wanted, header] of [
			[informed, picOperations(informed)],
			[plain, picOperations(plain)],
		] as const) {
			expect(inBucketRequest(source, wanted).headers['Pic-Operations']).toBe(header);
			expect(uploadRequest(source, wanted, body).headers['Pic-Operations']).toBe(header);
		}
	});

	it('holds up to five results, each with its own key, area and bucket', () => {
		const five = repair(
			result('a.jpg'),
			result('/top/b.jpg', { maskUrl }),
			result('c.jpg', { polygons }),
			result('d.jpg', {}, 'results-1250000000'),
			result('e.jpg', { polygons, maskUrl }),
		);
		const mask = `MaskPic=${urlSafeBase64(maskUrl)}`;
		const poly = `MaskPoly=${urlSafeBase64('[[[608,794],[1024,794],[1024,842],[608,842]]]')}`;
		expect(JSON.parse(picOperations(five))).toStrictEqual({
			rules: [
				{ fileid: 'a.jpg', rule: 'ci-process=ImageRepair' },
				{ fileid: '/top/b.jpg', rule: `ci-process=ImageRepair&${mask}` },
				{ fileid: 'c.jpg', rule: `ci-process=ImageRepair&${poly}` },
				{ bucket: 'results-1250000000', fileid: 'd.jpg', rule: 'ci-process=ImageRepair' },
				{ fileid: 'e.jpg', rule: `ci-process=ImageRepair&${mask}&${poly}` },
			],
		});
	});

	it('names the source in absolute form to replace it', () => {
		const target = sourceAsResult(objectKey('p1/test1.jpg'));
		expect(picOperations(repair({ target, area: {} }))).toBe(
			'{"rules":[{"fileid":"/p1/test1.jpg","rule":"ci-process=ImageRepair"}]}',
		);
	});

	it('is pure ASCII that reads back equal, whatever the result key', () => {
		const fileids = fc
			.string({ unit: CHARACTER, minLength: 1, maxLength: 30 })
			.filter((text) => !text.includes('\0') && !text.endsWith('/'))
			.filter((text) => !text.split('/').some((part) => part === '.' || part === '..'))
			.filter((text) => Buffer.byteLength(text) <= 100);
		fc.assert(
			fc.property(fileids, (fileid) => {
				const header = picOperations(repair(result(fileid)));
				expect(header).toMatch(/^[\x20-\x7e]*$/);
				expect(JSON.parse(header)).toEqual({
					rules: [{ fileid, rule: 'ci-process=ImageRepair' }],
				});
			}),
			{ numRuns: 1000, seed: 5 },
		);
	});

	it('escapes Chinese, emoji, and the DEL character', () => {
		expect(picOperations(repair(result('清晰/😀\u007f.jpg')))).toBe(
			String.raw`{"rules":[{"fileid":"\u6e05\u6670/\ud83d\ude00\u007f.jpg","rule":"ci-process=ImageRepair"}]}`,
		);
	});
});

describe('every request', () => {
	it('takes checked values only, as the compiler knows', () => {
		const plain = 'filename.jpg';
		const results = [result('b.jpg')];
		const checked = repair(...results);
		const body = { contentType: 'image/png', contentLength: 1 };
		const requests = [
			// @ts-expect-error A key that was not checked.
			downloadRequest(plain, {}),
			// @ts-expect-error A key that was not checked.
			uploadRequest(plain, checked, body),
			// @ts-expect-error A key that was not checked.
			inBucketRequest(plain, checked),
			// @ts-expect-error An address that was not checked.
			publicImageRequest('file:///etc/passwd', {}),
			// @ts-expect-error Results that were not checked together.
			inBucketRequest(source, { results, returnImageInformation: false }),
			// @ts-expect-error A result key that was not checked.
			inBucketRequest(source, repair({ target: { fileid: 'b.jpg', key: source }, area: {} })),
		];
		expect(requests).toHaveLength(6);
	});
});

describe('a request that is too long to arrive', () => {
	/** A polygon whose text has about so many characters. */
	const polygonOf = (corners: number): Polygon =>
		Array.from({ length: corners }, (_, index) => [
			20_000 + Math.round(9999 * Math.cos((index / corners) * 2 * Math.PI)),
			20_000 + Math.round(9999 * Math.sin((index / corners) * 2 * Math.PI)),
		]);
	const long = imageUrl(`https://example.com/${'a'.repeat(8200)}`, 'maskUrl');
	const short = imageUrl('https://example.com/a', 'maskUrl');

	it('is composed up to 8 KB', () => {
		const { query } = downloadRequest(source, { polygons: [polygonOf(420)] });
		expect(requestUrl(location, '', query).length).toBeGreaterThan(7000);
		const header = picOperations(repair(result('a.jpg', { polygons: [polygonOf(420)] })));
		expect(header.length).toBeGreaterThan(7000);
	});

	it.each<[what: string, field: string, compose: () => unknown]>([
		['a download', 'area', () => downloadRequest(source, { polygons: [polygonOf(600)] })],
		[
			'a download with a long mask address',
			'maskUrl',
			() => downloadRequest(source, { maskUrl: long }),
		],
		['a public image', 'area', () => publicImageRequest(short, { polygons: [polygonOf(600)] })],
		['a public image with a long address', 'imageUrl', () => publicImageRequest(long, {})],
		[
			'one result',
			'area',
			() => picOperations(repair(result('a.jpg', { polygons: [polygonOf(600)] }))),
		],
		[
			'several results together',
			'area',
			() =>
				picOperations(
					repair(...[1, 2, 3].map((n) => result(`${n}.jpg`, { polygons: [polygonOf(200)] }))),
				),
		],
		[
			'a long mask address',
			'maskUrl',
			() => picOperations(repair(result('a.jpg', { maskUrl: long }))),
		],
		[
			'five long keys',
			'resultKey',
			() => picOperations(repair(...[1, 2, 3, 4, 5].map((n) => result(`${n}${'中'.repeat(280)}`)))),
		],
	])('is refused with the field that makes it so: %s', (_, field, compose) => {
		const refusal = invalidInput(compose);
		expect(refusal).toMatchObject({ field, reason: 'request.tooLong' });
		expect(refusal.what).toMatch(/^makes a request with a line of \d{4,5} bytes, more than 8192$/);
		expect(refusal.advice).toMatch(/^Use fewer shapes/);
	});
});
