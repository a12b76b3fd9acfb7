import { CosFailure } from './failure';

/** A parsed request target: the path, its object key and the query in the order it was sent. */
export interface Target {
	/** the decoded path with its leading slash, as a signature covers it */
	readonly path: string;
	/** the decoded path without its leading slash; empty for the bucket itself */
	readonly key: string;
	/** decoded names and values; a parameter without `=` has an empty value */
	readonly query: ReadonlyMap<string, string>;
}

const MAX_KEY_BYTES = 850;

/**
 * Checks that an object can have this key.
 * @throws CosFailure `KeyTooLong` over 850 bytes of UTF-8; `InvalidURI` for an empty key, a NUL,
 * and a segment `.` or `..`, which proxies and clients would resolve
 */
export function checkKey(key: string): void {
	if (key === '') throw new CosFailure('InvalidURI', 'The object key is empty.');
	if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
		throw new CosFailure(
			'KeyTooLong',
			`The object key has ${Buffer.byteLength(key)} bytes, at most ${MAX_KEY_BYTES} are allowed.`,
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

function readQuery(text: string): Map<string, string> {
	const query = new Map<string, string>();
	const seen = new Set<string>();
	for (const part of text === '' ? [] : text.split('&')) {
		const equals = part.indexOf('=');
		// A plus sign is literal: the service uses RFC 3986 encoding, not form encoding.
		const name = decode(equals < 0 ? part : part.slice(0, equals));
		const value = equals < 0 ? '' : decode(part.slice(equals + 1));
		if (name === '') throw new CosFailure('InvalidArgument', 'A query parameter has no name.');
		if (seen.has(name.toLowerCase())) {
			throw new CosFailure('InvalidArgument', `The query parameter "${name}" is given twice.`);
		}
		seen.add(name.toLowerCase());
		query.set(name, value);
	}
	return query;
}

/**
 * Parses the target of a request line without normalising it: `//a` and `/a` are different keys.
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
	return { path, key, query: readQuery(mark < 0 ? '' : requestTarget.slice(mark + 1)) };
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
