import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { idOf } from '../../dev/playground/localWorkflows';
import type { Execution, N8nClient } from '../../dev/playground/n8nClient';
import type { LedgerEntry } from '../../dev/sandbox/ledger/ledger';
import type { Report } from './report';
import { assertSucceeded } from './serverChecks';
import type { Stage } from './stage';

const TRIGGER = 'When clicking ‘Execute workflow’';
const TEXTS = 'remove-text-watermarks';
const MODEL = 'vision-model-finds-logo';
const APPROVAL = 'approve-detected-areas';
const HARBOUR = 'inbox/harbour.jpg';
const KITCHEN = 'inbox/kitchen table.jpg';
const FOREST = 'inbox/forest walk.jpg';

type Corners = ReadonlyArray<readonly [number, number]>;

/** What left a node in its last run, by the number of the output. */
function outputOf(execution: Execution, node: string, output: number): unknown[] {
	const items = execution.runs(node).at(-1)?.data?.main?.[output] ?? [];
	return items.map(({ json }) => json.key);
}

/** The bucket and the ledger as at the start: other checks have filled them. */
async function resetBucket({ sandbox, samples }: Stage): Promise<void> {
	await sandbox.deleteObjects();
	for (const { key, bytes, contentType } of samples.bucket) {
		await sandbox.putObject(key, bytes, contentType);
	}
	await sandbox.resetLedger();
	await sandbox.resetCalls();
}

interface Paid {
	readonly repairs: readonly LedgerEntry[];
	readonly detections: readonly LedgerEntry[];
}

async function paid({ sandbox }: Stage): Promise<Paid> {
	const { calls } = await sandbox.ledger();
	return {
		repairs: calls.filter(({ billed }) => billed),
		detections: calls.filter(({ detected }) => detected),
	};
}

const keysOf = (entries: readonly LedgerEntry[]) => entries.map(({ key }) => key).sort();

/** The only polygon of the only billed repair. */
async function onlyPolygon(stage: Stage): Promise<Corners> {
	const { repairs } = await paid(stage);
	assert.equal(repairs.length, 1);
	const text = repairs[0]?.asked[0]?.area ?? '';
	assert.match(text, /^polygons /);
	const polygons = JSON.parse(text.replace('polygons ', '')) as Corners[];
	assert.equal(polygons.length, 1, text);
	return polygons[0] ?? [];
}

/**
 * Asserts that the sandbox was asked for one box of an image, give or take a pixel.
 *
 * @param box `[ymin, xmin, ymax, xmax]`, in thousandths of the image
 * @param grown percent of the shorter side that is added on each side
 */
export async function assertBox(
	stage: Stage,
	key: string,
	box: readonly [number, number, number, number],
	grown = 0,
): Promise<void> {
	const size = stage.samples.unmarked.get(key);
	assert.ok(size);
	const { width, height } = size;
	const margin = (Math.min(width, height) * grown) / 100;
	const polygon = await onlyPolygon(stage);
	const [xs, ys] = [polygon.map(([x]) => x), polygon.map(([, y]) => y)];
	const [top, left, bottom, right] = box;
	const wanted = [
		(top * height) / 1000 - margin,
		(left * width) / 1000 - margin,
		(bottom * height) / 1000 + margin,
		(right * width) / 1000 + margin,
	];
	const sent = [Math.min(...ys), Math.min(...xs), Math.max(...ys), Math.max(...xs)];
	const off = Math.max(...sent.map((side, index) => Math.abs(side - (wanted[index] ?? NaN))));
	assert.ok(off <= 1.5, `Instead of ${wanted.join(', ')}: ${sent.join(', ')}`);
}

async function checkTexts(client: N8nClient, stage: Stage): Promise<void> {
	const run = async () => {
		const execution = await client.untilOver(await client.start(idOf(TEXTS), TRIGGER));
		assertSucceeded(execution);
		return execution;
	};
	await resetBucket(stage);
	const first = await run();
	const keys = await stage.sandbox.keys();
	assert.ok(keys.includes('inbox/harbour-repaired.jpg'));
	assert.ok(keys.includes('inbox/kitchen table-repaired.jpg'));
	assert.ok(!keys.includes('inbox/forest walk-repaired.jpg'));
	const items = first.output('Remove the text').map(({ json }) => [json.key, json.repaired]);
	assert.deepEqual(items.sort(), [
		[FOREST, false],
		[HARBOUR, true],
		[KITCHEN, true],
	]);
	const found = outputOf(first, 'Was the text found?', 0);
	assert.deepEqual(found.sort(), [HARBOUR, KITCHEN]);
	assert.deepEqual(outputOf(first, 'Was the text found?', 1), [FOREST]);
	const once = await paid(stage);
	assert.deepEqual(keysOf(once.repairs), [HARBOUR, KITCHEN]);
	assert.deepEqual(keysOf(once.detections), [FOREST, HARBOUR, KITCHEN]);

	await stage.sandbox.resetLedger();
	const second = await run();
	assert.deepEqual(outputOf(second, 'Was the text found?', 0).sort(), [HARBOUR, KITCHEN]);
	const again = await paid(stage);
	assert.deepEqual(keysOf(again.repairs), []);
	assert.deepEqual(keysOf(again.detections), [FOREST], 'A repaired image was read again.');
}

async function checkModel(client: N8nClient, stage: Stage): Promise<void> {
	await resetBucket(stage);
	const execution = await client.untilOver(await client.start(idOf(MODEL), TRIGGER));
	// It could only fail if the model were asked: there is no credential for it, and no way to its host.
	assertSucceeded(execution);
	const asked = execution.runs('Ask the model');
	assert.equal(asked.length, 1);
	assert.match(JSON.stringify(execution.output('Ask the model')), /box_2d/);
	assert.ok((await stage.sandbox.keys()).includes('inbox/harbour-repaired.jpg'));
	const { repairs, detections } = await paid(stage);
	assert.deepEqual(keysOf(repairs), [HARBOUR]);
	assert.deepEqual(detections, []);
	await assertBox(stage, HARBOUR, [905, 725, 975, 980], 1);
}

/** The address of the form in the message that the chat gets last. */
async function linkInChat({ neighbours }: Stage, before: number): Promise<string> {
	for (let tries = 0; tries < 200 && neighbours.messages.length <= before; tries++)
		await sleep(200);
	const message = neighbours.messages.slice(before).join('\n');
	const link = /https?:\/\/\S+$/.exec(message)?.[0];
	assert.ok(link, `The chat got no link: ${message || 'no message'}`);
	assert.match(message, /kitchen table\.jpg has .*SAMPLE/);
	return link;
}

/** Opens the form once the execution waits for it, and sends one of its answers, as a browser does. */
async function submit(client: N8nClient, id: string, link: string, answer: string): Promise<void> {
	for (let tries = 0; (await client.execution(id)).status !== 'waiting'; tries++) {
		assert.ok(tries < 100, 'The workflow does not wait.');
		await sleep(200);
	}
	// n8n calls itself by a name that is not the address it listens at.
	const address = link.replace(/^https?:\/\/[^/]+/, client.url);
	const page = await (await fetch(address)).text();
	assert.match(page, /Remove what was found\?/);
	const field = /name=['"](field-\d+)['"]/.exec(page)?.[1];
	assert.ok(field, page);
	const form = new FormData();
	form.append(field, answer);
	const response = await fetch(address, { method: 'POST', body: form });
	assert.equal(response.status, 200, await response.text());
}

async function checkApproval(client: N8nClient, stage: Stage, answer: string): Promise<void> {
	await resetBucket(stage);
	const before = stage.neighbours.messages.length;
	const id = await client.start(idOf(APPROVAL), TRIGGER);
	const link = await linkInChat(stage, before);
	const asked = await paid(stage);
	assert.deepEqual(keysOf(asked.detections), [KITCHEN]);
	assert.deepEqual(asked.repairs, [], 'The image was repaired before anybody had answered.');
	await submit(client, id, link, answer);
	assertSucceeded(await client.untilOver(id));
	const { repairs, detections } = await paid(stage);
	const isApproved = answer === 'Remove';
	assert.deepEqual(keysOf(repairs), isApproved ? [KITCHEN] : []);
	assert.deepEqual(keysOf(detections), [KITCHEN]);
	const keys = await stage.sandbox.keys();
	assert.equal(keys.includes('inbox/kitchen table-repaired.jpg'), isApproved);
}

/** The examples in which something looks at the image first. */
export async function checkDetections(
	client: N8nClient,
	stage: Stage,
	report: Report,
): Promise<void> {
	await report.check('a text is removed wherever it stands, and only once', () =>
		checkTexts(client, stage),
	);
	await report.check('what a model has found is repaired, and nothing else', () =>
		checkModel(client, stage),
	);
	await report.check('a person approves what was found: it is repaired', () =>
		checkApproval(client, stage, 'Remove'),
	);
	await report.check('a person keeps what was found: no repair is billed', () =>
		checkApproval(client, stage, 'Keep'),
	);
}
