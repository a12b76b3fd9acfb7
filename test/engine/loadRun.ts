import { writeFileSync } from 'node:fs';
import type { IDataObject } from 'n8n-workflow';

import type { Call } from '../../dev/sandbox/ledger/calls';
import type { LedgerEntry } from '../../dev/sandbox/ledger/ledger';
import type { Fault } from '../../dev/sandbox/faults/faultRules';
import { shortenPauses } from '../quickSleep';
import { named, NODE, openScene, image } from './bucketAndEngine';

/** The process that loadChecks.ts starts: repairs many items, with faults for 5 % of all repairs. */

/** Everything that loadChecks.ts needs to judge a run. */
export interface LoadReport {
	error?: string;
	output: Array<{ json: IDataObject; pairedItem: unknown }>;
	hint?: string;
	calls: Call[];
	ledger: LedgerEntry[];
	keys: readonly string[];
}

async function main(file: string, items: number): Promise<void> {
	shortenPauses(20);
	const scene = await openScene({ binaryMode: 'filesystem' }, { delay: 1 });
	const content = await image();
	for (let n = 0; n < items; n++) await scene.sandbox.putObject(`${n}.png`, content, 'image/png');

	const faults: Fault[] = [
		{ fault: 'status', status: 429 },
		{ fault: 'status', status: 500, body: 'html' },
		{ fault: 'status', status: 502, body: 'empty' },
		{ fault: 'status', status: 503, code: 'SlowDown' },
		{ fault: 'status', status: 503, body: 'cut' },
		{ fault: 'status', status: 403 },
		{ fault: 'reset' },
		{ fault: 'reset', processed: true },
		{ fault: 'cut', by: 'reset' },
		{ fault: 'cut', by: 'end' },
		{ fault: 'drip' },
		{ fault: 'delay', ms: 50 },
		{ fault: 'xml', shape: 'malformed' },
		{ fault: 'xml', shape: 'entities' },
		{ fault: 'xml', shape: 'missing' },
	];
	const temporaryFaults: Fault[] = [
		{ fault: 'status', status: 503 },
		{ fault: 'reset', processed: true },
		{ fault: 'reset' },
	];
	await scene.sandbox.setFaults([
		{ kind: 'repair-cloud', rate: 0.05, seed: 'load', fault: faults },
		// Keys of temporary masks are random, so a rate would not hit the same requests in every run.
		{ kind: ['put', 'delete'], nth: 20, times: 9, fault: temporaryFaults },
	]);
	const result = await scene.run(
		{
			operation: 'cloud',
			...named('={{ $json.n }}.png'),
			area: '={{ $json.n % 10 === 0 ? "mask" : "automatic" }}',
			maskSource: 'binary',
			maskBinaryPropertyName: 'mask',
			resultKey: '=results/{{ $json.n }}.png',
			options: { maxConcurrency: 50, requestsPerSecond: 0, retries: 2, timeout: 2 },
		},
		Array.from({ length: items }, (_, n) => ({
			json: { n },
			...(n % 10 === 0 && {
				binary: { mask: { content, mimeType: 'image/png', fileName: 'mask.png' } },
			}),
		})),
		{ node: { onError: 'continueRegularOutput' } },
	);
	const report: LoadReport = {
		error: result.error?.message,
		output: result.output(NODE).map(({ json, pairedItem }) => ({ json, pairedItem })),
		hint: result.hints(NODE)[0]?.message,
		calls: [...(await scene.sandbox.calls())],
		ledger: [...(await scene.sandbox.ledger()).calls],
		keys: await scene.sandbox.keys(),
	};
	writeFileSync(file, JSON.stringify(report));
	await scene.close();
}

if (require.main === module) void main(process.argv[2] ?? '', Number(process.argv[3]));
