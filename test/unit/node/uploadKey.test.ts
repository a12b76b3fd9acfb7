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
const storeAs = (value: unknown) => (name: string) => (name === 'storeAs' ? value : undefined);
const read = (value: unknown) => readUploadKey(storeAs(value), location, storeAs(value));
const keyOf = (value: unknown, fileName = parts.fileName) =>
	read(value).keyOf({ ...parts, fileName });
const byUrl = (path: string) => `${location.origin}/${path}`;

test.each<[entered: unknown, key: string]>([
	['', 'cat.final.jpg'],
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
])('Store As %j of an upload is stored as %s', (entered, key) => {
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
	['{folder}{name}', /^Store As has the unknown placeholder \{folder\}/],
	['{Name}.jpg', /^Store As has the unknown placeholder \{Name\}/],
	['{}', /^Store As has the unknown placeholder \{\}/],
	['{{name}}.jpg', /^Store As "\{\{name\}\}.jpg" has a brace that belongs to no placeholder/],
	['{{ $json.name }}', /^Store As .* has a brace/],
	['{a b}', /^Store As .* has a brace/],
	['name}.jpg', /^Store As .* has a brace/],
	['inbox/ ', /^Store As ends with a space/],
	['../{name}', /^Store As .*"\.\."/],
	['//', /^Store As begins with a slash/],
	[`${'a'.repeat(840)}/`, /^Store As is longer than 850 bytes/],
	[byUrl('inbox/'), /is a folder/],
	['https://example.com/a.jpg', /^Store As is the address of another host/],
	['C:\\cat.jpg', /^Store As is the path of a file on a computer/],
	[{ mode: 'key', value: 'a' }, /^Store As is .*not text/],
])('Store As %j of an upload is refused', (entered, message) => {
	expect(refusal(() => keyOf(entered)).message).toMatch(message);
});

test('what is refused says what may be used', () => {
	expect(refusal(() => keyOf('{folder}')).advice).toBe(
		`Use ${Object.keys(UPLOAD_PLACEHOLDERS).join(', ')}, or an expression.`,
	);
});

test('an expression that gives nothing is refused, unlike an empty field', () => {
	for (const value of [undefined, null]) {
		const read = () => readUploadKey(storeAs(value), location, storeAs('={{ $json.nothing }}'));
		expect(refusal(read).message).toMatch(/^Store As is an expression that gave nothing/);
	}
});
