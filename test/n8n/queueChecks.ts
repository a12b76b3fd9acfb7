import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { Endings } from '../../dev/playground/childProcess';
import type { Installation } from '../../dev/playground/install';
import { idOf } from '../../dev/playground/localWorkflows';
import type { Execution, N8nClient } from '../../dev/playground/n8nClient';
import { batchWorkflow, NODE, postBatch, type Entry } from './batch';
import { digest } from './digest';
import { queueHome, startedBy, startWorker } from './queueMode';
import type { Report } from './report';
import { checkRetries, RETRIED } from './retryChecks';
import { assertSucceeded, seconds, storedFile } from './serverChecks';
import { openStage, prepareStage, type Stage } from './stage';

const BATCH = 'batch';
const EXECUTIONS = 10;
const ITEMS = 20;

/** Starts an execution for each batch, and waits until n8n has accepted all of them. */
async function send(client: N8nClient, batches: readonly Entry[][]): Promise<void> {
	for (const items of batches) await postBatch(client, BATCH, items);
}

async function untilAllOver(client: N8nClient, count: number): Promise<readonly Execution[]> {
	for (;;) {
		const list = await client.executions(idOf(BATCH));
		const open = list.filter(({ status }) => ['new', 'running', 'waiting'].includes(status));
		if (list.length >= count && open.length === 0) {
			return await Promise.all(list.map(async ({ id }) => await client.execution(id)));
		}
		await sleep(500);
	}
}

async function digestOf(stage: Stage, key: string): Promise<string> {
	return digest(await stage.sandbox.getObject(key));
}

/** The keys in batches, with the results in a folder of their own. */
function batches(keys: readonly string[], folder: string, size: number): Entry[][] {
	const entries = keys.map((key) => ({ key, result: `${folder}/${key.split('/').at(-1) ?? ''}` }));
	const parts: Entry[][] = [];
	for (let start = 0; start < entries.length; start += size) {
		parts.push(entries.slice(start, start + size));
	}
	return parts;
}

/** Stores images that all differ, so that a mixed-up result would be noticed. */
async function storeImages(stage: Stage, count: number, width: number, folder: string) {
	const source = await stage.sandbox.getObject('inbox/harbour.jpg');
	const keys: string[] = [];
	for (let index = 0; index < count; index++) {
		const bytes = await sharp(source)
			.resize({ width })
			.modulate({ hue: Math.round((index * 360) / count) })
			.png()
			.toBuffer();
		const key = `${folder}/${String(index).padStart(3, '0')}.png`;
		await stage.sandbox.putObject(key, bytes, 'image/png');
		keys.push(key);
	}
	return keys;
}

/** A main process and two workers must produce the same results as a single process. */
export async function checkQueue(installation: Installation, report: Report): Promise<void> {
	report.heading(`Queue mode of n8n ${installation.release.version}, two workers`);
	const endings = new Endings();
	// Files must be stored where every process can read them.
	const shared = { N8N_DEFAULT_BINARY_DATA_MODE: 'database' };
	try {
		const stage = await prepareStage(installation, endings, {
			env: shared,
			adapt: (workflows) => [...workflows, batchWorkflow(BATCH), ...RETRIED],
		});
		const { sandbox } = stage;
		const keys = await storeImages(stage, EXECUTIONS * ITEMS, 120, 'many');
		const large = await storeImages(stage, 60, 1000, 'large');

		const alone = new Endings();
		const startedAlone = Date.now();
		try {
			const { client } = await openStage(stage, alone);
			await client.activate(idOf(BATCH));
			await send(client, [
				...batches(keys, 'single', ITEMS),
				...batches(large, 'single-large', 10),
			]);
			const executions = await untilAllOver(client, EXECUTIONS + 6);
			executions.forEach(assertSucceeded);
			await client.deactivate(idOf(BATCH));
		} finally {
			await alone.run();
		}
		report.note(`one process, 260 items: ${seconds(startedAlone)}`);

		const home = await queueHome(stage.home, endings, shared);
		const { server, client } = await openStage({ ...stage, home }, endings);
		const workers = [
			await startWorker(home, 'worker-a', server, endings),
			await startWorker(home, 'worker-b', server, endings),
		] as const;
		await client.activate(idOf(BATCH));
		const earlier = (await client.executions(idOf(BATCH))).length;
		await sandbox.resetCalls();

		await report.check('both workers share 200 items in 10 executions', async () => {
			const started = Date.now();
			await send(client, batches(keys, 'queue', ITEMS));
			const executions = (await untilAllOver(client, earlier + EXECUTIONS)).slice(0, EXECUTIONS);
			report.note(`two workers, 200 items: ${seconds(started)}`);
			executions.forEach(assertSucceeded);
			const [a, b] = [await startedBy(workers[0]), await startedBy(workers[1])];
			report.note(`executions started by worker a: ${a.size}, by worker b: ${b.size}`);
			assert.ok(a.size > 0 && b.size > 0, 'One worker ran all executions.');
			assert.equal(new Set([...a, ...b]).size, EXECUTIONS, 'An execution ran twice or not at all.');
			assert.equal(a.size + b.size, EXECUTIONS);
			for (const execution of executions) {
				const items = execution.output(NODE);
				assert.equal(items.length, ITEMS);
				const first = storedFile(items[0] ?? assert.fail(), 'data');
				assert.match(first.id, /^database:/);
				const [result] = items[0]?.json.results as Array<{ key: string }>;
				assert.equal(
					digest(await client.binary(first.id)),
					await digestOf(stage, result?.key ?? ''),
					'The main process reads a different file than the worker stored.',
				);
			}
		});
		await report.check(
			'every result is stored once and equals that of a single process',
			async () => {
				const stored = (await sandbox.calls()).flatMap(({ results }) => results);
				assert.equal(stored.length, keys.length);
				assert.equal(new Set(stored).size, keys.length);
				for (const key of keys) {
					const name = key.split('/').at(-1) ?? '';
					assert.equal(
						await digestOf(stage, `queue/${name}`),
						await digestOf(stage, `single/${name}`),
					);
				}
			},
		);
		await checkRetries(client, stage, report);
		await sandbox.resetCalls();
		await report.check(
			'executions of a killed worker are reported as failed, and nothing is stored twice',
			async () => {
				await sandbox.resetCalls();
				const before = await startedBy(workers[0]);
				await send(client, batches(large, 'killed', 10));
				do {
					await sleep(100);
				} while ((await startedBy(workers[0])).size === before.size);
				await sleep(500);
				await workers[0].kill();
				const executions = (await untilAllOver(client, earlier + EXECUTIONS + 6)).slice(0, 6);
				const lost = executions.filter(({ status }) => status !== 'success');
				// Not those that the killed one logged: a worker takes an execution before it logs it, and may
				// have been killed in between.
				const survived = await startedBy(workers[1]);
				for (const { id, status, error } of lost) {
					report.note(`execution ${id}: ${status}, ${error?.message ?? 'without a message'}`);
					assert.ok(['error', 'crashed'].includes(status));
					assert.ok(!survived.has(id), 'An execution of the other worker was lost.');
				}
				assert.ok(lost.length > 0, 'The worker was killed too late: no execution was lost.');
				const stored = (await sandbox.calls()).flatMap(({ results }) => results);
				assert.equal(new Set(stored).size, stored.length, 'A result was stored twice.');
				for (const key of stored) {
					const name = key.split('/').at(-1) ?? '';
					assert.equal(await digestOf(stage, key), await digestOf(stage, `single-large/${name}`));
				}
				const expected = executions.length * 10 - lost.length * 10;
				assert.ok(stored.length >= expected, 'An execution that succeeded has no result.');
			},
		);
	} finally {
		await endings.run();
	}
}
