import fc from 'fast-check';

import { CHARACTER } from '../../../character';
import { bucketName } from '../../../../cos/location/bucket';
import {
	ENDPOINTS,
	keyOfUrl,
	locateBucket,
	neighbourOf,
	requestUrl,
} from '../../../../cos/location/endpoint';
import { keyToPath } from '../../../../cos/location/objectKey';
import type { InvalidReason } from '../../../../cos/invalidInput';
import { authorize, createAccount } from '../../../../cos/signing/authorize';
import { authorizationHeader, keyTimeAt } from '../../../../cos/signing/signature';
import { invalidInput } from '../thrown';
import { customPlace, HOSTS, KINDS, location, objectKeys, place } from './examples';

describe('an endpoint', () => {
	it.each(KINDS)('of the kind %s has its documented host', (endpoint) => {
		expect(locateBucket({ ...place, endpoint }).origin).toBe(`https://${HOSTS[endpoint]}`);
	});

	it.each(KINDS)('of the kind %s leaves the other documented hosts to the bucket', (endpoint) => {
		const { origin, origins } = locateBucket({ ...place, endpoint });
		expect(origins[0]).toBe(origin);
		expect([...origins].sort()).toEqual(
			Object.values(HOSTS)
				.map((host) => `https://${host}`)
				.sort(),
		);
	});

	it('can be chosen from all kinds', () => {
		expect(ENDPOINTS).toEqual([...KINDS, 'custom']);
	});

	it('keeps bucket, region and kind', () => {
		const { origins, ...rest } = locateBucket(customPlace('https://images.example.com/'));
		expect(rest).toStrictEqual({
			bucket: 'examplebucket-1250000000',
			region: 'ap-guangzhou',
			endpoint: 'custom',
			origin: 'https://images.example.com',
		});
		expect(origins).toEqual([
			'https://images.example.com',
			...Object.values(HOSTS).map((host) => `https://${host}`),
		]);
	});

	it('ignores a custom domain unless it is chosen', () => {
		expect(locateBucket({ ...place, customDomain: 'https://images.example.com' })).toEqual(
			location,
		);
	});

	it.each([
		['https://images.example.com', 'https://images.example.com'],
		['https://images.example.com/', 'https://images.example.com'],
		[' https://Images.Example.com:8443 ', 'https://images.example.com:8443'],
		['https://images.example.com:443', 'https://images.example.com'],
		['http://localhost:9000', 'http://localhost:9000'],
		['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
		['http://127.1.2.3', 'http://127.1.2.3'],
		['http://[::1]:9000', 'http://[::1]:9000'],
		['https://图片.example.com', 'https://xn--wcsw84d.example.com'],
	])('may be the custom domain %s', (domain, origin) => {
		const located = locateBucket(customPlace(domain));
		expect(located.origin).toBe(origin);
		expect(located.origins[0]).toBe(origin);
		expect(located.origins).toHaveLength(5);
	});

	it.each<[string, InvalidReason, string]>([
		['', 'domain.empty', 'is empty'],
		['  ', 'domain.empty', 'is empty'],
		['images.example.com', 'domain.notUrl', '"images.example.com" is not an address'],
		['https://', 'domain.notUrl', '"https://" is not an address'],
		['https://a b', 'domain.notUrl', '"https://a b" is not an address'],
		[
			'ftp://images.example.com',
			'domain.notHttps',
			'"ftp://images.example.com" does not begin with https://',
		],
		['localhost:9000', 'domain.notHttps', '"localhost:9000" does not begin with https://'],
		[
			'http://images.example.com',
			'domain.unencrypted',
			'"http://images.example.com" would send the request unencrypted',
		],
		[
			'http://127.0.0.1.evil.com',
			'domain.unencrypted',
			'"http://127.0.0.1.evil.com" would send the request unencrypted',
		],
		[
			'http://localhost.evil.com',
			'domain.unencrypted',
			'"http://localhost.evil.com" would send the request unencrypted',
		],
		[
			'http://10.0.0.1',
			'domain.unencrypted',
			'"http://10.0.0.1" would send the request unencrypted',
		],
		[
			'https://example.com/path',
			'domain.notOrigin',
			'"https://example.com/path" holds more than a domain',
		],
		[
			'https://example.com/?a',
			'domain.notOrigin',
			'"https://example.com/?a" holds more than a domain',
		],
		[
			'https://example.com#a',
			'domain.notOrigin',
			'"https://example.com#a" holds more than a domain',
		],
		[
			'https://user@example.com',
			'domain.notOrigin',
			'"https://user@example.com" holds more than a domain',
		],
		[
			'https://:secret@example.com',
			'domain.notOrigin',
			'"https://:secret@example.com" holds more than a domain',
		],
	])('may not be the custom domain %j', (domain, reason, what) => {
		const refusal = invalidInput(() => locateBucket(customPlace(domain)));
		expect(refusal).toMatchObject({ field: 'customDomain', reason, what });
		expect(refusal.advice).toContain('https://images.example.com');
	});

	it('may be a custom domain with the invisible spaces that copying adds', () => {
		expect(locateBucket(customPlace('\u00a0https://images.example.com\u00a0')).origin).toBe(
			'https://images.example.com',
		);
	});

	it('may not be a missing custom domain', () => {
		expect(invalidInput(() => locateBucket({ ...place, endpoint: 'custom' }))).toMatchObject({
			field: 'customDomain',
			reason: 'domain.empty',
			what: 'is empty',
		});
	});
});

describe('another bucket of the account', () => {
	const other = bucketName('results-1250000000');

	it.each(KINDS)('is reached at the same kind of endpoint: %s', (endpoint) => {
		const neighbour = neighbourOf(locateBucket({ ...place, endpoint }), other);
		expect(neighbour).toEqual(locateBucket({ ...place, bucket: other, endpoint }));
		expect(neighbour.origin).toBe(`https://${HOSTS[endpoint].replace('examplebucket', 'results')}`);
	});

	it('is reached at its default host when this one has a custom domain', () => {
		const neighbour = neighbourOf(locateBucket(customPlace('https://images.example.com')), other);
		expect(neighbour).toEqual(locateBucket({ ...place, bucket: other }));
		expect(neighbour).toMatchObject({
			bucket: 'results-1250000000',
			region: 'ap-guangzhou',
			endpoint: 'default',
			origin: 'https://results-1250000000.cos.ap-guangzhou.myqcloud.com',
		});
		expect(neighbour.origins).not.toContain('https://images.example.com');
	});
});

describe('the address of an object', () => {
	it('has the parameters of the request, with a lone name for one without a value', () => {
		expect(
			requestUrl(location, 'a b.jpg', [
				['image_process', ''],
				['x', '1=2'],
			]),
		).toBe(`https://${HOSTS.default}/a%20b.jpg?image_process&x=1%3D2`);
		expect(requestUrl(location, '')).toBe(`https://${HOSTS.default}/`);
	});

	it('gives the key back, whatever its characters, from every host of the bucket', () => {
		const locations = [
			...KINDS.map((endpoint) => locateBucket({ ...place, endpoint })),
			locateBucket(customPlace('https://a.b')),
		];
		fc.assert(
			fc.property(objectKeys, fc.constantFrom(...locations), (key, located) => {
				expect(keyOfUrl(located, requestUrl(located, key))).toBe(key);
				expect(keyOfUrl(located, requestUrl(location, key))).toBe(key);
				expect(new URL(requestUrl(located, key)).pathname).toBe(keyToPath(key));
			}),
			{ numRuns: 2000, seed: 10 },
		);
	});

	it('is signed for exactly the key it means', () => {
		const account = createAccount({ secretId: 'id', secretKey: 'key' }, place);
		const moment = Date.UTC(2025, 8, 9);
		const queries = fc.array(
			fc.tuple(
				fc.string({ unit: CHARACTER, minLength: 1, maxLength: 8 }),
				fc.string({ unit: CHARACTER, maxLength: 8 }),
			),
			{ maxLength: 4 },
		);
		fc.assert(
			fc.property(objectKeys, queries, (key, query) => {
				const url = requestUrl(location, key, query);
				const signed = authorize(account, { method: 'GET', url, headers: {} }, moment);
				expect(signed.url).toBe(url);
				expect(signed.headers.Authorization).toBe(
					authorizationHeader(
						{
							method: 'GET',
							path: `/${key}`,
							query,
							headers: [
								['date', new Date(moment).toUTCString()],
								['host', HOSTS.default],
							],
						},
						account.keys,
						keyTimeAt(moment),
					),
				);
			}),
			{ numRuns: 1000, seed: 13 },
		);
	});

	it.each([
		[`https://${HOSTS.default}/a%20b.jpg?q-sign-algorithm=sha1&q-ak=x#part`, 'a b.jpg'],
		[`https://${HOSTS.default}/a#b c#.jpg`, 'a#b c#.jpg'],
		[`https://${HOSTS.default}/a%23b.jpg`, 'a#b.jpg'],
		[`https://${HOSTS.default}/a\\b.jpg`, 'a\\b.jpg'],
		[`http://${HOSTS.default}/a.jpg`, 'a.jpg'],
		[`http://${HOSTS.internal}/a.jpg?x`, 'a.jpg'],
		[`${HOSTS.default}/photos/a.jpg`, 'photos/a.jpg'],
		[`${HOSTS.default}/%20a.jpg%20`, ' a.jpg '],
		[`  https://${HOSTS.internal}/a.jpg\n`, 'a.jpg'],
		[`\u00a0https://${HOSTS.internal}/a.jpg\u00a0`, 'a.jpg'],
		[`HTTPS://${HOSTS.accelerate.toUpperCase()}/A.jpg`, 'A.jpg'],
		[`https://${HOSTS.tencentcos}:443//a//b.jpg`, 'a//b.jpg'],
		[`https://${HOSTS.default}/中 文.jpg`, '中 文.jpg'],
		[`https://${HOSTS.default}/a+b.jpg`, 'a+b.jpg'],
	])('%s gives the key %j', (address, key) => {
		expect(keyOfUrl(location, address)).toBe(key);
	});

	it.each<[string, InvalidReason, string]>([
		['', 'objectUrl.notUrl', 'is not an address'],
		['folder/a.jpg', 'objectUrl.notUrl', 'is not an address'],
		[`ftp://${HOSTS.default}/a.jpg`, 'objectUrl.otherHost', 'another host'],
		[`${HOSTS.default}.evil.com/a.jpg`, 'objectUrl.notUrl', 'is not an address'],
		[
			'https://other-1250000000.cos.ap-guangzhou.myqcloud.com/a.jpg',
			'objectUrl.otherHost',
			'another host',
		],
		[
			'https://examplebucket-1250000000.cos.ap-beijing.myqcloud.com/a.jpg',
			'objectUrl.otherHost',
			'another host',
		],
		[`https://${HOSTS.default}@evil.com/a.jpg`, 'objectUrl.otherHost', 'another host (evil.com)'],
		[`https://${HOSTS.default}.evil.com/a.jpg`, 'objectUrl.otherHost', 'another host'],
		[`https://${HOSTS.default}:8443/a.jpg`, 'objectUrl.otherHost', 'another host'],
		['data:image/png,a', 'objectUrl.notUrl', 'is not an address'],
		[
			`https://${HOSTS.default}/100%.jpg`,
			'objectUrl.escape',
			'holds a "%" that is not followed by two digits',
		],
		[`https://${HOSTS.default}/%E4%B8.jpg`, 'objectUrl.escape', 'holds a "%"'],
	])('%s is not in this bucket', (address, reason, what) => {
		const refusal = invalidInput(() => keyOfUrl(location, address));
		expect(refusal).toMatchObject({ field: 'objectKey', reason });
		expect(refusal.what).toContain(what);
		expect(refusal.advice).toContain(`https://${HOSTS.default}/folder/image.jpg`);
	});

	it.each<[string, InvalidReason]>([
		['/', 'key.empty'],
		['', 'key.empty'],
		['/?a.jpg', 'key.empty'],
		['/folder/', 'key.folder'],
		['/folder%2F', 'key.folder'],
		['/a%00.jpg', 'key.characters'],
		['/a%2F..%2Fb.jpg', 'key.dotSegment'],
		[`/${'a'.repeat(851)}`, 'key.tooLong'],
	])('of this bucket, %s, does not hold a valid key', (path, reason) => {
		expect(invalidInput(() => keyOfUrl(location, `https://${HOSTS.default}${path}`))).toMatchObject(
			{ field: 'objectKey', reason },
		);
	});
});
