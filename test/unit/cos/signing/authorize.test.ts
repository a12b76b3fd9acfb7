import {
	authorize,
	checkAccount,
	ForeignHost,
	presign,
	type Account,
	type OutgoingRequest,
} from '../../../../cos/signing/authorize';
import { type Parameters } from '../../../../cos/signing/encoding';
import { type BucketLocation } from '../../../../cos/location/endpoint';
import { InvalidInput } from '../../../../cos/invalidInput';
import { authorizationHeader, keyTimeAt, presignedQuery } from '../../../../cos/signing/signature';
import { invalidInput, thrownBy } from '../thrown';

const keys = { secretId: 'AKIDexample', secretKey: 'secretexample' };
const location: BucketLocation = {
	bucket: 'examplebucket-1250000000',
	region: 'ap-guangzhou',
	endpoint: 'default',
};
const account: Account = { keys, location };
const temporary: Account = { keys: { ...keys, securityToken: 'TOKEN' }, location };
const HOST = 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com';
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

	it('signs what no client rewrites, and leaves the rest unsigned but in place', () => {
		const headers = {
			Accept: '*/*',
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
			'content-length;content-md5;date;host;range;x-ci-thing;x-cos-acl',
		);
		expect(signed.headers).toMatchObject(headers);
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

	it('is valid from the moment its own Date tells, not from the clock of this machine', () => {
		const date = 'Wed, 28 Oct 2015 20:32:00 GMT';
		const signed = authorize(account, get(`https://${HOST}/a.jpg`, { date }), NOW);
		const start = Date.UTC(2015, 9, 28, 20, 31) / 1000;
		expect(field(signed, 'q-key-time')).toBe(`${start};${start + 600}`);
		expect(field(signed, 'q-sign-time')).toBe(`${start};${start + 600}`);
		expect(signed.headers).toMatchObject({ Date: date });
		expect(signed.headers).not.toHaveProperty('date');
	});

	it('replaces a Date that is none', () => {
		expect(authorize(account, get(`https://${HOST}/a.jpg`, { Date: 'soon' }), NOW)).toEqual(
			authorize(account, get(`https://${HOST}/a.jpg`), NOW),
		);
	});

	it('may go to every documented host of the bucket, and is signed for that one', () => {
		const hosts = [
			HOST,
			'examplebucket-1250000000.cos.ap-guangzhou.tencentcos.cn',
			'examplebucket-1250000000.cos.accelerate.myqcloud.com',
			'examplebucket-1250000000.cos-internal.ap-guangzhou.tencentcos.cn',
		];
		const signatures = hosts.map((host) =>
			field(authorize(account, get(`https://${host}/a.jpg`), NOW), 'q-signature'),
		);
		expect(new Set(signatures).size).toBe(hosts.length);
	});

	it('goes to the own domain, port included', () => {
		const own: Account = {
			keys,
			location: { ...location, endpoint: 'custom', customDomain: 'http://127.0.0.1:9000' },
		};
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

describe('a request to a host that is not the bucket’s', () => {
	it.each(foreign)('is not signed: %s', (_, url) => {
		const refusal = thrownBy(() => authorize(temporary, get(url), NOW));
		expect(refusal).toBeInstanceOf(ForeignHost);
	});

	it.each(foreign)('gets no security token: %s', (_, url) => {
		const refusal = thrownBy(() => authorize(temporary, get(url), NOW));
		expect(JSON.stringify(refusal)).not.toContain('TOKEN');
	});

	it('is told which host it was, and which ones are the bucket’s', () => {
		const refusal = thrownBy(() => authorize(account, get('https://example.com:444/a'), NOW));
		expect(refusal).toMatchObject({
			name: 'ForeignHost',
			host: 'example.com:444',
			bucketHosts: [
				HOST,
				'examplebucket-1250000000.cos.ap-guangzhou.tencentcos.cn',
				'examplebucket-1250000000.cos.accelerate.myqcloud.com',
				'examplebucket-1250000000.cos-internal.ap-guangzhou.tencentcos.cn',
			],
			message: `This credential signs requests to its own bucket only, not to example.com:444. Use an address that begins with https://${HOST}/.`,
		});
	});

	it('is refused too when it is another port of the own domain', () => {
		const own: Account = {
			keys,
			location: { ...location, endpoint: 'custom', customDomain: 'http://localhost:9000' },
		};
		expect(thrownBy(() => authorize(own, get('http://localhost:9001/a'), NOW))).toBeInstanceOf(
			ForeignHost,
		);
	});

	it('is refused when it is no address at all', () => {
		expect(thrownBy(() => authorize(account, get('/a.jpg'), NOW))).toMatchObject({
			name: 'TypeError',
		});
	});
});

describe('a credential that cannot sign', () => {
	const cases: ReadonlyArray<readonly [string, Account, string]> = [
		['an empty Secret ID', { keys: { ...keys, secretId: '' }, location }, 'secretId'],
		['an empty Secret Key', { keys: { ...keys, secretKey: '' }, location }, 'secretKey'],
		['an empty bucket', { keys, location: { ...location, bucket: '' } }, 'bucket'],
		['an empty region', { keys, location: { ...location, region: '' } }, 'region'],
		['no own domain', { keys, location: { ...location, endpoint: 'custom' } }, 'customDomain'],
	];

	it.each(cases)('names the field and says what to do: %s', (_, broken, name) => {
		const refusals = [
			invalidInput(() => {
				checkAccount(broken);
			}),
			invalidInput(() => authorize(broken, get(`https://${HOST}/a.jpg`), NOW)),
		];
		for (const refusal of refusals) {
			expect(refusal.field).toBe(name);
			expect(refusal.what).toBe('is empty');
			expect(refusal.advice).toMatch(/\.$/);
		}
	});

	it('is none when all fields are there', () => {
		expect(() => {
			checkAccount(account);
		}).not.toThrow();
	});

	it('is not told with the secret key in the message', () => {
		const broken = { keys, location: { ...location, bucket: 'Bad' } };
		expect(
			JSON.stringify(invalidInput(() => authorize(broken, get('https://x/'), NOW))),
		).not.toContain(keys.secretKey);
	});
});

describe('a presigned URL', () => {
	const url = `https://${HOST}/masks/a%20b%2B.png`;

	it('is the address with the signing fields as its query, for GET, with Host signed', () => {
		const query = presignedQuery(
			{ method: 'GET', path: '/masks/a b+.png', query: [], headers: [['host', HOST]] },
			keys,
			keyTimeAt(NOW, 3600),
		);
		expect(presign(account, url, NOW, 3600)).toBe(`${url}?${query}`);
	});

	it('carries the token of temporary credentials', () => {
		expect(
			new URL(presign(temporary, url, NOW, 3600)).searchParams.get('x-cos-security-token'),
		).toBe('TOKEN');
	});

	it('drops a user name, a fragment and an old signature', () => {
		expect(presign(account, `https://u:p@${HOST}/masks/a%20b%2B.png?q-ak=old#x`, NOW, 3600)).toBe(
			presign(account, url, NOW, 3600),
		);
	});

	it.each(foreign.filter(([why]) => !why.includes('before the host')))(
		'is not made for %s',
		(_, address) => {
			const refusal = thrownBy(() => presign(temporary, address, NOW, 3600));
			expect(refusal).toBeInstanceOf(ForeignHost);
			expect(refusal).toMatchObject({ bucketHosts: expect.arrayContaining([HOST]) as string[] });
		},
	);

	it('is not made with a bucket that cannot be', () => {
		const broken = { keys, location: { ...location, bucket: 'Bad' } };
		expect(thrownBy(() => presign(broken, url, NOW, 60))).toBeInstanceOf(InvalidInput);
	});
});
