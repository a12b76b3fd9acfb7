import type { IDataObject } from 'n8n-workflow';

import {
	parseListBucketResult,
	UnreadableAnswer,
	type ListBucketResult,
	type ListedObject,
} from '../../cos/responses/xml';
import { requestUrl, type BucketLocation } from '../../cos/location/endpoint';
import { header } from '../../cos/responses/failure';
import { listRequest, type ListRange } from '../../cos/requests/list';
import { readText, type CosAnswer, type Transport } from './transport';

/** A page of a listing, and when it was asked for. */
export interface ListedPage extends ListBucketResult {
	/**
	 * The service's clock before it looked, in milliseconds since 1970; it may have been a little later,
	 * never earlier.
	 */
	askedAt: number;
}

/** The answer's own date, less the time that the call has taken here: no clock but a duration. */
function askedAt({ headers }: CosAnswer, startedAt: number): number {
	const answeredAt = Date.parse(header(headers, 'date') ?? '');
	if (Number.isNaN(answeredAt))
		throw new UnreadableAnswer('The answer does not say when it was given');
	return answeredAt - Math.max(0, Date.now() - startedAt);
}

/**
 * Asks for one page: up to 1,000 objects and folders.
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
		request: listRequest(range, marker, maxKeys),
		read: async (answer) => {
			const page = parseListBucketResult(await readText(answer));
			if (page.nextMarker !== undefined && page.nextMarker === marker) {
				throw new UnreadableAnswer('The service gives the same page of the list again and again');
			}
			return { ...page, askedAt: askedAt(answer, startedAt) };
		},
	});
}

/** All pages, one after another, as they are wanted. */
export async function* listPages(
	transport: Transport,
	range: ListRange,
): AsyncGenerator<ListedPage> {
	let marker: string | undefined;
	do {
		const page = await listPage(transport, range, marker);
		yield page;
		marker = page.nextMarker;
	} while (marker !== undefined);
}

/** What the trigger and Get Many Images give for an image: its key is ready for Object Key. */
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
