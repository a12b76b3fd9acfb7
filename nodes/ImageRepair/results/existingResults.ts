import type { ObjectKey } from '../../../cos/location/objectKey';
import type { ForResult, Results } from '../../../cos/location/resultKey';
import type { StoredSource } from '../area/imageSize';
import type { Item } from '../item';
import {
	asUploadResult,
	findResults,
	headObject,
	type StoredObject,
	type StoredResults,
} from './storedResults';

/** Whether an image of the bucket has changed since its results were stored. */
async function hasChanged(
	item: Item,
	sourceKey: ObjectKey,
	results: readonly StoredObject[],
): Promise<boolean> {
	const source = await headObject(item.transport, sourceKey);
	return source !== undefined && results.some(({ storedAt }) => storedAt < source.storedAt);
}

/** Finds results that are there already, for Skip Existing Results. */
export async function existingResults(
	item: Item,
	source: StoredSource,
	results: Results<ForResult>,
): Promise<StoredResults | undefined> {
	const objects = await findResults(item, results);
	if (!objects) return undefined;
	if (source.kind === 'object' && (await hasChanged(item, source.key, objects))) return undefined;
	return { result: asUploadResult(item, source.key, objects), skipped: true };
}
