import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonParse } from 'n8n-workflow';
import { decodeImage, psnr, type Pixels } from '../../dev/demo/image';
import { Endings } from '../../dev/playground/childProcess';
import type { Installation } from '../../dev/playground/install';
import { idOf, type LocalWorkflow } from '../../dev/playground/localWorkflows';
import type { Execution, N8nClient } from '../../dev/playground/n8nClient';
import {
	ARCHIVE,
	countsOf,
	fillArchive,
	repairedKey,
	untilBatchesAreTaken,
	withArchiveSettings,
} from './archive';
import { checkDetections } from './detectionChecks';
import { checkEvents } from './eventChecks';
import { checkPublishing } from './publishChecks';
import type { Report } from './report';
import { checkRetries, RETRIED } from './retryChecks';
import { assertSucceeded, storedFile } from './serverChecks';
import { callWebhook, openStage, prepareStage, type Stage } from './stage';

/** Of the example that cleans an archive. */
const OF_ARCHIVE = {
	workers: 2,
	requestsPerSecond: 100,
	maxConcurrency: 4,
	imagesPerBatch: 2,
	imagesPerRun: 4,
};
const NIGHTLY = 'clean-folder-nightly';
const WEBHOOK = 'webhook-to-storage-and-chat';
const NODE = 'Tencent Image Repair';

/** Makes scheduled workflows run every few seconds instead of at night. */
export function shortenSchedules(workflows: LocalWorkflow[]): LocalWorkflow[] {
	for (const { nodes } of workflows) {
		for (const node of nodes) {
			if (node.type !== 'n8n-nodes-base.scheduleTrigger') continue;
			node.parameters.rule = { interval: [{ field: 'seconds', secondsInterval: 4 }] };
		}
	}
	return workflows;
}

/** Activates a workflow, waits until its trigger fires, deactivates it and waits for the execution. */
export async function executionOf(
	client: N8nClient,
	example: string,
	fire: () => Promise<void> = async () => undefined,
): Promise<Execution> {
	const id = idOf(example);
	const before = await client.executions(id);
	await client.activate(id);
	await fire();
	for (let tries = 0; tries < 200; tries++) {
		const [newest] = await client.executions(id);
		if (newest && newest.id !== before[0]?.id) {
			await client.deactivate(id);
			return await client.untilOver(newest.id);
		}
		await sleep(200);
	}
	throw new Error(`The trigger of ${example} did not fire.`);
}

/** How similar a file is to the image without watermark, in the corner of the watermark. */
async function similarity(file: Buffer, unmarked: Pixels): Promise<number> {
	const { width, height } = unmarked;
	const mask = new Uint8Array(width * height);
	for (let y = Math.floor(height * 0.89); y < height * 0.975; y++) {
		mask.fill(255, y * width + Math.floor(width * 0.75), y * width + Math.floor(width * 0.98));
	}
	return psnr(await decodeImage(file), unmarked, mask);
}

async function assertRepaired(stage: Stage, key: string, file: Buffer): Promise<void> {
	const unmarked = stage.samples.unmarked.get(key);
	assert.ok(unmarked);
	const before = await similarity(await stage.sandbox.getObject(key), unmarked);
	const after = await similarity(file, unmarked);
	assert.ok(after > before, `${key}: ${before.toFixed(1)} → ${after.toFixed(1)} dB`);
}

async function checkNightly(client: N8nClient, stage: Stage): Promise<void> {
	const { sandbox, neighbours } = stage;
	// A broken image, and a file that is not an image, must not stop the others.
	await sandbox.putObject('inbox/broken.jpg', Buffer.from('not an image'), 'image/jpeg');
	await sandbox.putObject('inbox/notes.txt', Buffer.from('not an image'), 'text/plain');
	const first = await executionOf(client, NIGHTLY);
	const second = await executionOf(client, NIGHTLY);
	assertSucceeded(first);
	assertSucceeded(second);
	assert.equal(first.mode, 'trigger');
	assert.equal(first.output(NODE).length, 3);
	const failed = first.runs(NODE).at(-1)?.data?.main?.[1] ?? [];
	assert.equal(failed.length, 1, 'The broken image is not at the second output.');
	const nights = await client.executions(idOf(NIGHTLY));
	assert.equal(neighbours.messages.length, nights.length, 'Each night has one message.');
	for (const message of neighbours.messages) {
		assert.match(message, /could not be repaired: 1\. The first: .*inbox\/broken\.jpg/);
	}
	for (const key of stage.samples.unmarked.keys()) {
		await assertRepaired(stage, key, await sandbox.getObject(key.replace('.jpg', '-repaired.jpg')));
	}
	const billed = (await sandbox.calls()).filter((call) => call.billed && call.status === 200);
	assert.equal(billed.length, 3, 'The second run repaired the same images again.');
	const skipped = second.output(NODE).map(({ json }) => json.skipped);
	assert.deepEqual(skipped, [true, true, true]);
}

/** The folder has more objects than one response can list. */
async function checkLongList(client: N8nClient, { sandbox }: Stage): Promise<void> {
	const source = await sandbox.getObject('inbox/kitchen table.jpg');
	const done = Array.from(
		{ length: 1100 },
		(_, index) => `inbox/a${String(index).padStart(4, '0')}`,
	);
	for (const key of done) await sandbox.putObject(`${key}.txt`, Buffer.from('.'), 'text/plain');
	await sandbox.putObject('inbox/zebra.jpg', source, 'image/jpeg');
	const execution = await executionOf(client, NIGHTLY);
	assertSucceeded(execution);
	const listed = execution.output('List the folder').map(({ json }) => json.key);
	assert.equal(listed.at(-1), 'inbox/zebra.jpg', 'The second page of the list is missing.');
	assert.ok((await sandbox.keys()).includes('inbox/zebra-repaired.jpg'));
}

/** Sends a file to the webhook of the example, and returns the response beside the execution. */
async function sendToWebhook(
	client: N8nClient,
	file: Buffer,
	name: string,
): Promise<{ execution: Execution; status: number; text: string }> {
	const form = new FormData();
	form.append('data', new Blob([Uint8Array.from(file)], { type: 'image/jpeg' }), name);
	let answer = { status: 0, text: '' };
	const execution = await executionOf(client, WEBHOOK, async () => {
		const response = await callWebhook(client, 'repair-image', { body: form });
		answer = { status: response.status, text: await response.text() };
	});
	return { execution, ...answer };
}

async function checkWebhook(client: N8nClient, stage: Stage): Promise<void> {
	const { sandbox, neighbours } = stage;
	const before = neighbours.messages.length;
	const source = await sandbox.getObject('inbox/harbour.jpg');
	const { execution, status, text } = await sendToWebhook(client, source, 'harbour.jpg');
	assert.equal(status, 200, text);
	assertSucceeded(execution);
	assert.equal(execution.mode, 'webhook');
	assert.match(text, /received\/harbour-repaired\.jpg/);
	const repaired = await sandbox.getObject('received/harbour-repaired.jpg');
	assert.deepEqual(await sandbox.getObject('received/harbour.jpg'), source);
	await assertRepaired(stage, 'inbox/harbour.jpg', repaired);
	const [item] = execution.output(NODE);
	assert.ok(item);
	assert.deepEqual(await client.binary(storedFile(item, 'data').id), repaired);
	const stored = neighbours.stored.get('archive/received/harbour-repaired.jpg');
	assert.deepEqual(stored?.bytes, repaired, 'The other storage has a different file.');
	assert.equal(stored.contentType, 'image/jpeg');
	assert.deepEqual(neighbours.messages.slice(before), [
		`A repaired image is ready: ${sandbox.url}/received/harbour-repaired.jpg`,
	]);
}

async function checkRefusedByWebhook(client: N8nClient, { sandbox }: Stage): Promise<void> {
	const file = Buffer.from('not an image');
	const { execution, status, text } = await sendToWebhook(client, file, 'letter.jpg');
	assertSucceeded(execution);
	assert.equal(status, 500, text);
	const { error } = jsonParse<{ error: string }>(text);
	assert.match(error, /letter\.jpg/);
	assert.ok(!(await sandbox.keys()).includes('received/letter.jpg'));
}

/** An archive whose last image is broken, cleaned in runs of four images. */
async function checkArchive(client: N8nClient, { sandbox, neighbours }: Stage): Promise<void> {
	const image = await sandbox.getObject('inbox/harbour.jpg');
	const keys = await fillArchive(sandbox, 5, image);
	await sandbox.putObject('archive/broken.jpg', Buffer.from('not an image'), 'image/jpeg');
	await untilBatchesAreTaken(client);
	await sandbox.resetCalls();
	const before = neighbours.messages.length;
	const run = async () => countsOf(await executionOf(client, ARCHIVE));
	assert.deepEqual(await run(), [
		{ repaired: 2, skipped: 0, failed: 0 },
		{ repaired: 2, skipped: 0, failed: 0 },
	]);
	assert.equal(neighbours.messages.length, before, 'A run without a failure has a message.');
	assert.deepEqual(await run(), [{ repaired: 1, skipped: 0, failed: 1 }]);
	for (const key of keys) {
		const repaired = await sandbox.getObject(repairedKey(key));
		assert.ok(!repaired.equals(image), `${key} is stored as it was.`);
	}
	assert.deepEqual(await run(), [{ repaired: 0, skipped: 0, failed: 1 }]);
	const billed = (await sandbox.calls()).filter((call) => call.billed && call.status === 200);
	assert.equal(billed.length, 5, 'The same images were paid for again.');
	const messages = neighbours.messages.slice(before);
	assert.equal(messages.length, 2, 'A run with a failed image has no message.');
	for (const message of messages) {
		assert.match(message, /could not be repaired: 1\. Batches that did not end: 0\./);
		assert.match(message, /archive\/broken\.jpg/);
	}
}

/** The examples that start with a schedule or a webhook, and those that look at the image first. */
export async function checkChains(installation: Installation, report: Report): Promise<void> {
	report.heading(`Scheduled and chained workflows on n8n ${installation.release.version}`);
	const endings = new Endings();
	try {
		const stage = await prepareStage(installation, endings, {
			adapt: (workflows) => [
				...shortenSchedules(withArchiveSettings(workflows, OF_ARCHIVE)),
				...RETRIED,
			],
		});
		const { client } = await openStage(stage, endings);
		await report.check('a schedule: new images are repaired, and only once', () =>
			checkNightly(client, stage),
		);
		await report.check('a folder with more than 1,000 objects is listed completely', () =>
			checkLongList(client, stage),
		);
		await report.check(
			'a webhook: the image arrives in the bucket, the other storage and the chat',
			() => checkWebhook(client, stage),
		);
		await report.check('a webhook: the sender of a file that is no image is told so', () =>
			checkRefusedByWebhook(client, stage),
		);
		await checkEvents(client, stage, report);
		await checkPublishing(client, stage, report);
		await report.check(
			'an archive: in batches, and each run goes on where the last one ended',
			() => checkArchive(client, stage),
		);
		await checkRetries(client, stage, report);
		await checkDetections(client, stage, report);
	} finally {
		await endings.run();
	}
}
