import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { Endings } from '../../dev/playground/childProcess';
import type { Installation } from '../../dev/playground/install';
import {
	idOf,
	NODE_TYPE,
	TRIGGER_TYPE,
	type LocalWorkflow,
} from '../../dev/playground/localWorkflows';
import type { Execution, N8nClient } from '../../dev/playground/n8nClient';
import type { RunningN8n } from '../../dev/playground/n8nServer';
import type { Report } from './report';
import { assertSucceeded, seconds } from './serverChecks';
import { openStage, prepareStage, type Stage } from './stage';

const UPLOADS = idOf('clean-new-uploads');
const TRIGGER = 'Tencent COS Image Trigger';
const FOLDER = 'uploads/';

const THERE_BEFORE = 4000;
const ARRIVING = 1000;
const LIMIT = 500;
const MINIMUM_AGE_SECONDS = 3;

/** n8n polls once a minute at most, but a trigger may have several times: here one every ten seconds. */
const POLL_TIMES = Array.from({ length: 6 }, (_, index) => ({
	mode: 'custom',
	cronExpression: `${index * 10} * * * * *`,
}));

function adapt(workflows: LocalWorkflow[]): LocalWorkflow[] {
	const uploads = workflows.find(({ id }) => id === UPLOADS);
	const trigger = uploads?.nodes.find(({ type }) => type === TRIGGER_TYPE);
	const repair = uploads?.nodes.find(({ type }) => type === NODE_TYPE);
	assert.ok(trigger && repair);
	// An area in percent asks for the size of each image, which is another test's subject.
	repair.parameters.area = 'automatic';
	// What is given out twice has to be paid twice, or nobody would notice.
	repair.parameters.options = {};
	Object.assign(trigger.parameters, {
		pollTimes: { item: POLL_TIMES },
		folder: { __rl: true, mode: 'path', value: FOLDER },
		includeSubfolders: true,
		startFrom: 'everything',
		limit: LIMIT,
		minimumAge: MINIMUM_AGE_SECONDS,
	});
	return workflows;
}

const keyOf = (index: number) =>
	`${FOLDER}${index % 3 === 0 ? 'a b/' : ''}图 ${String((index * 7919) % 10_007)}.png`;

/** Objects are there before the workflow is: five share each second, in no order of their keys. */
async function fillFolder({ sandbox }: Stage, bytes: Buffer): Promise<string[]> {
	const keys = Array.from({ length: THERE_BEFORE }, (_, index) => keyOf(index));
	const start = Date.now() - 3600_000;
	for (let begin = 0; begin < keys.length; begin += 50) {
		await Promise.all(
			keys.slice(begin, begin + 50).map(async (key, index) => {
				const time = new Date(start + Math.floor((begin + index) / 5) * 1000);
				await sandbox.putObject(key, bytes, 'image/png', time);
			}),
		);
	}
	return keys;
}

/** Uploads one image after another while everything else goes on. */
async function upload({ sandbox }: Stage, bytes: Buffer, everyMs: number): Promise<string[]> {
	const keys: string[] = [];
	for (let index = THERE_BEFORE; index < THERE_BEFORE + ARRIVING; index++) {
		const key = keyOf(index);
		await sandbox.putObject(key, bytes, 'image/png');
		keys.push(key);
		await sleep(everyMs);
	}
	return keys;
}

async function countOfResults({ sandbox }: Stage): Promise<number> {
	return (await sandbox.keys()).filter((key) => key.includes('-repaired')).length;
}

async function untilResults(stage: Stage, count: number, server: RunningN8n): Promise<void> {
	const end = Date.now() + 240_000;
	for (;;) {
		const found = await countOfResults(stage);
		if (found >= count) return;
		assert.ok(!server.hasEnded(), 'n8n has ended by itself.');
		assert.ok(Date.now() < end, `After 4 minutes there are ${found} of ${count} results.`);
		await sleep(500);
	}
}

/** Asks n8n to end, which it does when the executions that are running are over. */
async function end(server: RunningN8n): Promise<void> {
	process.kill(server.pid, 'SIGTERM');
	await server.ended;
}

async function allExecutions(client: N8nClient): Promise<Execution[]> {
	const list = await client.executions(UPLOADS);
	const executions: Execution[] = [];
	for (const { id } of list) executions.push(await client.untilOver(id));
	return executions.reverse();
}

/** The trigger in an active workflow, a full folder, uploads meanwhile, and restarts. */
export async function checkTrigger(installation: Installation, report: Report): Promise<void> {
	report.heading(`The trigger in an active workflow on n8n ${installation.release.version}`);
	const endings = new Endings();
	try {
		const stage = await prepareStage(installation, endings, {
			delay: 1,
			adapt,
			// On a slow machine they may take longer than n8n's own half a minute.
			env: { N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '120' },
		});
		const { sandbox } = stage;
		const bytes = await sharp({
			create: { width: 60, height: 40, channels: 3, background: '#678' },
		})
			.png()
			.toBuffer();
		const keys = await fillFolder(stage, bytes);
		const begun = Date.now();
		let newest: unknown;
		let { server, client } = await openStage(stage, endings);
		await client.activate(UPLOADS);
		const arriving = upload(stage, bytes, 60);

		await report.check('images are repaired while more arrive and n8n restarts twice', async () => {
			for (let restarts = 0; restarts < 2; restarts++) {
				await untilResults(stage, (await countOfResults(stage)) + 700, server);
				await end(server);
				report.note(`restarted with ${await countOfResults(stage)} results: ${seconds(begun)}`);
				({ server, client } = await openStage(stage, endings));
			}
			keys.push(...(await arriving));
			await untilResults(stage, keys.length, server);
			report.note(`${keys.length} images: ${seconds(begun)}`);
		});
		await report.check('every image was repaired exactly once', async () => {
			// One more look, so that what would come twice has come.
			await sleep(11_000);
			const billed = (await sandbox.calls()).filter((call) => call.billed);
			const counts = new Map<string, number>();
			for (const { key } of billed) counts.set(key, (counts.get(key) ?? 0) + 1);
			assert.deepEqual(
				[...counts].filter(([, count]) => count > 1),
				[],
			);
			assert.deepEqual([...counts.keys()].sort(), [...keys].sort());
			assert.equal(await countOfResults(stage), keys.length);
		});
		await report.check(
			'images were given out oldest first, never more than the limit',
			async () => {
				const executions = await allExecutions(client);
				executions.forEach(assertSucceeded);
				const given = executions.map((execution) => execution.output(TRIGGER));
				assert.ok(given.every((items) => items.length <= LIMIT));
				report.note(`executions: ${given.map((items) => items.length).join(', ')}`);
				newest = given.flat().at(-1)?.json.key;
				const times = given.flat().map(({ json }) => String(json.lastModified));
				assert.equal(times.length, keys.length);
				assert.deepEqual(times, [...times].sort());
			},
		);
		await report.check('what n8n keeps for it is one image', async () => {
			const { staticData } = await client.workflow(UPLOADS);
			const kept = JSON.stringify(staticData);
			report.note(`static data: ${kept}`);
			assert.ok(kept.length < 300);
		});
		await report.check('Fetch Test Event shows the newest image', async () => {
			const execution = await client.untilOver(await client.start(UPLOADS, TRIGGER));
			assertSucceeded(execution);
			const shown = execution.output(TRIGGER).map(({ json }) => json.key);
			assert.deepEqual(shown, [newest]);
		});
		await report.check('an upload that comes after it all is still found', async () => {
			await sandbox.putObject(`${FOLDER}last.png`, bytes, 'image/png');
			await untilResults(stage, keys.length + 1, server);
			await client.deactivate(UPLOADS);
		});
	} finally {
		await endings.run();
	}
}
