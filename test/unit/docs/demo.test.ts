import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { tasks } from '../../../dev/demo/repairs';
import { writeReport } from '../../../dev/demo/report';
import { loadScenes } from '../../../dev/demo/scenes';
import { readPage, ROOT } from './markdown';

const REPORT = 'dev/demo/output/report.html';

test('the demo runs three examples, one for each repair mode', () => {
	expect(tasks.map(({ mode }) => mode)).toEqual(['download', 'upload', 'cloud']);
	for (const { example } of tasks) {
		expect([example, existsSync(join(ROOT, `examples/${example}.json`))]).toEqual([example, true]);
	}
	expect(readPage('README.md')).toContain('It runs three example workflows');
});

test('its report shows each image before and after, where the README says', async () => {
	expect(readPage('README.md')).toContain(`\`${REPORT}\``);
	const folder = await mkdtemp(join(tmpdir(), 'image-repair-report-'));
	try {
		const scenes = await loadScenes();
		const repairs = tasks.map((task) => {
			const scene = scenes[task.scene];
			const { marked: before, unmarked: after } = scene;
			const measured = { bytes: 1, milliseconds: 1, psnrBefore: 1, psnrAfter: 2, passed: true };
			return { task, scene, before, after, ...measured };
		});
		const path = await writeReport(folder, repairs);
		expect(path).toBe(join(folder, 'report.html'));
		const html = await readFile(path, 'utf8');
		const files = await readdir(folder);
		for (const { scene } of tasks) {
			for (const file of [`${scene}-before.png`, `${scene}-after.png`]) {
				expect(files).toContain(file);
				expect(html).toContain(file);
			}
		}
	} finally {
		await rm(folder, { recursive: true });
	}
});
