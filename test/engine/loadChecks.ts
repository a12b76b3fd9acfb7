import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { LoadReport } from './loadRun';
import { runInOwnProcess, type ProcessResult } from './ownProcess';

/**
 * Declares the tests of a large run, in which one request in twenty gets one of fifteen faults and
 * one item in ten has its own mask.
 */
export function testLoad(items: number): void {
	let run: ProcessResult;
	let report: LoadReport;

	beforeAll(async () => {
		const folder = mkdtempSync(join(tmpdir(), 'image-repair-load-'));
		const file = join(folder, 'report.json');
		run = await runInOwnProcess('loadRun.ts', file, String(items));
		if (run.exitCode !== 0) throw new Error(run.printed);
		report = JSON.parse(readFileSync(file, 'utf8')) as LoadReport;
		rmSync(folder, { recursive: true });
	}, 600_000);

	const errorOf = (item: LoadReport['output'][number] | undefined) => item?.json.error;
	const failed = () => report.output.filter((item) => errorOf(item) !== undefined);
	const faulty = () => report.calls.filter(({ fault }) => fault !== '');

	test('about one request in twenty gets a fault, and every fault occurs', () => {
		expect(faulty().length).toBeGreaterThan(items * 0.04);
		expect(faulty().length).toBeLessThan(items * 0.09);
		const faults = new Set(faulty().map(({ fault }) => fault));
		expect(faults).toEqual(new Set(['status', 'reset', 'cut', 'drip', 'delay', 'xml']));
	});

	test('every input item has one output item, in order and paired', () => {
		expect(report.error).toBeUndefined();
		expect(report.output.map(({ pairedItem }) => pairedItem)).toEqual(
			Array.from({ length: items }, (_, item) => ({ item })),
		);
	});

	test('each output item has the right result, or an error that names the item and says what to do', () => {
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

	test('only items whose request the service rejected have failed', () => {
		// The last call of each image: on a busy machine, a refusal can come after the time limit, and is
		// then a lost response like any other.
		const repairs = report.calls.filter(({ kind }) => kind === 'repair-cloud');
		const last = new Map(repairs.map((call) => [call.key, call.status]));
		const rejected = [...last].filter(([, status]) => status === 403).map(([key]) => key);
		expect(rejected.length).toBeGreaterThan(0);
		const failedKeys = failed().map(({ pairedItem }) => {
			return `${String((pairedItem as { item: number }).item)}.png`;
		});
		expect(failedKeys.sort()).toEqual(rejected.sort());
	});

	test('no image is billed twice, and the hint in the output panel shows the right numbers', () => {
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

	test('the process prints nothing, shows no warning of Node.js and ends by itself', () => {
		expect(run).toEqual({ exitCode: 0, printed: '' });
	});
}
