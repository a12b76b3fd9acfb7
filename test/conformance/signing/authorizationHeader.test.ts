import COS from 'cos-nodejs-sdk-v5';
import fc from 'fast-check';

import { requestUrl } from '../../../cos/location/endpoint';
import { imageUrl } from '../../../cos/location/imageUrl';
import { objectKey } from '../../../cos/location/objectKey';
import { checkResults, resultKey } from '../../../cos/location/resultKey';
import { downloadRequest, inBucketRequest, uploadRequest } from '../../../cos/requests/imageRepair';
import { authorize, createAccount } from '../../../cos/signing/authorize';
import { authorizationHeader } from '../../../cos/signing/signature';
import { deriveSignature } from '../../../dev/sandbox/http/signature';
import { requests, sameOrder, type GeneratedRequest } from './requests';

/** The header that Tencent's own SDK makes. A raw path keeps the slashes at the start of a key. */
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

/** What the sandbox expects for the lists of a header, with parameters sorted by `order` of the encoded name. */
function verifierHeader(
	{ method, key, query, headers, keyTime, secretKey }: GeneratedRequest,
	header: string,
	order: (encoded: string) => string,
): string {
	const fields = new Map(
		header.split('&').map((field) => {
			const equals = field.indexOf('=');
			return [field.slice(0, equals), field.slice(equals + 1)] as const;
		}),
	);
	const list = (name: string) => (fields.get(name) ?? '').split(';').filter((one) => one !== '');
	const time = `${keyTime.start};${keyTime.end}`;
	const { signature } = deriveSignature(
		{
			method,
			path: `/${key}`,
			query: new Map(query),
			// The verifier reads bytes, as Node.js gives them.
			headers: new Map(
				headers.map(([name, value]) => [
					name.toLowerCase(),
					Buffer.from(value, 'utf8').toString('latin1'),
				]),
			),
		},
		{
			secretKey,
			signTime: time,
			keyTime: time,
			headers: list('q-header-list'),
			parameters: list('q-url-param-list'),
		},
		order,
	);
	return header.replace(/[^=]*$/, signature);
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

describe('the Authorization header equals the one from Tencent’s SDK', () => {
	it('for 16,000 generated requests, but for the order of parameters that the SDK sorts before it encodes them', () => {
		fc.assert(
			fc.property(requests, (request) => {
				const [ours, theirs] = [ourHeader(request), sdkHeader(request)];
				if (sameOrder(request.query.map(([name]) => name))) {
					expect(ours).toBe(theirs);
					return;
				}
				// The verifier of the sandbox has code of its own, and makes both from one request.
				expect(ours).toBe(verifierHeader(request, theirs, (encoded) => encoded));
				const plainName = (encoded: string) => decodeURIComponent(encoded).toLowerCase();
				expect(theirs).toBe(verifierHeader(request, theirs, plainName));
			}),
			{ numRuns: 16_000, seed: 20250909 },
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
			'with capitals',
			[
				['MaskPoly', 'W10='],
				['ci-process', 'ImageRepair'],
			],
		],
		[
			'of digits only, out of order',
			[
				['10', 'a'],
				['9', 'b'],
				['1', 'c'],
			],
		],
		[
			'that differ in case only',
			[
				['A', '1'],
				['a', '2'],
			],
		],
		['in Chinese', [['键', '值']]],
		['with reserved characters', [['a&b=c', 'd&e=f?#']]],
		[
			'of object members',
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
	])('for %s among the headers', (_, headers) => {
		const request = { ...plain, headers };
		expect(ourHeader(request)).toBe(sdkHeader(request));
	});
});

/** What Tencent's Python (`cos_auth.py`) and Go SDK (`auth.go`) sign of the headers that describe a body. */
const SIGNED_BY_SDKS = /^content-(?:type|length|md5|encoding|disposition)$/i;

describe('the three kinds of Image Repair request, as they are sent', () => {
	const keys = { secretId: plain.secretId, secretKey: plain.secretKey };
	const account = createAccount(keys, {
		bucket: 'examplebucket-1250000000',
		region: 'ap-beijing',
		endpoint: 'default',
	});
	const area = {
		polygons: [
			[
				[0, 0],
				[9, 0],
				[9, 9],
			],
		],
		maskUrl: imageUrl('https://example.com/m.png', 'maskUrl'),
	} as const;
	const key = objectKey('照片/a b+(1).jpg');
	const repair = {
		results: checkResults([{ target: resultKey('/清晰/é.jpg', key), area }]),
		returnImageInformation: false,
	};
	const body = { contentType: 'image/jpeg', contentLength: 64 };
	const HOST = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com';
	const moment = Date.UTC(2025, 8, 9, 20, 2);

	it.each([
		['download', downloadRequest(key, area)],
		['upload', uploadRequest(key, repair, body)],
		['in-bucket', inBucketRequest(key, repair)],
	])('carry the signature that Tencent’s SDK gives the same headers, in %s mode', (_, request) => {
		const signed = authorize(
			account,
			{
				method: request.method,
				url: requestUrl(account.location, request.key, request.query),
				headers: request.headers,
			},
			moment,
		);
		// The SDK signs Content-Type but not Date, so it gets the listed headers without Date.
		const { Authorization = '', ...headers } = signed.headers;
		const listed = new URLSearchParams(Authorization).get('q-header-list')?.split(';') ?? [];
		const signedHeaders = [['host', HOST], ...Object.entries(headers)].filter(([name = '']) =>
			listed.includes(name.toLowerCase()),
		);
		expect(listed).toContain('host');
		expect(listed.includes('pic-operations')).toBe('Pic-Operations' in headers);
		const describing = Object.keys(headers).filter((name) => SIGNED_BY_SDKS.test(name));
		expect(describing).toHaveLength(request.method === 'GET' ? 0 : 2);
		expect(listed).toEqual(expect.arrayContaining(describing.map((name) => name.toLowerCase())));
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
