import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runInOwnProcess, type EndedProcess } from './ownProcess';
import { CANARIES, type FaultSet, type SecretsReport } from './secretsRun';
import { tracesOf } from './secretTraces';

const canaries = Object.values(CANARIES);

describe('what is looked for is found', () => {
	const signature = '0123456789abcdef0123456789abcdef01234567';
	const url = `http://127.0.0.1/mask.png?q-sign-algorithm=sha1&q-signature=${signature}`;
	const encoded = Buffer.from(url).toString('base64url');
	test.each<[what: string, text: string]>([
		['a secret key', `{"a":"${CANARIES.secretKey}"}`],
		['a token in a query', `?x-cos-security-token=${CANARIES.token}&b`],
		['a signature', url],
		['a percent-encoded signature', encodeURIComponent(encodeURIComponent(url))],
		['a presigned URL in MaskPic', `?ci-process=ImageRepair&MaskPic=${encoded}`],
		['a presigned URL in an escaped MaskPic', encodeURIComponent(`MaskPic=${encoded}==`)],
		['a bare signature', `StringToSign ${signature}`],
	])('%s', (_, text) => {
		expect(tracesOf(text, canaries)).not.toEqual([]);
	});

	test('and nothing else', () => {
		const harmless = `"etag":"${'ab'.repeat(16)}","requestId":"${encoded.slice(0, 20)}"`;
		expect(tracesOf(harmless, canaries)).toEqual([]);
	});
});

describe('after every fault in every mode', () => {
	let ended: EndedProcess;
	let report: SecretsReport;

	beforeAll(async () => {
		const folder = mkdtempSync(join(tmpdir(), 'image-repair-secrets-report-'));
		const file = join(folder, 'report.json');
		ended = await runInOwnProcess('secretsRun.ts', file, 'faults' satisfies FaultSet);
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
		expect(report.faulty).toBeGreaterThan(200);
		expect(report.failures.items).toBeGreaterThan(70);
		expect(report.failures.thrown).toBeGreaterThan(70);
		expect(report.presigned).toBeGreaterThan(50);
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
});
