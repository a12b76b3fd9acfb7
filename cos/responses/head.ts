import { present } from '../values';
import { contentLength, dateOf, header, type ResponseHeaders } from './headers';
import { withoutQuotes } from './xml';

/** What HEAD tells of an object. Times are in milliseconds since 1970 by the service's clock. */
export interface ObjectHead {
	/** Bytes. */
	size?: number;
	/** Without the quotes it is sent in. */
	etag?: string;
	/** How the service encrypts it (`x-cos-server-side-encryption`), where it tells. */
	encryption?: string;
	/** The second in which it was stored (`Last-Modified`). */
	storedAt?: number;
	/** The second in which the service looked (`Date`). */
	lookedAt?: number;
	/** Of the response itself. A response that is repeated from a cache repeats it. */
	requestId?: string;
}

function time(value: number): number | undefined {
	return Number.isNaN(value) ? undefined : value;
}

/**
 * Reads the headers of a response to HEAD.
 *
 * Times are left out where they cannot be the service's own at this moment: when a cache has responded
 * (`Age`), when there is no `x-cos-request-id`, which every response of the service has, or when the
 * object would have been stored after the look.
 */
export function readHead(headers: ResponseHeaders): ObjectHead {
	const storedAt = time(Date.parse(header(headers, 'last-modified') ?? ''));
	const lookedAt = time(dateOf(headers));
	const requestId = header(headers, 'x-cos-request-id');
	const isOwn = requestId !== undefined && header(headers, 'age') === undefined;
	const isPossible = storedAt !== undefined && lookedAt !== undefined && storedAt <= lookedAt;
	return present({
		size: contentLength(headers),
		etag: withoutQuotes(header(headers, 'etag')),
		encryption: header(headers, 'x-cos-server-side-encryption'),
		requestId,
		...(isOwn && isPossible && { storedAt, lookedAt }),
	});
}
