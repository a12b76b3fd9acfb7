import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { isRecord } from '../../../cos/values';
import { itemFailure, type ItemName } from '../../shared/errors';
import { fill, RESULTS, RUN_SO_FAR } from '../../shared/messages';
import type { Tally } from '../../shared/tally';
import type { KeptOutcome } from './outcome';

/** An item that failed. */
export interface FailedItem {
	index: number;
	error: unknown;
	/** What it is about. */
	about: ItemName;
}

/** Items named in a message; there may be thousands. */
const MOST_NAMED = 20;

function named(names: readonly string[]): string {
	const more = names.length - MOST_NAMED;
	const shown = names.slice(0, MOST_NAMED).join('; ');
	return more > 0 ? fill(RUN_SO_FAR.andMore, { shown, more }) : shown;
}

/** What an output item has brought. */
interface Brought {
	/** Key or address of the image. */
	source: string;
	/** Of its results; none of a download. */
	keys: string[];
	/** Whether Skip Existing Results would find them: not where one is elsewhere, or in place of its source. */
	isFoundAgain: boolean;
}

/** What was found in an image that nobody was to repair. */
function isLookedAt({ areas, repaired }: IDataObject): boolean {
	return areas !== undefined && repaired === undefined;
}

/** Keys of uploads that are stored without a repair: nothing was found in them. */
function storedAsIs({ json }: INodeExecutionData): string[] {
	const isUpload = json.repaired === false && Array.isArray(json.results) && 'contentType' in json;
	return isUpload && typeof json.key === 'string' ? [json.key] : [];
}

function broughtBy({ json }: INodeExecutionData): Brought[] {
	if ('error' in json || json.skipped === true || json.dryRun === true) return [];
	if (json.repaired === false || isLookedAt(json)) return [];
	const { bucket, results, key, sourceUrl, originalInfo } = json;
	const source = key ?? sourceUrl ?? (isRecord(originalInfo) ? originalInfo.key : undefined);
	if (typeof source !== 'string') return [];
	const stored = (Array.isArray(results) ? results : []).filter(isRecord);
	const keys = stored.flatMap(({ key }) => (typeof key === 'string' ? [key] : []));
	const isFoundAgain =
		keys.length > 0 && keys[0] !== source && stored.every((one) => one.bucket === bucket);
	return [{ source, keys, isFoundAgain }];
}

function inWords({ source, keys }: Brought): string {
	return keys.length === 0 ? source : fill(RUN_SO_FAR.as, { source, keys: keys.join(', ') });
}

/** The keys of what an earlier try has stored, or may have stored. */
function keysOfEarlier(earlier: KeptOutcome | undefined): string {
	if (!earlier || 'image' in earlier) return '';
	const places =
		'stored' in earlier
			? earlier.stored.places
			: (earlier.lost.targets ?? []).map(({ target }) => target);
	return places.map(({ key }) => key).join(', ');
}

/**
 * What a run has paid for before an item stopped it, for the message: n8n shows nothing else of the run.
 *
 * @param others further items that failed while the first one did
 * @param earlier what earlier tries have left of items that this one has not begun, or has skipped because
 * what a lost call has stored was there
 */
export function soFar(
	tally: Tally,
	outputs: readonly INodeExecutionData[],
	others: readonly FailedItem[],
	earlier: ReadonlyArray<KeptOutcome | undefined>,
): string {
	const sentences: string[] = [];
	const { billed, perhapsBilled, detections, perhapsDetected } = tally;
	if (billed + perhapsBilled + detections + perhapsDetected > 0) {
		sentences.push(fill(RUN_SO_FAR.counts, { counts: tally.line() }));
	}
	const brought = outputs.flatMap(broughtBy);
	if (brought.length > 0) {
		sentences.push(fill(RUN_SO_FAR.repaired, { keys: named(brought.map(inWords)) }));
		sentences.push(
			brought.some(({ isFoundAgain }) => isFoundAgain) ? RUN_SO_FAR.again : RUN_SO_FAR.goOn,
		);
	}
	const asIs = outputs.flatMap(storedAsIs);
	if (asIs.length > 0) sentences.push(fill(RUN_SO_FAR.asIs, { keys: named(asIs) }));
	const before = earlier.map(keysOfEarlier).filter((names) => names !== '');
	if (before.length > 0) sentences.push(fill(RUN_SO_FAR.earlier, { keys: named(before) }));
	const masks = outputs.flatMap(({ json: { temporaryMasks } }): unknown[] =>
		Array.isArray(temporaryMasks) ? temporaryMasks : [],
	);
	if (masks.length > 0) sentences.push(fill(RESULTS.temporaryMasks, { keys: masks.join(', ') }));
	const originals: string[] = [];
	for (const { index, error, about } of others) {
		const {
			billed = 'no',
			temporaryMasks,
			original,
			description,
		} = itemFailure(error, index, about);
		if (billed !== 'no' || temporaryMasks)
			sentences.push(fill(RUN_SO_FAR.other, { index, description }));
		else if (original) originals.push(original.key);
	}
	if (originals.length > 0) {
		sentences.push(fill(RUN_SO_FAR.originals, { keys: named(originals) }));
	}
	return sentences.join(' ');
}
