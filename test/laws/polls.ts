import * as fc from 'fast-check';
import type { INodeParameters } from 'n8n-workflow';
import pLimit from 'p-limit';

import type { Engine, WorkflowJson } from '../../dev/engine/engine';
import { NODE_TYPE, TRIGGER_TYPE } from '../../dev/packageNames';
import type { FaultRule } from '../../dev/sandbox/faults/faultRules';
import { tinyImage } from '../../dev/sandbox/repair/tinyImage';
import { byKey, chainOf, nodeOf } from '../engine/bucketAndEngine';
import { compact, maybe, sampleOf, yes } from './history';
import type { Violation } from './judge';
import { without } from './shrink';
import { wait } from './virtualTime';
import type { World } from './world';

/**
 * Histories of a trigger that watches a folder: people store images, it polls, and the node behind it
 * stores results where the trigger may find them.
 */
export interface Watch {
	resultKey: keyof typeof RESULT_KEYS;
	/** whether the image is downloaded and uploaded again, in place of a repair in the bucket */
	uploads?: true;
	/** whether the folder is an expression, which no other node can read */
	hiddenFolder?: true;
	noSubfolders?: true;
	findsRepaired?: true;
	polls: number;
	puts: Put[];
	faults: FaultRule[];
}

/** Somebody stores an image before a poll. */
interface Put {
	poll: number;
	image: number;
	picture: number;
}

/** Where a result goes: its key from that of the image, and how a user writes it. */
const RESULT_KEYS = {
	usual: {
		of: (key: string) => key.replace('.png', '-repaired.png'),
		written: '={{ $json.key.replace(".png", "-repaired.png") }}',
	},
	elsewhere: {
		of: (key: string) => `out/${key.replaceAll('/', '-')}`,
		written: '=out/{{ $json.key.split("/").join("-") }}',
	},
	subfolder: {
		of: (key: string) => key.replace(/([^/]+)$/, 'clean/$1'),
		written: '={{ $json.key.replace(/([^/]+)$/, "clean/$1") }}',
	},
	growing: {
		of: (key: string) => key.replace('.png', '-clean.png'),
		written: '={{ $json.key.replace(".png", "-clean.png") }}',
	},
	same: { of: (key: string) => key, written: '={{ $json.key }}' },
} as const;

const FOLDER = 'in/';
/** Polls at the end, when nothing goes wrong any more. */
const QUIET_POLLS = 4;
/**
 * How often an image may be repaired where nothing but the trigger's memory can tell a loop: what it gives
 * out under one key, changed soon each time (docs/parameters.md).
 */
const MOST_ROUNDS = 6;

const put: fc.Arbitrary<Put> = fc.record({
	poll: fc.integer({ min: 0, max: 3 }),
	image: fc.integer({ min: 0, max: 2 }),
	picture: fc.integer({ min: 0, max: 3 }),
});

const fault: fc.Arbitrary<FaultRule> = fc.record({
	kind: fc.constant('list' as const),
	nth: fc.integer({ min: 2, max: 6 }),
	times: fc.constantFrom(1, 2),
	fault: fc.constantFrom<FaultRule['fault']>(
		{ fault: 'status', status: 503, code: 'SlowDown' },
		{ fault: 'status', status: 403, code: 'AccessDenied' },
		{ fault: 'status', status: 500, body: 'html', requestId: false },
		{ fault: 'reset' },
		{ fault: 'cut', by: 'end' },
	),
});

const watchArbitrary: fc.Arbitrary<Watch> = fc
	.record({
		resultKey: fc.constantFrom<keyof typeof RESULT_KEYS>(
			'usual',
			'elsewhere',
			'subfolder',
			'growing',
			'same',
		),
		uploads: maybe(yes),
		hiddenFolder: fc.constantFrom(undefined, true as const),
		noSubfolders: maybe(yes),
		findsRepaired: maybe(yes),
		polls: fc.integer({ min: 4, max: 12 }),
		puts: fc.array(put, { minLength: 1, maxLength: 4, size: 'max' }),
		faults: fc.array(fault, { maxLength: 2, size: 'max' }),
	})
	.map(compact);

/** The watched folder of a seed. */
export const watchOf = (seed: number): Watch => sampleOf(watchArbitrary, seed);

function workflowFor({
	resultKey,
	uploads,
	hiddenFolder,
	noSubfolders,
	findsRepaired,
}: Watch): WorkflowJson {
	const trigger: INodeParameters = {
		pollTimes: { item: [{ mode: 'everyMinute' }] },
		folder: { __rl: true, mode: 'path', value: hiddenFolder ? `={{ "${FOLDER}" }}` : FOLDER },
		minimumAge: 0,
		includeSubfolders: noSubfolders !== true,
		ignoreRepaired: findsRepaired !== true,
	};
	const { written } = RESULT_KEYS[resultKey];
	const source = byKey('={{ $json.key }}');
	const watch = nodeOf('Watch', TRIGGER_TYPE, trigger);
	if (!uploads) {
		const where =
			resultKey === 'same'
				? { overwriteOriginal: '={{ true }}' }
				: { resultKey: written.replace('=', '=/') };
		return chainOf(
			watch,
			nodeOf('Repair', NODE_TYPE, { operation: 'cloud', objectKey: source, ...where }),
		);
	}
	const upload = {
		operation: 'upload',
		binaryPropertyName: 'data',
		storeAs: written,
		resultKey: '=/results/{{ $json.key.split("/").join("-") }}',
	};
	return chainOf(
		watch,
		nodeOf('Download', NODE_TYPE, { operation: 'download', objectKey: source }),
		nodeOf('Upload', NODE_TYPE, upload),
	);
}

export interface WatchRecord {
	/** why n8n could not activate the workflow; empty if it could */
	notActivated: string;
	/** keys that the trigger gave out, by poll */
	emitted: string[][];
	pollErrors: string[];
	executionErrors: string[];
	billedDownloads: number;
	billedRepairs: number;
}

const NOTHING: WatchRecord = {
	notActivated: '',
	emitted: [],
	pollErrors: [],
	executionErrors: [],
	billedDownloads: 0,
	billedRepairs: 0,
};

let watches = 0;

const oneAtATime = pLimit(1);

/** Runs a watched folder in virtual time, one after the other: n8n's engine keeps one active workflow. */
export async function runWatch(engine: Engine, world: World, watch: Watch): Promise<WatchRecord> {
	return await oneAtATime(async () => await runAlone(engine, world, watch));
}

async function runAlone(engine: Engine, world: World, watch: Watch): Promise<WatchRecord> {
	await world.reset(0);
	await world.empty();
	watches++;
	const started = await engine
		.activate(workflowFor(watch), { credentials: { bucket: world.credential } })
		.catch((error: unknown) => String(error));
	if (typeof started === 'string') return { ...NOTHING, notActivated: started };
	const active = started;
	await world.setFaults(watch.faults);
	for (let poll = 0; poll < watch.polls + QUIET_POLLS; poll++) {
		if (poll === watch.polls) await world.setFaults([]);
		await wait(20_000);
		for (const { image, picture } of watch.puts.filter((one) => one.poll === poll)) {
			await world.put(`${FOLDER}${image}.png`, tinyImage(`${watches} ${poll} ${picture}`, 120, 80));
		}
		await wait(40_000);
		await active.poll();
		await Promise.all(active.executions);
	}
	const results = await Promise.all(active.executions);
	await active.deactivate();
	const { calls } = await world.settle();
	const billed = calls.filter((call) => call.billed);
	const downloads = billed.filter(({ kind }) => kind === 'repair-download');
	return {
		notActivated: '',
		emitted: active.emitted.map((items) => items.map(({ json }) => String(json.key))),
		pollErrors: active.pollErrors.map(({ message }) => message),
		executionErrors: results.flatMap(({ error }) => (error ? [error.message] : [])),
		billedDownloads: downloads.length,
		billedRepairs: billed.length - downloads.length,
	};
}

/** Whether the trigger finds what the node stores, by what the docs say of its parameters. */
function findsResults({ resultKey, noSubfolders, findsRepaired }: Watch): boolean {
	const result = RESULT_KEYS[resultKey].of(`${FOLDER}0.png`);
	if (!result.startsWith(FOLDER)) return false;
	if (noSubfolders && result.slice(FOLDER.length).includes('/')) return false;
	return findsRepaired === true || !result.endsWith('-repaired.png');
}

/** What a watched folder has broken: laws 1 (loops) and 6, and that no image is forgotten. */
export function judgeWatch(watch: Watch, record: WatchRecord): Violation[] {
	const { puts, hiddenFolder, uploads } = watch;
	// Of what is stored under one key before a poll, the last one is there.
	const versions = new Set(puts.map(({ poll, image }) => `${poll} ${image}`)).size;
	const { billedRepairs, billedDownloads } = record;
	const broken: Violation[] = [];
	const say = (law: string, what: string) => broken.push({ law, what });
	if (!findsResults(watch)) {
		// A poll that failed leaves its images to the next one, which may find newer ones under a key.
		const least = new Set(puts.map(({ image }) => image)).size;
		const most = versions;
		const fewest = watch.faults.length === 0 ? versions : least;
		if (billedRepairs < fewest || billedRepairs > most) {
			say('1', `${billedRepairs} repairs for ${versions} images`);
		}
	} else if (!hiddenFolder) {
		if (billedRepairs > 0) say('1', `${billedRepairs} repairs whose results the trigger finds`);
	} else if (billedRepairs > versions * MOST_ROUNDS) {
		say('1', `${billedRepairs} repairs for ${versions} images: the loop does not stop`);
	}
	if (billedDownloads > (uploads ? versions * MOST_ROUNDS : 0)) {
		say('1', `${billedDownloads} downloads for ${versions} images`);
	}
	return broken;
}

export function printWatch(
	watch: Watch,
	record: WatchRecord,
	violations: readonly Violation[],
): string {
	return [
		...violations.map(({ law, what }) => `law ${law}: ${what}`),
		JSON.stringify(watch),
		JSON.stringify(record),
	].join('\n');
}

/** Watched folders that are a little smaller. */
export function smallerWatches(watch: Watch): Watch[] {
	return [
		...without(watch.puts)
			.filter((puts) => puts.length > 0)
			.map((puts) => ({ ...watch, puts })),
		...without(watch.faults).map((faults) => ({ ...watch, faults })),
		...(['uploads', 'hiddenFolder', 'noSubfolders', 'findsRepaired'] as const)
			.filter((name) => watch[name])
			.map((name) => compact({ ...watch, [name]: undefined })),
		...(watch.polls > 4 ? [{ ...watch, polls: watch.polls - 1 }] : []),
	];
}
