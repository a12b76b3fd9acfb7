import * as fc from 'fast-check';

import { InvalidInput } from '../../../../cos/invalidInput';
import { settingHeaders, type UploadSettings } from '../../../../cos/requests/uploadSettings';
import { refusal } from '../../node/refusal';

test('all settings become the headers of "PUT Object"', () => {
	expect(
		settingHeaders({
			storageClass: 'STANDARD_IA',
			acl: 'public-read',
			metadata: [
				{ name: 'Taken-By', value: ' a person ' },
				{ name: 'order', value: '0815' },
			],
			tags: [
				{ name: 'team', value: 'shop + web=1' },
				{ name: 'empty', value: '' },
			],
			encryption: {
				method: 'cos/kms',
				keyId: '48ba38aa-26c5-11ea-855c-52540085abcd',
				context: '{"author": "猫"}',
			},
			cacheControl: 'max-age=86400',
			contentDisposition: 'attachment; filename="a b.jpg"',
		}),
	).toEqual({
		'Cache-Control': 'max-age=86400',
		'Content-Disposition': 'attachment; filename="a b.jpg"',
		'x-cos-storage-class': 'STANDARD_IA',
		'x-cos-acl': 'public-read',
		'x-cos-tagging': 'team=shop%20%2B%20web%3D1&empty=',
		'x-cos-server-side-encryption': 'cos/kms',
		'x-cos-server-side-encryption-cos-kms-key-id': '48ba38aa-26c5-11ea-855c-52540085abcd',
		'x-cos-server-side-encryption-context': Buffer.from('{"author":"猫"}').toString('base64'),
		'x-cos-meta-taken-by': 'a person',
		'x-cos-meta-order': '0815',
	});
});

test.each<[settings: UploadSettings, headers: Record<string, string>]>([
	[{}, {}],
	[{ cacheControl: ' ', contentDisposition: '', metadata: [], tags: [] }, {}],
	[{ encryption: { method: 'AES256' } }, { 'x-cos-server-side-encryption': 'AES256' }],
	[
		{ encryption: { method: 'cos/kms', keyId: ' ', context: ' ' } },
		{ 'x-cos-server-side-encryption': 'cos/kms' },
	],
	[
		{ encryption: { method: 'cos/kms', context: { author: 'a' } } },
		{
			'x-cos-server-side-encryption': 'cos/kms',
			'x-cos-server-side-encryption-context': 'eyJhdXRob3IiOiJhIn0=',
		},
	],
])('%j sends %j', (settings, headers) => {
	expect(settingHeaders(settings)).toEqual(headers);
});

const named = (name: string, value = 'v') => [{ name, value }];
const kms = (more: object): UploadSettings => ({ encryption: { method: 'cos/kms', ...more } });

test.each<[settings: UploadSettings, message: RegExp]>([
	[{ cacheControl: 'no-cache\r\nx-cos-acl: public-read' }, /^Cache Control is ".*line break/],
	[{ contentDisposition: 'attachment; filename="猫.jpg"' }, /^Content Disposition is .*猫/],
	[{ metadata: named('a_b') }, /^Metadata has "a_b" as a name/],
	[{ metadata: named('') }, /^Metadata has "" as a name/],
	[{ metadata: named('a\r\nb') }, /^Metadata has .* as a name/],
	[{ metadata: named('-a') }, /^Metadata has "-a" as a name/],
	[{ metadata: named('a', 'b\nx-cos-acl: public-read') }, /^Metadata has .* under "a"/],
	[{ metadata: named('a', 'café') }, /^Metadata has "café" under "a"/],
	[{ metadata: [...named('A'), ...named('a')] }, /^Metadata has the name "a" twice/],
	[{ metadata: named('a', 'x'.repeat(2048)) }, /^Metadata has 2049 bytes in all, more than 2048/],
	[{ tags: named('') }, /^Tags has "" as a key/],
	[{ tags: named('a&b') }, /^Tags has "a&b" as a key/],
	[{ tags: named('猫') }, /^Tags has "猫" as a key/],
	[{ tags: named('k'.repeat(128)) }, /^Tags has "k+…? as a key/],
	[{ tags: named('a', 'v'.repeat(256)) }, /^Tags has "v+…? as the value of "a"/],
	[{ tags: named('a', 'b\r\n') }, /^Tags has .* as the value of "a"/],
	[{ tags: [...named('a'), ...named('a')] }, /^Tags has the key "a" twice/],
	[
		{ tags: Array.from({ length: 11 }, (_, n) => ({ name: `t${String(n)}`, value: '' })) },
		/^Tags has 11 tags, more than 10/,
	],
	[kms({ keyId: 'a b' }), /^KMS Key ID is "a b"/],
	[kms({ keyId: 'a\r\nb' }), /^KMS Key ID is/],
	[kms({ context: '{' }), /^KMS Context is "\{"/],
	[kms({ context: '["a"]' }), /^KMS Context is .*not a JSON object with text values/],
	[kms({ context: { a: 1 } }), /^KMS Context is \{"a":1\}/],
	[kms({ context: 5 }), /^KMS Context is 5/],
])('%j is refused before anything is sent', (settings, message) => {
	expect(refusal(() => settingHeaders(settings)).message).toMatch(message);
});

test('the longest metadata, and ten tags of the greatest length, are sent', () => {
	expect(settingHeaders({ metadata: named('a', 'x'.repeat(2047)) })).toHaveProperty('x-cos-meta-a');
	const tags = Array.from({ length: 10 }, (_, n) => ({
		name: String(n).padEnd(127, 'k'),
		value: 'v'.repeat(255),
	}));
	expect(settingHeaders({ tags })['x-cos-tagging']).toHaveLength(10 * (127 + 1 + 255) + 9);
});

test('whatever is entered, no header holds more than one line of plain ASCII', () => {
	const text = fc.oneof(
		fc.string(),
		fc.string({ unit: 'binary' }),
		fc.constantFrom('a\r\nb: c', 'a\0'),
	);
	const rows = fc.array(fc.record({ name: text, value: text }), { maxLength: 3 });
	const settings = fc.record(
		{
			metadata: rows,
			tags: rows,
			cacheControl: text,
			contentDisposition: text,
			encryption: fc.record({
				method: fc.constant('cos/kms' as const),
				keyId: text,
				context: fc.dictionary(text, text),
			}),
		},
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(settings, (given) => {
			try {
				for (const [name, value] of Object.entries(settingHeaders(given))) {
					expect(name).toMatch(/^[A-Za-z0-9-]+$/);
					expect(value).toMatch(/^[\x20-\x7e]*$/);
				}
			} catch (error) {
				if (!(error instanceof InvalidInput)) throw error;
			}
		}),
	);
});
