import { mapResults, type Results } from '../../../cos/location/resultKey';
import {
	inBucketRequest,
	uploadRequest,
	type RepairResult,
} from '../../../cos/requests/imageRepair';
import type { CosRequest } from '../../../cos/requests/request';
import { placeArea, sizeNeed } from '../area/area';
import { imageSizeFor, type StoredSource } from '../area/imageSize';
import { Masks } from '../area/masks';
import { outputJson, type Done, type Item } from '../item';
import { readItemOptions } from '../parameters/options';
import { overwritesOriginal, readResultOutput, readResults } from '../parameters/results';
import { dryStoring } from './dryRun';
import { existingResults } from './existingResults';
import { callForResults } from './repairCall';
import { resultsItem } from './resultsItem';

function compose(
	source: StoredSource,
	results: Results<RepairResult>,
	returnImageInformation: boolean,
): CosRequest {
	const repair = { results, returnImageInformation };
	if (source.kind === 'object') return inBucketRequest(source.key, repair);
	const { contentType, size } = source.image;
	return uploadRequest(source.key, repair, { contentType, contentLength: size });
}

/** The way of one item whose results are stored, once its source is known. */
export async function storeResults(item: Item, source: StoredSource): Promise<Done> {
	const { get } = item;
	const options = readItemOptions(get);
	const output = readResultOutput(get);
	const choices = await readResults(item, source.key, options);
	const areas = choices.map(({ area }) => area);

	// A result that replaces the original is always there already.
	if (options.skipExisting && !overwritesOriginal(get)) {
		const existing = await existingResults(item, source, choices);
		if (existing) {
			return {
				how: 'skipped',
				output: await resultsItem(item, source.key, existing, choices, output),
			};
		}
	}

	const size = await imageSizeFor(sizeNeed(areas), source, item, options.checkAreaFirst);
	// All shapes are held against the image before the first mask is stored.
	const placed = await mapResults(choices, ({ area }) => ({
		area: placeArea(area, size),
	}));
	const masks = new Masks(item, options);
	try {
		const results = await mapResults(placed, async ({ area }) => ({
			area: await masks.address(area),
		}));
		const request = compose(source, results, options.returnImageInformation);
		if (options.dryRun) {
			return { how: 'checked', output: outputJson(item, dryStoring(item, request, results)) };
		}
		const stored = await callForResults(item, source, request, results);
		return {
			how: 'repaired',
			output: await resultsItem(item, source.key, stored, choices, output),
		};
	} finally {
		await masks.remove();
	}
}
