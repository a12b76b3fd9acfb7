import fc from 'fast-check';

import { holdsSecret, withoutSecrets } from '../../../../cos/responses/secrets';
import table from '../vectors/failures.json';
import { canBeRead, encode, NAMES } from './encodings';

const SECRET_ID = 'AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q';
const TOKEN = 'canary-security-token-that-nobody-may-see';
const SIGNED =
	'https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/masks/logo.png' +
	'?q-sign-algorithm=sha1&q-ak=AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q&q-sign-time=1;2' +
	'&q-key-time=1;2&q-header-list=host&q-url-param-list=&q-signature=0123456789abcdef0123456789abcdef01234567';

const encoding = fc.constantFrom(...NAMES);

const secret = fc.oneof(
	fc.constantFrom(SIGNED, TOKEN, SECRET_ID, 'Authorization: q-sign-algorithm=sha1&q-ak=AKIDx'),
	fc.stringMatching(/^AKID[A-Za-z0-9]{32}$/),
	fc
		.tuple(fc.webUrl(), fc.stringMatching(/^sign=[a-f0-9]{20}$/))
		.map(([url, query]) => `${url}?${query}`),
);

/** What stands around it: words, or characters that Base64 has too. */
const around = fc.oneof(
	fc.constantFrom('', ' ', '"', '<td>', '?MaskPic=', 'mask/', '&a=', 'x', 'ab', 'abc', '\n'),
	fc.stringMatching(/^[A-Za-z0-9 /=&"<>.-]{0,20}$/),
);

describe('what the service or a gateway repeats', () => {
	it.each(NAMES)('shows no presigned link in %s', (name) => {
		const hidden = encode(SIGNED, [name]);
		expect(holdsSecret(`The mask ${hidden} cannot be read.`)).toBe(true);
		expect(withoutSecrets(`The mask ${hidden} cannot be read.`)).toBe('');
	});

	it('shows no secret in up to three encodings, whatever stands around it', () => {
		fc.assert(
			fc.property(
				secret,
				fc.array(encoding, { maxLength: 3 }),
				around,
				around,
				(plain, names, before, after) => {
					const hidden = encode(plain, names);
					const shown = withoutSecrets(`Words ${before}${hidden}${after} words`, [TOKEN]);
					expect(canBeRead(shown, plain, 12)).toBe(false);
				},
			),
			{ numRuns: 2000, seed: 11 },
		);
	});

	it.each([
		'Proxy-Authorization: Basic dXNlcjpwYXNzd29yZA==',
		'<td>Proxy-Authorization</td><td>Basic dXNlcjpwYXNzd29yZA==</td>',
		'{"authorization":"something"}',
		'login with Bearer eyJhbGciOiJIUzI1NiJ9.x',
		'x-cos-security-token</td><td>abc',
	])('shows nothing of %j', (text) => {
		expect(withoutSecrets(text)).toBe('');
	});

	it('keeps the words around a link that holds no secret but a query or a login', () => {
		expect(
			withoutSecrets(
				'See http://example.com/a?id=7 or "http://user:pass@proxy:8080/", then go on.',
			),
		).toBe('See … or "…", then go on.');
		const encoded = Buffer.from('https://example.com/a?id=7').toString('base64url');
		expect(withoutSecrets(`The mask ${encoded} is missing.`)).toBe('The mask … is missing.');
	});

	it('shows no signature and no token by their length alone', () => {
		const signature = '0123456789abcdef'.repeat(3).slice(0, 40);
		const token = 'aB3_-'.repeat(30);
		expect(withoutSecrets(`Expected ${signature}, token ${token}.`)).toBe('Expected …, token ….');
	});

	it('shows nothing of what is too long to be read, or unfolds to that', () => {
		expect(withoutSecrets('a'.repeat(100_000))).toHaveLength(100_000);
		expect(withoutSecrets('a'.repeat(100_001))).toBe('');
		const nested = encode('some words '.repeat(6000), ['base64']);
		expect(withoutSecrets(nested)).toBe('');
		expect(holdsSecret(nested)).toBe(true);
	});
});

describe('the service’s own words', () => {
	it.each([
		...table.codes.map(({ message = '' }) => message).filter((message) => message !== ''),
		'The authorization header that you provided is invalid.',
		'This user is not authorized: check the policy.',
		'Use basic processing for this bucket.',
		'Strict signature missing header that must be signed',
		'See https://cloud.tencent.com/document/product/436/7730 for details.',
		'The specified key photos/2025/summer-holidays/image-of-the-logo-0001.jpg does not exist.',
		'请求已过期。',
		'100% of 5%20 is &amp; \\u0041',
		'RequestId NWFjMzQ0MDZfOTBmYTUwXzZkZV8z, ETag "d41d8cd98f00b204e9800998ecf8427e"',
	])('%j are shown as they are', (words) => {
		expect(withoutSecrets(words, [TOKEN, SECRET_ID])).toBe(words);
	});

	it('are shown as they are, whatever the words', () => {
		fc.assert(
			fc.property(fc.array(fc.stringMatching(/^[A-Za-z]{1,14}[.,:;!?]?$/)), (words) => {
				const text = words.join(' ');
				fc.pre(!/authorization|akid|basic|bearer/i.test(text));
				expect(withoutSecrets(text, [TOKEN])).toBe(text);
			}),
			{ numRuns: 500, seed: 12 },
		);
	});

	it('are not taken for a secret that is shorter than a word', () => {
		expect(withoutSecrets('The bucket is empty.', ['', 'empty'])).toBe('The bucket is empty.');
	});
});
