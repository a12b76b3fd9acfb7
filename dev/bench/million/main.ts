import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';

import { nextMessage } from '../../nextMessage';
import { spawnSandbox, type SpawnedSandbox } from '../../sandbox/spawn';
import type { Series } from '../../sandbox/store/series';
import { digits, type Goal, type Part } from '../report';
import type { Listed, ListJob, Message } from './listProcess';

/** Objects of a page. */
const PAGE = 1000;
/** What the garbage of a longer run may add; a million objects held would be some hundred. */
const MORE_MB = 100;

const DAY_MS = 86_400_000;
const EARLIER = new Date(Date.now() - 3 * DAY_MS).toISOString();
const LATER = new Date(Date.now() - 2 * DAY_MS).toISOString();

interface Row extends Listed {
	what: string;
	objects: number;
	requests: number;
	/** That hold all objects which have to be listed, each once. */
	pages: number;
}

/** A process with n8n's engine. */
class Lister {
	private constructor(private readonly child: ChildProcess) {}

	static async open({ url, bucket, region, secretId, secretKey }: SpawnedSandbox): Promise<Lister> {
		const argument = JSON.stringify({ url, bucket, region, secretId, secretKey });
		const child = fork(join(__dirname, 'listProcess.ts'), [argument], {
			execArgv: ['--import', 'tsx', '--expose-gc'],
		});
		await nextMessage(child);
		return new Lister(child);
	}

	/** @param begin called before what is measured */
	async run(job: ListJob, begin: () => Promise<void>): Promise<Listed> {
		if (job.kind === 'list') await begin();
		this.child.send(job);
		for (;;) {
			const message = (await nextMessage(this.child)) as Message;
			if ('activated' in message) {
				await begin();
				this.child.send('begin');
			}
			if ('listed' in message) return message.listed;
			if ('failed' in message) throw new Error(message.failed);
		}
	}

	async close(): Promise<void> {
		const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
		this.child.disconnect();
		await ended;
	}
}

/** Lists in a process of its own, so that no run benefits from memory of an earlier one. */
async function measure(
	sandbox: SpawnedSandbox,
	job: ListJob,
	about: Pick<Row, 'what' | 'objects' | 'pages'>,
): Promise<Row> {
	const lister = await Lister.open(sandbox);
	try {
		// The engine and the node are loaded, and their code is compiled.
		const warmUp = { kind: 'list', parameters: { folder: path('warm-up') } } as const;
		for (let n = 0; n < 5; n++) await lister.run(warmUp, async () => await sandbox.resetCalls());
		const listed = await lister.run(job, async () => await sandbox.resetCalls());
		const calls = await sandbox.calls();
		return { ...about, ...listed, requests: calls.length };
	} finally {
		await lister.close();
	}
}

const path = (value: string): INodeParameters => ({ __rl: true, mode: 'path', value });

interface Layout {
	what: string;
	template: string;
	result: string;
	parameters?: INodeParameters;
	/** Of which objects are listed by themselves. */
	lists: (images: number, results: number) => number[];
	/** Requests besides, where the node begins to read results by themselves. */
	more?: number;
}

const LAYOUTS: readonly Layout[] = [
	{
		what: 'beside the image: {name}-repaired{extension}',
		template: '{name}-repaired{extension}',
		result: 'photos/IMG_{n}-repaired.jpg',
		lists: (images, results) => [images + results],
	},
	{
		what: 'in another folder: /cleaned/{name}{extension}',
		template: '/cleaned/{name}{extension}',
		result: 'cleaned/IMG_{n}.jpg',
		parameters: { includeSubfolders: false },
		lists: (images, results) => [images, results],
	},
	{
		what: 'in a folder of the list: clean/{name}{extension}',
		template: 'clean/{name}{extension}',
		result: 'photos/clean/IMG_{n}.jpg',
		lists: (images, results) => [images + results],
		more: 2,
	},
];

/** One in so many images has no result. */
const FEW_WITHOUT = 1000;

async function measureLayout(layout: Layout, total: number): Promise<Row & { more: number }> {
	const { what, template, result, parameters, lists, more = 0 } = layout;
	const without = total / FEW_WITHOUT;
	const results = (total - without) / 2;
	const images = total - results;
	const sandbox = await spawnSandbox();
	try {
		await sandbox.addSeries(seriesOf(result, images, without));
		const pages = lists(images, results).reduce((sum, one) => sum + Math.ceil(one / PAGE), 0);
		const list = {
			folder: path('photos'),
			returnAll: true,
			onlyWithoutResult: true,
			soughtResultKeys: [template],
			...parameters,
		};
		const job = { kind: 'list', parameters: list } as const;
		const row = await measure(sandbox, job, { what, objects: total, pages });
		if (row.images === without) return { ...row, more };
		throw new Error(`${row.images} images in place of ${without}`);
	} finally {
		await sandbox.close();
	}
}

async function measureLists(quick: boolean): Promise<{ rows: Row[]; goals: Goal[] }> {
	const few = quick ? 10_000 : 100_000;
	const many = quick ? 20_000 : 1_000_000;
	const rows: Array<Row & { more: number }> = [];
	for (const layout of LAYOUTS) {
		for (const total of [few, many]) rows.push(await measureLayout(layout, total));
	}
	const highest = (total: number) =>
		Math.max(...rows.filter(({ objects }) => objects === total).map(aboveIdle));
	const goals = rows.map(({ what, objects, requests, pages, more }) => ({
		text: `${objects} objects, ${what}: as many requests as pages${more > 0 ? `, and ${more} at most` : ''}`,
		measured: `${requests} for ${pages} pages`,
		reached: requests >= pages && requests <= pages + more,
	}));
	return {
		rows,
		goals: [
			...goals,
			{
				text: `memory: less than ${MORE_MB} MB more for ${many} objects than for ${few}`,
				measured: `${highest(many).toFixed(0)} MB and ${highest(few).toFixed(0)} MB above idle`,
				reached: highest(many) - highest(few) < MORE_MB,
			},
		],
	};
}

/** Polls of the trigger, with the images of a day among those of a year. */
async function measurePolls(quick: boolean): Promise<Row[]> {
	const sizes = quick ? [1000, 20_000] : [1000, 100_000, 1_000_000];
	// It is noon there, so that the folder of yesterday is quiet.
	const ahead = 12 - new Date().getUTCHours();
	const timezone = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
	const here = new Date(Date.now() + ahead * 3_600_000);
	const day = here.toISOString().slice(0, 10).replaceAll('-', '/');
	const rows: Row[] = [];
	for (const total of sizes) {
		const sandbox = await spawnSandbox();
		try {
			const ofDay = Math.floor(total / 365);
			const common = { digits: 7, first: 0, lastModified: EARLIER };
			await sandbox.addSeries([
				{ ...common, key: `archive/${day}/IMG_{n}.jpg`, count: ofDay },
				{ ...common, key: 'archive/0000/IMG_{n}.jpg', count: total - ofDay },
			]);
			for (const [folder, objects] of [
				['archive', total],
				['archive/{yyyy}/{MM}/{dd}', ofDay],
			] as const) {
				const pages = Math.ceil(objects / PAGE);
				const job = { kind: 'poll', parameters: { folder: path(folder) }, timezone } as const;
				rows.push(
					await measure(sandbox, job, { what: `a poll of ${folder}`, objects: total, pages }),
				);
			}
		} finally {
			await sandbox.close();
		}
	}
	return rows;
}

const aboveIdle = ({ peakBytes, idleBytes }: Listed) => (peakBytes - idleBytes) / 1e6;

/** Images, and results of all but some of them. */
function seriesOf(result: string, images: number, without: number): Series[] {
	const common = { digits: 7, first: 0 };
	const every = Math.floor(images / without);
	const spread = every * without;
	return [
		{ ...common, key: 'photos/IMG_{n}.jpg', count: images, lastModified: EARLIER },
		{ ...common, key: result, count: spread, leaveOut: every, lastModified: LATER },
		{ ...common, key: result, first: spread, count: images - spread, lastModified: LATER },
	];
}

/** (l) A million images: what a list and a poll request and hold. */
export async function measureMillion(quick: boolean): Promise<Part> {
	const { rows: lists, goals } = await measureLists(quick);
	const rows = [...lists, ...(await measurePolls(quick))];
	return {
		letter: 'l',
		title: 'A million images: what a list and a poll request, and hold',
		how: 'Get Many Images in n8n’s engine lists the images without a result (Only Without Result): half of the objects are images, and one in a thousand has none. A poll of the trigger lists a folder with the images of a year, or of a day of it. Pages are what the objects in question fill. The sandbox shares the machine. Memory is the resident memory of its process, a fresh one for each row, above that of the idle process (of a poll, after a first one); the peak is Linux’s own figure (`VmHWM`, reset before the run).',
		columns: ['', 'objects', 'images out', 'pages', 'requests', 'above idle, MB', 'seconds'],
		rows: rows.map((row) => [
			row.what,
			String(row.objects),
			String(row.images),
			String(row.pages),
			String(row.requests),
			aboveIdle(row).toFixed(0),
			digits(row.seconds),
		]),
		goals,
		data: rows,
	};
}
