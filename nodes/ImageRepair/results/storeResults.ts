import { mapResults, type Results } from '../../../cos/location/resultKey';
import {
	inBucketRequest,
	uploadRequest,
	type RepairResult,
} from '../../../cos/requests/imageRepair';
import type { CosRequest } from '../../../cos/requests/request';
import { present } from '../../../cos/values';
import { InvalidParameter } from '../../shared/invalidParameter';
import { LABELS } from '../../shared/messages';
import { placeArea, sizeNeed } from '../area/area';
import { lookAtImage, type StoredSource } from '../area/source';
import { questionLargeAreas } from '../area/largeArea';
import { checkFileMasks, checkMasks } from '../area/maskCheck';
import type { Masks } from '../area/masks';
import { outputJson, type Done, type Item } from '../item';
import { refuseFoundAgain } from '../loops';
import { readItemOptions, type ItemOptions } from '../parameters/options';
import {
	overwritesOriginal,
	readResultOutput,
	readResults,
	type ResultChoice,
} from '../parameters/results';
import type { Job } from '../run/job';
import { jobOf } from '../run/jobOf';
import { withLocks } from '../run/locks';
import type { Before, Outcome, StoredResult, StoredResults } from '../run/outcome';
import { repairOnce } from '../run/repairs';
import { dryStoring, leftOut, withoutRepair } from './dryRun';
import { compareSource, etagOf, existingResults, type Existing } from './existingResults';
import { callForResults, lookAgain } from './repairCall';
import { resultsItem } from './resultsItem';
import { findResults } from './storedResults';

/** A repair whose results are stored, checked as far as it can be without the image. */
interface StoringRepair {
	source: StoredSource;
	results: Results<ResultChoice>;
	options: ItemOptions;
	/** Whether the first result takes the place of the source. */
	overwrites: boolean;
	skipExisting: boolean;
	job: Job;
}

/** @param protects whether the upload must not take the place of anything that is stored meanwhile */
function compose(
	source: StoredSource,
	results: Results<RepairResult>,
	returnImageInformation: boolean,
	protects: boolean,
): CosRequest {
	const repair = { results, returnImageInformation };
	if (source.kind === 'object') return inBucketRequest(source.key, repair);
	const { contentType, size } = source.image;
	const body = { contentType, contentLength: size };
	return uploadRequest(source.key, repair, body, {
		forbidOverwrite: protects && source.found === 'nothing',
		settings: source.settings,
	});
}

/** @throws InvalidParameter for an upload whose key is taken by an object that must stay */
function refuseTaken(source: StoredSource): void {
	if (source.kind === 'object' || source.found !== 'taken') return;
	throw new InvalidParameter(LABELS.storeAs, 'keyExists', { key: source.key });
}

/** What is under the key of the source, told before a call that overwrites it: afterwards nobody could tell. */
async function originalBefore(item: Item, source: StoredSource): Promise<Before> {
	if (source.kind === 'object') return { etag: await etagOf(item, source) };
	// An upload stores the image itself first, under the same key.
	return { etag: await source.image.md5(), size: source.image.size };
}

function repaired(stored: StoredResults): Outcome {
	return { how: stored.skipped === true ? 'skipped' : 'repaired', result: { stored } };
}

/** Makes the repair while nobody else in this process writes to its keys. */
async function makeAlone(item: Item, repair: StoringRepair, masks: Masks): Promise<Outcome> {
	const { source, results, options, overwrites, skipExisting, job } = repair;
	const { memory, budget } = item.repairs;
	const look = async () => await existingResults(item, source, results);
	const existing = skipExisting ? await look() : undefined;
	if (existing?.upToDate) return repaired(existing.upToDate);
	refuseTaken(source);

	const areas = results.map(({ area }) => area);
	const image = await lookAtImage(sizeNeed(areas), source, item, options);
	// All shapes are held against the image before the first mask is stored.
	const placed = mapResults(results, ({ area }) => ({ area: placeArea(area, image.size) }));
	const all = placed.map(({ area }) => area);
	if (options.checkAreaFirst) checkFileMasks(all, image.size);
	const ticket = await budget.reserve();
	if (!ticket) return { how: 'overCap', json: leftOut(item, { key: source.key }) };
	try {
		await masks.store(all);
		if (options.checkAreaFirst) await checkMasks(item, all, image.size, masks);
		const questions = questionLargeAreas(item, all, image.size);
		const addressed = () => mapResults(placed, ({ area }) => ({ area: masks.area(area) }));
		// After the first attempt, the object may be its own; and a result must be able to replace it.
		let protects = !overwrites;
		const request = () => {
			const composed = compose(source, addressed(), options.returnImageInformation, protects);
			protects = false;
			return composed;
		};
		if (options.dryRun) {
			ticket.spend();
			item.tally.wouldBill++;
			const { requestedKey, settings = {} } = source.kind === 'upload' ? source : {};
			const headers = Object.keys(settings).length > 0 ? { ...settings } : undefined;
			const json = dryStoring(item, request(), addressed(), { ...image, questions });
			return { how: 'checked', json: present({ ...json, requestedKey, headers }) };
		}
		// Another process may have come first.
		const now: Existing = skipExisting ? await look() : { before: [] };
		if (now.upToDate) return repaired(now.upToDate);
		let stored = await callForResults(item, {
			source,
			request,
			targets: results,
			before: overwrites ? [await originalBefore(item, source)] : now.before,
			sourceEtag: now.sourceEtag,
			ticket,
			onSent: () => {
				if (source.kind === 'object') return;
				const { key, entered, image, requestedKey: requested } = source;
				const file = image.identity;
				memory.keepKey(item.index, present({ key, entered, file, requested }));
			},
			onLost: (lost) => {
				memory.keep(item.index, job, { lost });
			},
		});
		if (now.isOther === true) stored = { ...stored, overwritten: true };
		memory.keep(item.index, job, { stored });
		if (skipExisting) {
			stored = await compareSource(item, source, results, now.sourceEtag, stored);
			memory.keep(item.index, job, { stored });
		}
		return repaired(stored);
	} finally {
		ticket.giveBack();
	}
}

/** Whether results of an earlier execution are there still, as far as that can be asked. */
async function areThere(item: Item, results: Results<ResultChoice>): Promise<boolean> {
	if (results.some(({ target }) => target.bucket !== undefined)) return true;
	return await findResults(item, results).then(
		(objects) => objects !== undefined,
		() => true,
	);
}

/** The way of one item whose results are stored, once its source is known. */
export async function storeResults(item: Item, source: StoredSource): Promise<Done> {
	const { get, account } = item;
	const options = readItemOptions(get, account.location);
	const output = readResultOutput(get);
	const results = await readResults(item, source.key, options);
	item.about.resultKeys = results.map(({ target }) => target.key);
	const overwrites = overwritesOriginal(get);
	refuseFoundAgain(item, source, results, overwrites);
	// A result that replaces the original is always there already.
	const skipExisting = options.skipExisting && !overwrites;
	const job = jobOf(account.location.bucket, source, results);
	const repair = { source, results, options, overwrites, skipExisting, job };

	const shared = await repairOnce(item, job, options, {
		make: async (masks) =>
			await withLocks([...job.writes.keys()], async () => await makeAlone(item, repair, masks)),
		isThere: async () => await areThere(item, results),
		lookAgain: async ({ targets = results, ...lost }, reason): Promise<StoredResult> => {
			const stored = await lookAgain(item, source, { targets, ...lost }, reason);
			if (!skipExisting) return { stored };
			return { stored: await compareSource(item, source, targets, lost.sourceEtag, stored) };
		},
	});
	const { value, sameAs } = shared;
	const { how } = value;
	if ('json' in value) return { how, output: outputJson(item, withoutRepair(value.json, sameAs)) };
	const told = { sameAs, temporaryMasks: value.temporaryMasks };
	const { stored } = value.result as StoredResult;
	return {
		how,
		output: await resultsItem(item, source, stored, told, {
			...output,
			simplify: options.simplify,
		}),
	};
}
