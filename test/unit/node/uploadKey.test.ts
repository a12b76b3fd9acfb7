import { readAccount } from '../../../credentials/account';
import { readUploadKey } from '../../../nodes/ImageRepair/parameters/source';
import { UPLOAD_PLACEHOLDERS } from '../../../nodes/shared/uploadKey';
import { refusal } from './refusal';

const { location } = readAccount({
	secretId: 'id',
	secretKey: 'key',
	bucket: 'own-1250000000',
	region: 'ap-guangzhou',
});
const parts = { fileName: 'cat.final.jpg', date: () => '2025-01-31', id: 'k7m2xq4d' };
const read = (value: unknown) =>
	readUploadKey((name) => (name === 'objectKey' ? value : undefined), location);
const keyOf = (value: unknown, fileName = parts.fileName) =>
	read(value).keyOf({ ...parts, fileName });
const byUrl = (path: string) => ({ mode: 'url', value: `${location.origin}/${path}` });

test.each<[entered: unknown, key: string]>([
	['', 'cat.final.jpg'],
	[{ mode: 'key', value: '' }, 'cat.final.jpg'],
	[{ mode: 'url', value: '' }, 'cat.final.jpg'],
	[undefined, 'cat.final.jpg'],
	['/', 'cat.final.jpg'],
	['inbox/', 'inbox/cat.final.jpg'],
	['/inbox/', 'inbox/cat.final.jpg'],
	['inbox/{date}/', 'inbox/2025-01-31/cat.final.jpg'],
	['inbox/{name}{extension}', 'inbox/cat.final.jpg'],
	['inbox/{fileName}', 'inbox/cat.final.jpg'],
	['{date}/{id}{extension}', '2025-01-31/k7m2xq4d.jpg'],
	['{id}/{id}.jpg', 'k7m2xq4d/k7m2xq4d.jpg'],
	['a.png', 'a.png'],
	[{ mode: 'list', value: 'a.png' }, 'a.png'],
	['{a b}{1}{', '{a b}{1}{'],
])('Object Key %j of an upload is stored as %s', (entered, key) => {
	expect(keyOf(entered)).toBe(key);
});

test('braces in the name of a file stand for themselves', () => {
	expect(keyOf('inbox/', '{id}{x}.jpg')).toBe('inbox/{id}{x}.jpg');
});

test('an address is taken as it is, braces included', () => {
	expect(keyOf(byUrl('a/%7Bid%7D.jpg'))).toBe('a/{id}.jpg');
	expect(read(byUrl('a.jpg')).isTemplate).toBe(false);
});

test.each<[entered: unknown, message: RegExp]>([
	['{folder}{name}', /^Object Key holds \{folder\}, which stands for nothing/],
	['{Name}.jpg', /^Object Key holds \{Name\}/],
	['{}', /^Object Key holds \{\}/],
	['inbox/ ', /^Object Key ends with a space/],
	['../{name}', /^Object Key .*"\.\."/],
	['//', /^Object Key begins with a slash/],
	[`${'a'.repeat(840)}/`, /^Object Key is longer than 850 bytes/],
	[{ mode: 'key', value: undefined }, /^Object Key is empty/],
	[{ mode: 'key', value: null }, /^Object Key is empty/],
	[byUrl('inbox/'), /is a folder/],
	[{ mode: 'public', value: 'https://example.com/a.jpg' }, /public image/],
	[{ mode: 'id', value: 'a' }, /not on the list/],
])('Object Key %j of an upload is refused', (entered, message) => {
	expect(refusal(() => keyOf(entered)).message).toMatch(message);
});

test('what is refused says what may be used', () => {
	expect(refusal(() => keyOf('{folder}')).advice).toBe(
		`Use ${Object.keys(UPLOAD_PLACEHOLDERS).join(', ')}, or an expression.`,
	);
});
