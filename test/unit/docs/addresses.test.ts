import { addressedFiles, withAddresses } from '../../../dev/docs/addresses';
import { readIdentity } from '../../../dev/release/identity';
import { TencentCloudInfiniteApi } from '../../../credentials/TencentCloudInfiniteApi.credentials';
import { AREA_PICKER } from '../../../nodes/shared/publisher';
import { readPage } from './markdown';

const packageJson: unknown = JSON.parse(readPage('package.json'));
const { homepage, picker } = readIdentity(packageJson);
const files = addressedFiles();

test.each(files)(
	'$file leads to the repository that package.json names: run "npm run docs" after a change',
	({ now, then }) => {
		expect(now).toBe(then);
	},
);

test('what users and contributors read is among these files', () => {
	const named = files
		.filter(({ now }) => now.includes(homepage) || now.includes(picker))
		.map(({ file }) => file);
	expect(named).toEqual(
		expect.arrayContaining([
			'README.md',
			'CHANGELOG.md',
			'package.json',
			'credentials/TencentCloudInfiniteApi.credentials.ts',
			'.github/ISSUE_TEMPLATE/config.yml',
			'docs/contributing.md',
			'examples/new-upload-event.json',
		]),
	);
});

test('the links in n8n lead there too', () => {
	expect(AREA_PICKER).toBe(picker);
	expect(new TencentCloudInfiniteApi().documentationUrl).toBe(`${homepage}#credential`);
});

test('another publisher changes package.json alone', () => {
	const other = { repository: { url: 'git+https://github.com/Some-Shop/image-repair.node.git' } };
	const text = `${homepage}/issues, ${homepage}.git, ${picker} and https://github.com/n8n-io/n8n`;
	const moved = withAddresses(text, other);
	expect(moved).toBe(
		'https://github.com/Some-Shop/image-repair.node/issues, https://github.com/Some-Shop/image-repair.node.git, https://some-shop.github.io/image-repair.node/picker/ and https://github.com/n8n-io/n8n',
	);
	expect(withAddresses(moved, other)).toBe(moved);
});
