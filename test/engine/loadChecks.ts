import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { LoadReport } from './loadRun';
import { runInOwnProcess, type EndedProcess } from './ownProcess';

/**
 * Declares the tests of a large run: of its items one call in twenty meets one of fifteen faults, and
 * one item in ten has a mask of its own.
 */
export function testLoad(items: number): void {
	let ended: EndedProcess;
	let report: LoadReport;

	beforeAll(async () => {
		const folder = mkdtempSync(join(tmpdir(), 'image-repair-load-'));
		const file = join(folder, 'report.json');
		ended = await runInOwnProcess('loadRun.ts', file, String(items));
		if (ended.exitCode !== 0) throw new Error(ended.printed);
		report = JSON.parse(readFileSync(file, 'utf8')) as LoadReport;
		rmSync(folder, { recursive: true });
	}, 600_000);

	const errorOf = (item: LoadReport['output'][number] | undefined) => item?.json.error;
	const failed = () => report.output.filter((item) => errorOf(item) !== undefined);
	const faulty = () => report.calls.filter(({ fault }) => fault !== '');

	test('about one call in twenty met a fault, of every sort', () => {
		expect(faulty().length).toBeGreaterThan(items * 0.04);
		expect(faulty().length).toBeLessThan(items * 0.09);
		const sorts = new Set(faulty().map(({ fault }) => fault));
		expect(sorts).toEqual(new Set(['status', 'reset', 'cut', 'drip', 'delay', 'xml']));
	});

	test('as many items come out as went in, in order and paired', () => {
		expect(report.error).toBeUndefined();
		expect(report.output.map(({ pairedItem }) => pairedItem)).toEqual(
			Array.from({ length: items }, (_, item) => ({ item })),
		);
	});

	test('each is right, or says what happened, to which item and what to do', () => {
		const keys = new Set(report.keys);
		for (const [n, item] of report.output.entries()) {
			if (errorOf(item) === undefined) {
				const results = [{ key: `results/${String(n)}.png` }];
				expect(item.json).toMatchObject({ key: `${String(n)}.png`, results });
				expect(keys.has(`results/${String(n)}.png`)).toBe(true);
			} else {
				expect(item.json.error).toMatchObject({
					message: expect.stringMatching(new RegExp(`\\[item ${String(n)}\\]$`)) as string,
					description: expect.stringMatching(/^[A-Z].{20,}/) as string,
					code: expect.any(String) as string,
					itemIndex: n,
				});
			}
		}
	});

	test('only what the service refused has failed', () => {
		const refused = report.calls.filter(({ status }) => status === 403).map(({ key }) => key);
		expect(refused.length).toBeGreaterThan(0);
		const failedKeys = failed().map(({ pairedItem }) => {
			return `${String((pairedItem as { item: number }).item)}.png`;
		});
		expect(failedKeys.sort()).toEqual(refused.sort());
	});

	test('no image is paid for twice, and the line in the output panel counts right', () => {
		const billed = report.calls.filter((call) => call.billed);
		expect(new Set(billed.map(({ key }) => key)).size).toBe(billed.length);
		expect(billed).toHaveLength(items - failed().length);
		expect(report.hint).toMatch(
			new RegExp(
				`^${String(billed.length)} repaired, ${String(failed().length)} failed, \\d+ retries, ${String(billed.length)} billed calls`,
			),
		);
	});

	test('no mask is left in the bucket', () => {
		expect(report.keys.filter((key) => key.startsWith('image-repair-masks/'))).toEqual([]);
		expect(report.calls.filter(({ method }) => method === 'DELETE').length).toBeGreaterThanOrEqual(
			items / 10,
		);
	});

	test('nothing is printed, Node warns of nothing, and nothing keeps the process from ending', () => {
		expect(ended).toEqual({ exitCode: 0, printed: '' });
	});
}
