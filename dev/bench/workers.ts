import sharp from 'sharp';
import {
	countsOf,
	fillArchive,
	runArchive,
	total,
	untilBatchesAreTaken,
	withArchiveSettings,
} from '../../test/n8n/archive';
import { queueHome, startedBy, startWorker } from '../../test/n8n/queueMode';
import { openStage, prepareStage } from '../../test/n8n/stage';
import { Endings, type RunningProgram } from '../playground/childProcess';
import { installN8n, type Installation } from '../playground/install';
import { NEWEST } from '../playground/releases';
import { digits, percent, type Part } from './report';

/** Duration of a repair, in milliseconds. */
const DELAY = 200;
/** Images that one worker repairs at a time. */
const CONCURRENCY = 8;
const PER_BATCH = 100;

interface Run {
	workers: number;
	images: number;
	/** Seconds of the whole run: the list, the batches, the end. */
	seconds: number;
	/** Seconds between the first repair and the last. */
	busySeconds: number;
	/** Images of each worker, by the executions that it took. */
	batches: number[];
}

async function measureRun(
	installation: Installation,
	workers: number,
	images: number,
): Promise<Run> {
	const endings = new Endings();
	try {
		const settings = {
			workers,
			requestsPerSecond: 1000,
			maxConcurrency: CONCURRENCY * workers,
			imagesPerBatch: PER_BATCH,
		};
		const stage = await prepareStage(installation, endings, {
			delay: DELAY,
			adapt: (workflows) => withArchiveSettings(workflows, settings),
		});
		const { sandbox } = stage;
		const create = { width: 64, height: 48, channels: 3, background: '#345678' } as const;
		const image = await sharp({ create }).jpeg().toBuffer();
		const home = await queueHome(stage.home, endings);
		const { server, client } = await openStage({ ...stage, home }, endings);
		const running: RunningProgram[] = [];
		for (let index = 0; index < workers; index++) {
			running.push(await startWorker(home, `worker-${index}`, server, endings));
		}
		await untilBatchesAreTaken(client);
		const taken = async () =>
			await Promise.all(running.map(async (worker) => (await startedBy(worker)).size));
		// Each worker loads the node with its first batch.
		await fillArchive(sandbox, image, PER_BATCH * workers);
		await runArchive(client);

		await fillArchive(sandbox, image, images);
		await sandbox.resetLedger();
		const before = await taken();
		const start = Date.now();
		const { repaired } = total(countsOf(await runArchive(client)));
		const seconds = (Date.now() - start) / 1000;
		const billed = (await sandbox.ledger()).calls.filter((call) => call.billed);
		if (repaired !== images || billed.length !== images) {
			throw new Error(`${repaired} repaired, ${billed.length} billed of ${images} images`);
		}
		const first = Math.min(...billed.map(({ arrivedAt }) => arrivedAt));
		const last = Math.max(...billed.map(({ finishedAt }) => finishedAt ?? 0));
		return {
			workers,
			images,
			seconds,
			busySeconds: (last - first) / 1000,
			batches: (await taken()).map((count, index) => count - (before[index] ?? 0)),
		};
	} finally {
		await endings.run();
	}
}

/** (m) Images a second with one, two and four workers of an n8n in queue mode. */
export async function measureWorkers(quick: boolean): Promise<Part> {
	const installation = await installN8n(NEWEST);
	const runs: Run[] = [];
	for (const workers of quick ? [1] : [1, 2, 4]) {
		runs.push(await measureRun(installation, workers, (quick ? 2 : 8) * workers * PER_BATCH));
	}
	const rate = ({ images, busySeconds }: Run) => images / busySeconds;
	const [alone] = runs;
	const shareOf = (run: Run) => rate(run) / (run.workers * (alone ? rate(alone) : NaN));
	const two = runs.find(({ workers }) => workers === 2);
	return {
		letter: 'm',
		title: `An archive cleaned by all workers, at ${DELAY} ms per repair`,
		how: `The example clean-archive.json in n8n ${NEWEST.version} in queue mode, with a real Redis and everything on this machine: main process, workers, Redis and the service. ${PER_BATCH} images a batch, ${CONCURRENCY} at a time in each worker, so ${(CONCURRENCY * 1000) / DELAY} images a second and worker would be the most. Images a second from the first repair to the last; linear is the rate of one worker times their number. A look for an existing result comes before each repair.`,
		columns: ['workers', 'images', 'whole run in s', 'images/s', 'share of linear', 'batches each'],
		rows: runs.map((run) => [
			String(run.workers),
			String(run.images),
			digits(run.seconds),
			digits(rate(run)),
			percent(shareOf(run)),
			run.batches.join(' + '),
		]),
		goals: two
			? [
					{
						text: 'Two workers: at least 80 % of twice the rate of one',
						measured: percent(shareOf(two)),
						reached: shareOf(two) >= 0.8,
					},
				]
			: [],
		data: runs,
	};
}
