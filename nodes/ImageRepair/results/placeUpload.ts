import { objectKey, type ObjectKey } from '../../../cos/location/objectKey';
import type { ObjectHead } from '../../../cos/responses/head';
import { InvalidParameter } from '../../shared/invalidParameter';
import { LABELS } from '../../shared/messages';
import { keyParts } from '../../shared/resultKey';
import type { UploadSource } from '../area/source';
import type { Item } from '../item';
import { readItemOptions, type ItemOptions } from '../parameters/options';
import { readResults } from '../parameters/results';
import type { Job } from '../run/job';
import { jobOf } from '../run/jobOf';
import { compareUpload, headObject } from './storedResults';

/** Keys that an item looks at which are those of other images; after that, another name is needed. */
const MOST_LOOKS = 100;

async function look({ transport, repairs }: Item, key: ObjectKey): Promise<ObjectHead | undefined> {
	return await repairs.claims.objects.of(key, async () => await headObject(transport, key));
}

/** `image.jpg`, `image-2.jpg`, `image-3.jpg`, … */
function numbered(key: ObjectKey, number: number): ObjectKey {
	if (number === 1) return key;
	const { folder, name, extension } = keyParts(key);
	return objectKey(`${folder}${name}-${String(number)}${extension}`);
}

/** The upload under another key than the one that Store As gave. */
function withKey(source: UploadSource, key: ObjectKey): UploadSource {
	return key === source.key ? source : { ...source, key, requestedKey: source.key };
}

async function jobAt(item: Item, source: UploadSource, options: ItemOptions): Promise<Job> {
	const { bucket } = item.account.location;
	return jobOf(bucket, source, await readResults(item, source.key, options));
}

/** The place that an earlier try has sent the file to. */
function placeOfEarlierTry(item: Item, source: UploadSource): UploadSource | undefined {
	const { image, entered } = source;
	const kept = item.repairs.memory.keyOf(item.index, image.identity, entered);
	if (!kept) return undefined;
	const { key, requested } = kept;
	return {
		...source,
		key: objectKey(key),
		...(requested !== undefined && { requestedKey: objectKey(requested) }),
	};
}

/** Whether what is under the key is the item's own upload, as far as the tries before tell. */
async function isOwn(item: Item, source: UploadSource, options: ItemOptions): Promise<boolean> {
	const { memory } = item.repairs;
	if (memory.isRetry) return true;
	const kept = memory.find(item.index, await jobAt(item, source, options));
	return kept !== undefined && !('lost' in kept.outcome);
}

/** The first key that is free, or that has this very image already. */
async function firstFree(
	item: Item,
	source: UploadSource,
	{ skipExisting }: ItemOptions,
): Promise<UploadSource> {
	const { account, repairs, index } = item;
	const { register, memory } = repairs;
	for (let number = 1, looks = 0; looks < MOST_LOOKS; number++) {
		const key = numbered(source.key, number);
		const isOfRun = register.isWritten(`${account.location.bucket}/${key}`);
		if (isOfRun || memory.isOfOther(key, index)) continue;
		const place = withKey(source, key);
		const object = await look(item, key);
		if (!object) return { ...place, found: 'nothing' };
		const compared = await compareUpload(source.image, object);
		if (compared === 'same') return place;
		if (compared === 'unclear' && skipExisting) {
			throw new InvalidParameter('If the Key Exists', 'keyUnclear', { key });
		}
		looks++;
	}
	throw new InvalidParameter(LABELS.storeAs, 'keysTaken', {
		key: source.key,
		count: MOST_LOOKS,
	});
}

async function withNumber(
	item: Item,
	source: UploadSource,
	earlier: UploadSource | undefined,
	options: ItemOptions,
): Promise<UploadSource> {
	const { claims, register } = item.repairs;
	const job = await jobAt(item, source, options);
	// Asked while the items before are still at it; who needs the response waits for it below.
	if (!earlier) await look(item, source.key).catch(() => undefined);
	await register.turn(item.index);
	const shared = await claims.keyFor(job);
	const place =
		earlier ??
		(shared === undefined
			? await firstFree(item, source, options)
			: withKey(source, objectKey(shared)));
	claims.add(job, place.key);
	return place;
}

/**
 * Decides under which key an image is stored, by If the Key Exists. In a further try, it is the key that
 * an earlier one has sent the image under, so that it is not paid for again.
 *
 * @throws InvalidParameter when no key is free
 * @throws CallFailed, ConnectionFailed when nobody can tell
 */
export async function placeUpload(item: Item, source: UploadSource): Promise<UploadSource> {
	const options = readItemOptions(item.get, item.account.location);
	const kept = placeOfEarlierTry(item, source);
	if (options.ifKeyExists === 'overwrite') return kept ?? source;
	const earlier = kept && (await isOwn(item, kept, options)) ? kept : undefined;
	if (options.ifKeyExists === 'number') return await withNumber(item, source, earlier, options);
	if (earlier) return earlier;
	return { ...source, found: (await look(item, source.key)) ? 'taken' : 'nothing' };
}
