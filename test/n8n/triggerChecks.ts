import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { Endings } from '../../dev/playground/childProcess';
import type { Installation } from '../../dev/playground/install';
import { NODE_TYPE, TRIGGER_TYPE } from '../../dev/packageNames';
import { idOf, type LocalWorkflow } from '../../dev/playground/localWorkflows';
import type { Execution, N8nClient } from '../../dev/playground/n8nClient';
import type { RunningN8n } from '../../dev/playground/n8nServer';
import type { Report } from './report';
import { assertSucceeded, seconds } from './serverChecks';
import { openStage, prepareStage, type Stage } from './stage';

/** Characters: 200 keys in 16 KB, and the last image. */
const MOST_STATIC_DATA = 17_000;

const UPLOADS = idOf('clean-new-uploads');
const TRIGGER = 'Tencent COS Image Trigger';
const FOLDER = 'uploads/';

const EXISTING = 4000;
const UPLOADED = 1000;
const LIMIT = 500;
const MINIMUM_AGE_SECONDS = 3;

/** n8n polls at most once a minute for each poll time, so six of them make it every ten seconds. */
const POLL_TIMES = Array.from({ length: 6 }, (_, index) => ({
	mode: 'custom',
	cronExpression: `${index * 10} * * * * *`,
}));

function adapt(workflows: LocalWorkflow[]): LocalWorkflow[] {
	const uploads = workflows.find(({ id }) => id === UPLOADS);
	const trigger = uploads?.nodes.find(({ type }) => type === TRIGGER_TYPE);
	const repair = uploads?.nodes.find(({ type }) => type === NODE_TYPE);
	assert.ok(trigger && repair);
	// Rectangles in percent would need an additional request for the size of each image.
	repair.parameters.area = 'automatic';
	// Without Skip Existing Results, an image that is emitted twice is billed twice.
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

/** Stores the images that exist before the workflow is active: five for each second, in no order of keys. */
async function fillFolder({ sandbox }: Stage, bytes: Buffer): Promise<string[]> {
	const keys = Array.from({ length: EXISTING }, (_, index) => keyOf(index));
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

/** Uploads one image after another. */
async function upload({ sandbox }: Stage, bytes: Buffer, everyMs: number): Promise<string[]> {
	const keys: string[] = [];
	for (let index = EXISTING; index < EXISTING + UPLOADED; index++) {
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
		assert.ok(!server.hasEnded(), 'n8n has exited.');
		assert.ok(Date.now() < end, `After 4 minutes there are ${found} of ${count} results.`);
		await sleep(500);
	}
}

/** Stops n8n, which first waits for running executions. */
async function stop(server: RunningN8n): Promise<void> {
	process.kill(server.pid, 'SIGTERM');
	await server.ended;
}

async function allExecutions(client: N8nClient): Promise<Execution[]> {
	const list = await client.executions(UPLOADS);
	const executions: Execution[] = [];
	for (const { id } of list) executions.push(await client.untilOver(id));
	return executions.reverse();
}

/** The trigger in an active workflow, with a full folder, simultaneous uploads and restarts. */
export async function checkTrigger(installation: Installation, report: Report): Promise<void> {
	report.heading(`The trigger in an active workflow on n8n ${installation.release.version}`);
	const endings = new Endings();
	try {
		const stage = await prepareStage(installation, endings, {
			delay: 1,
			adapt,
			// On a slow machine, executions may need longer than the default of half a minute.
			env: { N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '120' },
		});
		const { sandbox } = stage;
		const bytes = await sharp({
			create: { width: 60, height: 40, channels: 3, background: '#678' },
		})
			.png()
			.toBuffer();
		const keys = await fillFolder(stage, bytes);
		const started = Date.now();
		let newest: unknown;
		let { server, client } = await openStage(stage, endings);
		await client.activate(UPLOADS);
		const arriving = upload(stage, bytes, 60);

		await report.check(
			'images are repaired while others are uploaded and n8n restarts twice',
			async () => {
				for (let restarts = 0; restarts < 2; restarts++) {
					await untilResults(stage, (await countOfResults(stage)) + 700, server);
					await stop(server);
					report.note(`restarted with ${await countOfResults(stage)} results: ${seconds(started)}`);
					({ server, client } = await openStage(stage, endings));
				}
				keys.push(...(await arriving));
				await untilResults(stage, keys.length, server);
				report.note(`${keys.length} images: ${seconds(started)}`);
			},
		);
		await report.check('every image was repaired exactly once', async () => {
			// Time for another poll, which would emit images that come twice.
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
			'images were emitted oldest first, and never more than the limit',
			async () => {
				const executions = await allExecutions(client);
				executions.forEach(assertSucceeded);
				const emitted = executions.map((execution) => execution.output(TRIGGER));
				assert.ok(emitted.every((items) => items.length <= LIMIT));
				report.note(`executions: ${emitted.map((items) => items.length).join(', ')}`);
				newest = emitted.flat().at(-1)?.json.key;
				const times = emitted.flat().map(({ json }) => String(json.lastModified));
				assert.equal(times.length, keys.length);
				assert.deepEqual(times, [...times].sort());
			},
		);
		await report.check('what n8n remembers for the trigger has a bound', async () => {
			const { staticData } = await client.workflow(UPLOADS);
			const stored = JSON.stringify(staticData);
			report.note(`static data: ${stored.length} characters`);
			assert.ok(stored.length < MOST_STATIC_DATA);
		});
		await report.check('Fetch Test Event shows the newest image', async () => {
			const execution = await client.untilOver(await client.start(UPLOADS, TRIGGER));
			assertSucceeded(execution);
			const shown = execution.output(TRIGGER).map(({ json }) => json.key);
			assert.deepEqual(shown, [newest]);
		});
		await report.check('an image that is uploaded afterwards is found', async () => {
			await sandbox.putObject(`${FOLDER}last.png`, bytes, 'image/png');
			await untilResults(stage, keys.length + 1, server);
		});
		await report.check('a renamed trigger goes on where it was', async () => {
			const billed = async () => (await sandbox.calls()).filter((call) => call.billed).length;
			const before = await billed();
			await client.renameTrigger(UPLOADS, TRIGGER, 'New Images');
			await sandbox.putObject(`${FOLDER}renamed.png`, bytes, 'image/png');
			await untilResults(stage, keys.length + 2, server);
			// Time for another poll, which would emit images that come twice.
			await sleep(11_000);
			assert.equal((await billed()) - before, 1);
			const { staticData } = await client.workflow(UPLOADS);
			assert.ok(Object.keys(staticData ?? {}).includes('node:New Images'));
			await client.deactivate(UPLOADS);
		});
	} finally {
		await endings.run();
	}
}
