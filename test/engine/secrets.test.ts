import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runInOwnProcess, type ProcessResult } from './ownProcess';
import { CANARIES, type SecretsReport } from './secretsRun';
import { tracesOf } from './secretTraces';

const canaries = Object.values(CANARIES);

describe('the search for secrets finds', () => {
	const signature = '0123456789abcdef0123456789abcdef01234567';
	const url = `http://127.0.0.1/mask.png?q-sign-algorithm=sha1&q-signature=${signature}`;
	const encoded = Buffer.from(url).toString('base64url');
	test.each<[what: string, text: string]>([
		['a secret key', `{"a":"${CANARIES.secretKey}"}`],
		['a token in a query', `?x-cos-security-token=${CANARIES.token}&b`],
		['a signature', url],
		['a percent-encoded signature', encodeURIComponent(encodeURIComponent(url))],
		['a presigned URL in MaskPic', `?ci-process=ImageRepair&MaskPic=${encoded}`],
		['a presigned URL in a percent-encoded MaskPic', encodeURIComponent(`MaskPic=${encoded}==`)],
		['a signature alone', `StringToSign ${signature}`],
	])('%s', (_, text) => {
		expect(tracesOf(text, canaries)).not.toEqual([]);
	});

	test('nothing in harmless text', () => {
		const harmless = `"etag":"${'ab'.repeat(16)}","requestId":"${encoded.slice(0, 20)}"`;
		expect(tracesOf(harmless, canaries)).toEqual([]);
	});
});

describe('after every fault in every mode, and responses that contain the request', () => {
	let run: ProcessResult;
	let report: SecretsReport;

	beforeAll(async () => {
		const folder = mkdtempSync(join(tmpdir(), 'image-repair-secrets-report-'));
		const file = join(folder, 'report.json');
		run = await runInOwnProcess('secretsRun.ts', file);
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

	// A run with few of them would prove little.
	test('there were many faults, error items and failed runs', () => {
		expect(report.faulty).toBeGreaterThan(540);
		expect(report.failures.items).toBeGreaterThan(170);
		expect(report.failures.thrown).toBeGreaterThan(170);
		expect(report.presigned).toBeGreaterThan(150);
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
});
