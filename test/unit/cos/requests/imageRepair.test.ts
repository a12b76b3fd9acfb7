import fc from 'fast-check';

import { parsePolygons, type Polygon } from '../../../../cos/areas/areas';
import { encodeQuery, percentEncode, urlSafeBase64 } from '../../../../cos/signing/encoding';
import { requestUrl, type BucketLocation } from '../../../../cos/location/endpoint';
import {
	checkFileid,
	checkImageUrl,
	cloudRequest,
	downloadRequest,
	picOperations,
	publicImageRequest,
	uploadRequest,
	type RepairResult,
} from '../../../../cos/requests/imageRepair';
import { invalidInput } from '../thrown';
import page from '../vectors/requests.json';

const location: BucketLocation = {
	bucket: 'examplebucket-1250000000',
	region: 'ap-chengdu',
	endpoint: 'default',
};
const polygons: Polygon[] = [
	[
		[608, 794],
		[1024, 794],
		[1024, 842],
		[608, 842],
	],
];
const { maskUrl } = page.examples;

function plainBase64(text: string): string {
	return Buffer.from(text, 'base64').toString('utf8');
}

describe('the examples of the specification page', () => {
	it('MaskPic: the address of a mask, encoded', () => {
		expect(urlSafeBase64(page.maskUrl.plain)).toBe(page.maskUrl.encoded);
		expect(downloadRequest('folder/document.jpg', { maskUrl: page.maskUrl.plain }).query).toEqual([
			['ci-process', 'ImageRepair'],
			['MaskPic', page.maskUrl.encoded],
		]);
	});

	it('MaskPoly: two polygons, clockwise as they are, encoded', () => {
		const parsed = parsePolygons(page.maskPoly);
		const [, [, encoded] = []] = downloadRequest('a.jpg', { polygons: parsed }).query;
		expect(plainBase64(encoded ?? '')).toBe(
			'[[[608,794],[1024,794],[1024,842],[608,842]],[[1295,62],[1295,30],[1597,32],[1597,64]]]',
		);
		expect(encoded).toMatch(/^[A-Za-z0-9_-]+$/);
	});

	it('MaskPoly: a single polygon is a 2-D matrix', () => {
		const [, [, encoded] = []] = downloadRequest('a.jpg', { polygons }).query;
		expect(plainBase64(encoded ?? '')).toBe('[[608,794],[1024,794],[1024,842],[608,842]]');
	});

	it('download: GET /<ObjectKey>?ci-process=ImageRepair', () => {
		const request = downloadRequest('folder/document.jpg', {});
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
		const request = uploadRequest('filename.jpg', [{ fileid: 'test.jpg', area: { maskUrl } }], {
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

	it('cloud: POST /filename.jpg?image_process with its Pic-Operations and no body', () => {
		const request = cloudRequest('filename.jpg', [
			{ fileid: 'bigpic_process.jpg', area: { maskUrl } },
		]);
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
		expect(picOperations([{ fileid: 'b.jpg', area: {} }])).toBe(
			'{"rules":[{"fileid":"b.jpg","rule":"ci-process=ImageRepair"}]}',
		);
	});

	it('is sent as mask and as polygons when both are given', () => {
		const both = { maskUrl, polygons };
		expect(downloadRequest('a.jpg', both).query).toEqual([
			['ci-process', 'ImageRepair'],
			['MaskPic', urlSafeBase64(maskUrl)],
			['MaskPoly', urlSafeBase64('[[608,794],[1024,794],[1024,842],[608,842]]')],
		]);
		expect(picOperations([{ fileid: 'b.jpg', area: both }])).toBe(
			`{"rules":[{"fileid":"b.jpg","rule":"ci-process=ImageRepair&MaskPic=${urlSafeBase64(maskUrl)}&MaskPoly=W1s2MDgsNzk0XSxbMTAyNCw3OTRdLFsxMDI0LDg0Ml0sWzYwOCw4NDJdXQ"}]}`,
		);
	});

	it('uses the URL-safe alphabet, without padding, also for a signed mask address in Chinese', () => {
		const signed = 'https://example.com/掩码???>>>~~~.png?q-ak=x&q-sign-time=1;2';
		const [, [, encoded] = []] = downloadRequest('a.jpg', { maskUrl: signed }).query;
		expect(encoded).toMatch(/^[A-Za-z0-9_-]+$/);
		expect(encoded).toMatch(/[-_]/);
		expect(Buffer.from(encoded ?? '', 'base64url').toString('utf8')).toBe(signed);
	});

	it.each(['', 'mask.png', '/mask.png', 'ftp://example.com/mask.png', 'http://', 'javascript:1'])(
		'is refused for the mask address %j before anything is sent',
		(address) => {
			for (const call of [
				() => downloadRequest('a.jpg', { maskUrl: address }),
				() => picOperations([{ fileid: 'b.jpg', area: { maskUrl: address } }]),
			]) {
				expect(invalidInput(call)).toMatchObject({
					field: 'maskUrl',
					what:
						address === '' ? 'is empty' : 'is not an address that begins with http:// or https://',
					advice: expect.stringContaining('https://example.com/mask.png') as string,
				});
			}
		},
	);

	it.each(['http://example.com/m.png', 'https://127.0.0.1:9/m.png', 'HTTPS://EXAMPLE.COM/'])(
		'takes the mask address %s as it is',
		(address) => {
			expect(() => {
				checkImageUrl(address, 'maskUrl');
			}).not.toThrow();
			expect(downloadRequest('a.jpg', { maskUrl: address }).query[1]).toEqual([
				'MaskPic',
				urlSafeBase64(address),
			]);
		},
	);
});

describe('a public image', () => {
	it('is named by detect-url in a request to the bucket itself', () => {
		const request = publicImageRequest('https://example.com/a b.png?x=1&y=2', { polygons });
		expect(request).toEqual({
			method: 'GET',
			key: '',
			query: [
				['ci-process', 'ImageRepair'],
				['MaskPoly', urlSafeBase64('[[608,794],[1024,794],[1024,842],[608,842]]')],
				['detect-url', 'https://example.com/a b.png?x=1&y=2'],
			],
			headers: {},
		});
		expect(requestUrl(location, request.key, request.query)).toMatch(
			/^https:\/\/examplebucket-1250000000\.cos\.ap-chengdu\.myqcloud\.com\/\?ci-process=ImageRepair&MaskPoly=[\w-]+&detect-url=https%3A%2F%2Fexample\.com%2Fa%20b\.png%3Fx%3D1%26y%3D2$/,
		);
	});

	it('has to be an http(s) address', () => {
		expect(invalidInput(() => publicImageRequest('file:///etc/passwd', {})).field).toBe('imageUrl');
		expect(invalidInput(() => publicImageRequest('', {})).what).toBe('is empty');
	});
});

describe('Pic-Operations', () => {
	function results(count: number): RepairResult[] {
		return Array.from({ length: count }, (_, index) => ({
			fileid: `out/${index + 1}.jpg`,
			area: {},
		}));
	}

	it('asks for image information only when wanted', () => {
		expect(picOperations(results(1), true)).toBe(
			'{"is_pic_info":1,"rules":[{"fileid":"out/1.jpg","rule":"ci-process=ImageRepair"}]}',
		);
		expect(picOperations(results(1), false)).not.toContain('is_pic_info');
		expect(cloudRequest('a.jpg', results(1), true).headers['Pic-Operations']).toContain(
			'"is_pic_info":1',
		);
		const body = { contentType: 'image/png', contentLength: 1 };
		expect(uploadRequest('a.jpg', results(1), body, true).headers['Pic-Operations']).toContain(
			'"is_pic_info":1',
		);
	});

	it('holds up to five results, each with its own key, area and bucket', () => {
		const five: RepairResult[] = [
			{ fileid: 'a.jpg', area: {} },
			{ fileid: '/top/b.jpg', area: { maskUrl } },
			{ fileid: 'c.jpg', area: { polygons } },
			{ fileid: 'd.jpg', area: {}, bucket: 'results-1250000000' },
			{ fileid: 'e.jpg', area: { polygons, maskUrl } },
		];
		const mask = `MaskPic=${urlSafeBase64(maskUrl)}`;
		const poly = `MaskPoly=${urlSafeBase64('[[608,794],[1024,794],[1024,842],[608,842]]')}`;
		expect(JSON.parse(picOperations(five))).toEqual({
			rules: [
				{ fileid: 'a.jpg', rule: 'ci-process=ImageRepair' },
				{ fileid: '/top/b.jpg', rule: `ci-process=ImageRepair&${mask}` },
				{ fileid: 'c.jpg', rule: `ci-process=ImageRepair&${poly}` },
				{ bucket: 'results-1250000000', fileid: 'd.jpg', rule: 'ci-process=ImageRepair' },
				{ fileid: 'e.jpg', rule: `ci-process=ImageRepair&${mask}&${poly}` },
			],
		});
	});

	it('refuses a sixth result', () => {
		expect(() => picOperations(results(5))).not.toThrow();
		expect(invalidInput(() => picOperations(results(6)))).toMatchObject({
			field: 'results',
			what: 'holds 6 results',
			advice: expect.stringMatching(/one to 5 results/) as string,
		});
	});

	it('refuses no result at all', () => {
		expect(invalidInput(() => cloudRequest('a.jpg', []))).toMatchObject({
			field: 'results',
			what: 'holds nothing',
		});
	});

	it('refuses a destination bucket without APPID', () => {
		expect(
			invalidInput(() => picOperations([{ fileid: 'a.jpg', area: {}, bucket: 'results' }])),
		).toMatchObject({ field: 'destinationBucket', what: '"results" is not a full bucket name' });
	});

	it('is pure ASCII that reads back equal, whatever the result key', () => {
		const fileids = fc
			.string({ unit: 'binary', minLength: 1, maxLength: 30 })
			.filter((text) => !text.includes('\0') && !text.endsWith('/'))
			.filter((text) => !text.split('/').some((part) => part === '.' || part === '..'))
			.filter((text) => Buffer.byteLength(text) <= 100);
		fc.assert(
			fc.property(fileids, (fileid) => {
				const header = picOperations([{ fileid, area: {} }]);
				expect(header).toMatch(/^[\x20-\x7e]*$/);
				expect(JSON.parse(header)).toEqual({
					rules: [{ fileid, rule: 'ci-process=ImageRepair' }],
				});
			}),
			{ numRuns: 1000, seed: 5 },
		);
	});

	it('escapes Chinese, emoji, and the DEL character', () => {
		expect(picOperations([{ fileid: '清晰/😀\u007f.jpg', area: {} }])).toBe(
			String.raw`{"rules":[{"fileid":"\u6e05\u6670/\ud83d\ude00\u007f.jpg","rule":"ci-process=ImageRepair"}]}`,
		);
	});
});

describe('a result key', () => {
	it.each(['b.jpg', 'p2/test2.jpg', '/p2/test2.jpg', '//p2.jpg', 'no extension', '.hidden'])(
		'may be %j',
		(fileid) => {
			expect(() => {
				checkFileid(fileid);
			}).not.toThrow();
		},
	);

	it.each([
		['', 'is empty'],
		['/', 'is empty'],
		['p2/', '"p2/" ends in "/", so the file would have no name'],
		['/p2/', '"/p2/" ends in "/", so the file would have no name'],
		['../b.jpg', '"../b.jpg" has "." or ".." as a folder'],
		['/./b.jpg', '"./b.jpg" has "." or ".." as a folder'],
		['a\0.jpg', 'holds a character that no key can have'],
		['a\ud83d.jpg', 'holds a character that no key can have'],
		['a'.repeat(851), 'is longer than 850 bytes'],
	])('may not be %j', (fileid, what) => {
		const refusal = invalidInput(() => picOperations([{ fileid, area: {} }]));
		expect(refusal).toMatchObject({ field: 'resultKey', what });
		expect(refusal.advice).toMatch(/^[A-Z].*\.$/);
	});

	it.each(['', '/'])('of %j is told what a result key can be', (fileid) => {
		const { advice } = invalidInput(() => picOperations([{ fileid, area: {} }]));
		expect(advice).toMatch(/relative to the folder of the source/);
	});
});

describe('every request', () => {
	it('checks the object key first', () => {
		const result = [{ fileid: 'b.jpg', area: {} }];
		const body = { contentType: 'image/png', contentLength: 1 };
		for (const call of [
			() => downloadRequest('', {}),
			() => uploadRequest('', result, body),
			() => cloudRequest('', result),
		]) {
			expect(invalidInput(call)).toMatchObject({ field: 'objectKey', what: 'is empty' });
		}
	});
});

describe('encoding', () => {
	it('leaves only letters, digits and - _ . ~', () => {
		const ascii = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code));
		expect(percentEncode(ascii).replace(/%[0-9A-F]{2}/g, '')).toBe(
			'-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~',
		);
		expect(decodeURIComponent(percentEncode(ascii))).toBe(ascii);
	});

	it('writes escapes in upper case, as UTF-8', () => {
		expect(percentEncode("中 +!'()*")).toBe('%E4%B8%AD%20%2B%21%27%28%29%2A');
	});

	it('does not accept half an emoji', () => {
		expect(() => percentEncode('\ud83d')).toThrow(URIError);
	});

	it('lets a parameter without a value stand alone', () => {
		expect(
			encodeQuery([
				['image_process', ''],
				['a b', 'c&d'],
			]),
		).toBe('image_process&a%20b=c%26d');
		expect(encodeQuery([])).toBe('');
	});

	it('gives Base64 that reads back equal, for any text', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				const encoded = urlSafeBase64(text);
				expect(encoded).toMatch(/^[A-Za-z0-9_-]*$/);
				expect(Buffer.from(encoded, 'base64url').toString('utf8')).toBe(text);
			}),
			{ numRuns: 500, seed: 6 },
		);
	});
});
