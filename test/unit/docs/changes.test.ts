import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { readPage, ROOT } from './markdown';

const rows = readPage('docs/changes.md')
	.split('\n')
	.filter((line) => line.startsWith('| a') || line.startsWith('| dropping'))
	.map((line) => {
		const [, change = '', files = ''] = line.split('|').map((cell) => cell.trim());
		return {
			change,
			files: [...files.matchAll(/`([^`]+\.\w+)`/g)].map(([, file = '']) => file),
		};
	});

test('ten changes are answered', () => {
	expect(rows).toHaveLength(10);
});

test.each(rows)('$change: the files are there, and a new one has a folder', ({ files }) => {
	expect(files.length).toBeGreaterThan(0);
	const missing = files.filter((file) => {
		const path = join(ROOT, file.includes('NEW') ? dirname(file) : file);
		return !existsSync(path);
	});
	expect(missing).toEqual([]);
});

test.each(['a new mode', 'a new area kind'])('%s touches at most eight places', (name) => {
	const row = rows.find(({ change }) => change === name);
	expect(row?.files.length).toBeGreaterThan(3);
	expect(row?.files.length).toBeLessThanOrEqual(8);
});
