import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runInOwnProcess, type EndedProcess } from './ownProcess';
import { CANARIES, type FaultSet, type SecretsReport } from './secretsRun';
import { tracesOf } from './secretTraces';

export const canaries = Object.values(CANARIES);

/** What has to be exceeded: a run that met little proves little. */
interface Least {
	faulty: number;
	items: number;
	thrown: number;
	presigned: number;
}

/** Declares the tests that no secret shows anywhere after a set of faults. */
export function testSecrets(set: FaultSet, least: Least): void {
	let ended: EndedProcess;
	let report: SecretsReport;

	beforeAll(async () => {
		const folder = mkdtempSync(join(tmpdir(), 'image-repair-secrets-report-'));
		const file = join(folder, 'report.json');
		ended = await runInOwnProcess('secretsRun.ts', file, set);
		if (ended.exitCode !== 0) throw new Error(ended.printed);
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

	test('the faults were met, and many ended in an error item or stopped the run', () => {
		expect(report.faulty).toBeGreaterThan(least.faulty);
		expect(report.failures.items).toBeGreaterThan(least.items);
		expect(report.failures.thrown).toBeGreaterThan(least.thrown);
		expect(report.presigned).toBeGreaterThan(least.presigned);
	});

	test.each<[what: string, places: RegExp]>([
		['the items that come out, good and bad', /: output$/],
		['the line in the output panel', /: hints$/],
		['the error that stops the run, its stack and cause', /: error$/],
		['the whole execution as n8n stores it', /: execution$/],
		['the log of n8n', /^n8n log$/],
		['the stored files and what n8n notes beside them', /^a stored file$/],
		['what "From list" and the credential’s Test say', /^(list|test) /],
	])('no secret shows in %s', (_, places) => {
		expect(report.places.some(({ place }) => places.test(place))).toBe(true);
		expect(leaks(places)).toEqual([]);
	});

	test('nothing at all is printed', () => {
		expect(ended.printed).toBe('');
	});
}
