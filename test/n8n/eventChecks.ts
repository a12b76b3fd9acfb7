import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { EVENT_SECRET, idOf } from '../../dev/playground/localWorkflows';
import type { Execution, N8nClient } from '../../dev/playground/n8nClient';
import { bucketEvent, runCloudFunction, type BucketEvent } from '../cloudFunction';
import type { Report } from './report';
import { assertSucceeded } from './serverChecks';
import type { Stage } from './stage';

const EXAMPLE = 'new-upload-event';
const NODE = 'Tencent Image Repair';
const HARBOUR = 'inbox/harbour.jpg';
const RESULT = `repaired/${HARBOUR}`;

/** Runs the function as its platform does: again, while the webhook is not there yet. */
async function deliver(client: N8nClient, event: BucketEvent, secret: string): Promise<void> {
	const webhook = `${client.url}/webhook/new-upload`;
	for (let tries = 0; ; tries++) {
		try {
			await runCloudFunction(event, webhook, secret);
			return;
		} catch (error) {
			// n8n 2.x reports a workflow as active a moment before its webhook exists.
			if (tries === 40 || !String(error).includes('answered 404')) throw error;
			await sleep(250);
		}
	}
}

/** The execution that an event starts. */
async function executionOf(client: N8nClient, event: BucketEvent): Promise<Execution> {
	const id = idOf(EXAMPLE);
	const before = (await client.executions(id)).length;
	await deliver(client, event, EVENT_SECRET.value);
	for (let tries = 0; tries < 200; tries++) {
		const all = await client.executions(id);
		if (all.length > before) return await client.untilOver(all[0]?.id ?? '');
		await sleep(100);
	}
	throw new Error('The event started no execution.');
}

async function checkOnce(client: N8nClient, { sandbox }: Stage): Promise<void> {
	await sandbox.resetCalls();
	const first = await executionOf(client, bucketEvent(HARBOUR));
	assertSucceeded(first);
	assert.equal(first.mode, 'webhook');
	assert.ok((await sandbox.keys()).includes(RESULT));
	const again = await executionOf(client, bucketEvent(HARBOUR));
	assertSucceeded(again);
	assert.deepEqual(
		again.output(NODE).map(({ json }) => [json.key, json.skipped]),
		[[HARBOUR, true]],
	);
	const billed = (await sandbox.calls()).filter((call) => call.billed);
	assert.deepEqual(
		billed.map(({ key, results }) => [key, results]),
		[[HARBOUR, [RESULT]]],
	);
}

async function checkLeftAlone(client: N8nClient, { sandbox }: Stage): Promise<void> {
	await sandbox.resetCalls();
	for (const event of [
		bucketEvent(RESULT),
		bucketEvent('inbox/harbour-repaired.jpg'),
		bucketEvent('inbox/kitchen table.jpg', 'cos:ObjectRemove:Delete'),
	]) {
		const execution = await executionOf(client, event);
		assertSucceeded(execution);
		assert.deepEqual(execution.runs(NODE), []);
	}
	assert.deepEqual(await sandbox.calls(), []);
}

async function checkSecret(client: N8nClient, { sandbox }: Stage): Promise<void> {
	await sandbox.resetCalls();
	const before = (await client.executions(idOf(EXAMPLE))).length;
	await assert.rejects(deliver(client, bucketEvent('inbox/kitchen table.jpg'), 'a guess'), {
		message: 'n8n answered 403 for inbox/kitchen table.jpg',
	});
	assert.equal((await client.executions(idOf(EXAMPLE))).length, before);
	assert.deepEqual(await sandbox.calls(), []);
}

/** The example in which an event of the bucket calls a cloud function, and the function calls n8n. */
export async function checkEvents(client: N8nClient, stage: Stage, report: Report): Promise<void> {
	await client.activate(idOf(EXAMPLE));
	try {
		await report.check('an event of the bucket: its image is repaired, and only once', () =>
			checkOnce(client, stage),
		);
		await report.check('events of results and deletions are left alone', () =>
			checkLeftAlone(client, stage),
		);
		await report.check('an event with the wrong secret starts nothing, and nothing is billed', () =>
			checkSecret(client, stage),
		);
	} finally {
		await client.deactivate(idOf(EXAMPLE));
	}
}
