import fc from 'fast-check';

import { CHARACTER } from '../../../character';
import { encodeQuery, percentEncode, urlSafeBase64 } from '../../../../cos/signing/encoding';

describe('encoding', () => {
	it('leaves only letters, digits and - _ . ~', () => {
		const ascii = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code));
		expect(percentEncode(ascii).replace(/%[0-9A-F]{2}/g, '')).toBe(
			'-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~',
		);
		expect(decodeURIComponent(percentEncode(ascii))).toBe(ascii);
	});

	it('writes escapes in upper case, as UTF-8', () => {
		expect(percentEncode("中 +!'()*")).toBe('%E4%B8%AD%20%2B%21%27%28%29%2A');
	});

	it('does not accept half an emoji', () => {
		expect(() => percentEncode('\ud83d')).toThrow(URIError);
	});

	it('lets a parameter without a value stand alone', () => {
		expect(
			encodeQuery([
				['image_process', ''],
				['a b', 'c&d'],
			]),
		).toBe('image_process&a%20b=c%26d');
		expect(encodeQuery([])).toBe('');
	});

	it('gives the URL-safe Base64 of Node without padding, for any text', () => {
		fc.assert(
			fc.property(fc.string({ unit: CHARACTER }), (text) => {
				const encoded = urlSafeBase64(text);
				expect(encoded).toBe(Buffer.from(text, 'utf8').toString('base64url'));
				expect(encoded).toMatch(/^[A-Za-z0-9_-]*$/);
				expect(Buffer.from(encoded, 'base64url').toString('utf8')).toBe(text);
			}),
			{ numRuns: 1000, seed: 6 },
		);
	});

	it('gives Base64 with both characters of the URL-safe alphabet, and no padding', () => {
		expect(urlSafeBase64('???>>>')).toBe('Pz8_Pj4-');
		expect(urlSafeBase64('a')).toBe('YQ');
		expect(urlSafeBase64('')).toBe('');
		expect(() => urlSafeBase64('\ud83d')).toThrow(URIError);
	});
});
