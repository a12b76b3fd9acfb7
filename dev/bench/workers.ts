import { readdir, readFile } from 'node:fs/promises';
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
/** Images that one worker repairs at a time, and how many of them are a batch. */
const CASES = [
	{ concurrency: 2, perBatch: 50 },
	{ concurrency: 8, perBatch: 100 },
] as const;
const BATCHES = 4;

interface Run {
	workers: number;
	concurrency: number;
	images: number;
	/** Seconds of the whole run: the list, the batches, the end. */
	seconds: number;
	/** Seconds between the first repair and the last. */
	busySeconds: number;
	/** Milliseconds of CPU time for an image, of all workers together and of the main process. */
	workerTime: number;
	mainTime: number;
	/** Executions that each worker took. */
	batches: number[];
}

/** Milliseconds of CPU time that the processes of a group have used, as Linux counts it. */
async function cpuTimeOf(group: number): Promise<number> {
	let ticks = 0;
	for (const entry of await readdir('/proc')) {
		if (!/^\d+$/.test(entry)) continue;
		const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
		// The fields after the name of the program, which is in brackets and may hold anything.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		const [, , pgrp] = fields;
		if (pgrp !== String(group)) continue;
		ticks += Number(fields[11]) + Number(fields[12]);
	}
	return ticks * 10;
}

async function measureRun(
	installation: Installation,
	workers: number,
	{ concurrency, perBatch }: (typeof CASES)[number],
	batches: number,
): Promise<Run> {
	const images = batches * workers * perBatch;
	const endings = new Endings();
	try {
		const settings = {
			workers,
			requestsPerSecond: 1000,
			maxConcurrency: concurrency * workers,
			imagesPerBatch: perBatch,
		};
		const stage = await prepareStage(installation, endings, {
			delay: DELAY,
			adapt: (workflows) => withArchiveSettings(workflows, settings),
		});
		const { sandbox } = stage;
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
		await fillArchive(sandbox, perBatch * workers);
		await runArchive(client);

		await fillArchive(sandbox, images);
		await sandbox.resetLedger();
		const before = await taken();
		const cpuTimes = async () =>
			await Promise.all([server, ...running].map(async ({ pid }) => await cpuTimeOf(pid)));
		const earlier = await cpuTimes();
		const start = Date.now();
		const { repaired } = total(countsOf(await runArchive(client)));
		const seconds = (Date.now() - start) / 1000;
		const [mainTime = 0, ...workerTimes] = (await cpuTimes()).map(
			(time, index) => time - (earlier[index] ?? 0),
		);
		const billed = (await sandbox.ledger()).calls.filter((call) => call.billed);
		if (repaired !== images || billed.length !== images) {
			throw new Error(`${repaired} repaired, ${billed.length} billed of ${images} images`);
		}
		const first = Math.min(...billed.map(({ arrivedAt }) => arrivedAt));
		const last = Math.max(...billed.map(({ finishedAt }) => finishedAt ?? 0));
		return {
			workers,
			concurrency,
			images,
			seconds,
			workerTime: workerTimes.reduce((sum, time) => sum + time, 0) / images,
			mainTime: mainTime / images,
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
	for (const one of quick ? CASES.slice(0, 1) : CASES) {
		for (const workers of quick ? [1] : [1, 2, 4]) {
			runs.push(await measureRun(installation, workers, one, quick ? 1 : BATCHES));
		}
	}
	const rate = ({ images, busySeconds }: Run) => images / busySeconds;
	const shareOf = (run: Run) => {
		const alone = runs.find(
			({ workers, concurrency }) => workers === 1 && concurrency === run.concurrency,
		);
		return rate(run) / (run.workers * (alone ? rate(alone) : NaN));
	};
	const two = runs.find(({ workers }) => workers === 2);
	const cases = CASES.map(({ concurrency, perBatch }) => `${concurrency} (${perBatch} a batch)`);
	return {
		letter: 'm',
		title: `An archive cleaned by all workers, at ${DELAY} ms per repair`,
		how: `The example clean-archive.json in n8n ${NEWEST.version} in queue mode, with a real Redis and everything on this machine: main process, workers, Redis and the service. Each worker has a share of ${cases.join(' or ')} images at a time, and ${BATCHES} batches. Images a second from the first repair to the last; linear is the rate of one worker times their number. A look for an existing result comes before each repair. CPU time in ms for an image: of all workers, and of the main process.`,
		columns: [
			'workers',
			'images',
			'whole run in s',
			'images/s',
			'share of linear',
			'CPU workers',
			'CPU main',
			'batches',
		],
		rows: runs.map((run) => [
			`${run.workers}, ${run.concurrency} at a time each`,
			String(run.images),
			digits(run.seconds),
			digits(rate(run)),
			percent(shareOf(run)),
			digits(run.workerTime),
			digits(run.mainTime),
			run.batches.join(' + '),
		]),
		goals: two
			? [
					{
						text: `Two workers, ${two.concurrency} images at a time each: at least 80 % of twice the rate of one`,
						measured: percent(shareOf(two)),
						reached: shareOf(two) >= 0.8,
					},
				]
			: [],
		data: runs,
	};
}
