import fc from 'fast-check';

import { holdsSecret, withoutSecrets } from '../../../../cos/responses/secrets';
import table from '../vectors/failures.json';

const SECRET_ID = 'AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q';
const TOKEN = 'canary-security-token-that-nobody-may-see';
const SIGNED =
	'https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/masks/logo.png' +
	'?q-sign-algorithm=sha1&q-ak=AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q&q-sign-time=1;2' +
	'&q-key-time=1;2&q-header-list=host&q-url-param-list=&q-signature=0123456789abcdef0123456789abcdef01234567';

const everyByte = (text: string) =>
	text.replace(/[^]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
const inHtml = (text: string) =>
	text.replace(/[/=?&:]/g, (c) => `&#x${c.charCodeAt(0).toString(16)};`);

/** What gateways and services do to what they repeat. */
const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
	percent: encodeURIComponent,
	'percent, every byte': everyByte,
	base64: (text) => Buffer.from(text).toString('base64'),
	'base64 without padding': (text) => Buffer.from(text).toString('base64').replace(/=+$/, ''),
	'URL-safe base64': (text) => Buffer.from(text).toString('base64url'),
	'base64 in lines': (text) => Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n'),
	hex: (text) => Buffer.from(text).toString('hex'),
	'HTML references': inHtml,
	'JSON with escaped slashes': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
	'JSON with escaped characters': (text) =>
		text.replace(/[^A-Za-z0-9]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
};

const encoding = fc.constantFrom(...Object.keys(ENCODINGS));
const encode = (text: string, names: readonly string[]) =>
	names.reduce((encoded, name) => (ENCODINGS[name] ?? String)(encoded), text);

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

/** Whether any part of a text that could be decoded stands in another. */
function shows(shown: string, hidden: string): boolean {
	const length = Math.min(20, hidden.length);
	for (let start = 0; start + length <= hidden.length; start++) {
		if (shown.includes(hidden.slice(start, start + length))) return true;
	}
	return false;
}

describe('what the service or a gateway repeats', () => {
	it.each(Object.keys(ENCODINGS))('shows no presigned link in %s', (name) => {
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
					expect(shows(shown, hidden)).toBe(false);
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

	it('shows nothing of what unfolds without end', () => {
		expect(withoutSecrets('a'.repeat(400_000)).length).toBe(0);
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
