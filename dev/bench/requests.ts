import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';
import sharp from 'sharp';

import { startEngine, type Engine, type EngineItem } from '../engine/engine';
import { NODE_TYPE } from '../packageNames';
import type { Call } from '../sandbox/ledger/calls';
import { spawnSandbox, type SpawnedSandbox } from '../sandbox/spawn';
import { COMMON_SETTINGS, MASK_KEY, type CommonSetting } from './commonSettings';
import type { Part } from './report';

const PNG = 'image/png';
const SIZE = { width: 120, height: 80 };
/** Numbers of items that are compared. */
export const COUNTS = [1, 10] as const;

/** What a run of the node sent. */
export interface Requests {
	/** By method and kind in the words of the sandbox's log, in the order of the first of each. */
	counts: ReadonlyMap<string, number>;
	/** Requests for what the run had asked for before. */
	doubles: string[];
}

/** An engine and a bucket to count in. */
export interface RequestCounter {
	/** @throws Error when an item fails */
	count(setting: CommonSetting, items: number): Promise<Requests>;
	close(): Promise<void>;
}

/** An image of one colour, another one for each number. */
async function imageOf(number: number): Promise<Buffer> {
	const background = { r: number % 256, g: 90, b: 160 };
	return await sharp({ create: { ...SIZE, channels: 3, background } })
		.png()
		.toBuffer();
}

async function maskImage(): Promise<Buffer> {
	const logo = { width: 30, height: 16, channels: 3, background: 'white' } as const;
	const input = await sharp({ create: logo }).png().toBuffer();
	return await sharp({ create: { ...SIZE, channels: 3, background: 'black' } })
		.composite([{ input, left: 40, top: 30 }])
		.png()
		.toBuffer();
}

function workflowOf(parameters: INode['parameters']) {
	const node = (name: string, type: string, own: INode['parameters']): INode => ({
		...{ id: name, name, type, typeVersion: 1 },
		...{ position: [0, 0], parameters: own },
	});
	return {
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', {}),
			node('Repair', NODE_TYPE, parameters),
		],
		connections: { Start: { main: [[{ node: 'Repair', type: 'main' as const, index: 0 }]] } },
	};
}

/** What makes two requests the same: what was asked of the service, and what it stored for that. */
function askedBy({ method, bucket, key, query, results }: Call): string {
	const parameters = Object.entries(query).map(([name, value]) => `${name}=${value}`);
	return [`${method} ${bucket}/${key}?${parameters.join('&')}`, ...results].join(' → ');
}

function requestsOf(calls: readonly Call[]): Requests {
	const counts = new Map<string, number>();
	const seen = new Map<string, Call>();
	const doubles: string[] = [];
	// A mask is fetched by the service itself, by the presigned address that it was given.
	for (const call of calls.filter(({ authorization }) => authorization === 'header')) {
		const what = `${call.method} ${call.kind}`;
		counts.set(what, (counts.get(what) ?? 0) + 1);
		const asked = askedBy(call);
		if (seen.has(asked)) doubles.push(asked);
		seen.set(asked, call);
		if (!call.billed) continue;
		// What is there after a repair is another question than what was there before it.
		const touched = [call.key, ...call.results];
		for (const [question, { method, key }] of seen) {
			if (method === 'HEAD' && touched.includes(key)) seen.delete(question);
		}
	}
	return { counts, doubles };
}

/** Originals that are older than any result by more than the second that the service tells of each. */
async function putOriginals(sandbox: SpawnedSandbox, numbers: readonly number[]): Promise<void> {
	const before = new Date(Date.now() - 60_000);
	for (const number of numbers) {
		await sandbox.putObject(`${number}.png`, await imageOf(number), PNG, before);
	}
}

async function prepareBucket(sandbox: SpawnedSandbox, numbers: readonly number[]): Promise<void> {
	await sandbox.deleteObjects();
	await sandbox.putObject(MASK_KEY, await maskImage(), PNG);
	await putOriginals(sandbox, numbers);
}

/** @param shift the colour of the images, which makes them others */
async function itemsOf(numbers: readonly number[], shift = 0): Promise<EngineItem[]> {
	const mask = { content: await maskImage(), mimeType: PNG, fileName: 'mask.png' };
	return await Promise.all(
		numbers.map(async (n) => {
			const content = await imageOf(n + shift);
			return {
				json: { n },
				binary: { data: { content, mimeType: PNG, fileName: `${n}.png` }, mask },
			};
		}),
	);
}

/** Runs the built node in the engine, and reads the log of the sandbox. */
function counterOf(engine: Engine, sandbox: SpawnedSandbox): RequestCounter['count'] {
	const { secretId, secretKey, bucket, region, url } = sandbox;
	const endpoint = { endpoint: 'custom', customDomain: url };
	const credentials = { bucket: { secretId, secretKey, bucket, region, ...endpoint } };
	return async ({ name, parameters, after, ofOneImage }, items) => {
		const numbers = Array.from({ length: items }, (_, n) => n);
		const isUpload = parameters.operation === 'upload';
		// The images of an upload are the first under their keys, unless others are there on purpose.
		await prepareBucket(sandbox, isUpload ? [] : ofOneImage ? [0] : numbers);
		const run = async (shift?: number) => {
			const input = await itemsOf(numbers, shift);
			const result = await engine.run(workflowOf(parameters), { credentials, input });
			const output = result.output('Repair');
			const failed = output.find(({ json }) => json.error !== undefined);
			if (result.error ?? failed) {
				throw new Error(`${name}: an item failed`, { cause: result.error ?? failed?.json.error });
			}
		};
		if (after === 'otherImages') {
			for (const n of numbers) {
				await sandbox.putObject(`${n}.png`, await imageOf(n + 100), PNG);
			}
		}
		if (after === 'sameRun') {
			await run();
			// The second that the service tells would not tell an original from its result here.
			await putOriginals(sandbox, isUpload ? numbers : []);
		}
		await sandbox.resetCalls();
		await run();
		return requestsOf(await sandbox.calls());
	};
}

export async function openRequestCounter(): Promise<RequestCounter> {
	const userFolder = await mkdtemp(join(tmpdir(), 'image-repair-bench-'));
	const engine = await startEngine({ binaryMode: 'filesystem', userFolder });
	const sandbox = await spawnSandbox({ quick: true });
	return {
		count: counterOf(engine, sandbox),
		async close() {
			await sandbox.close();
			await engine.close();
			await rm(userFolder, { recursive: true, force: true });
		},
	};
}

/** Such as `2: 1 GET image-info, 1 GET repair-download`; `none` where nothing is sent. */
export function describeRequests({ counts }: Requests): string {
	const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
	const list = [...counts].map(([what, count]) => `${count} ${what}`);
	return total === 0 ? 'none' : `${total}: ${list.join(', ')}`;
}

/** (k) The requests that the node sends for an image, by its settings. */
export async function measureRequests(): Promise<Part> {
	const counter = await openRequestCounter();
	const measured: Array<{ name: string; requests: Requests[] }> = [];
	try {
		for (const setting of COMMON_SETTINGS) {
			const requests: Requests[] = [];
			for (const items of COUNTS) requests.push(await counter.count(setting, items));
			measured.push({ name: setting.name, requests });
		}
	} finally {
		await counter.close();
	}
	const twice = measured.flatMap(({ name, requests }) =>
		requests.some(({ doubles }) => doubles.length > 0) ? [name] : [],
	);
	return {
		letter: 'k',
		title: 'Requests for a repaired image',
		how: "What the sandbox's log has of a run of the built node with one item, and of a run with ten items of ten images: by method, and by what is asked for in the words of that log. What the service fetches by itself, such as a mask, is not counted. A request is asked twice when another one of the run had the same method, key and parameters, and stored the same; a look at a key after the repair is not the look before it.",
		columns: ['', ...COUNTS.map((count) => (count === 1 ? 'one item' : `${count} items`))],
		rows: measured.map(({ name, requests }) => [name, ...requests.map(describeRequests)]),
		goals: [
			{
				text: 'Nothing is asked for twice',
				measured: twice.length === 0 ? 'true of all' : `not true of ${twice.join(', ')}`,
				reached: twice.length === 0,
			},
		],
		data: measured.map(({ name, requests }) => ({
			name,
			requests: requests.map(({ counts, doubles }) => ({ counts: [...counts], doubles })),
		})),
	};
}
