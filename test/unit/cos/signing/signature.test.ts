import { createHash, createHmac } from 'node:crypto';

import fc from 'fast-check';

import type { Parameters } from '../../../../cos/signing/encoding';
import {
	authorizationHeader,
	keyTimeAt,
	presignedQuery,
	signatureSteps,
	type SignableRequest,
} from '../../../../cos/signing/signature';
import published from '../vectors/signatures.json';

const keys = { secretId: published.secretId, secretKey: published.secretKey };

function pairs(list: string[][]): Parameters {
	return list.map(([name = '', value = '']) => [name, value] as const);
}

function sha1(text: string): string {
	return createHash('sha1').update(text).digest('hex');
}

function hmacSha1(key: string, text: string): string {
	return createHmac('sha1', key).update(text).digest('hex');
}

const vectors = published.vectors.map((vector) => ({
	...vector,
	request: {
		method: vector.method,
		path: vector.path,
		query: pairs(vector.query),
		headers: pairs(vector.headers),
	} satisfies SignableRequest,
}));

describe.each(vectors)('the published $name example', ({ request, keyTime, expected }) => {
	const steps = signatureSteps(request, keys.secretKey, keyTime);

	it('gives the documented KeyTime', () => {
		expect(steps.keyTime).toBe(expected.keyTime);
	});

	it('gives the documented SignKey', () => {
		expect(steps.signKey).toBe(expected.signKey);
	});

	it('gives the documented HeaderList and UrlParamList', () => {
		expect(steps.headerList).toBe(expected.headerList);
		expect(steps.urlParamList).toBe(expected.urlParamList);
	});

	it('gives an HttpString with the documented SHA1', () => {
		expect(sha1(steps.httpString)).toBe(expected.httpStringSha1);
	});

	it('gives the StringToSign of the documented parts', () => {
		expect(steps.stringToSign).toBe(`sha1\n${expected.keyTime}\n${expected.httpStringSha1}\n`);
	});

	it('gives the documented Signature', () => {
		expect(steps.signature).toBe(expected.signature);
	});

	it('gives the Authorization header with its seven fields in order', () => {
		expect(authorizationHeader(request, keys, keyTime)).toBe(
			[
				'q-sign-algorithm=sha1',
				`q-ak=${published.secretId}`,
				`q-sign-time=${expected.keyTime}`,
				`q-key-time=${expected.keyTime}`,
				`q-header-list=${expected.headerList}`,
				`q-url-param-list=${expected.urlParamList}`,
				`q-signature=${expected.signature}`,
			].join('&'),
		);
	});

	it('gives the same signature for any order and case of names', () => {
		const shuffled = {
			...request,
			method: request.method.toLowerCase(),
			query: [...request.query].reverse(),
			headers: request.headers.map(([name, value]) => [name.toUpperCase(), value] as const),
		};
		expect(signatureSteps(shuffled, keys.secretKey, keyTime).signature).toBe(expected.signature);
	});
});

describe('the HttpString', () => {
	const at = { start: 1557989151, end: 1557996351 };

	it('has the decoded path, and an empty line where there are no parameters', () => {
		const { httpString } = signatureSteps(
			{
				method: 'POST',
				path: '/a b/中文+%.jpg',
				query: [],
				headers: [['Host', 'h']],
			},
			'k',
			at,
		);
		expect(httpString).toBe('post\n/a b/中文+%.jpg\n\nhost=h\n');
	});

	it('treats a parameter without a value as an empty one', () => {
		const { httpString, urlParamList } = signatureSteps(
			{ method: 'POST', path: '/a.jpg', query: [['image_process', '']], headers: [] },
			'k',
			at,
		);
		expect(urlParamList).toBe('image_process');
		expect(httpString).toBe('post\n/a.jpg\nimage_process=\n\n');
	});

	it("escapes what encodeURIComponent leaves: ! ' ( ) *", () => {
		const { httpString } = signatureSteps(
			{ method: 'GET', path: '/', query: [["!'()*", "!'()*-_.~"]], headers: [] },
			'k',
			at,
		);
		expect(httpString).toBe('get\n/\n%21%27%28%29%2a=%21%27%28%29%2A-_.~\n\n');
	});

	it('sorts names by their encoded form', () => {
		const query: Parameters = [
			['b', '1'],
			['中', '2'],
			['A', '3'],
			['{', '4'],
		];
		const { urlParamList } = signatureSteps(
			{ method: 'GET', path: '/', query, headers: [] },
			'k',
			at,
		);
		expect(urlParamList).toBe('%7b;%e4%b8%ad;a;b');
	});

	it('sorts parameters with the same name by value', () => {
		const query: Parameters = [
			['k', '2'],
			['K', '1'],
			['k', '😀'],
			['k', '\uffff'],
		];
		const { httpString } = signatureSteps(
			{ method: 'GET', path: '/', query, headers: [] },
			'k',
			at,
		);
		expect(httpString).toBe('get\n/\nk=1&k=2&k=%EF%BF%BF&k=%F0%9F%98%80\n\n');
	});
});

describe('a kept sign key', () => {
	it('changes no result, however many keys and times were used before', () => {
		const someTimes = fc.array(
			fc.record({
				secretKey: fc.constantFrom('first', 'second', 'ключ', ''),
				start: fc.integer({ min: 1, max: 40 }),
			}),
			{ minLength: 1, maxLength: 200 },
		);
		fc.assert(
			fc.property(someTimes, (uses) => {
				for (const { secretKey, start } of uses) {
					const { signKey } = signatureSteps(
						{ method: 'GET', path: '/', query: [], headers: [] },
						secretKey,
						{ start, end: start + 1 },
					);
					expect(signKey).toBe(hmacSha1(secretKey, `${start};${start + 1}`));
				}
			}),
			{ numRuns: 50, seed: 2 },
		);
	});

	it('is never used for another secret key', () => {
		const request = { method: 'GET', path: '/', query: [], headers: [] };
		const at = { start: 5, end: 6 };
		const first = signatureSteps(request, 'first', at);
		const second = signatureSteps(request, 'second', at);
		expect(signatureSteps(request, 'first', at)).toEqual(first);
		expect(second.signKey).not.toBe(first.signKey);
		expect(second.signature).not.toBe(first.signature);
	});
});

describe('the validity of a signature', () => {
	// From 1970 to 2100.
	const moments = fc.integer({ min: 60_000, max: 4_102_444_800_000 });

	it('is ten minutes, starting at the full minute before the present one', () => {
		expect(keyTimeAt(Date.UTC(2019, 4, 16, 6, 45, 51, 999))).toEqual({
			start: Date.UTC(2019, 4, 16, 6, 44) / 1000,
			end: Date.UTC(2019, 4, 16, 6, 54) / 1000,
		});
	});

	it('always began at least a minute ago and lasts at least eight more minutes', () => {
		fc.assert(
			fc.property(moments, (now) => {
				const { start, end } = keyTimeAt(now);
				expect(now - start * 1000).toBeGreaterThanOrEqual(60_000);
				expect(end * 1000 - now).toBeGreaterThanOrEqual(480_000);
				expect(end - start).toBe(600);
				expect(start % 60).toBe(0);
			}),
			{ numRuns: 1000, seed: 3 },
		);
	});

	it('is the same for all moments of one minute', () => {
		fc.assert(
			fc.property(moments, fc.integer({ min: 0, max: 59_999 }), (now, later) => {
				const minute = now - (now % 60_000);
				expect(keyTimeAt(minute + later)).toEqual(keyTimeAt(minute));
			}),
			{ numRuns: 1000, seed: 4 },
		);
	});
});

describe('the query of a presigned URL', () => {
	const request = {
		method: 'GET',
		path: '/a.jpg',
		query: [['response-content-type', 'image/png']],
		headers: [['host', 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com']],
	} satisfies SignableRequest;
	const at = { start: 1557989151, end: 1557996351 };

	it('holds the signing fields first, then the parameters of the request', () => {
		const { signature } = signatureSteps(request, keys.secretKey, at);
		expect(presignedQuery(request, keys, at)).toBe(
			[
				'q-sign-algorithm=sha1',
				`q-ak=${keys.secretId}`,
				'q-sign-time=1557989151%3B1557996351',
				'q-key-time=1557989151%3B1557996351',
				'q-header-list=host',
				'q-url-param-list=response-content-type',
				`q-signature=${signature}`,
				'response-content-type=image%2Fpng',
			].join('&'),
		);
	});

	it('carries the security token of temporary credentials, encoded and not signed', () => {
		const permanent = presignedQuery(request, keys, at);
		const temporary = presignedQuery(request, { ...keys, securityToken: 'to/ken+==' }, at);
		expect(temporary).toBe(
			permanent.replace(
				'&response-content-type=image',
				'&x-cos-security-token=to%2Fken%2B%3D%3D&response-content-type=image',
			),
		);
	});
});
