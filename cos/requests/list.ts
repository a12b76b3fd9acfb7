import type { Parameters } from '../signing/encoding';
import type { CosRequest } from './request';

/** The service gives up to 1,000 objects a page. */
const PAGE_SIZE = 1000;

/** A part of a bucket. */
export interface ListRange {
	/** What all keys begin with; '' for the whole bucket. */
	prefix: string;
	/** Whether keys with a further `/` behind the prefix belong to it. */
	includeSubfolders: boolean;
}

/** Whether a key is in a part of a bucket. */
export function isInRange({ prefix, includeSubfolders }: ListRange, key: string): boolean {
	return key.startsWith(prefix) && (includeSubfolders || !key.includes('/', prefix.length));
}

/**
 * Asks for a page of a listing. Keys come percent-encoded, since XML cannot hold every character.
 *
 * @param marker the key after which the page begins
 * @param maxKeys objects and folders on the page
 */
export function listRequest(
	{ prefix, includeSubfolders }: ListRange,
	marker?: string,
	maxKeys = PAGE_SIZE,
): CosRequest {
	const query: Parameters = [
		['prefix', prefix],
		...(includeSubfolders ? [] : [['delimiter', '/'] as const]),
		['max-keys', String(maxKeys)],
		['encoding-type', 'url'],
		...(marker === undefined ? [] : [['marker', marker] as const]),
	];
	return { method: 'GET', key: '', query, headers: {} };
}

/** The cheapest request that proves keys, bucket and region at once. */
export function probeRequest(): CosRequest {
	return { method: 'GET', key: '', query: [['max-keys', '1']], headers: {} };
}
