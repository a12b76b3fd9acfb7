import { ConnectionFailed, RepairFailed } from '../../shared/errors';
import { withMasks, type Masks } from '../area/masks';
import type { Item } from '../item';
import type { ItemOptions } from '../parameters/options';
import type { Job } from './job';
import type { LostRepair, Outcome, Result } from './outcome';
import type { Shared } from './register';

/** How a repair is made, once it is certain that it has to be. */
export interface Making {
	/** Makes it, unless there is no need. */
	make: (masks: Masks) => Promise<Outcome>;
	/** Whether what an earlier execution brought is still there. */
	isThere: (result: Result) => Promise<boolean>;
	/** Looks once more for what a lost call has stored. */
	lookAgain?: (lost: LostRepair, reason: ConnectionFailed) => Promise<Result>;
}

/** What an earlier try has brought, or that its call was lost and may be made again. */
type Earlier = { readonly outcome: Outcome } | { readonly lost: RepairFailed };

/**
 * What an earlier try has left of this repair; undefined when it has sent nothing that counts.
 *
 * @throws RepairFailed when its call was lost and must not be made again
 */
async function earlierTry(
	item: Item,
	job: Job,
	{ isThere, lookAgain }: Making,
): Promise<Earlier | undefined> {
	const { memory } = item.repairs;
	const kept = memory.find(item.index, job);
	if (!kept) return undefined;
	const { outcome, sameExecution } = kept;
	if (!('lost' in outcome)) {
		const isUsable = sameExecution || (await isThere(outcome));
		return isUsable ? { outcome: { how: 'repaired', result: outcome } } : undefined;
	}
	// A person who runs a failed execution again has read that it may have been billed.
	if (!sameExecution) return undefined;
	const reason = new ConnectionFailed('RepairLost', 'lostEarlier', {});
	const nothingFound = new RepairFailed(reason, { billed: 'perhaps' });
	const look = async (): Promise<Result> => {
		if (!lookAgain) throw nothingFound;
		return await lookAgain(outcome.lost, reason);
	};
	return await look().then(
		(result): Earlier => {
			memory.keep(item.index, job, result);
			item.tally.perhapsBilled--;
			item.tally.billed++;
			return { outcome: { how: 'repaired', result } };
		},
		(error: unknown): Earlier => {
			const lost = error instanceof RepairFailed ? error : nothingFound;
			if (!item.transport.retriesLostCalls) throw lost;
			return { lost };
		},
	);
}

/**
 * Makes a repair again whose call an earlier try has lost.
 *
 * @throws RepairFailed that tells what may have been paid for, also when this call was not sent
 */
async function makeAgain(make: () => Promise<Outcome>, lost: RepairFailed): Promise<Outcome> {
	const outcome = await make().catch((error: unknown) => {
		if (!(error instanceof RepairFailed)) throw lost.because(error);
		throw error.facts.billed === 'no' ? lost.because(error.reason) : error;
	});
	if (outcome.how === 'overCap') throw lost;
	return outcome;
}

/**
 * Makes a repair that no other item of the run has made, and no earlier try.
 *
 * @throws RepairFailed with what is known of its cost
 */
export async function repairOnce(
	item: Item,
	job: Job,
	options: ItemOptions,
	making: Making,
): Promise<Shared<Outcome>> {
	const work = async (masks: Masks): Promise<Outcome> => {
		const earlier = await earlierTry(item, job, making);
		const make = async () => await making.make(masks);
		if (!earlier) return await make();
		return 'outcome' in earlier ? earlier.outcome : await makeAgain(make, earlier.lost);
	};
	return await item.repairs.register.once(
		item.index,
		job,
		async () => await withMasks(item, options, work),
	);
}
