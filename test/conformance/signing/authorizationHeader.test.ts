import COS from 'cos-nodejs-sdk-v5';
import fc from 'fast-check';

import { authorize } from '../../../cos/signing/authorize';
import { requestUrl, type BucketLocation } from '../../../cos/location/endpoint';
import { cloudRequest, downloadRequest, uploadRequest } from '../../../cos/requests/imageRepair';
import { authorizationHeader } from '../../../cos/signing/signature';
import { requests, type GeneratedRequest } from './requests';

/** The header made by Tencent's SDK. `UseRawKey` keeps the leading slashes of a key. */
function sdkHeader(request: GeneratedRequest): string {
	const options = {
		SecretId: request.secretId,
		SecretKey: request.secretKey,
		Method: request.method,
		Pathname: `/${request.key}`,
		UseRawKey: true,
		Query: Object.fromEntries(request.query),
		Headers: Object.fromEntries(request.headers),
		KeyTime: `${request.keyTime.start};${request.keyTime.end}`,
	};
	return COS.getAuthorization(options);
}

function ourHeader({ method, key, query, headers, ...rest }: GeneratedRequest): string {
	const { secretId, secretKey, keyTime } = rest;
	return authorizationHeader(
		{ method, path: `/${key}`, query, headers },
		{ secretId, secretKey },
		keyTime,
	);
}

const plain: GeneratedRequest = {
	method: 'GET',
	key: 'folder/image.jpg',
	query: [],
	headers: [['Host', 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com']],
	keyTime: { start: 1557989151, end: 1557996351 },
	secretId: 'AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q',
	secretKey: 'BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz',
};

describe('the Authorization header is identical to that of Tencent’s SDK', () => {
	it('for 1,500 generated requests', () => {
		fc.assert(
			fc.property(requests, (request) => {
				expect(ourHeader(request)).toBe(sdkHeader(request));
			}),
			{ numRuns: 1500, seed: 20250909 },
		);
	});

	it.each([
		'a b.jpg',
		'a+b.jpg',
		'100%.jpg',
		'%2F%2e.jpg',
		"!'()*.jpg",
		'"quoted".jpg',
		'😀.png',
		'腾讯云/图片.jpg',
		'/leading.jpg',
		'//two.jpg',
		'a//b.jpg',
		'a/./b.jpg',
		'../b.jpg',
		'...',
		' ',
		'\u0001',
		'',
	])('for the key %j', (key) => {
		const request = { ...plain, key };
		expect(ourHeader(request)).toBe(sdkHeader(request));
	});

	it.each<[string, Array<[string, string]>]>([
		['without a value', [['image_process', '']]],
		[
			'with capital letters',
			[
				['MaskPoly', 'W10='],
				['ci-process', 'ImageRepair'],
			],
		],
		[
			'of digits only, not in order',
			[
				['10', 'a'],
				['9', 'b'],
				['1', 'c'],
			],
		],
		[
			'that differ only in case',
			[
				['A', '1'],
				['a', '2'],
			],
		],
		['in Chinese', [['键', '值']]],
		['with reserved characters', [['a&b=c', 'd&e=f?#']]],
		[
			'named like object members',
			[
				['constructor', '1'],
				['toString', '2'],
			],
		],
	])('for query parameters %s', (_, query) => {
		const request = { ...plain, query };
		expect(ourHeader(request)).toBe(sdkHeader(request));
	});

	it.each<[string, Array<[string, string]>]>([
		[
			'Pic-Operations',
			[['Pic-Operations', '{"rules":[{"fileid":"\\u4e2d.jpg","rule":"ci-process=ImageRepair"}]}']],
		],
		['a value with quotes', [['x-cos-grant-read', 'uin="100000000011"']]],
		['a value in Chinese', [['x-cos-meta-note', '水印']]],
		['an empty value', [['x-cos-meta-note', '']]],
	])('for headers with %s', (_, headers) => {
		const request = { ...plain, headers };
		expect(ourHeader(request)).toBe(sdkHeader(request));
	});
});

describe('the three kinds of Image Repair request', () => {
	const location: BucketLocation = {
		bucket: 'examplebucket-1250000000',
		region: 'ap-beijing',
		endpoint: 'default',
	};
	const keys = { secretId: plain.secretId, secretKey: plain.secretKey };
	const area = {
		polygons: [
			[
				[0, 0],
				[9, 0],
				[9, 9],
			],
		],
		maskUrl: 'https://example.com/m.png',
	} as const;
	const key = '照片/a b+(1).jpg';
	const results = [{ fileid: '/清晰/é.jpg', area }];
	const body = { contentType: 'image/jpeg', contentLength: 64 };
	const HOST = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com';
	const moment = Date.UTC(2025, 8, 9, 20, 2);

	it.each([
		['download', downloadRequest(key, area)],
		['upload', uploadRequest(key, results, body)],
		['cloud', cloudRequest(key, results)],
	])('in %s mode have the same signature as from Tencent’s SDK', (_, request) => {
		const signed = authorize(
			{ keys, location },
			{
				method: request.method,
				url: requestUrl(location, request.key, request.query),
				headers: request.headers,
			},
			moment,
		);
		// Both sign exactly the listed headers. The SDK does not sign Date, so it is compared without.
		const { Authorization = '', ...headers } = signed.headers;
		const listed = new URLSearchParams(Authorization).get('q-header-list')?.split(';') ?? [];
		const signedHeaders = [['host', HOST], ...Object.entries(headers)].filter(([name = '']) =>
			listed.includes(name.toLowerCase()),
		);
		expect(listed).toContain('host');
		expect(listed.includes('pic-operations')).toBe('Pic-Operations' in headers);
		expect(Authorization).toBe(
			authorizationHeader(
				{
					method: request.method,
					path: `/${request.key}`,
					query: request.query,
					headers: signedHeaders.map(([name = '', value = '']) => [name, value] as const),
				},
				keys,
				{ start: moment / 1000 - 60, end: moment / 1000 + 540 },
			),
		);
		const withoutDate: GeneratedRequest = {
			...plain,
			method: request.method === 'PUT' || request.method === 'POST' ? request.method : 'GET',
			key: request.key,
			query: request.query.map(([name, value]) => [name, value]),
			headers: signedHeaders
				.filter(([name = '']) => name !== 'Date')
				.map(([name = '', value = '']) => [name, value]),
		};
		expect(ourHeader(withoutDate)).toBe(sdkHeader(withoutDate));
	});
});
