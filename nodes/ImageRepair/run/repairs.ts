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
export async function repairOnce(
	item: Item,
	job: Job,
	options: ItemOptions,
	making: Making,
): Promise<Shared<Outcome>> {
	const work = async (masks: Masks) =>
		(await takeOver(item, job, making)) ?? (await making.make(masks));
	return await item.repairs.register.once(
		item.index,
		job,
		async () => await withMasks(item, options, work),
	);
}
