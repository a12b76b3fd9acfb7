import { bucketOrigin, bucketOrigins, type BucketLocation } from '../location/endpoint';
import { InvalidInput } from '../invalidInput';
import { encodeQuery, type Parameters } from './encoding';
import { authorizationHeader, keyTimeAt, presignedQuery, type CosKeys } from './signature';

/** A request for a host that is not the bucket's: it is not signed. */
export class ForeignHost extends Error {
	constructor(
		readonly host: string,
		readonly bucketHosts: readonly string[],
	) {
		super(
			`This credential signs requests to its own bucket only, not to ${host}. Use an address that begins with https://${bucketHosts[0] ?? ''}/.`,
		);
		this.name = 'ForeignHost';
	}
}

/** An account and its bucket: all that a credential holds. */
export interface Account {
	keys: CosKeys;
	location: BucketLocation;
}

/** A request as an HTTP client takes it. */
export interface OutgoingRequest {
	method: string;
	/** Absolute, with its query. */
	url: string;
	headers: Readonly<Record<string, string>>;
}

// What a signature is worth protecting, of what no HTTP client rewrites on its way: `Content-Type` is
// left out because n8n's helper completes it (the boundary of a form).
const SIGNED_HEADERS = new Set([
	'content-length',
	'content-md5',
	'date',
	'host',
	'pic-operations',
	'range',
]);

function isSigned(name: string): boolean {
	return SIGNED_HEADERS.has(name) || name.startsWith('x-cos-') || name.startsWith('x-ci-');
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

/** @throws InvalidInput when one is empty */
function checkKeys(keys: CosKeys): void {
	const advice =
		'Open the credential and copy the value from "API Keys" in the Tencent Cloud console.';
	if (keys.secretId === '') throw new InvalidInput('secretId', 'is empty', advice);
	if (keys.secretKey === '') throw new InvalidInput('secretKey', 'is empty', advice);
}

/** @throws InvalidInput when a request for this account could not be signed or addressed */
export function checkAccount({ keys, location }: Account): void {
	checkKeys(keys);
	bucketOrigin(location);
}

/**
 * Signs a request to the account's bucket: gives its address and its headers, with `Date`,
 * `Authorization` and, for temporary credentials, `x-cos-security-token` added. `Host`, and
 * `Pic-Operations` where there is one, are always among the signed headers.
 *
 * A request that brings its own `Date` is signed for that moment, so that a caller can correct a
 * clock that is off.
 *
 * @param now milliseconds since 1970
 * @throws ForeignHost for any other host: nothing is signed, no token is given away
 * @throws InvalidInput when a key is empty, or bucket, region or domain cannot be
 * @throws TypeError when the address cannot be parsed
 */
export function authorize(
	{ keys, location }: Account,
	request: OutgoingRequest,
	now: number,
): OutgoingRequest {
	checkKeys(keys);
	const origins = bucketOrigins(location);
	const url = new URL(request.url);
	if (!origins.includes(url.origin) || url.username !== '' || url.password !== '') {
		throw new ForeignHost(
			url.host,
			origins.map((origin) => new URL(origin).host),
		);
	}

	const headers = new Map<string, readonly [name: string, value: string]>();
	for (const [name, value] of Object.entries(request.headers)) {
		headers.set(name.toLowerCase(), [name, value.trim()]);
	}
	// The address decides where the request goes; a Host or Authorization from elsewhere must not ride along.
	headers.delete('host');
	headers.delete('authorization');
	headers.delete('x-cos-security-token');
	const date = headers.get('date');
	const given = date ? Date.parse(date[1]) : NaN;
	const moment = Number.isNaN(given) ? now : given;
	headers.set('date', ['Date', new Date(moment).toUTCString()]);
	if (keys.securityToken) {
		headers.set('x-cos-security-token', ['x-cos-security-token', keys.securityToken]);
	}

	const query = queryOf(url);
	const signed: Parameters = [
		['host', url.host],
		...[...headers].flatMap(([name, [, value]]) =>
			isSigned(name) ? [[name, value] as const] : [],
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
		headers: { ...Object.fromEntries(headers.values()), Authorization: authorization },
	};
}

/**
 * An address of an object that anyone may GET until it expires, as a mask's has to be.
 *
 * @param url of the object, without a query
 * @param now milliseconds since 1970
 * @throws ForeignHost for another host than the bucket's
 */
export function presign(
	{ keys, location }: Account,
	url: string,
	now: number,
	validitySeconds: number,
): string {
	const { origin, host, pathname } = new URL(url);
	const origins = bucketOrigins(location);
	if (!origins.includes(origin)) {
		throw new ForeignHost(
			host,
			origins.map((own) => new URL(own).host),
		);
	}
	const query = presignedQuery(
		{ method: 'GET', path: decode(pathname), query: [], headers: [['host', host]] },
		keys,
		keyTimeAt(now, validitySeconds),
	);
	return `${origin}${pathname}?${query}`;
}
