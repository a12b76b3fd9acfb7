import { CosFailure } from './failure';

/** A parsed request target: the path, its object key and the query in the order it was sent. */
export interface Target {
	/** the decoded path with its leading slash, as a signature covers it */
	readonly path: string;
	/** the decoded path without its leading slash; empty for the bucket itself */
	readonly key: string;
	/** decoded names and values; a parameter without `=` has an empty value */
	readonly query: ReadonlyMap<string, string>;
	/** all values of the names that are given more than once */
	readonly repeated: ReadonlyMap<string, readonly string[]>;
}

const MAX_KEY_BYTES = 850;

/**
 * Checks that an object can have this key ("Object Key", 436/13324). Which code the service has for a key
 * that is not allowed is not documented for each case.
 * @throws CosFailure `KeyTooLong` over 850 bytes of UTF-8; `InvalidURI` for an empty key, a NUL, `/` or `\\` at
 * its beginning, the control characters 24 to 27, and a segment `.` or `..`, which proxies and clients would
 * resolve
 */
export function checkKey(key: string): void {
	if (key === '') throw new CosFailure('InvalidURI', 'The object key is empty.');
	if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
		throw new CosFailure(
			'KeyTooLong',
			`The object key has ${Buffer.byteLength(key)} bytes, at most ${MAX_KEY_BYTES} are allowed.`,
		);
	}
	if (/^[/\\]/.test(key)) {
		throw new CosFailure('InvalidURI', 'The object key begins with "/" or "\\".');
	}
	if (/[\x18-\x1b]/.test(key)) {
		throw new CosFailure(
			'InvalidURI',
			'The object key has one of the control characters 24 to 27.',
		);
	}
	if (key.includes('\0')) throw new CosFailure('InvalidURI', 'The object key contains a NUL.');
	if (key.split('/').some((segment) => segment === '.' || segment === '..')) {
		throw new CosFailure('InvalidURI', 'The object key has a segment "." or "..".');
	}
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		throw new CosFailure('InvalidURI', `"${text}" is not percent-encoded UTF-8.`);
	}
}

/** Bytes; what proxies and gateways commonly take. The service's own limit is not documented. */
export const MAX_LINE_BYTES = 8 * 1024;

function readQuery(text: string): Pick<Target, 'query' | 'repeated'> {
	if (text.length > MAX_LINE_BYTES) {
		throw new CosFailure('InvalidURI', `The query is longer than ${MAX_LINE_BYTES} bytes.`);
	}
	const values = new Map<string, string[]>();
	for (const part of text === '' ? [] : text.split('&')) {
		const equals = part.indexOf('=');
		// A plus sign is literal: the service uses RFC 3986 encoding, not form encoding.
		const name = decode(equals < 0 ? part : part.slice(0, equals));
		const value = equals < 0 ? '' : decode(part.slice(equals + 1));
		if (name === '') throw new CosFailure('InvalidArgument', 'A query parameter has no name.');
		values.set(name, [...(values.get(name) ?? []), value]);
	}
	return {
		query: new Map([...values].map(([name, [first = '']]) => [name, first])),
		repeated: new Map([...values].filter(([, { length }]) => length > 1)),
	};
}

/**
 * Rejects parameters that are given more than once, also in another case: no request of the service takes them.
 * @throws CosFailure `InvalidArgument`
 */
export function checkOnce({ query, repeated }: Pick<Target, 'query' | 'repeated'>): void {
	const seen = new Set<string>();
	for (const name of query.keys()) {
		if (seen.has(name.toLowerCase()) || repeated.has(name)) {
			throw new CosFailure('InvalidArgument', `The query parameter "${name}" is given twice.`);
		}
		seen.add(name.toLowerCase());
	}
}

/**
 * Parses the target of a request line without normalising it.
 * @throws CosFailure `InvalidURI`, `KeyTooLong`, `InvalidArgument`
 */
export function readTarget(requestTarget: string): Target {
	if (!requestTarget.startsWith('/')) {
		throw new CosFailure('InvalidURI', 'The request target must be a path.');
	}
	if (!/^[\x21-\x7e]*$/.test(requestTarget)) {
		throw new CosFailure('InvalidURI', 'The request target must be percent-encoded ASCII.');
	}
	const mark = requestTarget.indexOf('?');
	const rawPath = mark < 0 ? requestTarget : requestTarget.slice(0, mark);
	const path = decode(rawPath);
	const key = path.slice(1);
	if (key !== '') checkKey(key);
	return { path, key, ...readQuery(mark < 0 ? '' : requestTarget.slice(mark + 1)) };
}

/** RFC 3986: escapes everything except letters, digits and `-_.~`, with upper-case hex digits. */
export function percentEncode(text: string): string {
	return encodeURIComponent(text).replace(
		/[!'()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

/** Percent-encodes a key for a path, keeping `/`. */
export function encodeKey(key: string): string {
	return key.split('/').map(percentEncode).join('/');
}
