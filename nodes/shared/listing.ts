import type { IDataObject } from 'n8n-workflow';

import { requestUrl, type BucketLocation } from '../../cos/location/endpoint';
import { compareKeys } from '../../cos/location/objectKey';
import { listRequest, type ListRange } from '../../cos/requests/list';
import { dateOf } from '../../cos/responses/headers';
import {
	parseListBucketResult,
	storedAt,
	type ListBucketResult,
	type ListedObject,
} from '../../cos/responses/list';
import { UnreadableResponse } from '../../cos/responses/xml';
import { ConnectionFailed } from './errors';
import type { Comparison } from './firstOf';
import { readText, type CosResponse } from './response';
import type { Transport } from './transport';

/** A page of a listing, and when it was requested. */
export interface ListedPage extends ListBucketResult {
	/**
	 * The service's clock before it looked, in milliseconds since 1970; it may have been a little later,
	 * never earlier.
	 */
	askedAt: number;
}

/** The response's own date, less the time that the call has taken here: no clock but a duration. */
function askedAt({ headers }: CosResponse, startedAt: number): number {
	const respondedAt = dateOf(headers);
	if (Number.isNaN(respondedAt)) throw new UnreadableResponse('Date');
	return respondedAt - Math.max(0, Date.now() - startedAt);
}

function endless(): ConnectionFailed {
	return new ConnectionFailed('UnreadableResponse', 'endlessList', { millions: MAX_PAGES / 1000 });
}

/**
 * Requests one page: up to 1,000 objects and folders. The marker of the next one has to be behind this
 * one's, in the order of keys.
 *
 * @param marker the key after which the page begins
 * @throws whatever Transport.call throws
 */
export async function listPage(
	transport: Transport,
	range: ListRange,
	marker?: string,
	maxKeys?: number,
): Promise<ListedPage> {
	const startedAt = Date.now();
	return await transport.call({
		request: () => listRequest(range, marker, maxKeys),
		read: async (response) => {
			const page = parseListBucketResult(await readText(response));
			const { nextMarker } = page;
			if (nextMarker !== undefined && compareKeys(nextMarker, marker ?? '') <= 0) throw endless();
			return { ...page, askedAt: askedAt(response, startedAt) };
		},
	});
}

/** Pages of 1,000 keys: more than any folder of images holds. */
const MAX_PAGES = 10_000;
/** A page that is not the last one holds something; a few may be of what was deleted meanwhile. */
const MAX_EMPTY_PAGES = 20;

/**
 * All pages, one after another, as they are wanted.
 *
 * @param after the key after which they begin; undefined for all
 * @throws ConnectionFailed when they do not end
 */
export async function* listPages(
	transport: Transport,
	range: ListRange,
	after?: string,
): AsyncGenerator<ListedPage> {
	let marker = after;
	let empty = 0;
	for (let pages = 1; ; pages++) {
		const page = await listPage(transport, range, marker);
		yield page;
		marker = page.nextMarker;
		if (marker === undefined) return;
		empty = page.objects.length + page.folders.length > 0 ? 0 : empty + 1;
		if (empty >= MAX_EMPTY_PAGES || pages >= MAX_PAGES) throw endless();
	}
}

/** What the trigger and Get Many Images give for an image: its key is ready for Image. */
export function imageItem(location: BucketLocation, image: ListedObject): IDataObject {
	const { key, size, etag, lastModified } = image;
	return {
		key,
		bucket: location.bucket,
		url: requestUrl(location, key),
		size,
		...(etag !== undefined && { etag }),
		lastModified,
	};
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Oldest first, those of one second by their keys: no two objects share a place in this order. */
export const oldestFirst: Comparison<ListedObject> = (a, b) =>
	storedAt(a) - storedAt(b) || byText(a.key, b.key);

export const newestFirst: Comparison<ListedObject> = (a, b) => oldestFirst(b, a);
export const largestFirst: Comparison<ListedObject> = (a, b) =>
	b.size - a.size || byText(a.key, b.key);
export const smallestFirst: Comparison<ListedObject> = (a, b) =>
	a.size - b.size || byText(a.key, b.key);
