import type { IHttpRequestOptions } from 'n8n-workflow';

import { authorize, ForeignHost, type OutgoingRequest } from '../cos/signing/authorize';
import { percentEncode } from '../cos/signing/encoding';
import { isRecord } from '../cos/values';
import { explainInvalid } from '../nodes/shared/explainInvalid';
import { fill, FOREIGN_HOST, UNSAFE_CONNECTION } from '../nodes/shared/messages';
import { readAccount } from './account';

/** A connection on which somebody else could read what is signed: nothing is signed for it. */
class UnsafeConnection extends Error {
	constructor(readonly reason: keyof typeof UNSAFE_CONNECTION) {
		super(reason);
		this.name = 'UnsafeConnection';
	}
}

/** What n8n's HTTP Request node passes besides: the names of the older request helper. */
interface OlderRequestOptions {
	uri?: string;
	rejectUnauthorized?: unknown;
	form?: unknown;
	formData?: unknown;
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

/** A form, which n8n writes after this, and which has its boundary in `Content-Type`. */
function isForm(value: unknown): boolean {
	return isRecord(value) && typeof value.getHeaders === 'function';
}

function contentTypeOf(headers: Readonly<Record<string, string>>): string | undefined {
	const name = Object.keys(headers).find((one) => one.toLowerCase() === 'content-type');
	return name === undefined ? undefined : headers[name];
}

/** Headers that n8n replaces after this: signed, they would make the signature wrong. */
function changingHeaders(
	{ body, form, formData }: IHttpRequestOptions & OlderRequestOptions,
	headers: Readonly<Record<string, string>>,
): string[] {
	const isMultipart = /multipart\/form-data/i.test(contentTypeOf(headers) ?? '');
	const isWritten = isMultipart || formData !== undefined || form !== undefined || isForm(body);
	return isWritten ? ['content-type', 'content-length'] : [];
}

const WITH_BODY: readonly string[] = ['POST', 'PUT', 'PATCH'];

/**
 * Describes a body as n8n would do after this, so that it can be signed: a bucket in strict signature
 * mode refuses what describes the body and is not signed. Text and objects are left to n8n, which may
 * still write them in another form.
 */
function withBodyHeaders(
	{ method, body }: IHttpRequestOptions,
	headers: Readonly<Record<string, string>>,
	changing: readonly string[],
): Record<string, string> {
	const isPlain = body === undefined || Buffer.isBuffer(body);
	if (changing.length > 0 || !isPlain || !WITH_BODY.includes(method ?? 'GET')) return headers;
	const names = Object.keys(headers).map((name) => name.toLowerCase());
	return {
		...(!names.includes('content-type') && { 'Content-Type': 'application/octet-stream' }),
		...(!names.includes('content-length') && { 'Content-Length': String(body?.length ?? 0) }),
		...headers,
	};
}

/** Options of a TLS connection that do not decide whose certificate is accepted. */
const CLIENT_CERTIFICATE: readonly string[] = ['cert', 'key', 'passphrase', 'pfx'];

/**
 * Who may only use the credential must not read a signature or a token through a proxy of their own.
 *
 * @throws UnsafeConnection
 */
function checkConnection(options: IHttpRequestOptions & OlderRequestOptions, url: string): void {
	const { agentOptions = {}, rejectUnauthorized, skipSslCertificateValidation, proxy } = options;
	const isUnverified =
		rejectUnauthorized === false ||
		skipSslCertificateValidation === true ||
		Object.keys(agentOptions).some((name) => !CLIENT_CERTIFICATE.includes(name));
	if (isUnverified) throw new UnsafeConnection('unverified');
	if (proxy && /^http:/i.test(url)) throw new UnsafeConnection('unencrypted');
}

/** What n8n shows of an error here is its message alone, so the advice goes into it. */
function explained(error: unknown): unknown {
	if (error instanceof UnsafeConnection) {
		const { message, advice } = UNSAFE_CONNECTION[error.reason];
		return new Error(`${message}. ${advice}`);
	}
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
 * @throws Error that says why the credential does not sign: a malformed field, another host, or a
 * connection on which somebody else could read the signature
 */
export function authenticate(
	credential: Readonly<Record<string, unknown>>,
	options: IHttpRequestOptions & OlderRequestOptions,
): IHttpRequestOptions {
	const given = textHeaders(options.headers);
	const changing = changingHeaders(options, given);
	const request = {
		method: options.method ?? 'GET',
		url: absoluteUrl(options),
		headers: withBodyHeaders(options, given, changing),
		changing,
	};
	let signed: OutgoingRequest;
	try {
		checkConnection(options, request.url);
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
