import type { IExecuteFunctions } from 'n8n-workflow';

import type { Detection } from '../../../cos/responses/detections';
import { isRecord, show } from '../../../cos/values';
import type { Tally } from '../../shared/tally';
import { digestsOf, type Job } from './job';

/** n8n's own limits of Retry On Fail. */
const FEWEST_TRIES = 2;
const MOST_TRIES = 5;
const DEFAULT_TRIES = 3;

/** A temporary mask that may still be in the bucket. */
export interface LeftMask {
	readonly key: string;
	/** Of a bucket that keeps versions. */
	readonly version?: string;
}

/** The key that an item's upload was sent under. */
export interface KeptKey {
	readonly key: string;
	/** The file, by n8n's name for it. */
	readonly file: string;
	/** Store As as entered. */
	readonly entered: string;
	/** The key that Store As gave, when a number was added to it. */
	readonly requested?: string;
}

/** What is kept of a run of the node that has not succeeded yet. Plain data: n8n stores it as JSON. */
interface KeptRun<K> {
	/** Tries that have begun. */
	tries: number;
	/** The execution that made the last try. */
	execution: string;
	/** By the whole job's digest. */
	outcomes: Record<string, K>;
	/** The digests of each item, by its index. */
	items: Record<string, { asked: string; whole: string }>;
	/** Temporary masks that could not be deleted, by the item's index. */
	masks: Record<string, LeftMask[]>;
	/** By the item's index. */
	keys: Record<string, KeptKey>;
	/** What was found in the images of each item, by its index and by what was looked for. */
	detections: Record<string, Record<string, Detection[]>>;
	/** How often the service was called in the tries before. */
	counts: Pick<Tally, 'billed' | 'perhapsBilled' | 'detections' | 'perhapsDetected' | 'retried'>;
}

/** All that is kept in n8n's context of the node: it lives as long as the execution. */
interface Kept<K> {
	runs: Record<string, KeptRun<K>>;
	/** Calls that were billed, or may have been, in all rounds and tries of the execution. */
	spent: number;
}

const NAME = 'imageRepair';

function readKept<K>(context: Record<string, unknown>): Kept<K> {
	const kept = context[NAME];
	const isKept = isRecord(kept) && isRecord(kept.runs) && typeof kept.spent === 'number';
	return isKept ? (kept as unknown as Kept<K>) : { runs: {}, spent: 0 };
}

/**
 * What was paid for, kept for the next try of the same run.
 *
 * n8n's Retry On Fail runs the whole node again, the items that had succeeded included. The context of
 * the node outlives a try; a loop calls the node on purpose, and is told apart by the run's index.
 */
export class Memory<K> {
	private readonly context: Record<string, unknown>;
	private readonly run: KeptRun<K>;
	/** Whether the kept outcomes stem from a try of this very execution. */
	private readonly sameExecution: boolean;
	private readonly index: string;
	/** The items whose files earlier tries of this execution have sent, by the key. */
	private readonly holders: ReadonlyMap<string, number>;

	constructor(
		private readonly functions: IExecuteFunctions,
		private readonly tally: Tally,
	) {
		this.context = functions.getContext('node');
		const execution = functions.getExecutionId();
		this.index = show(functions.evaluateExpression('{{ $runIndex }}', 0));
		const kept = this.read();
		const before = kept.runs[this.index];
		this.sameExecution = before?.execution === execution;
		this.run = {
			outcomes: {},
			items: {},
			masks: {},
			keys: {},
			counts: { billed: 0, perhapsBilled: 0, detections: 0, perhapsDetected: 0, retried: 0 },
			...before,
			// Images may change between executions.
			detections: (this.sameExecution ? before?.detections : undefined) ?? {},
			tries: (this.sameExecution ? (before?.tries ?? 0) : 0) + 1,
			execution,
		};
		const sent = this.sameExecution ? Object.entries(this.run.keys) : [];
		this.holders = new Map(sent.map(([index, { key }]) => [key, Number(index)]));
		if (this.sameExecution) Object.assign(tally, this.run.counts);
		this.write({ ...kept, runs: { ...kept.runs, [this.index]: this.run } });
	}

	private read(): Kept<K> {
		return readKept(this.context);
	}

	private write(kept: Kept<K>): void {
		this.context[NAME] = kept;
	}

	get spent(): number {
		return this.read().spent;
	}

	set spent(spent: number) {
		this.write({ ...this.read(), spent });
	}

	/**
	 * What became of an item in an earlier try.
	 *
	 * Within an execution an item is known by its place and by what it asks for: a Result Key that holds
	 * the time is another one at each try. A later execution, which a person began, has to ask for exactly
	 * the same.
	 */
	find(index: number, job: Job): { outcome: K; sameExecution: boolean } | undefined {
		const { whole, asked } = digestsOf(job);
		const { outcomes, items } = this.run;
		const item = items[index];
		const ofItem = this.sameExecution && item?.asked === asked ? outcomes[item.whole] : undefined;
		const outcome = outcomes[whole] ?? ofItem;
		return outcome && { outcome, sameExecution: this.sameExecution };
	}

	/** Whether an earlier try of this execution has called the service. */
	get isRetry(): boolean {
		return this.sameExecution;
	}

	/** What an earlier try of this execution has left of an item. */
	ofItem(index: number): K | undefined {
		const item = this.sameExecution ? this.run.items[index] : undefined;
		return item && this.run.outcomes[item.whole];
	}

	/**
	 * The key that an earlier try has sent an item's file under. Within an execution, it holds whatever
	 * Store As says by now: a random key is another one at each try. A later execution has to ask for the
	 * same.
	 */
	keyOf(index: number, file: string, entered: string): KeptKey | undefined {
		const kept = this.run.keys[index];
		if (kept?.file !== file) return undefined;
		return this.sameExecution || kept.entered === entered ? kept : undefined;
	}

	/** Whether an earlier try has sent the file of another item under a key. */
	isOfOther(key: string, index: number): boolean {
		const holder = this.holders.get(key);
		return holder !== undefined && holder !== index;
	}

	keepKey(index: number, kept: KeptKey): void {
		this.run.keys[index] = kept;
	}

	/** Temporary masks of an item that could not be deleted. */
	masksOf(index: number): readonly LeftMask[] {
		return this.run.masks[index] ?? [];
	}

	keepMasks(index: number, masks: readonly LeftMask[]): void {
		this.run.masks[index] = [...masks];
	}

	/** What was found for an item, in this try or in earlier ones of this execution. */
	detectionsOf(index: number, question: string): Detection[] | undefined {
		return this.run.detections[index]?.[question];
	}

	keepDetections(index: number, question: string, found: Detection[]): void {
		this.run.detections[index] = { ...this.run.detections[index], [question]: found };
	}

	keep(index: number, job: Job, outcome: K): void {
		const digests = digestsOf(job);
		this.run.items[index] = digests;
		this.run.outcomes[digests.whole] = outcome;
	}

	/**
	 * Lets go of what was kept when n8n will not try again; otherwise keeps the counts for the next try.
	 *
	 * @param end whether the run ends with an error, or its first output item is one: n8n tries again then
	 * @param isLarge whether an outcome is too large to be stored with the execution: it is let go when there
	 * is no further try
	 */
	end(end: { thrown: boolean; firstFailed: boolean }, isLarge: (outcome: K) => boolean): void {
		const { retryOnFail, maxTries = DEFAULT_TRIES } = this.functions.getNode();
		const most = Math.min(MOST_TRIES, Math.max(FEWEST_TRIES, maxTries));
		const triesLeft = retryOnFail === true && this.run.tries < most;
		if (end.thrown || (end.firstFailed && triesLeft)) {
			// After the last try, too: a person may choose "Retry" for the execution.
			const { billed, perhapsBilled, detections, perhapsDetected, retried } = this.tally;
			this.run.counts = { billed, perhapsBilled, detections, perhapsDetected, retried };
			if (triesLeft) return;
			const small = Object.entries(this.run.outcomes).filter(([, outcome]) => !isLarge(outcome));
			this.run.outcomes = Object.fromEntries(small);
			return;
		}
		const kept = this.read();
		const others = Object.entries(kept.runs).filter(([index]) => index !== this.index);
		this.write({ ...kept, runs: Object.fromEntries(others) });
	}
}
