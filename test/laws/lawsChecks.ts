import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runInOwnProcess } from '../engine/ownProcess';
import type { LawsReport } from './lawsRun';

/** What two processes find. Each writes a report of its half of the seeds. */
async function runLaws(first: number, count: number): Promise<LawsReport> {
	const folder = mkdtempSync(join(tmpdir(), 'image-repair-laws-'));
	const half = Math.ceil(count / 2);
	const parts = [
		[first, half],
		[first + half, count - half],
	];
	const reports = await Promise.all(
		parts.map(async ([from = 0, many = 0], part) => {
			const file = join(folder, `${part}.json`);
			const script = join('..', 'laws', 'lawsRun.ts');
			const run = await runInOwnProcess(script, file, String(from), String(many));
			if (run.exitCode !== 0) throw new Error(run.printed);
			return JSON.parse(readFileSync(file, 'utf8')) as LawsReport;
		}),
	);
	rmSync(folder, { recursive: true });
	return reports.reduce(add);
}

function add(one: LawsReport, other: LawsReport): LawsReport {
	const counts = { ...one.counts };
	for (const [name, count] of Object.entries(other.counts)) {
		counts[name] = (counts[name] ?? 0) + count;
	}
	return {
		histories: one.histories + other.histories,
		failures: [...one.failures, ...other.failures],
		counts,
		cpuSeconds: one.cpuSeconds + other.cpuSeconds,
		seconds: Math.max(one.seconds, other.seconds),
	};
}

/** The states that the histories have to show, or the laws judge nothing. */
const STATES = [
	'repaired',
	'skipped',
	'sameAs',
	'left out',
	'sourceChanged',
	'failed, billed no',
	'failed, billed yes',
	'failed, billed perhaps',
	'error',
	'canceled',
	'never sent',
	'automatic',
	'binaryMask',
	'storedMask',
	'watched folder',
	'loop broken off',
	'loop refused',
];

/** Failing histories that are printed. */
const PRINTED = 5;

/**
 * Declares the tests of random histories.
 *
 * @param first the first seed: each history has its own, `first`, `first + 1` and so on
 */
export function testLaws(first: number, count: number): void {
	let report: LawsReport;

	beforeAll(async () => {
		report = await runLaws(first, count);
	}, 7_200_000);

	test(`no law is broken in ${count} random histories`, () => {
		const { failures } = report;
		const smallest = [...failures].sort((a, b) => a.printed.length - b.printed.length);
		const printed = smallest
			.slice(0, PRINTED)
			.map(({ seed, printed: text }) => `seed ${seed}\n${text}`);
		if (failures.length > 0) {
			const seeds = failures.map(({ seed }) => seed).join(', ');
			throw new Error(
				[`${failures.length} histories break a law: seeds ${seeds}`, ...printed].join('\n\n'),
			);
		}
		expect(report.histories).toBe(count);
	});

	test('the histories show every state of an item and of an execution', () => {
		expect(STATES.filter((state) => (report.counts[state] ?? 0) === 0)).toEqual([]);
		expect(report.counts.billed).toBeGreaterThan(count);
	});
}
