import type { CosRequest, RepairResult } from '../../../cos/requests/imageRepair';
import type { AreaHelp } from '../area/area';
import { dryStoring } from './dryRun';
import { isDryRun, option, switchParameter, type Done, type Item } from '../item';
import { Masks } from '../area/masks';
import { resolveResults, type ResultChoice } from './targets';
import { callForResults, existingResults, storedResultsItem } from './storedResults';
import type { ByteStream } from '../../shared/transport';

/** What upload and cloud mode differ in. */
export interface Storing {
	/** Of the source. */
	key: string;
	choices: readonly ResultChoice[];
	size: AreaHelp['size'];
	request: (results: readonly RepairResult[]) => CosRequest;
	body?: () => Promise<Buffer | ByteStream>;
}

/** The way of one item through upload and cloud mode, once its parameters are read. */
export async function storeResults(
	item: Item,
	{ key, choices, size, request, body }: Storing,
): Promise<Done> {
	// A result that takes the original's place is always there already.
	if (option(item, 'skipExisting') === true && !switchParameter(item, 'overwriteOriginal')) {
		const existing = await existingResults(item, key, choices, body === undefined);
		if (existing) {
			return { how: 'skipped', output: await storedResultsItem(item, key, existing, choices) };
		}
	}
	const masks = new Masks(item);
	try {
		const results = await resolveResults(choices, {
			size,
			maskAddress: async (source) => await masks.address(source),
		});
		const composed = request(results);
		if (isDryRun(item)) {
			const json = dryStoring(item, composed, choices, results);
			return { how: 'checked', output: { json, pairedItem: { item: item.index } } };
		}
		const stored = await callForResults(item, composed, choices, body);
		return { how: 'repaired', output: await storedResultsItem(item, key, stored, choices) };
	} finally {
		await masks.tidyUp();
	}
}
