import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { LedgerEntry } from '../../dev/sandbox/ledger/ledger';
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

	const repairsOf = () => {
		const repairs = new Map<string, LedgerEntry[]>();
		for (const call of report.ledger) {
			if (call.kind !== 'repair-cloud') continue;
			repairs.set(call.key, [...(repairs.get(call.key) ?? []), call]);
		}
		return (n: number) => repairs.get(`${String(n)}.png`) ?? [];
	};

	test('no image is billed twice', () => {
		const repairs = repairsOf();
		const twice = report.output.filter(
			(_, n) => repairs(n).filter(({ billed }) => billed).length > 1,
		);
		expect(twice).toEqual([]);
	});

	test('a repaired item was billed, and is what the service made of this very image', () => {
		const repairs = repairsOf();
		for (const [n, item] of report.output.entries()) {
			if (errorOf(item) !== undefined) continue;
			const made = repairs(n).filter(({ billed }) => billed);
			const [result] = item.json.results as Array<{ etag?: string }>;
			expect([n, made.length, made[0]?.results[0]?.md5]).toEqual([n, 1, result?.etag]);
		}
	});

	test('a failed item was refused and not billed, or tells that it may have been billed', () => {
		const repairs = repairsOf();
		expect(failed().length).toBeGreaterThan(0);
		for (const { json, pairedItem } of failed()) {
			const { item: n } = pairedItem as { item: number };
			const { billed, results } = json.error as { billed: string; results?: unknown };
			if (billed === 'no') {
				expect(repairs(n).some((call) => call.billed)).toBe(false);
			} else {
				expect([n, billed]).toEqual([n, 'perhaps']);
				expect(repairs(n).length).toBeGreaterThan(0);
				expect(results).toMatchObject([{ key: `results/${String(n)}.png`, status: 'unknown' }]);
			}
		}
	});

	test('the line above the output agrees with the ledger', () => {
		const [, done, notDone, sure, perhaps] =
			/^(\d+) repaired, (\d+) failed, \d+ retr\w+, (\d+) billed calls, (\d+) more may/.exec(
				report.hint ?? '',
			) ?? [];
		const lost = failed().filter(
			({ json }) => (json.error as { billed: string }).billed === 'perhaps',
		).length;
		const repaired = items - failed().length;
		expect([done, notDone, sure, perhaps].map(Number)).toEqual([
			repaired,
			failed().length,
			repaired,
			lost,
		]);
		const billed = report.ledger.filter((call) => call.billed).length;
		expect(billed).toBeGreaterThanOrEqual(repaired);
		expect(billed).toBeLessThanOrEqual(repaired + lost);
	});

	test('no mask is left in the bucket', () => {
		expect(report.keys.filter((key) => key.startsWith('image-repair-masks/'))).toEqual([]);
		expect(report.calls.filter(({ method }) => method === 'DELETE').length).toBeGreaterThanOrEqual(
			items / 10,
		);
	});

	test('the process prints nothing, shows no warning of Node.js and ends by itself', () => {
		expect(run).toMatchObject({ exitCode: 0, printed: '' });
	});
}
