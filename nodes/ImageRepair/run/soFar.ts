import type { INodeExecutionData } from 'n8n-workflow';

import { isRecord } from '../../../cos/values';
import { itemFailure } from '../../shared/errors';
import { fill, RUN_SO_FAR } from '../../shared/messages';
import type { Tally } from '../../shared/tally';

/** An item that failed. */
export interface FailedItem {
	index: number;
	error: unknown;
}

/** Keys named in a message; there may be thousands. */
const MOST_NAMED = 20;

function named(names: readonly string[]): string {
	const more = names.length - MOST_NAMED;
	const shown = names.slice(0, MOST_NAMED).join(', ');
	return more > 0 ? fill(RUN_SO_FAR.andMore, { shown, more }) : shown;
}

/** Keys of what an output item has brought: its results, or the image that was repaired. */
function keysOf({ json }: INodeExecutionData): string[] {
	if ('error' in json || json.skipped === true) return [];
	const { results, key, sourceUrl } = json;
	const keys = Array.isArray(results)
		? results.map((one) => (isRecord(one) ? one.key : undefined))
		: [key ?? sourceUrl];
	return keys.filter((one) => typeof one === 'string');
}

/**
 * What a run has paid for before an item stopped it, for the message: n8n shows nothing else of the run.
 *
 * @param others further items that failed while the first one did
 */
export function soFar(
	tally: Tally,
	outputs: readonly INodeExecutionData[],
	others: readonly FailedItem[],
): string {
	const sentences: string[] = [];
	if (tally.billed + tally.perhapsBilled > 0) {
		sentences.push(fill(RUN_SO_FAR.counts, { counts: tally.line() }));
	}
	const keys = outputs.flatMap(keysOf);
	if (keys.length > 0) sentences.push(fill(RUN_SO_FAR.repaired, { keys: named(keys) }));
	for (const { index, error } of others) {
		const { billed = 'no', description } = itemFailure(error, index);
		if (billed !== 'no') sentences.push(fill(RUN_SO_FAR.other, { index, description }));
	}
	return sentences.join(' ');
}
