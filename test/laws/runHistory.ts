import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { Engine, EngineItem, ExecutionResult } from '../../dev/engine/engine';
import type { FaultRule } from '../../dev/sandbox/faults/faultRules';
import type { LedgerEntry } from '../../dev/sandbox/ledger/ledger';
import { tinyImage } from '../../dev/sandbox/repair/tinyImage';
import type { Version } from '../../dev/sandbox/store/store';
import { byKey, named, NODE, workflowOf } from '../engine/bucketAndEngine';
import {
	AREAS,
	HEIGHT,
	PICTURES,
	REPAIRS,
	SOURCES,
	WIDTH,
	type History,
	type HistoryExecution,
	type HistoryItem,
	type HistoryOptions,
	type Mode,
} from './history';
import { wait } from './virtualTime';
import { runningExecution, type World } from './world';

/** What an item asks for, in the words of the ledger. */
export interface Job {
	mode: Mode;
	/** what is repaired, or where the original is uploaded to */
	key: string;
	/** MD5 of what is uploaded; empty in the other modes */
	picture: string;
	/** The area of the first one may be `text`: where that is depends on the picture. */
	results: ReadonlyArray<{ key: string; area: string }>;
	/** Whether the key gets a number where it is taken. */
	numbered?: true;
}

/** One output item. */
export interface Told {
	/** the input item that it belongs to */
	item: number;
	branch: number;
	json: IDataObject;
	/** MD5 of its binary fields but those of the input */
	binary: Record<string, string>;
	/** what n8n keeps of those files besides their bytes */
	metadata: unknown[];
}

/** What an execution did and told. Times are those of the sandbox's clock. */
export interface ExecutionRecord {
	number: number;
	asked: HistoryExecution;
	jobs: Job[];
	status: string;
	startedAt: number;
	endedAt: number;
	/** when n8n was asked to stop it; n8n may call it failed or done all the same */
	cancelledAt?: number;
	told: Told[];
	hint: string;
	/** message and description of the error that stopped it */
	thrown: string;
	/** all that leaves the node, with whatever hangs on its errors */
	everything: string;
	/** calls of this execution */
	calls: LedgerEntry[];
}

export interface HistoryRecord {
	asked: History;
	executions: ExecutionRecord[];
	calls: readonly LedgerEntry[];
	versions: readonly Version[];
	/** what is in the bucket when all is over */
	keys: readonly string[];
	bucket: string;
	secrets: readonly string[];
}

const md5Of = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');

const pictures = Array.from({ length: PICTURES }, (_, n) =>
	tinyImage(`picture ${n}`, WIDTH, HEIGHT),
);
/** Dark, as masks are. */
const masks = AREAS.map((_, n) => tinyImage(`mask ${n}`, WIDTH, HEIGHT, 96));
const sourcePictures = Array.from({ length: SOURCES }, (_, n) =>
	tinyImage(`source ${n}`, WIDTH, HEIGHT),
);
const pictureOf = (n: number) => pictures[n] ?? Buffer.alloc(0);
const maskOf = (n: number) => masks[n] ?? Buffer.alloc(0);
const polygonsOf = (n: number) => JSON.stringify(AREAS[n % AREAS.length]);

/** The key of a source, the number of which may be one that is not there. */
const sourceKey = (folder: string, n: number) => `${folder}/s${n}.png`;
const maskKey = (folder: string, n: number) => `${folder}/m${n}.png`;
const resultKey = (folder: string, n: number, row: number) =>
	`${folder}/r${n}${row === 0 ? '' : `-${row}`}.png`;

/** The first area, in the words of the ledger. */
function firstAreaOf({ area }: HistoryOptions, item: HistoryItem): string {
	if (area === 'automatic' || area === 'text') return area;
	return area === undefined
		? `polygons ${polygonsOf(item.area)}`
		: `mask ${md5Of(maskOf(item.area))}`;
}

/** The parameters for it: the same text in every history. */
const AREA_PARAMETERS: Record<NonNullable<HistoryOptions['area']> | 'polygons', INodeParameters> = {
	automatic: { area: 'automatic' },
	binaryMask: { area: 'mask', maskSource: 'binary', maskBinaryPropertyName: 'mask' },
	storedMask: {
		area: 'mask',
		maskSource: 'object',
		maskObjectKey: byKey('={{ $json.folder }}/m{{ $json.area }}.png'),
	},
	text: { area: 'text', textFilter: 'contains', texts: ['MARK'], growArea: 0 },
	polygons: { area: 'polygons', polygons: '={{ $json.polygons[0] }}' },
};

/** What is asked for where it matters: a result that replaces the original has the key of the upload. */
const ifKeyExistsOf = (mode: Mode, { ifKeyExists, overwriteOriginal }: HistoryOptions) =>
	mode === 'upload' && !overwriteOriginal ? ifKeyExists : undefined;

function jobOf(folder: string, { mode, options }: HistoryExecution, item: HistoryItem): Job {
	const key = sourceKey(folder, item.source);
	const first = firstAreaOf(options, item);
	if (mode === 'download') return { mode, key, picture: '', results: [{ key: '', area: first }] };
	const rows = Array.from({ length: options.additionalResults ?? 0 }, (_, row) => ({
		key: resultKey(folder, item.result, row + 1),
		area: `polygons ${polygonsOf(item.area + row + 1)}`,
	}));
	return {
		mode,
		key,
		picture: mode === 'upload' ? md5Of(pictureOf(item.picture)) : '',
		...(ifKeyExistsOf(mode, options) === 'number' && { numbered: true }),
		results: [
			{ key: options.overwriteOriginal ? key : resultKey(folder, item.result, 0), area: first },
			...rows,
		],
	};
}

/** The same text in every history: n8n compiles an expression once. */
function parametersOf({ mode, options }: HistoryExecution): INodeParameters {
	const { overwriteOriginal, downloadResult, additionalResults, area, ifKeyExists, ...rest } =
		options;
	const ofKey = ifKeyExistsOf(mode, options) && { ifKeyExists };
	return {
		operation: mode,
		...named('={{ $json.folder }}/s{{ $json.source }}.png'),
		...(mode === 'upload' && { binaryPropertyName: 'picture' }),
		...AREA_PARAMETERS[area ?? 'polygons'],
		...(mode !== 'download' && {
			...(overwriteOriginal
				? { overwriteOriginal }
				: { resultKey: '=/{{ $json.folder }}/r{{ $json.result }}.png' }),
			...(downloadResult && { downloadResult }),
		}),
		options: {
			checkAreaFirst: false,
			...(rest as INodeParameters),
			...ofKey,
			...(additionalResults !== undefined && {
				additionalResults: {
					result: Array.from({ length: additionalResults }, (_, row) => ({
						resultKey: `=/{{ $json.folder }}/r{{ $json.result }}-${row + 1}.png`,
						area: 'polygons',
						polygons: `={{ $json.polygons[${row + 1}] }}`,
					})),
				},
			}),
		},
	};
}

function inputOf(
	folder: string,
	{ mode, options }: HistoryExecution,
	item: HistoryItem,
): EngineItem {
	const file = (content: Buffer) => ({ content, mimeType: 'image/png', fileName: 'image.png' });
	return {
		json: {
			folder,
			source: item.source,
			result: item.result,
			area: item.area,
			polygons: Array.from({ length: 5 }, (_, row) => polygonsOf(item.area + row)),
		},
		binary: {
			...(mode === 'upload' && { picture: file(pictureOf(item.picture)) }),
			...(options.area === 'binaryMask' && { mask: file(maskOf(item.area)) }),
		},
	};
}

const itemOf = ({ pairedItem }: INodeExecutionData): number => {
	const first: unknown = Array.isArray(pairedItem) ? pairedItem[0] : pairedItem;
	if (typeof first === 'number') return first;
	return (first as { item?: number } | undefined)?.item ?? -1;
};

const INPUT_FIELDS = ['picture', 'mask'];

async function toldBy(engine: Engine, result: ExecutionResult): Promise<Told[]> {
	const told: Told[] = [];
	for (const [branch, items] of result.outputs(NODE).entries()) {
		for (const item of items) {
			const binary: Record<string, string> = {};
			const metadata: unknown[] = [];
			for (const [field, data] of Object.entries(item.binary ?? {})) {
				if (INPUT_FIELDS.includes(field)) continue;
				binary[field] = md5Of(await engine.readBinary(data));
				metadata.push({ ...data, data: '' });
			}
			told.push({ item: itemOf(item), branch, json: item.json, binary, metadata });
		}
	}
	return told;
}

/** All texts of a value, however deep: of errors also what JSON leaves out. */
const textOf = (value: unknown) =>
	inspect(value, { depth: 12, maxStringLength: null, maxArrayLength: null, breakLength: Infinity });

/** The executions in groups, one after the other, with their numbers. */
function startedTogether(executions: readonly HistoryExecution[]) {
	const groups: Array<Array<{ asked: HistoryExecution; number: number }>> = [];
	for (const [number, asked] of executions.entries()) {
		const last = groups.at(-1);
		if (last && asked.atOnce) last.push({ asked, number });
		else groups.push([{ asked, number }]);
	}
	return groups;
}

let histories = 0;

/** Runs a history in a world of its own, in virtual time, until all work is over. */
export async function runHistory(
	engine: Engine,
	world: World,
	history: History,
): Promise<HistoryRecord> {
	const folder = `h${++histories}`;
	const { sandbox } = world;
	const sandboxNow = () => Date.now() + history.clockOffsetSeconds * 1000;
	await world.reset(history.clockOffsetSeconds);
	const used = new Set(
		history.executions.flatMap(({ items }) => items.map(({ source }) => source)),
	);
	for (const [n, bytes] of sourcePictures.entries()) {
		if (!used.has(n)) continue;
		await world.put(sourceKey(folder, n), bytes, sandboxNow() - 60_000);
	}
	const usesMasks = history.executions.some(({ options }) => options.area === 'storedMask');
	for (const [n, bytes] of usesMasks ? masks.entries() : []) {
		await world.put(maskKey(folder, n), bytes, sandboxNow() - 60_000);
	}
	world.refuse(history.refused);
	const { workMs } = history;
	const usual: FaultRule = { kind: REPAIRS, fault: { fault: 'work', workMs } };
	await world.setFaults([...history.faults, ...(workMs > 0 ? [usual] : [])]);
	const { credential } = world;

	const runExecution = async (asked: HistoryExecution, number: number) => {
		const { onError, maxTries } = asked.node;
		const startedAt = sandboxNow();
		const execution = runningExecution.run(number, () =>
			engine.start(
				workflowOf(parametersOf(asked), {
					node: {
						...(onError && { onError }),
						...(maxTries !== undefined && { retryOnFail: true, maxTries, waitBetweenTries: 1 }),
					},
				}),
				{
					credentials: { bucket: credential },
					input: asked.items.map((item) => inputOf(folder, asked, item)),
				},
			),
		);
		let cancelledAt: number | undefined;
		let hasEnded = false;
		if (asked.cancelAfterMs !== undefined) {
			void wait(asked.cancelAfterMs).then(() => {
				if (!hasEnded) cancelledAt = sandboxNow();
				execution.cancel();
			});
		}
		const result = await execution.result;
		hasEnded = true;
		const endedAt = sandboxNow();
		const told = await toldBy(engine, result);
		const hints = result.hints(NODE).map(({ message }) => message);
		const { error } = result;
		const record: ExecutionRecord = {
			number,
			asked,
			jobs: asked.items.map((item) => jobOf(folder, asked, item)),
			status: result.status,
			startedAt,
			endedAt,
			...(cancelledAt !== undefined && { cancelledAt }),
			told,
			hint: hints.join('\n'),
			thrown: error ? `${error.message}\n${error.description ?? ''}` : '',
			everything: textOf([
				told.map(({ json, metadata }) => [json, metadata]),
				hints,
				error,
				error?.stack,
			]),
			calls: [],
		};
		return record;
	};

	const writes = history.writes.map(async ({ atMs, source, picture }) => {
		await wait(atMs);
		const key = sourceKey(folder, source);
		if (picture === null) await world.delete(key);
		else await world.put(key, pictureOf(picture));
	});

	const executions: ExecutionRecord[] = [];
	for (const [group, together] of startedTogether(history.executions).entries()) {
		// Nothing is before the first: what others write is timed by its start.
		if (group > 0) await wait(together[0]?.asked.pauseMs ?? 0);
		const all = together.map(async ({ asked, number }) => await runExecution(asked, number));
		executions.push(...(await Promise.all(all)));
	}
	await Promise.all(writes);
	// What was cancelled goes on for a while, and what was stored late is shown.
	await wait(90_000);
	const report = await world.settle();
	await wait(20_000);
	const of = world.executionsOf(report);
	for (const execution of executions) {
		execution.calls = report.calls.filter((_, call) => of[call] === execution.number);
	}
	return {
		asked: history,
		executions,
		...report,
		keys: (await world.keys()).filter(
			(key) =>
				key.startsWith(`${folder}/`) || report.versions.some((version) => version.key === key),
		),
		bucket: sandbox.bucket,
		secrets: world.secrets,
	};
}
