import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { Endings, startProgram, type RunningProgram } from '../../dev/playground/childProcess';
import type { Installation } from '../../dev/playground/install';
import { idOf } from '../../dev/playground/localWorkflows';
import { freePort } from '../../dev/playground/machine';
import type { Execution, N8nClient } from '../../dev/playground/n8nClient';
import { launchN8n, untilAnswering, type N8nHome } from '../../dev/playground/n8nServer';
import { batchWorkflow, NODE, postBatch, type Entry } from './batch';
import type { Report } from './report';
import { checkRetries, RETRIED } from './retryChecks';
import { assertSucceeded, seconds, storedFile } from './serverChecks';
import { openStage, prepareStage, type Stage } from './stage';
import { requireTool } from './tools';

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

/** Ids of the executions that a worker has started, according to its log. */
async function startedBy(worker: RunningProgram): Promise<Set<string>> {
	const log = await readFile(worker.logFile, 'utf8');
	return new Set([...log.matchAll(/Worker started execution (\d+)/g)].map(([, id]) => id ?? ''));
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

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

/** Starts Redis without persistence. */
async function startRedis(home: N8nHome, endings: Endings): Promise<number> {
	requireTool('redis-server', 'redis-server');
	const port = await freePort();
	const redis = startProgram({
		command: 'redis-server',
		args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', home.userFolder],
		env: process.env,
		logFile: join(home.userFolder, 'redis.log'),
	});
	endings.add(async () => await redis.stop());
	return port;
}

async function startWorker(home: N8nHome, name: string, endings: Endings): Promise<RunningProgram> {
	const port = await freePort();
	const worker = launchN8n(home, 'worker', {
		name,
		args: ['--concurrency=2'],
		env: {
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(port),
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		},
	});
	endings.add(async () => await worker.stop());
	await untilAnswering(worker, `http://127.0.0.1:${port}/healthz`);
	return worker;
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

		const redisPort = await startRedis(stage.home, endings);
		const home: N8nHome = {
			...stage.home,
			env: {
				...shared,
				EXECUTIONS_MODE: 'queue',
				QUEUE_BULL_REDIS_HOST: '127.0.0.1',
				QUEUE_BULL_REDIS_PORT: String(redisPort),
				// n8n then notices a dead worker after seconds instead of a minute.
				QUEUE_WORKER_LOCK_DURATION: '6000',
				QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
				QUEUE_WORKER_STALLED_INTERVAL: '3000',
			},
		};
		const { client } = await openStage({ ...stage, home }, endings);
		const workers = [
			await startWorker(home, 'worker-a', endings),
			await startWorker(home, 'worker-b', endings),
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
