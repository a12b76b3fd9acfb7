import fc from 'fast-check';

import { decodeBase64 } from '../../../nodes/ImageRepair/base64';

const spaces = fc.array(fc.constantFrom(' ', '\n', '\r\n', '\t'), { maxLength: 3 });

test('any bytes come back, however their Base64 is written', () => {
	fc.assert(
		fc.property(
			fc.uint8Array({ maxLength: 300 }),
			fc.constantFrom(
				'',
				'data:image/png;base64,',
				' DATA:;charset=utf-8;BASE64,',
				'data:;base64,',
			),
			fc.boolean(),
			fc.boolean(),
			fc.nat(20),
			spaces,
			(bytes, before, isPadded, isUrlSafe, width, space) => {
				let text = Buffer.from(bytes).toString(isUrlSafe ? 'base64url' : 'base64');
				if (!isPadded) text = text.replace(/=/g, '');
				const lines = text.match(new RegExp(`.{1,${width + 1}}`, 'g')) ?? [];
				const written = before + lines.join(space.join('')) + space.join('');
				expect(decodeBase64(written)).toEqual(Buffer.from(bytes));
			},
		),
		{ numRuns: 1000, seed: 5 },
	);
});

test.each([
	['words', 'Not an image!'],
	['a single digit too many', 'AAAAA'],
	['three signs of padding', 'A==='],
	['padding in the middle', 'AA=A'],
	['two files behind each other', 'AA==AAAA'],
	['an address', 'https://example.com/a.png'],
	['a data URL that is not Base64', 'data:image/svg+xml,%3Csvg/%3E'],
	['a data URL with something else behind it', 'data:image/png;base64,<svg/>'],
	['accents', 'dGVzd\u0301A'],
	['a number', 7],
	['nothing', undefined],
])('%s is not Base64', (_, value) => {
	expect(decodeBase64(value)).toBeUndefined();
});

test.each(['='.repeat(5_000_000), 'A'.repeat(20_000_000) + '!', ' '.repeat(40_000_000) + '!'])(
	'a long text that is not Base64 is refused (%#)',
	(text) => {
		expect(decodeBase64(text)).toBeUndefined();
	},
);
