import type { KnownImage } from '../../../cos/images/limits';
import {
	checkResults,
	mapResults,
	type ForResult,
	type Results,
} from '../../../cos/location/resultKey';
import {
	inBucketRequest,
	uploadRequest,
	type RepairResult,
} from '../../../cos/requests/imageRepair';
import { putRequest } from '../../../cos/requests/object';
import type { CosRequest } from '../../../cos/requests/request';
import { present } from '../../../cos/values';
import { InvalidParameter } from '../../shared/invalidParameter';
import { LABELS } from '../../shared/messages';
import { readText } from '../../shared/response';
import { showFile, showRemote, type Shown } from '../area/detect';
import { detectedOf, Places, shownAreas, type LocatedArea } from '../area/locate';
import { lookAtImage, type StoredSource, type UploadSource } from '../area/source';
import { questionLargeAreas } from '../area/largeArea';
import { checkFileMasks, checkMasks } from '../area/maskCheck';
import type { Masks } from '../area/masks';
import { outputJson, type Done, type Item } from '../item';
import { refuseFoundAgain } from '../loops';
import { detects, readItemOptions, type ItemOptions } from '../parameters/options';
import {
	overwritesOriginal,
	readResultOutput,
	readResults,
	type ResultChoice,
} from '../parameters/results';
import type { Job } from '../run/job';
import { jobOf } from '../run/jobOf';
import { withLocks } from '../run/locks';
import type { Before, Outcome, ResultPlace, StoredResult, StoredResults } from '../run/outcome';
import { repairOnce } from '../run/repairs';
import { dryStoring, dryUnrepaired, leftOut, withoutRepair } from './dryRun';
import { compareSource, etagOf, existingResults, type Existing } from './existingResults';
import { checkLinkable, linksOf } from './links';
import { callForResults, lookAgain } from './repairCall';
import { resultsItem, unrepairedJson } from './resultsItem';
import { findResults, placesOf } from './storedResults';
import { checkedOfLost, copyOf, withVerifications, type Checked } from './verifyResults';

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

type PlacedResult = ForResult & Required<Checked>;

/** The results that are asked for, and the places of those for which nothing was found. */
function withoutLeftOut(
	item: Item,
	results: Results<ResultChoice>,
	areas: readonly LocatedArea[],
): { placed: Results<PlacedResult>; without: readonly ResultPlace[] } {
	const all = results.map(({ target, area: choice }, index) => ({
		target,
		choice,
		area: areas[index] ?? {},
	}));
	const isKept = ({ area }: PlacedResult) => area.isLeftOut !== true;
	const without = checkResults(all.filter((result) => !isKept(result)));
	return { placed: checkResults(all.filter(isKept)), without: placesOf(item, without) };
}

/** The image of a detector's questions. */
function shownTo(source: StoredSource, masks: Masks, image: KnownImage): Shown {
	return source.kind === 'object'
		? showRemote(source, image)
		: showFile(source.image, masks, image);
}

/** Notes where an upload was sent, for the next try. */
function keepKey(item: Item, source: StoredSource): void {
	if (source.kind === 'object') return;
	const { key, entered, image, requestedKey: requested } = source;
	const file = image.identity;
	item.repairs.memory.keepKey(item.index, present({ key, entered, file, requested }));
}

/** Stores an upload of which nothing is to be repaired. */
async function storeOriginal(item: Item, source: UploadSource): Promise<void> {
	const { contentType, size, open } = source.image;
	let protects = source.found === 'nothing';
	await item.transport.call({
		request: () => {
			const options = { forbidOverwrite: protects, settings: source.settings };
			// After the first attempt, the object may be its own.
			protects = false;
			return putRequest(source.key, { contentType, contentLength: size }, options);
		},
		body: open,
		read: async (response) => await readText(response),
	});
	keepKey(item, source);
}

/** Whether the response is to describe the original: its orientation tells where an area is seen. */
function asksForInformation({ returnImageInformation, verifyResult }: ItemOptions): boolean {
	return returnImageInformation || verifyResult !== 'off';
}

/** What comes out of an image in which nothing was found. */
async function leaveAsIs(
	item: Item,
	source: StoredSource,
	{ dryRun }: ItemOptions,
): Promise<Outcome> {
	if (dryRun) return { how: 'checked', json: dryUnrepaired(item, { key: source.key }) };
	if (source.kind === 'upload') await storeOriginal(item, source);
	return { how: 'nothingFound', json: unrepairedJson(item, source) };
}

/** Makes the repair while nobody else in this process writes to its keys. */
async function makeAlone(item: Item, repair: StoringRepair, masks: Masks): Promise<Outcome> {
	const { source, results, options, overwrites, skipExisting, job } = repair;
	const { memory, budget } = item.repairs;
	const look = async (targets: Results<ForResult>) => await existingResults(item, source, targets);
	const existing = skipExisting ? await look(results) : undefined;
	if (existing?.upToDate) return repaired(existing.upToDate);
	refuseTaken(source);

	const areas = results.map(({ area }) => area);
	const image = await lookAtImage(areas, source, item, options);
	// All shapes are held against the image before the first mask is stored, or a detector is asked.
	const places = new Places(item, areas, image.size);
	if (options.checkAreaFirst) checkFileMasks(places.known, image.size);
	const ticket = await budget.reserve();
	if (!ticket) return { how: 'overCap', json: leftOut(item, { key: source.key }) };
	try {
		const all = await places.locate(detects(options) ? shownTo(source, masks, image) : undefined);
		const detected = detectedOf(all);
		const { placed, without } = withoutLeftOut(item, results, all);
		if (placed.length === 0) return await leaveAsIs(item, source, options);
		await masks.store(all);
		if (options.checkAreaFirst) await checkMasks(item, all, image.size, masks);
		const questions = questionLargeAreas(item, all, image.size);
		const addressed = () => mapResults(placed, ({ area }) => ({ area: masks.area(area) }));
		// After the first attempt, the object may be its own; and a result must be able to replace it.
		const replaces = overwrites && placed[0]?.target === results[0]?.target;
		let protects = !replaces;
		const request = () => {
			const composed = compose(source, addressed(), asksForInformation(options), protects);
			protects = false;
			return composed;
		};
		if (options.dryRun) {
			ticket.spend();
			const { requestedKey, settings = {} } = source.kind === 'upload' ? source : {};
			const headers = Object.keys(settings).length > 0 ? { ...settings } : undefined;
			const json = dryStoring(item, request(), placed, masks, { ...image, questions });
			return {
				how: 'checked',
				json: present({ ...json, ...shownAreas(detected), requestedKey, headers }),
			};
		}
		// Another process may have come first while a detector looked at the image, or a mask was stored.
		const tookLong = all.some(({ found, mask }) => found !== undefined || mask?.kind === 'binary');
		const now: Existing = existing && tookLong ? await look(placed) : (existing ?? { before: [] });
		const told = { ...detected, ...(without.length > 0 && { leftOut: without }) };
		if (now.upToDate) return repaired({ ...now.upToDate, ...told });
		const isGone = replaces && source.kind === 'upload';
		const isReplaced = replaces && !isGone && options.verifyResult !== 'off';
		// Made before the call; whoever looks at it tells why there is none.
		const before = isReplaced ? copyOf(item, source.key) : undefined;
		await before?.catch(() => undefined);
		let stored = await callForResults(item, {
			source,
			request,
			targets: placed,
			before: replaces ? [await originalBefore(item, source)] : now.before,
			sourceEtag: now.sourceEtag,
			ticket,
			onSent: () => keepKey(item, source),
			onLost: (lost) => {
				memory.keep(item.index, job, { lost });
			},
		});
		stored = { ...stored, ...told };
		if (now.isOther === true) stored = { ...stored, overwritten: true };
		memory.keep(item.index, job, { stored });
		const sourceEtag = stored.result.originalInfo.etag ?? now.sourceEtag;
		const known = { source, size: image.size, checked: placed, options, masks };
		const verifying = present({ ...known, before, sourceEtag, isGone });
		const verified = await withVerifications(item, verifying, stored);
		if (verified !== stored) memory.keep(item.index, job, { stored: verified });
		stored = verified;
		if (skipExisting) {
			stored = await compareSource(item, source, placed, now.sourceEtag, stored);
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
	checkLinkable(results[0]?.target.bucket, options);
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
			const found = await lookAgain(item, source, { targets, ...lost }, reason);
			const checked = checkedOfLost(results, targets);
			const verifying = { source, size: undefined, checked, options, isGone: overwrites };
			const stored = await withVerifications(item, verifying, found);
			if (!skipExisting) return { stored };
			return { stored: await compareSource(item, source, targets, lost.sourceEtag, stored) };
		},
	});
	const { value, sameAs } = shared;
	const { how, temporaryMasks } = value;
	if ('json' in value) {
		const links = how === 'nothingFound' ? linksOf(item, { original: source.key }, options) : {};
		const json = present({ ...withoutRepair(value.json, sameAs), temporaryMasks, ...links });
		return { how, output: outputJson(item, json) };
	}
	const told = { sameAs, temporaryMasks };
	const { stored } = value.result as StoredResult;
	return {
		how,
		output: await resultsItem(item, source, stored, told, {
			...output,
			...options,
		}),
	};
}
