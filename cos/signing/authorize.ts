import { InvalidInput } from '../invalidInput';
import {
	locateBucket,
	publicLocation,
	requestUrl,
	type BucketLocation,
	type BucketPlace,
} from '../location/endpoint';
import { imageUrl, type ImageUrl } from '../location/imageUrl';
import type { ObjectKey } from '../location/objectKey';
import type { Checked } from '../values';
import { encodeQuery, type Parameters } from './encoding';
import { authorizationHeader, keyTimeAt, presignedQuery, type CosKeys } from './signature';

/** A request for a host that does not belong to the bucket: it is not signed. */
export class ForeignHost extends Error {
	constructor(
		readonly host: string,
		readonly bucketHost: string,
	) {
		super(host);
		this.name = 'ForeignHost';
	}
}

/** An account and its bucket, checked: all that a credential holds. */
export type Account = Checked<
	{ readonly keys: CosKeys; readonly location: BucketLocation },
	'Account'
>;

/** @throws InvalidInput when a key is empty, or bucket, region or domain is empty or malformed */
export function createAccount(keys: CosKeys, place: BucketPlace): Account {
	if (keys.secretId === '') throw new InvalidInput('secretId', 'secret.empty', {});
	if (keys.secretKey === '') throw new InvalidInput('secretKey', 'secret.empty', {});
	return { keys, location: locateBucket(place) } as Account;
}

/** What nothing that is shown may hold. */
export function secretsOf({ keys }: Account): string[] {
	const { secretId, secretKey, securityToken: token } = keys;
	return [secretId, secretKey, ...(token === undefined ? [] : [token])];
}

/** A request as an HTTP client takes it. */
export interface OutgoingRequest {
	method: string;
	/** Absolute, with its query. */
	url: string;
	headers: Readonly<Record<string, string>>;
	/** Lower-case names of headers that the HTTP client will change: they are not signed. */
	changing?: readonly string[];
}

// Headers worth protecting, and those that a bucket in strict signature mode demands: `Content-Type`,
// `Content-Length` and `Content-MD5` wherever they are sent. `Host` is always signed.
const SIGNED_HEADERS = new Set([
	'cache-control',
	'content-disposition',
	'content-length',
	'content-md5',
	'content-type',
	'date',
	'pic-operations',
	'range',
]);

function isSigned(name: string): boolean {
	return SIGNED_HEADERS.has(name) || name.startsWith('x-cos-') || name.startsWith('x-ci-');
}

/**
 * A header's value as Node.js and `fetch` take it: one character for each byte that is sent. What is
 * signed is the text itself, whose UTF-8 bytes these are.
 */
function asBytes(value: string): string {
	const bytes = new TextEncoder().encode(value);
	return bytes.length === value.length
		? value
		: Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		// A stray "%": the service reads it as it stands.
		return text;
	}
}

function queryOf(url: URL): Parameters {
	return url.search
		.slice(1)
		.split('&')
		.filter((part) => part !== '')
		.map((part) => {
			const equals = part.indexOf('=');
			if (equals < 0) return [decode(part), ''] as const;
			return [decode(part.slice(0, equals)), decode(part.slice(equals + 1))] as const;
		});
}

type Headers = Map<string, readonly [name: string, value: string]>;

/** Headers by lower-case name, without those that are set here. */
function headersByName(given: OutgoingRequest['headers']): Headers {
	const headers: Headers = new Map();
	for (const [name, value] of Object.entries(given)) {
		headers.set(name.toLowerCase(), [name, value.trim()]);
	}
	// The address decides where the request goes: a given Host or Authorization is not passed on.
	headers.delete('host');
	headers.delete('authorization');
	headers.delete('x-cos-security-token');
	return headers;
}

/**
 * Signs a request to the account's bucket: gives its address and its headers, with `Date`,
 * `Authorization` and, for temporary credentials, `x-cos-security-token` added. `Host`, and
 * `Pic-Operations` where there is one, are always among the signed headers.
 *
 * Header values may hold any text; they come out as one character for each UTF-8 byte, as Node.js and
 * `fetch` send them.
 *
 * A request that brings its own `Date` is signed for that moment, so that a caller can correct a
 * clock that is off.
 *
 * @param now milliseconds since 1970
 * @throws ForeignHost for any other host: nothing is signed, no token is given away
 * @throws TypeError when the address cannot be parsed
 */
export function authorize(
	{ keys, location }: Account,
	request: OutgoingRequest,
	now: number,
): OutgoingRequest {
	const url = new URL(request.url);
	const isOwn = location.origins.includes(url.origin);
	if (!isOwn || url.username !== '' || url.password !== '') {
		throw new ForeignHost(url.host, new URL(location.origin).host);
	}

	const headers = headersByName(request.headers);
	const date = headers.get('date');
	const given = date ? Date.parse(date[1]) : NaN;
	const moment = Number.isNaN(given) ? now : given;
	headers.set('date', ['Date', new Date(moment).toUTCString()]);
	if (keys.securityToken) {
		headers.set('x-cos-security-token', ['x-cos-security-token', keys.securityToken]);
	}

	const query = queryOf(url);
	const { changing = [] } = request;
	const signed: Parameters = [
		['host', url.host],
		...[...headers].flatMap(([name, [, value]]) =>
			isSigned(name) && !changing.includes(name) ? [[name, value] as const] : [],
		),
	];
	const authorization = authorizationHeader(
		{ method: request.method, path: decode(url.pathname), query, headers: signed },
		keys,
		keyTimeAt(moment),
	);
	return {
		method: request.method,
		url: url.origin + url.pathname + (query.length === 0 ? '' : `?${encodeQuery(query)}`),
		headers: {
			...Object.fromEntries([...headers.values()].map(([name, value]) => [name, asBytes(value)])),
			Authorization: authorization,
		},
	};
}

/**
 * An address under which anyone may GET an object until it expires, as the service has to GET a mask:
 * that of the bucket's default host, which the service can always reach.
 *
 * The signature covers host, object and method. The list of signed parameters is empty, but does not keep
 * anybody from adding some: COS checks those on the list alone, and its documentation appends
 * `response-content-disposition` to a signed address (436/57420).
 *
 * @param now milliseconds since 1970
 * @param validitySeconds how long it can be opened from then on
 * @param operation of basic image processing, to be done to the object first; it is signed, so that nobody
 * can take it off
 */
export function presign(
	{ keys, location }: Account,
	key: ObjectKey,
	now: number,
	validitySeconds: number,
	operation?: string,
): ImageUrl {
	const url = requestUrl(publicLocation(location), key);
	const query = presignedQuery(
		{
			method: 'GET',
			path: `/${key}`,
			query: operation === undefined ? [] : [[operation, '']],
			headers: [['host', new URL(url).host]],
		},
		keys,
		{ start: keyTimeAt(now).start, end: Math.floor(now / 1000) + validitySeconds },
	);
	return imageUrl(`${url}?${query}`, 'maskUrl');
}
