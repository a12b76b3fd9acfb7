import Base64url from 'crypto-js/enc-base64url';
import Utf8 from 'crypto-js/enc-utf8';

/** Name and value of each query parameter or header, not encoded; no value is the value ''. */
export type Parameters = ReadonlyArray<readonly [name: string, value: string]>;

const LEFT_BY_ENCODE_URI_COMPONENT = /[!'()*]/g;

/**
 * Percent-encoding of RFC 3986: everything but `A-Z a-z 0-9 - _ . ~`, as UTF-8, escapes in upper
 * case. The signature and the URL use the same form.
 *
 * @throws URIError when the text holds half of a surrogate pair
 */
export function percentEncode(text: string): string {
	return encodeURIComponent(text).replace(
		LEFT_BY_ENCODE_URI_COMPONENT,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

/** A query string without `?`; a parameter without a value stands alone (`image_process`). */
export function encodeQuery(query: Parameters): string {
	return query
		.map(([name, value]) =>
			value === '' ? percentEncode(name) : `${percentEncode(name)}=${percentEncode(value)}`,
		)
		.join('&');
}

/**
 * URL-safe Base64 of the UTF-8 bytes, without padding: the specification's own example needs none,
 * and `=` would have to be escaped inside a rule. This is the only place that decides on padding.
 */
export function urlSafeBase64(text: string): string {
	return Base64url.stringify(Utf8.parse(text));
}
