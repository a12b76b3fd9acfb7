import Base64 from 'crypto-js/enc-base64';
import Latin1 from 'crypto-js/enc-latin1';

import { header, type ResponseHeaders } from './headers';
import { holdsSecret } from './secrets';

/** What the service encodes in a request id: numbers. */
const NUMBERS = /^[0-9a-f]{1,8}(?:_[0-9a-f]{1,8}){1,4}$/;

/** What is of the service's own form needs no comparison with what was sent. */
function isOwnForm(id: string): boolean {
	return id.length < 80 && NUMBERS.test(Latin1.stringify(Base64.parse(id)));
}

/**
 * The id by which the service knows a request; undefined when the response has none, or something that
 * repeats a secret instead.
 *
 * @param secrets asked for only when the id is of another form than the service's
 */
export function requestIdOf(
	headers: ResponseHeaders,
	secrets: () => readonly string[],
): string | undefined {
	const id = header(headers, 'x-cos-request-id');
	if (id === undefined || isOwnForm(id) || !holdsSecret(id, secrets())) return id;
	return undefined;
}
