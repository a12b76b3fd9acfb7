import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { idOf } from '../../dev/playground/localWorkflows';
import type { N8nClient } from '../../dev/playground/n8nClient';
import type { Report } from './report';
import { assertSucceeded } from './serverChecks';
import type { Stage } from './stage';

const EXAMPLE = 'approve-before-publishing';
const TRIGGER = 'When clicking ‘Execute workflow’';
const HARBOUR = 'inbox/harbour.jpg';

const unescaped = (html: string) =>
	html.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"');

/** The addresses in a mail: of the two images, and of the two buttons. */
interface Mail {
	before: string;
	after: string;
	approve: string;
	decline: string;
}

async function nextMail({ neighbours }: Stage, count: number): Promise<Mail> {
	for (let tries = 0; tries < 200 && neighbours.mails.length <= count; tries++) await sleep(200);
	const mail = neighbours.mails[count];
	assert.ok(mail, 'There is no mail.');
	const find = (pattern: RegExp) => unescaped(pattern.exec(mail)?.[1] ?? '');
	return {
		before: find(/Before: (http\S+)/),
		after: find(/After: ([^\s<]+)/),
		approve: find(/href=["']?([^"'\s>]+approved(?:=|&#x3D;)true[^"'\s>]*)/),
		decline: find(/href=["']?([^"'\s>]+approved(?:=|&#x3D;)false[^"'\s>]*)/),
	};
}

/** A file, as it is shown to a person who has nothing but the link. */
async function opened(link: string): Promise<Buffer> {
	const response = await fetch(link);
	assert.equal(response.status, 200, link);
	return Buffer.from(await response.arrayBuffer());
}

/** Presses a button once the execution waits for it. */
async function press(client: N8nClient, id: string, button: string): Promise<void> {
	for (let tries = 0; (await client.execution(id)).status !== 'waiting'; tries++) {
		assert.ok(tries < 100, 'The workflow does not wait.');
		await sleep(200);
	}
	// n8n calls itself by a name that is not the address it listens at.
	const address = button.replace(/^https?:\/\/[^/]+/, client.url);
	const response = await fetch(address, { headers: { 'User-Agent': 'Mozilla/5.0 Firefox/140.0' } });
	assert.equal(response.status, 200, await response.text());
}

async function checkAnswer(
	client: N8nClient,
	stage: Stage,
	button: 'approve' | 'decline',
): Promise<void> {
	const { sandbox, neighbours } = stage;
	const count = neighbours.mails.length;
	await sandbox.resetCalls();
	const original = await sandbox.getObject(HARBOUR);
	const id = await client.start(idOf(EXAMPLE), TRIGGER);
	const mail = await nextMail(stage, count);
	const result = await sandbox.getObject('pending/harbour.jpg');
	assert.deepEqual(await opened(mail.before), original);
	assert.deepEqual(await opened(mail.after), result);
	await press(client, id, mail[button]);
	assertSucceeded(await client.untilOver(id));
	const [goes, stays] =
		button === 'approve' ? ['published', 'declined'] : ['declined', 'published'];
	const keys = await sandbox.keys();
	assert.deepEqual(
		['pending', stays].map((folder) => keys.includes(`${folder}/harbour.jpg`)),
		[false, false],
	);
	assert.deepEqual(await sandbox.getObject(`${goes}/harbour.jpg`), result);
	assert.deepEqual(await sandbox.getObject(HARBOUR), original);
	assert.equal((await sandbox.calls()).filter(({ billed }) => billed).length, 1);
	await sandbox.deleteObject(`${goes}/harbour.jpg`);
}

/** The example in which a person sees both images before the result is published. */
export async function checkPublishing(
	client: N8nClient,
	stage: Stage,
	report: Report,
): Promise<void> {
	await report.check('a person who has seen both images approves: the result is published', () =>
		checkAnswer(client, stage, 'approve'),
	);
	await report.check('a person declines: the result is set aside', () =>
		checkAnswer(client, stage, 'decline'),
	);
}
