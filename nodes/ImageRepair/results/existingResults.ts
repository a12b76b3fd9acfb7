import type { ForResult, Results } from '../../../cos/location/resultKey';
import type { StoredSource } from '../area/source';
import type { Item } from '../item';
import type { Before, StoredResults } from '../run/outcome';
import { isOutdated, setOutdated } from './outdatedResults';
import {
	asStoredResults,
	compareUpload,
	headObject,
	isReplaced,
	takesPlaceOf,
	type Comparison,
	type StoredObject,
} from './storedResults';

/** What is in the bucket before a repair. */
export interface Existing {
	/** The results, when all are there and newer than the source. */
	upToDate?: StoredResults;
	/** What is under the key of each result, as far as it can be asked. */
	before: ReadonlyArray<Before | undefined>;
	/** ETag of the source as it would be repaired now. */
	sourceEtag?: string;
	/** Whether an upload would take the place of another image. */
	isOther?: boolean;
}

/** How the image under the key of the source compares with the one that the item is about. */
async function compareSourceNow(source: StoredSource, stored: StoredObject): Promise<Comparison> {
	return source.kind === 'object' ? 'same' : await compareUpload(source.image, stored);
}

function beforeOf(object: StoredObject | undefined): Before | undefined {
	return object && { etag: object.etag };
}

/**
 * Looks for results that are there already, for Skip Existing Results.
 *
 * They count when they were certainly stored after the image they were made of, by the second that the
 * service tells of each. In doubt, within the same second or without a time, they do not.
 */
export async function existingResults(
	item: Item,
	source: StoredSource,
	results: Results<ForResult>,
): Promise<Existing> {
	const objects: StoredObject[] = [];
	const before: Array<Before | undefined> = [];
	for (const { target } of results) {
		// The credential signs for its own bucket only.
		if (target.bucket !== undefined) before.push(undefined);
		else {
			const object = await headObject(item.transport, target.key);
			before.push(beforeOf(object));
			if (object) objects.push(object);
		}
	}
	const original = await headObject(item.transport, source.key);
	const sourceEtag = source.kind === 'upload' ? await source.image.md5() : original?.etag;
	const since = original?.storedAt;
	const compared = original && (await compareSourceNow(source, original));
	const isUpToDate =
		objects.length === results.length &&
		!isOutdated(item, results) &&
		original !== undefined &&
		since !== undefined &&
		objects.every(({ storedAt }) => storedAt !== undefined && storedAt > since) &&
		compared === 'same';
	if (!isUpToDate) return { before, sourceEtag, isOther: compared === 'other' };
	const upToDate = { ...asStoredResults(item, source.key, results, objects), skipped: true };
	return { upToDate, before, sourceEtag };
}

/** ETag of the source in the bucket, as far as it can be asked for. */
export async function etagOf(item: Item, { key }: StoredSource): Promise<string | undefined> {
	const object = await headObject(item.transport, key).catch(() => undefined);
	return object?.etag;
}

/**
 * Notes whether new results are of the image that is in the bucket now: an image that was replaced while
 * it was repaired is older than its results would tell.
 *
 * @param sourceEtag of the image before the repair
 */
export async function compareSource(
	item: Item,
	source: StoredSource,
	results: Results<ForResult>,
	sourceEtag: string | undefined,
	stored: StoredResults,
): Promise<StoredResults> {
	const repaired = stored.result.originalInfo.etag ?? sourceEtag;
	const now = await etagOf(item, source);
	const isSame = repaired !== undefined && repaired === now;
	setOutdated(item, results, !isSame);
	const hasChanged = repaired !== undefined && now !== undefined && !isSame;
	return hasChanged ? { ...stored, sourceChanged: true } : stored;
}

/**
 * Notes of a call whose results were not found that another image is under its source's key by now, if
 * so: a result that comes later would be newer than that image, and is not of it.
 *
 * @param sourceEtag of the image before the call; where it is not known, nothing is noted
 */
export async function noteLost(
	item: Item,
	source: StoredSource,
	results: Results<ForResult>,
	sourceEtag: string | undefined,
): Promise<void> {
	if (takesPlaceOf(source, results)) return;
	const before = source.kind === 'upload' ? await source.image.md5() : sourceEtag;
	if (before === undefined) return;
	if (await isReplaced(item, source, before)) setOutdated(item, results, true);
}
