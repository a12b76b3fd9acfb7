import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runInOwnProcess, type ProcessResult } from './ownProcess';
import { CANARIES, type FaultSet, type SecretsReport } from './secretsRun';
import { tracesOf } from './secretTraces';

export const canaries = Object.values(CANARIES);

/** Counts that a run has to exceed, because one with few faults would prove little. */
interface Minimums {
	faulty: number;
	items: number;
	thrown: number;
	presigned: number;
}

/** Declares the tests that no secret appears anywhere after a set of faults. */
export function testSecrets(set: FaultSet, minimums: Minimums): void {
	let run: ProcessResult;
	let report: SecretsReport;

	beforeAll(async () => {
		const folder = mkdtempSync(join(tmpdir(), 'image-repair-secrets-report-'));
		const file = join(folder, 'report.json');
		run = await runInOwnProcess('secretsRun.ts', file, set);
		if (run.exitCode !== 0) throw new Error(run.printed);
		report = JSON.parse(readFileSync(file, 'utf8')) as SecretsReport;
		rmSync(folder, { recursive: true });
	});

	const leaks = (places: RegExp) => {
		const found = report.places
			.filter(({ place }) => places.test(place))
			.flatMap(({ place, text }) =>
				tracesOf(text, canaries).map((trace) => `${place}: …${trace}…`),
			);
		return [...new Set(found)];
	};

	test('there were many faults, error items and failed runs', () => {
		expect(report.faulty).toBeGreaterThan(minimums.faulty);
		expect(report.failures.items).toBeGreaterThan(minimums.items);
		expect(report.failures.thrown).toBeGreaterThan(minimums.thrown);
		expect(report.presigned).toBeGreaterThan(minimums.presigned);
	});

	test.each<[what: string, places: RegExp]>([
		['the output items, including error items', /: output$/],
		['the hint in the output panel', /: hints$/],
		['the error that stops the run, with its stack and cause', /: error$/],
		['the whole execution as n8n stores it', /: execution$/],
		['the log of n8n', /^n8n log$/],
		['the stored files and their metadata', /^a stored file$/],
		['the results of From List and of the credential’s Test', /^(list|test) /],
	])('no secret appears in %s', (_, places) => {
		expect(report.places.some(({ place }) => places.test(place))).toBe(true);
		expect(leaks(places)).toEqual([]);
	});

	test('the process prints nothing', () => {
		expect(run.printed).toBe('');
	});
}
