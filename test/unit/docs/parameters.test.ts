import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readPage, ROOT, tableRows } from './markdown';

const page = readPage('docs/parameters.md');
const rows = tableRows('docs/parameters.md');

test('no table on the parameters page has an empty cell', () => {
	expect(rows.length).toBeGreaterThan(25);
	for (const cells of rows) expect(cells).not.toContain('');
});

const references = rows
	.map((cells) => /^`(engine\/[^`]+)`: (.+)$/.exec(cells[3] ?? ''))
	.filter((match) => match !== null);

test('every test that the page names exists', () => {
	expect(references.length).toBeGreaterThan(20);
	for (const [, file = '', name = ''] of references) {
		expect(readFileSync(join(ROOT, 'test', file), 'utf8')).toContain(name);
	}
});

test('every parameter of the node is explained on the page or in the editor itself', () => {
	for (const label of [
		'Image',
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
		'If the Key Exists',
		'Upload Settings',
		'ACL',
		'Cache Control',
		'Content Disposition',
		'Encryption',
		'KMS Key ID',
		'KMS Context',
		'Metadata',
		'Storage Class',
		'Tags',
	]) {
		expect(page).toContain(label);
	}
});
