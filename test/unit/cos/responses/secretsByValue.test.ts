import fc from 'fast-check';

import { holdsSecret, withoutSecrets } from '../../../../cos/responses/secrets';
import { canBeRead, encode, NAMES } from './encodings';

/** None of these holds a word that the filter could know it by. */
const secrets = fc.oneof(
	fc.stringMatching(/^[A-Za-z0-9]{32}$/),
	fc.stringMatching(/^[0-9a-f]{40}$/),
	fc.stringMatching(/^[A-Za-z0-9_/+=.-]{20,300}$/),
	fc
		.tuple(fc.stringMatching(/^[a-z0-9]{1,30}$/), fc.stringMatching(/^[A-Za-z0-9_%;=&-]{30,90}$/))
		.map(([path, query]) => `https://images.example.com/${path}.png?k=${query}`),
);

/** Without escapes, which count as one character. */
const unescaped = secrets.filter((secret) => !secret.includes('%'));

/** What may be cut out of a secret: of a link, of its query. */
const fragmentable = (secret: string) => secret.slice(secret.indexOf('?') + 1);

const words = fc
	.array(fc.stringMatching(/^[a-z]{1,10}[.,:]?$/), { minLength: 1, maxLength: 6 })
	.map((all) => all.join(' '))
	.filter((text) => !/authori|akid|basic|bearer|security/i.test(text));

const names = fc.array(fc.constantFrom(...NAMES), { maxLength: 2 });

/** Half of them with other secrets beside. */
const others = fc.oneof(fc.constant([]), fc.array(secrets, { minLength: 1, maxLength: 3 }));

describe('a secret that nothing but its value tells', () => {
	it.each(NAMES)('is not shown in %s, and the words around it are', (name) => {
		fc.assert(
			fc.property(secrets, others, words, words, (secret, more, before, after) => {
				const text = `${before} ${encode(secret, [name])} ${after}`;
				const shown = withoutSecrets(text, [...more, secret]);
				expect(canBeRead(shown, secret, 12)).toBe(false);
				expect(shown.startsWith(`${before} `)).toBe(true);
				expect(shown.endsWith(` ${after}`)).toBe(true);
				expect(holdsSecret(text, [...more, secret])).toBe(true);
			}),
			{ numRuns: 60, seed: 21 },
		);
	});

	it('is not shown in two encodings, with words or digits against it', () => {
		const against = fc.constantFrom(
			'',
			'"',
			'>',
			'?a=',
			'&',
			'x',
			'ab',
			'abc',
			'f0',
			'%',
			'\\',
			'\n',
		);
		fc.assert(
			fc.property(secrets, names, against, against, words, (secret, how, left, right, around) => {
				const hidden = encode(secret, how);
				const shown = withoutSecrets(`${around} ${left}${hidden}${right} ${around}`, [secret]);
				expect(canBeRead(shown, secret, 12, 4)).toBe(false);
				expect(shown).toMatch(/…/);
			}),
			{ numRuns: 300, seed: 22 },
		);
	});

	it('is not shown in part, from 16 characters on', () => {
		const places = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 40 }));
		fc.assert(
			fc.property(unescaped, places, names, words, (secret, [place, more], how, around) => {
				const whole = fragmentable(secret);
				const length = Math.min(16 + more, whole.length);
				const start = Math.floor(place * (whole.length - length));
				const part = whole.slice(start, start + length);
				const shown = withoutSecrets(`${around} ${encode(part, how)} ${around}`, [secret]);
				expect(canBeRead(shown, part, 12, 4)).toBe(false);
				expect(shown.startsWith(`${around} `) && shown.endsWith(` ${around}`)).toBe(true);
			}),
			{ numRuns: 300, seed: 23 },
		);
	});

	it('is not shown where a long line was cut, wherever it was', () => {
		fc.assert(
			fc.property(
				unescaped,
				names,
				fc.nat({ max: 300 }),
				fc.integer({ min: 1, max: 300 }),
				(secret, how, from, length) => {
					const cut = encode(secret, how).slice(from, from + length);
					const shown = withoutSecrets(`Line: ${cut}`, [secret]);
					expect(canBeRead(shown, fragmentable(secret), 16, 4)).toBe(false);
				},
			),
			{ numRuns: 300, seed: 24 },
		);
	});

	it('is not shown at any place of a page', () => {
		const secret = 'Zk3vQ9xWmB7tR2pLcY5nHdJ8sGfT4aUe';
		const page = 'The gateway has waited for too long.\n'.repeat(40);
		for (let place = 0; place < 200; place++) {
			const text = page.slice(0, place) + secret + page.slice(place);
			expect(withoutSecrets(text, [secret])).toBe(text.replace(secret, '…'));
		}
	});

	it('is cut out each time, and with all its characters', () => {
		const secret = 'Zk3vQ9xWmB7tR2pLcY5nHdJ8sGfT4aUe';
		const short = 'Pa55word';
		expect(
			withoutSecrets(`a ${secret} b ${secret.slice(3, 19)} c ${short}, ${short}${secret}.`, [
				secret,
				short,
			]),
		).toBe('a … b … c …, ….');
	});

	it('is looked for as it stands, too, when it looks encoded', () => {
		const secrets = [
			'%41%42%43%44%45%46%47%48%49',
			'&amp;&amp;&lt;\\u0041BCDEFGHIJK',
			'716f0c6a9e'.repeat(3),
		];
		for (const secret of secrets) {
			expect(withoutSecrets(`It is ${secret} that failed.`, [secret])).toBe('It is … that failed.');
		}
	});

	it('is not shown in part when it looks encoded', () => {
		const link = 'https://images.example.com/a.png?key=Zk3v%2FQ9xW%2BmB7tR2%3DpLcY5nHdJ8';
		const part = link.slice(37, 60);
		for (const text of [part, encodeURIComponent(part), Buffer.from(part).toString('base64')]) {
			expect(withoutSecrets(`Key ${text} missing`, [link])).toBe('Key … missing');
		}
	});

	it('is found with letters outside ASCII in it, however they are encoded', () => {
		const link = 'https://images.example.com/a.png?name=腾讯&key=Zk3vQ9xWmB7tR2pLcY5nHdJ8';
		for (const text of [link, encodeURI(link), encodeURIComponent(link), JSON.stringify(link)]) {
			expect(withoutSecrets(`Mask ${text} missing`, [link])).toMatch(/^Mask "?…"? missing$/);
		}
	});
});

describe('words that only stand in a secret, too', () => {
	const host = 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com';
	const link = `https://${host}/masks/summer-holidays-logo.png?k=Zk3vQ9xWmB7tR2pLcY5nHdJ8sGfT4aUe`;

	it('are shown: the bucket and the key of a link', () => {
		const text = `The key masks/summer-holidays-logo.png is not in https://${host}/masks/.`;
		expect(withoutSecrets(text, [link])).toBe(text);
		expect(holdsSecret(text, [link])).toBe(false);
	});

	it('are not shown beside the query of that link', () => {
		expect(
			withoutSecrets(
				`Cannot read https://${host}/masks/summer-holidays-logo.png?k=Zk3vQ9xWmB7tR2 now`,
				[link],
			),
		).toBe('Cannot read … now');
		const login = 'https://somebody:pass@images.example.com/logo.png';
		expect(withoutSecrets(`Cannot read ${login} now`, [login])).toBe('Cannot read … now');
		const version = 'https://images.example.com/logo.png?v=1';
		expect(withoutSecrets(`Cannot read ${encode(version, ['base64'])} now`, [version])).toBe(
			'Cannot read … now',
		);
	});

	it('are shown when they have fewer than 16 characters', () => {
		const text = 'The header pic-operations of Zk3vQ9xWmB7tR2p is malformed.';
		expect(withoutSecrets(text, ['x;host;pic-operations&y', 'Zk3vQ9xWmB7tR2pLcY5nHdJ8'])).toBe(
			text,
		);
	});
});
