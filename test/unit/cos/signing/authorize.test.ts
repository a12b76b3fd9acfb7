import fc from 'fast-check';

import type { BucketPlace } from '../../../../cos/location/endpoint';
import { keyToPath, objectKey } from '../../../../cos/location/objectKey';
import {
	authorize,
	createAccount,
	ForeignHost,
	presign,
	type OutgoingRequest,
} from '../../../../cos/signing/authorize';
import type { Parameters } from '../../../../cos/signing/encoding';
import {
	authorizationHeader,
	keyTimeAt,
	presignedQuery,
	type CosKeys,
} from '../../../../cos/signing/signature';
import { fill, FOREIGN_HOST } from '../../../../nodes/shared/messages';
import { customPlace, HOSTS, KINDS, objectKeys, place } from '../location/examples';
import { invalidInput, thrownBy } from '../thrown';

const keys = { secretId: 'AKIDexample', secretKey: 'secretexample' };
const account = createAccount(keys, place);
const temporary = createAccount({ ...keys, securityToken: 'TOKEN' }, place);
const HOST = HOSTS.default;
const NOW = Date.UTC(2025, 8, 9, 20, 2, 20);

function get(url: string, headers: Record<string, string> = {}): OutgoingRequest {
	return { method: 'GET', url, headers };
}

function field(request: OutgoingRequest, name: string): string {
	const { Authorization = '' } = request.headers;
	return (
		new Map(
			Authorization.split('&').map((part) => {
				const equals = part.indexOf('=');
				return [part.slice(0, equals), part.slice(equals + 1)] as const;
			}),
		).get(name) ?? 'absent'
	);
}

describe('a signed request', () => {
	it('carries Date and a signature over Date and Host', () => {
		const signed = authorize(account, get(`https://${HOST}/a.jpg`), NOW);
		expect(signed).toEqual({
			method: 'GET',
			url: `https://${HOST}/a.jpg`,
			headers: {
				Date: 'Tue, 09 Sep 2025 20:02:20 GMT',
				Authorization: authorizationHeader(
					{
						method: 'GET',
						path: '/a.jpg',
						query: [],
						headers: [
							['date', 'Tue, 09 Sep 2025 20:02:20 GMT'],
							['host', HOST],
						],
					},
					keys,
					keyTimeAt(NOW),
				),
			},
		});
	});

	it.each(['Pic-Operations', 'pic-operations', 'PIC-OPERATIONS'])(
		'always has %s among the signed headers',
		(name) => {
			const signed = authorize(
				account,
				{ method: 'PUT', url: `https://${HOST}/a.jpg`, headers: { [name]: '{"rules":[]}' } },
				NOW,
			);
			expect(field(signed, 'q-header-list')).toBe('date;host;pic-operations');
			expect(signed.headers[name]).toBe('{"rules":[]}');
		},
	);

	it('signs the headers that no client rewrites, and leaves the others unsigned but in place', () => {
		const headers = {
			Accept: '*/*',
			'Cache-Control': 'max-age=60',
			'Content-Disposition': 'inline',
			'Content-Type': 'image/png',
			'Content-Length': '3',
			'Content-MD5': 'mQ/fVh815F3k6TAUm8m0eg==',
			Range: 'bytes=0-1',
			'User-Agent': 'n8n',
			'X-Cos-Acl': 'private',
			'x-ci-thing': 'y',
			'x-other': 'z',
		};
		const signed = authorize(account, get(`https://${HOST}/a.jpg`, headers), NOW);
		expect(field(signed, 'q-header-list')).toBe(
			'cache-control;content-disposition;content-length;content-md5;content-type;date;host;range;x-ci-thing;x-cos-acl',
		);
		expect(signed.headers).toMatchObject(headers);
	});

	it('leaves unsigned, but in place, what the client will change', () => {
		const headers = {
			'Content-Type': 'multipart/form-data',
			'content-length': '3',
			Range: 'bytes=0-1',
		};
		const changing = ['content-type', 'content-length'];
		const signed = authorize(account, { ...get(`https://${HOST}/a.jpg`, headers), changing }, NOW);
		expect(field(signed, 'q-header-list')).toBe('date;host;range');
		expect(signed.headers).toMatchObject(headers);
		expect(signed).not.toHaveProperty('changing');
	});

	it.each([
		['café', 'caf\u00c3\u00a9'],
		['水印', '\u00e6\u00b0\u00b4\u00e5\u008d\u00b0'],
		['plain', 'plain'],
	])('sends the header value %j as UTF-8, and signs these bytes', (value, sent) => {
		const signed = authorize(
			account,
			get(`https://${HOST}/a.jpg`, { 'x-cos-meta-note': value }),
			NOW,
		);
		expect(signed.headers['x-cos-meta-note']).toBe(sent);
		expect(signed.headers.Authorization).toBe(
			authorizationHeader(
				{
					method: 'GET',
					path: '/a.jpg',
					query: [],
					headers: [
						['date', 'Tue, 09 Sep 2025 20:02:20 GMT'],
						['host', HOST],
						['x-cos-meta-note', value],
					],
				},
				keys,
				keyTimeAt(NOW),
			),
		);
	});

	it('signs header values as HTTP sends them, without the spaces around', () => {
		const padded = get(`https://${HOST}/a.jpg`, { Range: '  bytes=0-1 ' });
		const trimmed = get(`https://${HOST}/a.jpg`, { Range: 'bytes=0-1' });
		expect(authorize(account, padded, NOW)).toEqual(authorize(account, trimmed, NOW));
	});

	it('signs the decoded path and the decoded query', () => {
		const url = `https://${HOST}/a%20b/%E4%B8%AD%2B.jpg?image_process&MaskPoly=W10%3D&x=a%20b&&plus=1+1`;
		const query: Parameters = [
			['image_process', ''],
			['MaskPoly', 'W10='],
			['x', 'a b'],
			['plus', '1+1'],
		];
		const signed = authorize(account, get(url), NOW);
		expect(signed.headers.Authorization).toBe(
			authorizationHeader(
				{
					method: 'GET',
					path: '/a b/中+.jpg',
					query,
					headers: [
						['date', 'Tue, 09 Sep 2025 20:02:20 GMT'],
						['host', HOST],
					],
				},
				keys,
				keyTimeAt(NOW),
			),
		);
		expect(signed.url).toBe(
			`https://${HOST}/a%20b/%E4%B8%AD%2B.jpg?image_process&MaskPoly=W10%3D&x=a%20b&plus=1%2B1`,
		);
	});

	it('keeps a parameter without a name', () => {
		const { url } = authorize(account, get(`https://${HOST}/a.jpg?=x&a=1`), NOW);
		expect(url).toBe(`https://${HOST}/a.jpg?=x&a=1`);
	});

	it('sends a lone "%" in the query as the character it is', () => {
		const { url } = authorize(account, get(`https://${HOST}/a.jpg?x=100%&y%=1`), NOW);
		expect(url).toBe(`https://${HOST}/a.jpg?x=100%25&y%25=1`);
	});

	it.each([`https://${HOST}/a.jpg?`, `https://${HOST}/a.jpg#part`, `https://${HOST}:443/a.jpg`])(
		'goes to the plain address for %s',
		(url) => {
			expect(authorize(account, get(url), NOW).url).toBe(`https://${HOST}/a.jpg`);
		},
	);

	it('adds and signs the security token of temporary credentials', () => {
		const signed = authorize(temporary, get(`https://${HOST}/a.jpg`), NOW);
		expect(signed.headers['x-cos-security-token']).toBe('TOKEN');
		expect(field(signed, 'q-header-list')).toBe('date;host;x-cos-security-token');
	});

	it('has no security token for a permanent key', () => {
		expect(authorize(account, get(`https://${HOST}/a.jpg`), NOW).headers).not.toHaveProperty(
			'x-cos-security-token',
		);
	});

	it.each([account, temporary])(
		'never carries an Authorization, Host or security token that the caller brought',
		(own) => {
			const brought = {
				authorization: 'Bearer stolen',
				AUTHORIZATION: 'Basic stolen',
				Host: 'evil.example.com',
				hOST: 'evil.example.com',
				'X-Cos-Security-Token': 'stolen',
				'x-cos-security-token': 'stolen',
			};
			expect(authorize(own, get(`https://${HOST}/a.jpg`, brought), NOW)).toEqual(
				authorize(own, get(`https://${HOST}/a.jpg`), NOW),
			);
		},
	);

	it('is valid from its own Date, not from the clock of this machine', () => {
		const date = 'Wed, 28 Oct 2015 20:32:00 GMT';
		const signed = authorize(account, get(`https://${HOST}/a.jpg`, { date }), NOW);
		const start = Date.UTC(2015, 9, 28, 20, 31) / 1000;
		expect(field(signed, 'q-key-time')).toBe(`${start};${start + 600}`);
		expect(field(signed, 'q-sign-time')).toBe(`${start};${start + 600}`);
		expect(signed.headers).toMatchObject({ Date: date });
		expect(signed.headers).not.toHaveProperty('date');
	});

	it('replaces an invalid Date', () => {
		expect(authorize(account, get(`https://${HOST}/a.jpg`, { Date: 'soon' }), NOW)).toEqual(
			authorize(account, get(`https://${HOST}/a.jpg`), NOW),
		);
	});

	it('may go to every documented host of the bucket, and is signed for that host', () => {
		const hosts = KINDS.map((kind) => HOSTS[kind]);
		const signatures = hosts.map((host) =>
			field(authorize(account, get(`https://${host}/a.jpg`), NOW), 'q-signature'),
		);
		expect(new Set(signatures).size).toBe(hosts.length);
	});

	it('goes to the custom domain, port included', () => {
		const own = createAccount(keys, customPlace('http://127.0.0.1:9000'));
		const signed = authorize(own, get('http://127.0.0.1:9000/a.jpg'), NOW);
		expect(signed.headers.Authorization).toBe(
			authorizationHeader(
				{
					method: 'GET',
					path: '/a.jpg',
					query: [],
					headers: [
						['date', 'Tue, 09 Sep 2025 20:02:20 GMT'],
						['host', '127.0.0.1:9000'],
					],
				},
				keys,
				keyTimeAt(NOW),
			),
		);
	});
});

const foreign: ReadonlyArray<readonly [why: string, url: string]> = [
	['another bucket of the account', `https://other-1250000000.cos.ap-guangzhou.myqcloud.com/a`],
	['another account', `https://examplebucket-1250000001.cos.ap-guangzhou.myqcloud.com/a`],
	['another region', `https://examplebucket-1250000000.cos.ap-beijing.myqcloud.com/a`],
	['another domain', 'https://example.com/a'],
	['the host as a user name', `https://${HOST}@evil.com/a`],
	['the host as a user name with a password', `https://${HOST}:x@evil.com/a`],
	['a user name before the host', `https://user@${HOST}/a`],
	['a user name and password before the host', `https://user:secret@${HOST}/a`],
	['a password without a user name before the host', `https://:secret@${HOST}/a`],
	['no encryption', `http://${HOST}/a`],
	['another port', `https://${HOST}:8443/a`],
	['the unencrypted port', `https://${HOST}:80/a`],
	['a longer host that begins like it', `https://${HOST}.evil.com/a`],
	['a longer host that ends like it', `https://evil.${HOST}/a`],
	['a host glued in front', `https://evil${HOST}/a`],
	['a dot at the end', `https://${HOST}./a`],
	['the host in the path', `https://evil.com/${HOST}/a`],
	['the host in the query', `https://evil.com/?${HOST}`],
	['the host in the fragment', `https://evil.com#${HOST}`],
	['a backslash trick', `https://evil.com\\@${HOST}/a`],
	['the host of the service without a bucket', 'https://cos.ap-guangzhou.myqcloud.com/a'],
	['the host of Cloud Infinite', 'https://examplebucket-1250000000.ci.ap-guangzhou.myqcloud.com/a'],
	['another scheme', `ftp://${HOST}/a`],
	[
		'a letter that only looks the same',
		`https://ехamplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/a`,
	],
	['the service on this machine', 'http://127.0.0.1/a'],
	['a scheme without a host', 'data:text/plain,a'],
];

describe('a request to a host outside the bucket', () => {
	it.each(foreign)('is not signed: %s', (_, url) => {
		const refusal = thrownBy(() => authorize(temporary, get(url), NOW));
		expect(refusal).toBeInstanceOf(ForeignHost);
	});

	it.each(foreign)('gets no security token: %s', (_, url) => {
		const refusal = thrownBy(() => authorize(temporary, get(url), NOW));
		expect(JSON.stringify(refusal)).not.toContain('TOKEN');
	});

	it.each([
		['the default host', account, HOST],
		['the chosen host', createAccount(keys, { ...place, endpoint: 'internal' }), HOSTS.internal],
		['a custom domain', createAccount(keys, customPlace('https://a.b:81')), 'a.b:81'],
	])('is refused with both hosts: %s', (_, own, bucketHost) => {
		const refusal = thrownBy(() => authorize(own, get('https://example.com:444/a'), NOW));
		expect(refusal).toBeInstanceOf(ForeignHost);
		expect(refusal).toMatchObject({
			name: 'ForeignHost',
			message: 'example.com:444',
			host: 'example.com:444',
			bucketHost,
		});
		const words = Object.fromEntries(Object.entries(refusal as ForeignHost));
		expect(`${fill(FOREIGN_HOST.message, words)}. ${fill(FOREIGN_HOST.advice, words)}`).toBe(
			`This credential signs requests to its own bucket only, not to example.com:444. Use an address that begins with https://${bucketHost}/.`,
		);
	});

	it('is refused for another port of the custom domain too', () => {
		const own = createAccount(keys, customPlace('http://localhost:9000'));
		expect(thrownBy(() => authorize(own, get('http://localhost:9001/a'), NOW))).toBeInstanceOf(
			ForeignHost,
		);
	});

	it('is refused when it is not an address at all', () => {
		expect(thrownBy(() => authorize(account, get('/a.jpg'), NOW))).toMatchObject({
			name: 'TypeError',
		});
	});
});

describe('an account', () => {
	const cases: ReadonlyArray<readonly [string, CosKeys, BucketPlace, string, string]> = [
		['an empty Secret ID', { ...keys, secretId: '' }, place, 'secretId', 'secret.empty'],
		['an empty Secret Key', { ...keys, secretKey: '' }, place, 'secretKey', 'secret.empty'],
		['an empty bucket', keys, { ...place, bucket: '' }, 'bucket', 'bucket.empty'],
		['an empty region', keys, { ...place, region: '' }, 'region', 'region.empty'],
		['no custom domain', keys, { ...place, endpoint: 'custom' }, 'customDomain', 'domain.empty'],
	];

	it.each(cases)('may not have %s', (_, badKeys, badPlace, field, reason) => {
		const refusal = invalidInput(() => createAccount(badKeys, badPlace));
		expect(refusal).toMatchObject({ field, reason, what: 'is empty' });
		expect(refusal.advice).toMatch(/\.$/);
	});

	it('keeps its keys and where its bucket is', () => {
		expect(account.keys).toEqual(keys);
		expect(account.location).toMatchObject({ ...place, origin: `https://${HOST}` });
	});

	it.each([
		[{ ...place, bucket: 'Bad' }, 'bucket.malformed'],
		[{ ...place, region: 'Bad' }, 'region.malformed'],
		[customPlace('Bad'), 'domain.notUrl'],
	])('is refused without showing the secret key: %j', (badPlace, reason) => {
		const refusal = invalidInput(() => createAccount(keys, badPlace));
		expect(refusal.reason).toBe(reason);
		expect(JSON.stringify(refusal) + String(refusal)).not.toContain(keys.secretKey);
	});
});

describe('a presigned URL', () => {
	/** From a little earlier, for a clock that is ahead, until so many seconds from now. */
	const validFor = (seconds: number) => ({
		start: keyTimeAt(NOW).start,
		end: Math.floor(NOW / 1000) + seconds,
	});
	const key = objectKey('masks/a b+.png');
	const url = `https://${HOST}/masks/a%20b%2B.png`;

	it('is the address with the signing fields as its query, for GET, with Host signed', () => {
		const query = presignedQuery(
			{ method: 'GET', path: '/masks/a b+.png', query: [], headers: [['host', HOST]] },
			keys,
			validFor(3600),
		);
		expect(presign(account, key, NOW, 3600)).toBe(`${url}?${query}`);
	});

	it('carries the token of temporary credentials', () => {
		expect(
			new URL(presign(temporary, key, NOW, 3600)).searchParams.get('x-cos-security-token'),
		).toBe('TOKEN');
		expect(presign(account, key, NOW, 3600)).not.toContain('token');
	});

	it.each([
		...KINDS.map((kind) => [HOSTS[kind], { ...place, endpoint: kind }] as const),
		['127.0.0.1:9000', customPlace('http://127.0.0.1:9000')] as const,
		['img.example.com', customPlace('https://img.example.com')] as const,
	])(
		'goes to the default host, which the service can reach, unless the bucket is on this machine: %s',
		(given, ownPlace) => {
			const host = given.startsWith('127.') ? given : HOST;
			const own = createAccount(keys, ownPlace);
			const query = presignedQuery(
				{ method: 'GET', path: `/${key}`, query: [], headers: [['host', host]] },
				keys,
				validFor(60),
			);
			const scheme = host.startsWith('127.') ? 'http' : 'https';
			expect(presign(own, key, NOW, 60)).toBe(`${scheme}://${host}/masks/a%20b%2B.png?${query}`);
		},
	);

	it.each([
		'@evil.com/a',
		':x@evil.com/a',
		'.evil.com/a',
		':8443/a',
		'a\\evil.com/a',
		'a?q-ak=old',
		'a#x',
		'https://evil.com/a',
	])('stays on the host of the bucket, whatever the key: %s', (odd) => {
		const signed = new URL(presign(temporary, objectKey(odd), NOW, 3600));
		expect(signed.origin).toBe(`https://${HOST}`);
		expect(signed.username + signed.password + signed.hash).toBe('');
		expect(signed.pathname).toBe(keyToPath(odd));
		expect(signed.searchParams.getAll('q-ak')).toEqual([keys.secretId]);
	});

	it('is signed for exactly the key it names', () => {
		fc.assert(
			fc.property(objectKeys, (odd) => {
				const query = presignedQuery(
					{ method: 'GET', path: `/${odd}`, query: [], headers: [['host', HOST]] },
					{ ...keys, securityToken: 'TOKEN' },
					validFor(3600),
				);
				expect(presign(temporary, odd, NOW, 3600)).toBe(
					`https://${HOST}${keyToPath(odd)}?${query}`,
				);
			}),
			{ numRuns: 500, seed: 32 },
		);
	});
});
