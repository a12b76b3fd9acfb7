import {
	deriveSignature,
	verifySignature,
	type SignedRequest,
} from '../../../dev/sandbox/http/signature';
import { codeOf } from './codeOf';

/** The example account and the two test vectors in the service's documentation. */
const account = {
	secretId: 'AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q',
	secretKey: 'BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz',
};
const host = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com';
const path = '/exampleobject(腾讯云)';

const upload = {
	request: {
		method: 'PUT',
		path,
		query: new Map(),
		headers: new Map([
			['date', 'Thu, 16 May 2019 06:45:51 GMT'],
			['host', host],
			['content-type', 'text/plain'],
			['content-length', '13'],
			['content-md5', 'mQ/fVh815F3k6TAUm8m0eg=='],
			['x-cos-acl', 'private'],
			['x-cos-grant-read', 'uin="100000000011"'],
		]),
	} satisfies SignedRequest,
	keyTime: '1557989151;1557996351',
	headerList: 'content-length;content-md5;content-type;date;host;x-cos-acl;x-cos-grant-read',
	parameterList: '',
	signKey: 'eb2519b498b02ac213cb1f3d1a3d27a3b3c9bc5f',
	digest: '8b2751e77f43a0995d6e9eb9477f4b685cca4172',
	signature: '3b8851a11a569213c17ba8fa7dcf2abec6935172',
	now: 1557989152,
};

const download = {
	request: {
		method: 'GET',
		path,
		query: new Map([
			['response-content-type', 'application/octet-stream'],
			['response-cache-control', 'max-age=600'],
		]),
		headers: new Map([
			['date', 'Thu, 16 May 2019 06:55:53 GMT'],
			['host', host],
		]),
	} satisfies SignedRequest,
	keyTime: '1557989753;1557996953',
	headerList: 'date;host',
	parameterList: 'response-cache-control;response-content-type',
	signKey: '937914bf490e9e8c189836aad2052e4feeb35eaf',
	digest: '54ecfe22f59d3514fdc764b87a32d8133ea611e6',
	signature: '01681b8c9d798a678e43b685a9f1bba0f6c0e012',
	now: 1557989754,
};

type Vector = typeof upload | typeof download;
const split = (list: string) => (list === '' ? [] : list.split(';'));

const fields = (vector: Vector, changes: Readonly<Record<string, string>> = {}) => ({
	'q-sign-algorithm': 'sha1',
	'q-ak': account.secretId,
	'q-sign-time': vector.keyTime,
	'q-key-time': vector.keyTime,
	'q-header-list': vector.headerList,
	'q-url-param-list': vector.parameterList,
	'q-signature': vector.signature,
	...changes,
});

const authorization = (vector: Vector, changes?: Readonly<Record<string, string>>) =>
	Object.entries(fields(vector, changes))
		.map(([name, value]) => `${name}=${value}`)
		.join('&');

const signed = (vector: Vector, header = authorization(vector)): SignedRequest => ({
	...vector.request,
	headers: new Map<string, string>([...vector.request.headers, ['authorization', header]]),
});

describe.each([
	['upload', upload],
	['download', download],
])('published vector: %s', (_name, vector) => {
	it('gives all intermediate values in the documentation', () => {
		const derived = deriveSignature(vector.request, {
			secretKey: account.secretKey,
			signTime: vector.keyTime,
			keyTime: vector.keyTime,
			headers: split(vector.headerList),
			parameters: split(vector.parameterList),
		});
		expect(derived.signKey).toBe(vector.signKey);
		expect(derived.stringToSign).toBe(`sha1\n${vector.keyTime}\n${vector.digest}\n`);
		expect(derived.signature).toBe(vector.signature);
		expect(derived.absent).toEqual([]);
	});

	it('is accepted as a header and as a presigned URL, within its time window only', () => {
		const url: SignedRequest = {
			...vector.request,
			query: new Map([...vector.request.query, ...Object.entries(fields(vector))]),
		};
		for (const request of [signed(vector), url]) {
			expect(codeOf(() => verifySignature(request, account, vector.now))).toBe('accepted');
			expect(codeOf(() => verifySignature(request, account, vector.now - 2))).toBe(
				'RequestTimeTooSkewed',
			);
			expect(codeOf(() => verifySignature(request, account, vector.now + 7300))).toBe(
				'AccessDenied',
			);
		}
	});
});

it('a Date more than 15 minutes off is rejected even within the time window', () => {
	const request = signed(download);
	expect(codeOf(() => verifySignature(request, account, download.now + 880))).toBe('accepted');
	expect(codeOf(() => verifySignature(request, account, download.now + 920))).toBe(
		'RequestTimeTooSkewed',
	);
});

it('the error for a wrong signature contains the string the server derived', () => {
	const request = { ...signed(download), method: 'DELETE' };
	try {
		verifySignature(request, account, download.now);
		throw new Error('accepted');
	} catch (error) {
		expect(error).toMatchObject({
			code: 'SignatureDoesNotMatch',
			details: {
				FormatString:
					'delete\n/exampleobject(腾讯云)\n' +
					'response-cache-control=max-age%3D600&response-content-type=application%2Foctet-stream\n' +
					`date=Thu%2C%2016%20May%202019%2006%3A55%3A53%20GMT&host=${host}\n`,
			},
		});
	}
});

it.each([
	['an empty value', '', 'InvalidArgument'],
	['a different scheme', 'Bearer abc', 'InvalidArgument'],
	[
		'a different algorithm',
		authorization(upload, { 'q-sign-algorithm': 'md5' }),
		'InvalidArgument',
	],
	['an invalid time', authorization(upload, { 'q-sign-time': 'soon' }), 'InvalidArgument'],
	[
		'a window that ends before it starts',
		authorization(upload, { 'q-key-time': '9;5' }),
		'InvalidArgument',
	],
	['a short signature', authorization(upload, { 'q-signature': 'abc' }), 'InvalidArgument'],
	['a duplicate field', `${authorization(upload)}&q-ak=a`, 'InvalidArgument'],
	['an unknown Secret ID', authorization(upload, { 'q-ak': 'AKIDother' }), 'InvalidAccessKeyId'],
	['host unsigned', authorization(upload, { 'q-header-list': 'date' }), 'AccessDenied'],
	[
		'a missing header in its list',
		authorization(upload, { 'q-header-list': `${upload.headerList};x-cos-zzz` }),
		'SignatureDoesNotMatch',
	],
])('an Authorization with %s is rejected', (_name, header, code) => {
	expect(codeOf(() => verifySignature(signed(upload, header), account, upload.now))).toBe(code);
});

it('a request without a signature is rejected', () => {
	expect(codeOf(() => verifySignature(upload.request, account, upload.now))).toBe('AccessDenied');
});

it('temporary credentials require their token, permanent ones accept none', () => {
	const withToken = (token?: string): SignedRequest => {
		const request = signed(upload);
		const headers = new Map(request.headers);
		if (token !== undefined) headers.set('x-cos-security-token', token);
		return { ...request, headers };
	};
	const temporary = { ...account, token: 'right' };
	const code = (token: string | undefined, signer: typeof temporary | typeof account) =>
		codeOf(() => verifySignature(withToken(token), signer, upload.now));
	expect(code('right', temporary)).toBe('accepted');
	expect(code('wrong', temporary)).toBe('ExpiredToken');
	expect(code(undefined, temporary)).toBe('InvalidAccessKeyId');
	expect(code('any', account)).toBe('ExpiredToken');
});
