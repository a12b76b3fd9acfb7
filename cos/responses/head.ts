import { present } from '../values';
import { contentLength, dateOf, header, type ResponseHeaders } from './headers';
import { withoutQuotes } from './xml';

/** What HEAD tells of an object. */
export interface ObjectHead {
	/** Bytes. */
	size?: number;
	/** Without the quotes it is sent in. */
	etag?: string;
	/** When it was stored, in milliseconds since 1970 by the service's clock; NaN when not told. */
	storedAt: number;
	/** Milliseconds since then by the same clock; Infinity when not told. */
	age: number;
}

/** Reads the headers of a response to HEAD. */
export function readHead(headers: ResponseHeaders): ObjectHead {
	const storedAt = Date.parse(header(headers, 'last-modified') ?? '');
	const age = dateOf(headers) - storedAt;
	return present({
		size: contentLength(headers),
		etag: withoutQuotes(header(headers, 'etag')),
		storedAt,
		age: Number.isNaN(age) ? Infinity : age,
	});
}
