import fc from 'fast-check';

import { authorize } from '../../../../cos/signing/authorize';
import {
	bucketOrigin,
	bucketOrigins,
	checkBucket,
	checkObjectKey,
	checkRegion,
	keyOfUrl,
	keyToPath,
	requestUrl,
	type BucketLocation,
	type EndpointKind,
} from '../../../../cos/location/endpoint';
import { REGIONS } from '../../../../cos/location/regions';
import { authorizationHeader, keyTimeAt } from '../../../../cos/signing/signature';
import { invalidInput } from '../thrown';

const location: BucketLocation = {
	bucket: 'examplebucket-1250000000',
	region: 'ap-guangzhou',
	endpoint: 'default',
};
const HOSTS: Record<Exclude<EndpointKind, 'custom'>, string> = {
	default: 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com',
	tencentcos: 'examplebucket-1250000000.cos.ap-guangzhou.tencentcos.cn',
	accelerate: 'examplebucket-1250000000.cos.accelerate.myqcloud.com',
	internal: 'examplebucket-1250000000.cos-internal.ap-guangzhou.tencentcos.cn',
};
const KINDS = ['default', 'tencentcos', 'accelerate', 'internal'] as const;

function custom(customDomain: string): BucketLocation {
	return { ...location, endpoint: 'custom', customDomain };
}

/** Keys that an object of the bucket can have. */
const objectKeys = fc
	.oneof(
		fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
		fc
			.array(
				fc.constantFrom(
					'/',
					'//',
					' ',
					'+',
					'%',
					'%2F',
					'%2e',
					"!'()*",
					'"',
					'?',
					'#',
					'&',
					'\\',
					'..a',
					'...',
					'中文',
					'😀',
					'\t',
					'\n',
					'@',
					':',
					'a',
				),
				{ minLength: 1, maxLength: 10 },
			)
			.map((pieces) => pieces.join('')),
	)
	.filter((key) => !key.endsWith('/') && !key.includes('\0'))
	.filter((key) => !key.split('/').some((segment) => segment === '.' || segment === '..'));

describe('a bucket name', () => {
	it.each(['examplebucket-1250000000', 'a-1', '0-0', 'a-b--c-12', '1-2-3'])('may be %s', (name) => {
		expect(() => {
			checkBucket(name);
		}).not.toThrow();
	});

	it.each([
		'examplebucket',
		'examplebucket-',
		'-1250000000',
		'ExampleBucket-1250000000',
		'example_bucket-1250000000',
		'example.bucket-1250000000',
		'examplebucket-125000000x',
		' examplebucket-1250000000',
		'examplebucket-1250000000\n',
		'examplebucket-1250000000.evil.com/',
		'a/b-1',
		'桶-1250000000',
	])('may not be %j', (name) => {
		for (const call of [
			() => {
				checkBucket(name);
			},
			() => bucketOrigin({ ...location, bucket: name }),
		]) {
			expect(invalidInput(call)).toMatchObject({
				field: 'bucket',
				what: `"${name}" is not a full bucket name`,
				advice: expect.stringContaining('examplebucket-1250000000') as string,
			});
		}
	});

	it('may not be empty', () => {
		expect(
			invalidInput(() => {
				checkBucket('', 'destinationBucket');
			}),
		).toMatchObject({ field: 'destinationBucket', what: 'is empty', name: 'InvalidInput' });
	});
});

describe('a region', () => {
	const documented =
		'ap-beijing-1, ap-beijing, ap-nanjing, ap-shanghai, ap-guangzhou, ap-chengdu, ap-chongqing, ap-shenzhen-fsi, ap-shanghai-fsi, ap-beijing-fsi, ap-hongkong, ap-singapore, ap-mumbai, ap-jakarta, ap-seoul, ap-bangkok, ap-tokyo, na-siliconvalley, na-ashburn, na-toronto, sa-saopaulo, eu-frankfurt, eu-moscow';

	it('is listed when it is documented, each once', () => {
		expect(REGIONS.map(({ id }) => id).sort()).toEqual(documented.split(', ').sort());
	});

	it('has a place by which people know it', () => {
		const places = REGIONS.map(({ place }) => place);
		expect(new Set(places).size).toBe(places.length);
		expect(places.every((place) => /^\p{Lu}/u.test(place))).toBe(true);
	});

	it.each([...REGIONS.map(({ id }) => id), 'me-saudi-arabia-2', 'accelerate'])(
		'may be %s',
		(id) => {
			expect(() => {
				checkRegion(id);
			}).not.toThrow();
		},
	);

	it.each([
		'Guangzhou',
		'ap guangzhou',
		'ap_guangzhou',
		'ap-',
		'-ap',
		'ap--x',
		'ap.x',
		'ap/x',
		'ap\n',
	])('may not be %j', (id) => {
		expect(invalidInput(() => bucketOrigin({ ...location, region: id }))).toMatchObject({
			field: 'region',
			what: `"${id}" is not a region name`,
			advice: expect.stringContaining('ap-guangzhou') as string,
		});
	});

	it('may not be empty', () => {
		expect(
			invalidInput(() => {
				checkRegion('');
			}),
		).toMatchObject({ field: 'region', what: 'is empty' });
	});
});

describe('an endpoint', () => {
	it.each(KINDS)('of the kind %s has its documented host', (endpoint) => {
		expect(bucketOrigin({ ...location, endpoint })).toBe(`https://${HOSTS[endpoint]}`);
	});

	it.each(KINDS)(
		'of the kind %s leaves the other documented hosts the bucket’s own',
		(endpoint) => {
			const origins = bucketOrigins({ ...location, endpoint });
			expect(origins[0]).toBe(`https://${HOSTS[endpoint]}`);
			expect([...origins].sort()).toEqual(
				Object.values(HOSTS)
					.map((host) => `https://${host}`)
					.sort(),
			);
		},
	);

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
	])('may be the own domain %s', (domain, origin) => {
		expect(bucketOrigin(custom(domain))).toBe(origin);
		expect(bucketOrigins(custom(domain))).toHaveLength(5);
	});

	it.each([
		['', 'is empty'],
		['  ', 'is empty'],
		['images.example.com', '"images.example.com" is not an address'],
		['https://', '"https://" is not an address'],
		['https://a b', '"https://a b" is not an address'],
		['ftp://images.example.com', '"ftp://images.example.com" does not begin with https://'],
		['localhost:9000', '"localhost:9000" does not begin with https://'],
		['http://images.example.com', '"http://images.example.com" would send the request unencrypted'],
		['http://127.0.0.1.evil.com', '"http://127.0.0.1.evil.com" would send the request unencrypted'],
		['http://localhost.evil.com', '"http://localhost.evil.com" would send the request unencrypted'],
		['http://10.0.0.1', '"http://10.0.0.1" would send the request unencrypted'],
		['https://example.com/path', '"https://example.com/path" holds more than a domain'],
		['https://example.com/?a', '"https://example.com/?a" holds more than a domain'],
		['https://example.com#a', '"https://example.com#a" holds more than a domain'],
		['https://user@example.com', '"https://user@example.com" holds more than a domain'],
		['https://:secret@example.com', '"https://:secret@example.com" holds more than a domain'],
	])('may not be the own domain %j', (domain, what) => {
		const refusal = invalidInput(() => bucketOrigin(custom(domain)));
		expect(refusal).toMatchObject({ field: 'customDomain', what });
		expect(refusal.advice).toContain('https://images.example.com');
	});

	it('may be an own domain with the invisible spaces that copying brings along', () => {
		expect(bucketOrigin(custom('\u00a0https://images.example.com\u00a0'))).toBe(
			'https://images.example.com',
		);
	});

	it('may not be an own domain that is not given', () => {
		expect(invalidInput(() => bucketOrigin({ ...location, endpoint: 'custom' }))).toMatchObject({
			field: 'customDomain',
			what: 'is empty',
		});
	});
});

describe('an object key', () => {
	it.each(['a', '/a', '//a', 'a//b', '.a', '..a', 'a.', 'a..', '...', ' ', '中', 'a\nb', '\u0001'])(
		'may be %j',
		(key) => {
			expect(() => {
				checkObjectKey(key);
			}).not.toThrow();
		},
	);

	it('may be 850 bytes long, and no longer, whatever the characters', () => {
		expect(() => {
			checkObjectKey('a'.repeat(850));
			checkObjectKey('中'.repeat(283));
		}).not.toThrow();
		for (const key of ['a'.repeat(851), '中'.repeat(284), '😀'.repeat(213)]) {
			expect(
				invalidInput(() => {
					checkObjectKey(key);
				}),
			).toMatchObject({ field: 'objectKey', what: 'is longer than 850 bytes' });
		}
	});

	it.each([
		['', 'is empty'],
		['folder/', '"folder/" is a folder'],
		['/', '"/" is a folder'],
		['.', '"." has "." or ".." as a folder'],
		['..', '".." has "." or ".." as a folder'],
		['../a', '"../a" has "." or ".." as a folder'],
		['a/../b', '"a/../b" has "." or ".." as a folder'],
		['a/./b', '"a/./b" has "." or ".." as a folder'],
		['a/..', '"a/.." has "." or ".." as a folder'],
		['a\0b', 'holds a character that no key can have'],
		['a\ud83d', 'holds a character that no key can have'],
		['\ude00a', 'holds a character that no key can have'],
	])('may not be %j', (key, what) => {
		for (const field of ['objectKey', 'maskObjectKey', 'resultKey'] as const) {
			const refusal = invalidInput(() => {
				checkObjectKey(key, field);
			});
			expect(refusal).toMatchObject({ field, what, message: `${field} ${what}` });
			expect(refusal.advice).toMatch(/^[A-Z].*\.$/s);
		}
	});
});

describe('an object’s address', () => {
	it('keeps slashes and escapes everything else', () => {
		expect(keyToPath("/a b//中+%!'()*?#.jpg")).toBe(
			'//a%20b//%E4%B8%AD%2B%25%21%27%28%29%2A%3F%23.jpg',
		);
		expect(keyToPath('')).toBe('/');
	});

	it('has the request’s parameters, a lone name for one without a value', () => {
		expect(
			requestUrl(location, 'a b.jpg', [
				['image_process', ''],
				['x', '1=2'],
			]),
		).toBe(`https://${HOSTS.default}/a%20b.jpg?image_process&x=1%3D2`);
		expect(requestUrl(location, '')).toBe(`https://${HOSTS.default}/`);
	});

	it('gives the key back, whatever its characters, from every own host', () => {
		const places = [...KINDS.map((endpoint) => ({ ...location, endpoint })), custom('https://a.b')];
		fc.assert(
			fc.property(objectKeys, fc.constantFrom(...places), (key, place) => {
				expect(keyOfUrl(place, requestUrl(place, key))).toBe(key);
				expect(keyOfUrl(place, requestUrl(location, key))).toBe(key);
				expect(new URL(requestUrl(place, key)).pathname).toBe(keyToPath(key));
			}),
			{ numRuns: 2000, seed: 10 },
		);
	});

	it('is signed for exactly the key it means', () => {
		const account = { keys: { secretId: 'id', secretKey: 'key' }, location };
		const moment = Date.UTC(2025, 8, 9);
		const queries = fc.array(
			fc.tuple(
				fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
				fc.string({ unit: 'binary', maxLength: 8 }),
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
		[`  https://${HOSTS.internal}/a.jpg\n`, 'a.jpg'],
		[`\u00a0https://${HOSTS.internal}/a.jpg\u00a0`, 'a.jpg'],
		[`HTTPS://${HOSTS.accelerate.toUpperCase()}/A.jpg`, 'A.jpg'],
		[`https://${HOSTS.tencentcos}:443//a//b.jpg`, '/a//b.jpg'],
		[`https://${HOSTS.default}/中 文.jpg`, '中 文.jpg'],
		[`https://${HOSTS.default}/a+b.jpg`, 'a+b.jpg'],
		[`https://${HOSTS.default}/`, ''],
	])('%s is the one of %j', (address, key) => {
		expect(keyOfUrl(location, address)).toBe(key);
	});

	it.each([
		['', '"" is not an address'],
		['folder/a.jpg', '"folder/a.jpg" is not an address'],
		[`http://${HOSTS.default}/a.jpg`, 'another host'],
		['https://other-1250000000.cos.ap-guangzhou.myqcloud.com/a.jpg', 'another host'],
		['https://examplebucket-1250000000.cos.ap-beijing.myqcloud.com/a.jpg', 'another host'],
		[`https://${HOSTS.default}@evil.com/a.jpg`, 'another host (evil.com)'],
		[`https://${HOSTS.default}.evil.com/a.jpg`, 'another host'],
		[`https://${HOSTS.default}:8443/a.jpg`, 'another host'],
		['data:image/png,a', 'another host (data:)'],
		[`https://${HOSTS.default}/100%.jpg`, 'holds a "%" that is not followed by two digits'],
		[`https://${HOSTS.default}/%E4%B8.jpg`, 'holds a "%"'],
	])('%s is none of this bucket', (address, what) => {
		const refusal = invalidInput(() => keyOfUrl(location, address));
		expect(refusal.field).toBe('objectUrl');
		expect(refusal.what).toContain(what);
		expect(refusal.advice).toContain(`https://${HOSTS.default}/folder/image.jpg`);
	});
});
