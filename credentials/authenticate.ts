import type { IHttpRequestOptions } from 'n8n-workflow';

import { authorize, ForeignHost, type OutgoingRequest } from '../cos/signing/authorize';
import { percentEncode } from '../cos/signing/encoding';
import { explainInvalid } from '../nodes/shared/invalidParameter';
import { fill, FOREIGN_HOST } from '../nodes/shared/messages';
import { readAccount } from './account';

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

/** What n8n shows of an error here is its message alone, so the advice goes into it. */
function explained(error: unknown): unknown {
	if (error instanceof ForeignHost) {
		const { host, bucketHost } = error;
		const { message, advice } = FOREIGN_HOST;
		return new Error(`${fill(message, { host })}. ${fill(advice, { bucketHost })}`);
	}
	const invalid = explainInvalid(error);
	return invalid ? new Error(`${invalid.message}. ${invalid.advice}`) : error;
}

/**
 * Signs any request to the bucket of the credential, as n8n's helpers and its HTTP Request node
 * describe it.
 *
 * The query moves into the address, so that what is signed is what is sent. Redirects are not
 * followed: a signature holds for one host, and a security token must not be carried to another.
 *
 * @throws Error that says why the credential cannot sign: a malformed field, or another host
 */
export function authenticate(
	credential: Readonly<Record<string, unknown>>,
	options: IHttpRequestOptions & OlderRequestOptions,
): IHttpRequestOptions {
	const request = {
		method: options.method ?? 'GET',
		url: absoluteUrl(options),
		headers: textHeaders(options.headers),
	};
	let signed: OutgoingRequest;
	try {
		signed = authorize(readAccount(credential), request, Date.now());
	} catch (error) {
		throw explained(error);
	}
	const { url, headers } = signed;
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
