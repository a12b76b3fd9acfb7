import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { Endings } from '../../dev/playground/childProcess';
import type { Installation } from '../../dev/playground/install';
import { idOf, type LocalWorkflow } from '../../dev/playground/localWorkflows';
import type { LedgerReport, SpawnedSandbox } from '../../dev/sandbox/spawn';
import {
	ARCHIVE,
	ARCHIVE_BATCH,
	countsOf,
	fillArchive,
	lostBatches,
	repairedKey,
	runArchive,
	total,
	untilBatchesAreTaken,
	withArchiveSettings,
} from './archive';
import { executionOf, shortenSchedules } from './chainChecks';
import { isBusy, queueHome, startedBy, startWorker } from './queueMode';
import type { Report } from './report';
import { seconds } from './serverChecks';
import { callWebhook, openStage, prepareStage } from './stage';

const IMAGES = 160;
const SETTINGS = { workers: 2, requestsPerSecond: 100, maxConcurrency: 8, imagesPerBatch: 20 };
/** Requests per second, and images at a time, of one batch. */
const SHARE = [50, 4];
const PARENT = 'parent';
const CHILD = 'child';
const CHILDREN = 6;

/** A workflow that starts another one several times with Execute Workflow, and does not wait. */
function subWorkflows(): LocalWorkflow[] {
	const node = (name: string, type: string, typeVersion: number, parameters: object) => ({
		id: `c0000000-0000-4000-8000-${name.toLowerCase().padEnd(12, '0').slice(0, 12)}`,
		name,
		type: `n8n-nodes-base.${type}`,
		typeVersion,
		position: [0, 0] as [number, number],
		parameters: { ...parameters },
	});
	const to = (next: string) => ({ main: [[{ node: next, type: 'main' as const, index: 0 }]] });
	const own = { active: false, settings: { executionOrder: 'v1' } };
	const workflowId = { __rl: true, mode: 'id', value: idOf(CHILD) };
	return [
		{
			...own,
			id: idOf(PARENT),
			name: 'Starts sub-workflows',
			nodes: [
				{
					...node('Call', 'webhook', 2, { httpMethod: 'POST', path: PARENT }),
					webhookId: `webhook-${PARENT}`,
				},
				node('Items', 'splitOut', 1, { fieldToSplitOut: 'body.items', options: {} }),
				node('Start', 'executeWorkflow', 1.2, {
					workflowId,
					mode: 'each',
					options: { waitForSubWorkflow: false },
				}),
				// As long as the parent runs, a worker that is free could take its children.
				node('Pause', 'wait', 1.1, { amount: 2, unit: 'seconds' }),
			],
			connections: { Call: to('Items'), Items: to('Start'), Start: to('Pause') },
		},
		{
			...own,
			id: idOf(CHILD),
			name: 'Is started as a sub-workflow',
			nodes: [node('Called', 'executeWorkflowTrigger', 1.1, { inputSource: 'passthrough' })],
			connections: {},
		},
	];
}

/** Of every image, how many repairs of it were billed, and how many results were stored. */
function perImage({ calls, versions }: LedgerReport, keys: readonly string[]) {
	return keys.map((key) => ({
		key,
		billed: calls.filter((call) => call.billed && call.key === key).length,
		stored: versions.filter((version) => version.key === repairedKey(key)).length,
	}));
}

/** One image in the middle of each batch, whose repair takes longer than it takes to kill a worker. */
const SLOW_IMAGE = '[02468]9\\.jpg$';
const SLOW_MS = 3000;

/** Waits until as many batches as there are workers wait for the repair of their slow image. */
async function untilAllAreSlow(sandbox: SpawnedSandbox): Promise<void> {
	const slow = new RegExp(SLOW_IMAGE);
	for (let tries = 0; tries < 1500; tries++) {
		const waiting = (await sandbox.calls()).filter(
			({ kind, key, status }) => kind === 'repair-cloud' && status === 0 && slow.test(key),
		);
		if (waiting.length >= SETTINGS.workers) return;
		await sleep(20);
	}
	throw new Error('The batches did not come to their slow images at the same time.');
}

/** The example that cleans an archive with all workers, and what becomes of it when one of them dies. */
export async function checkWorkers(installation: Installation, report: Report): Promise<void> {
	report.heading(`An archive and two workers of n8n ${installation.release.version}`);
	const endings = new Endings();
	try {
		const stage = await prepareStage(installation, endings, {
			delay: 200,
			adapt: (workflows) => [
				...shortenSchedules(withArchiveSettings(workflows, SETTINGS)),
				...subWorkflows(),
			],
		});
		const { sandbox } = stage;
		const keys = await fillArchive(sandbox, IMAGES);
		const home = await queueHome(stage.home, endings);
		const { server, client } = await openStage({ ...stage, home }, endings);
		const [a, b] = await Promise.all([
			startWorker(home, 'worker-a', server, endings),
			startWorker(home, 'worker-b', server, endings),
		]);
		await untilBatchesAreTaken(client);
		let survivor = b;

		await report.check(
			'sub-workflows of Execute Workflow stay in the worker of their parent',
			async () => {
				await client.activate(idOf(CHILD)).catch(() => undefined);
				await client.activate(idOf(PARENT));
				const response = await callWebhook(client, PARENT, {
					headers: { 'Content-Type': 'application/json' },
					body: JSON.stringify({ items: Array.from({ length: CHILDREN }, (_, n) => ({ n })) }),
				});
				assert.equal(response.status, 200);
				let children = await client.executions(idOf(CHILD));
				for (let tries = 0; tries < 100 && children.length < CHILDREN; tries++) {
					await sleep(200);
					children = await client.executions(idOf(CHILD));
				}
				assert.equal(children.length, CHILDREN);
				const taken = new Set([...(await startedBy(a)), ...(await startedBy(b))]);
				const enqueued = children.filter(({ id }) => taken.has(id));
				assert.deepEqual(enqueued, [], 'n8n puts sub-workflows into the queue now.');
				await client.deactivate(idOf(PARENT));
			},
		);

		await report.check(
			'a worker is killed: the others go on, and the run says what is missing',
			async () => {
				await sandbox.resetLedger();
				await sandbox.resetCalls();
				await sandbox.setFaults([
					{
						kind: 'repair-cloud',
						keyPattern: SLOW_IMAGE,
						fault: { fault: 'work', workMs: SLOW_MS },
					},
				]);
				const started = Date.now();
				const running = runArchive(client);
				await untilAllAreSlow(sandbox);
				// One may have taken all batches.
				const killed = (await isBusy(a)) ? a : b;
				survivor = killed === a ? b : a;
				await killed.kill();
				await sandbox.setFaults([]);
				const execution = await running;
				report.note(`the run with a killed worker: ${seconds(started)}`);
				const answered = countsOf(execution);
				const lost = lostBatches(execution);
				report.note(
					`batches: ${answered.length} answered, ${lost.length} lost: ${lost.join('; ')}`,
				);
				assert.equal(answered.length + lost.length, IMAGES / SETTINGS.imagesPerBatch);
				assert.ok(lost.length > 0, 'No batch was lost: the worker was killed too late.');
				assert.equal(total(answered).failed, 0);
				assert.match(
					stage.neighbours.messages.join('\n'),
					new RegExp(`Batches that did not end: ${lost.length}\\.`),
				);
			},
		);

		await report.check(
			'the next run repairs what is missing: each image is stored once and billed once',
			async () => {
				// Waits until the service has ended the calls whose client is dead.
				const ledger = await sandbox.ledger();
				const unheard = ledger.calls.filter(
					({ answered, billed }) => billed && answered === 'left',
				);
				const before = perImage(ledger, keys);
				const missing = before.filter(({ stored }) => stored === 0);
				assert.ok(unheard.length > 0, 'No call was in flight when the worker died.');
				report.note(`in flight when the worker died: ${unheard.length} billed calls`);
				report.note(`images without a result: ${missing.length}`);
				assert.ok(missing.length > 0, 'Nothing was missing.');
				for (const { key } of unheard) {
					assert.ok((await sandbox.keys()).includes(repairedKey(key)), `${key} has no result.`);
				}
				const ofWorker = (await startedBy(survivor)).size;
				// By its trigger: n8n then runs the workflow itself in a worker, too.
				const execution = await executionOf(client, ARCHIVE);
				assert.equal(execution.mode, 'trigger');
				assert.ok(
					(await startedBy(survivor)).has(execution.id),
					'The workflow itself is not enqueued.',
				);
				const batches = Math.ceil(missing.length / SETTINGS.imagesPerBatch);
				assert.equal((await startedBy(survivor)).size, ofWorker + 1 + batches);
				for (const { id, status } of await client.executions(idOf(ARCHIVE_BATCH))) {
					if (status !== 'success') continue;
					const [call] = (await client.execution(id)).output('A batch arrives');
					const { requestsPerSecond, maxConcurrency } = call?.json.body as IDataObject;
					assert.deepEqual([requestsPerSecond, maxConcurrency], SHARE);
				}
				assert.deepEqual(total(countsOf(execution)), {
					repaired: missing.length,
					skipped: 0,
					failed: 0,
				});
				const after = perImage(await sandbox.ledger(), keys);
				const wrong = after.filter(({ billed, stored }) => billed !== 1 || stored !== 1);
				assert.deepEqual(wrong, [], 'Images that were not billed once and stored once.');
			},
		);

		await report.check('a run with nothing missing bills nothing', async () => {
			await sandbox.resetLedger();
			assert.deepEqual(countsOf(await runArchive(client)), []);
			const billed = (await sandbox.ledger()).calls.filter((call) => call.billed);
			assert.deepEqual(billed, []);
		});
		const batches = await client.executions(idOf(ARCHIVE_BATCH));
		const counts = new Map<string, number>();
		for (const { status } of batches) counts.set(status, (counts.get(status) ?? 0) + 1);
		const states = [...counts].map(([status, count]) => `${count} ${status}`);
		report.note(`executions of batches: ${states.join(', ')}`);
	} finally {
		await endings.run();
	}
}
