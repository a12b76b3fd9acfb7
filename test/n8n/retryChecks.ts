import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { idOf, type LocalWorkflow } from '../../dev/playground/localWorkflows';
import type { Execution, N8nClient } from '../../dev/playground/n8nClient';
import type { FaultRule } from '../../dev/sandbox/faults/faultRules';
import { batchWorkflow, NODE, postBatch, type Entry } from './batch';
import type { Report } from './report';
import { assertSucceeded, storedFile } from './serverChecks';
import type { Stage } from './stage';

const DOWNLOAD = 'retried-download';
const IN_BUCKET = 'retried-in-bucket';
const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
const ITEMS = 5;

/** Workflows whose node has Retry On Fail on, with three tries. */
export const RETRIED: readonly LocalWorkflow[] = [
	batchWorkflow(DOWNLOAD, { settings, parameters: { operation: 'download' } }),
	batchWorkflow(IN_BUCKET, { settings }),
];

async function run(client: N8nClient, name: string, items: readonly Entry[]): Promise<Execution> {
	const id = idOf(name);
	const before = (await client.executions(id)).length;
	await client.activate(id);
	await postBatch(client, name, items);
	for (;;) {
		const list = await client.executions(id);
		if (list.length > before) {
			await client.deactivate(id);
			return await client.untilOver(list[0]?.id ?? '');
		}
		await sleep(200);
	}
}

/** n8n runs the whole node again at each try: what one has paid for must be the output of the next. */
export async function checkRetries(
	client: N8nClient,
	{ sandbox }: Stage,
	report: Report,
): Promise<void> {
	const source = await sandbox.getObject('inbox/harbour.jpg');
	/** The item whose image is refused, and how often. */
	const refusals = async (times?: number) => {
		const fault = { fault: 'status', status: 403, code: 'AccessDenied' } as const;
		const rule: FaultRule = {
			kind: ['repair-download', 'repair-cloud'],
			keyPattern: '/3\\.jpg$',
			fault,
		};
		await sandbox.setFaults([times === undefined ? rule : { ...rule, times }]);
	};
	const itemsOf = async (folder: string): Promise<Entry[]> => {
		const items = Array.from({ length: ITEMS }, (_, index) => ({
			key: `${folder}/${index}.jpg`,
			result: `${folder}/repaired/${index}.jpg`,
		}));
		for (const { key } of items) await sandbox.putObject(key, source, 'image/jpeg');
		await sandbox.resetCalls();
		return items;
	};
	const billed = async () =>
		(await sandbox.calls()).filter((call) => call.billed).map(({ key }) => key);

	for (const name of [DOWNLOAD, IN_BUCKET]) {
		await report.check(
			`Retry On Fail, ${name}: three tries, each image is billed once`,
			async () => {
				const items = await itemsOf(`${name}-third`);
				await refusals(2);
				const execution = await run(client, name, items);
				await sandbox.clearFaults();
				assertSucceeded(execution);
				assert.deepEqual((await billed()).sort(), items.map(({ key }) => key).sort());
				const refused = (await sandbox.calls()).filter(({ status }) => status === 403);
				assert.equal(refused.length, 2, 'n8n did not make three tries.');
				const output = execution.output(NODE);
				assert.deepEqual(
					output.map(({ json }) => json.key),
					items.map(({ key }) => key),
				);
				for (const item of output) {
					const file = await client.binary(storedFile(item, 'data').id);
					assert.ok(file.length > 1000, 'A file that an earlier try has received is gone.');
				}
			},
		);
		await report.check(
			`Retry On Fail, ${name}: an image that is always refused; a person’s Retry pays for it alone`,
			async () => {
				const items = await itemsOf(`${name}-never`);
				await refusals();
				const execution = await run(client, name, items);
				await sandbox.clearFaults();
				assert.equal(execution.status, 'error');
				const keys = await billed();
				assert.equal(new Set(keys).size, keys.length, 'An image was billed twice.');
				const refused = (await sandbox.calls()).filter(({ status }) => status === 403);
				assert.equal(refused.length, 3, 'n8n did not make three tries.');
				assert.match(
					String(execution.error?.description),
					new RegExp(`${keys.length} billed call`),
				);

				await client.retry(execution.id);
				const [retried] = await client.executions(idOf(name));
				assertSucceeded(await client.untilOver(retried?.id ?? ''));
				assert.deepEqual((await billed()).sort(), items.map(({ key }) => key).sort());
			},
		);
	}
}
