import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeImage } from '../../dev/demo/image';
import { psnr } from '../../dev/demo/psnr';
import type { Pixels } from '../../dev/demo/paint';
import { Endings } from '../../dev/playground/childProcess';
import type { Installation } from '../../dev/playground/install';
import { idOf, type LocalWorkflow } from '../../dev/playground/localWorkflows';
import type { Execution, N8nClient } from '../../dev/playground/n8nClient';
import type { Report } from './report';
import { assertSucceeded, storedFile } from './serverChecks';
import { openStage, prepareStage, type Stage } from './stage';

const NIGHTLY = 'clean-folder-nightly';
const WEBHOOK = 'webhook-to-storage-and-chat';
const NODE = 'Tencent Image Repair';

/** Nobody waits for three in the morning: the same trigger, every few seconds. */
function soon(workflows: LocalWorkflow[]): LocalWorkflow[] {
	for (const { nodes } of workflows) {
		for (const node of nodes) {
			if (node.type !== 'n8n-nodes-base.scheduleTrigger') continue;
			node.parameters.rule = { interval: [{ field: 'seconds', secondsInterval: 4 }] };
		}
	}
	return workflows;
}

/**
 * Switches a workflow's trigger on, waits until it has fired, switches it off, and waits for what it
 * has started.
 */
async function fired(
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
	throw new Error(`The trigger of ${example} has not fired.`);
}

/** Likeness in the corner that the watermark was in. */
async function likeness(file: Buffer, unmarked: Pixels): Promise<number> {
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
	const before = await likeness(await stage.sandbox.getObject(key), unmarked);
	const after = await likeness(file, unmarked);
	assert.ok(after > before, `${key}: ${before.toFixed(1)} → ${after.toFixed(1)} dB`);
}

async function checkNightly(client: N8nClient, stage: Stage): Promise<void> {
	const { sandbox } = stage;
	// An image that cannot be repaired, and a file that is none, must not stop the others.
	await sandbox.putObject('inbox/broken.jpg', Buffer.from('no image'), 'image/jpeg');
	await sandbox.putObject('inbox/notes.txt', Buffer.from('no image'), 'text/plain');
	const first = await fired(client, NIGHTLY);
	const second = await fired(client, NIGHTLY);
	assertSucceeded(first);
	assertSucceeded(second);
	assert.equal(first.mode, 'trigger');
	assert.equal(first.output(NODE).length, 3);
	const refused = first.runs(NODE).at(-1)?.data?.main?.[1] ?? [];
	assert.equal(refused.length, 1, 'The broken image did not leave by the second output.');
	for (const key of stage.samples.unmarked.keys()) {
		await assertRepaired(stage, key, await sandbox.getObject(key.replace('.jpg', '-repaired.jpg')));
	}
	const billed = (await sandbox.calls()).filter((call) => call.billed && call.status === 200);
	assert.equal(billed.length, 3, 'The second night paid again for what the first had repaired.');
	const skipped = second.output(NODE).map(({ json }) => json.skipped);
	assert.deepEqual(skipped, [true, true, true]);
}

/** More objects than one answer lists. */
async function checkLongList(client: N8nClient, { sandbox }: Stage): Promise<void> {
	const source = await sandbox.getObject('inbox/kitchen table.jpg');
	const done = Array.from(
		{ length: 1100 },
		(_, index) => `inbox/a${String(index).padStart(4, '0')}`,
	);
	for (const key of done) await sandbox.putObject(`${key}.txt`, Buffer.from('.'), 'text/plain');
	await sandbox.putObject('inbox/zebra.jpg', source, 'image/jpeg');
	const execution = await fired(client, NIGHTLY);
	assertSucceeded(execution);
	const listed = execution.output('List the folder').map(({ json }) => json.key);
	assert.equal(listed.at(-1), 'inbox/zebra.jpg', 'The list has a second page.');
	assert.ok((await sandbox.keys()).includes('inbox/zebra-repaired.jpg'));
}

async function checkWebhook(client: N8nClient, stage: Stage): Promise<void> {
	const { sandbox, neighbours } = stage;
	const source = await sandbox.getObject('inbox/harbour.jpg');
	const form = new FormData();
	form.append('data', new Blob([Uint8Array.from(source)], { type: 'image/jpeg' }), 'harbour.jpg');
	let text = '';
	const execution = await fired(client, WEBHOOK, async () => {
		const url = `${client.url}/webhook/repair-image`;
		const send = async () => await fetch(url, { method: 'POST', body: form });
		let answer = await send();
		// n8n 2.x publishes a workflow a moment after it has said so.
		for (let tries = 0; answer.status === 404 && tries < 40; tries++) {
			await sleep(250);
			answer = await send();
		}
		text = await answer.text();
		assert.equal(answer.status, 200, text);
	});
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
	assert.deepEqual(stored?.bytes, repaired, 'The other storage holds something else.');
	assert.equal(stored.contentType, 'image/jpeg');
	assert.deepEqual(neighbours.messages, [
		`A repaired image is ready: ${sandbox.url}/received/harbour-repaired.jpg`,
	]);
}

/** Part 5: the examples that begin with a trigger, with the trigger fired. */
export async function checkChains(installation: Installation, report: Report): Promise<void> {
	report.heading(`Scheduled and chained workflows on n8n ${installation.release.version}`);
	const endings = new Endings();
	try {
		const stage = await prepareStage(installation, endings, { adapt: soon });
		const { client } = await openStage(stage, endings);
		await report.check('the schedule fires: what is new is repaired, once', () =>
			checkNightly(client, stage),
		);
		await report.check('a folder of more than 1,000 objects is listed to its end', () =>
			checkLongList(client, stage),
		);
		await report.check(
			'an image by webhook ends in the bucket, the other storage and the chat',
			() => checkWebhook(client, stage),
		);
	} finally {
		await endings.run();
	}
}
