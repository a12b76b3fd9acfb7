import type { IDataObject } from 'n8n-workflow';

import { ConnectionFailed, RepairFailed } from '../../shared/errors';
import type { Item } from '../item';
import type { ReceivedImage } from '../results/receivedImage';
import type { LostRepair } from '../results/repairCall';
import type { StoredResults } from '../results/storedResults';
import type { Budget } from './budget';
import type { Job } from './job';
import type { Memory } from './memory';
import type { Register, Shared } from './register';

/** A repaired image, and the request that brought it. */
export interface RepairedImage extends ReceivedImage {
	requestId?: string;
}

/** What the storing modes bring. */
export interface StoredResult {
	readonly stored: StoredResults;
}

/** What download mode brings. */
export interface ImageResult {
	readonly image: RepairedImage;
}

export type Result = StoredResult | ImageResult;

/** What became of an item. */
export type Outcome = Pick<Told, 'temporaryMasks'> &
	(
		| { readonly how: 'repaired' | 'skipped'; readonly result: Result }
		/** What Dry Run shows, or that Max Billed Calls left the item out. */
		| { readonly how: 'checked' | 'overCap'; readonly json: IDataObject }
	);

/** What an output item tells besides. */
export interface Told {
	/** Index of the item that asked for the same, and did it. */
	readonly sameAs?: number;
	/** Keys of temporary masks that may still be in the bucket. */
	readonly temporaryMasks?: readonly string[];
}

/** What is kept of a repair for the next try: what it brought, or that it was lost. */
export type KeptOutcome = Result | { readonly lost: LostRepair };

/** What the items of a run share, so that nothing is paid for twice. */
export interface Repairs {
	readonly register: Register<Outcome>;
	readonly memory: Memory<KeptOutcome>;
	readonly budget: Budget;
}

/** How a repair is made, once it is certain that it has to be. */
export interface Making {
	/** Makes it, unless there is no need. */
	make: () => Promise<Outcome>;
	/** Whether what an earlier execution brought is still there. */
	isThere: (result: Result) => Promise<boolean>;
	/** Looks once more for what a lost call has stored. */
	lookAgain?: (lost: LostRepair, reason: ConnectionFailed) => Promise<Result>;
}

/** Takes over what an earlier try has brought or lost; undefined when the repair is still to be made. */
async function takeOver(
	item: Item,
	job: Job,
	{ isThere, lookAgain }: Making,
): Promise<Outcome | undefined> {
	const { memory } = item.repairs;
	const kept = memory.find(item.index, job);
	if (!kept) return undefined;
	const { outcome, sameExecution } = kept;
	if (!('lost' in outcome)) {
		const isUsable = sameExecution || (await isThere(outcome));
		return isUsable ? { how: 'repaired', result: outcome } : undefined;
	}
	// A person who runs a failed execution again has read that it may have been billed.
	if (!sameExecution) return undefined;
	const reason = new ConnectionFailed('RepairLost', 'lostEarlier', {});
	const look = async (): Promise<Result> => {
		if (!lookAgain) throw new RepairFailed(reason, { billed: 'perhaps' });
		return await lookAgain(outcome.lost, reason);
	};
	return await look().then(
		(result): Outcome => {
			memory.keep(item.index, job, result);
			item.tally.perhapsBilled--;
			item.tally.billed++;
			return { how: 'repaired', result };
		},
		(error: unknown) => {
			if (item.transport.retriesLostCalls) return undefined;
			throw error;
		},
	);
}

/**
 * Makes a repair that no other item of the run has made, and no earlier try.
 *
 * @throws RepairFailed with what is known of its cost
 */
export async function repairOnce(item: Item, job: Job, making: Making): Promise<Shared<Outcome>> {
	return await item.repairs.register.once(
		item.index,
		job,
		async () => (await takeOver(item, job, making)) ?? (await making.make()),
	);
}
