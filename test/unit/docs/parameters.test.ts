import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const page = readFileSync(join(ROOT, 'docs/parameters.md'), 'utf8');

const rows = page
	.split('\n')
	.filter((line) => line.startsWith('|') && !/^\|[\s|:-]+\|$/.test(line))
	.map((line) =>
		line
			.slice(1, -1)
			.split('|')
			.map((cell) => cell.trim()),
	);

test('no table of the parameters page has an empty cell', () => {
	expect(rows.length).toBeGreaterThan(25);
	for (const cells of rows) expect(cells).not.toContain('');
});

const claims = rows
	.map((cells) => /^`(engine\/[^`]+)`: (.+)$/.exec(cells[3] ?? ''))
	.filter((match) => match !== null);

test('every parameter names a test that exists', () => {
	expect(claims.length).toBeGreaterThan(20);
	for (const [, file = '', name = ''] of claims) {
		expect(readFileSync(join(ROOT, 'test', file), 'utf8')).toContain(name);
	}
});

test('every parameter of the node is explained on the page or in the editor itself', () => {
	for (const label of [
		'Object Key',
		'Input Binary Field',
		'Output Binary Field',
		'Result Key',
		'Overwrite Original',
		'Additional Results',
		'Also Download the Result',
		'Simplify',
		'Destination Bucket',
		'Return Image Information',
		'Check Area First',
	]) {
		expect(page).toContain(label);
	}
});
