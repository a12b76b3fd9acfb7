import { requestUrl } from '../../../cos/location/endpoint';
import type { ObjectKey } from '../../../cos/location/objectKey';
import type { ForResult, Results } from '../../../cos/location/resultKey';
import { headRequest } from '../../../cos/requests/object';
import { readHead, type ObjectHead } from '../../../cos/responses/head';
import type { UploadResult } from '../../../cos/responses/uploadResult';
import { CallFailed } from '../../shared/errors';
import { readText } from '../../shared/response';
import type { Transport } from '../../shared/transport';
import type { StoredSource } from '../area/source';
import type { BinaryImage } from '../binaryImage';
import type { Item } from '../item';
import type { ResultPlace, StoredResults } from '../run/outcome';

/** An object that is there. */
export interface StoredObject extends ObjectHead {
	key: string;
}

/**
 * Looks an object up; undefined when there is none.
 *
 * @param retries by default as many as Retries allow
 * @throws CallFailed when the account may not look
 * @throws ConnectionFailed when no response comes
 */
export async function headObject(
	transport: Transport,
	key: ObjectKey,
	retries?: number,
): Promise<StoredObject | undefined> {
	return await transport
		.call({
			request: () => headRequest(key),
			read: async (response) => {
				await readText(response);
				return { key, ...readHead(response.headers) };
			},
			retries,
		})
		.catch((error: unknown) => {
			if (error instanceof CallFailed && error.failure.status === 404) return undefined;
			throw error;
		});
}

/** How an object compares with a file; `unclear` when neither its size nor its ETag tells. */
export type Comparison = 'same' | 'other' | 'unclear';

/** The ETag of an object that was stored in one piece is its MD5, unless a key of KMS encrypts it. */
const MD5 = /^[\da-f]{32}$/i;
const KEEPS_MD5: ReadonlyArray<string | undefined> = [undefined, 'AES256'];

export async function compareUpload(
	{ size, md5 }: BinaryImage,
	object: ObjectHead,
): Promise<Comparison> {
	if (object.size !== undefined && object.size !== size) return 'other';
	const { etag = '', encryption } = object;
	if (etag === (await md5())) return object.size === size ? 'same' : 'unclear';
	return MD5.test(etag) && KEEPS_MD5.includes(encryption) ? 'other' : 'unclear';
}

/** Whether a result takes the place of the source, so that nothing can be told of the source any more. */
export const takesPlaceOf = ({ key }: StoredSource, results: Results<ForResult>): boolean =>
	results.some(({ target }) => target.bucket === undefined && target.key === key);

/**
 * Whether another image than the one of this ETag is under the key of a source, or none; no, where that
 * cannot be asked.
 */
export async function isReplaced(
	{ transport }: Item,
	{ key }: StoredSource,
	etag: string,
): Promise<boolean> {
	return await headObject(transport, key, 0).then(
		(now) => now === undefined || (now.etag !== undefined && now.etag !== etag),
		() => false,
	);
}

/** Looks up every result; undefined where one is missing or in a bucket that cannot be asked. */
export async function findResults(
	item: Item,
	results: Results<ForResult>,
): Promise<StoredObject[] | undefined> {
	const found: StoredObject[] = [];
	for (const { target } of results) {
		// The credential signs for its own bucket only.
		const stored =
			target.bucket === undefined ? await headObject(item.transport, target.key) : undefined;
		if (!stored) return undefined;
		found.push(stored);
	}
	return found;
}

/** Where the results go. */
export function placesOf({ account }: Item, targets: Results<ForResult>): ResultPlace[] {
	const own = account.location.bucket;
	return targets.map(({ target: { key, bucket = own } }) => ({ key, bucket }));
}

/** What the service would have responded with, as far as HEAD tells it. */
export function asStoredResults(
	item: Item,
	sourceKey: ObjectKey,
	targets: Results<ForResult>,
	objects: readonly StoredObject[],
): StoredResults {
	const { location } = item.account;
	const place = (key: string) => requestUrl(location, key).replace(/^https?:\/\//, '');
	const result: UploadResult = {
		originalInfo: { key: sourceKey, location: place(sourceKey) },
		results: objects.map(({ key, size, etag }) => ({ key, location: place(key), size, etag })),
	};
	return { result, places: placesOf(item, targets) };
}
