import type { IHttpRequestOptions } from 'n8n-workflow';

import { authorize, type Account } from '../cos/signing/authorize';
import { percentEncode } from '../cos/signing/encoding';

/** What n8n's HTTP Request node passes besides: the names of the older request helper. */
interface OlderRequestOptions {
	uri?: string;
	followRedirect?: boolean;
	followAllRedirects?: boolean;
}

function asText(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}

function queryText(qs: IHttpRequestOptions['qs']): string {
	return Object.entries(qs ?? {})
		.flatMap(([name, value]) => {
			const values: unknown[] = Array.isArray(value) ? value : [value];
			return values
				.filter((one) => one !== undefined && one !== null)
				.map((one) => `${percentEncode(name)}=${percentEncode(asText(one))}`);
		})
		.join('&');
}

function absoluteUrl({ url, uri, baseURL, qs }: IHttpRequestOptions & OlderRequestOptions): string {
	const given = uri ?? url;
	const address = baseURL && !/^https?:/i.test(given) ? baseURL + given : given;
	const query = queryText(qs);
	if (query === '') return address;
	return address + (address.includes('?') ? '&' : '?') + query;
}

function textHeaders(headers: IHttpRequestOptions['headers']): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers ?? {})
			.filter(([, value]: [string, unknown]) => value !== undefined && value !== null)
			.map(([name, value]: [string, unknown]) => [name, asText(value)]),
	);
}

/**
 * Signs any request to the account's bucket, as n8n's helpers and its HTTP Request node describe it.
 *
 * The query moves into the address, so that what is signed is what is sent. Redirects are not
 * followed: a signature holds for one host, and a security token must not be carried to another.
 *
 * @throws ForeignHost for a host that is not the bucket's
 * @throws InvalidInput when the credential's bucket, region or domain cannot be
 */
export function authenticate(
	account: Account,
	options: IHttpRequestOptions & OlderRequestOptions,
): IHttpRequestOptions {
	const { url, headers } = authorize(
		account,
		{
			method: options.method ?? 'GET',
			url: absoluteUrl(options),
			headers: textHeaders(options.headers),
		},
		Date.now(),
	);
	return Object.assign(options, {
		url,
		...(options.uri !== undefined && { uri: url }),
		baseURL: undefined,
		qs: {},
		headers,
		disableFollowRedirect: true,
		followRedirect: false,
		followAllRedirects: false,
	});
}
