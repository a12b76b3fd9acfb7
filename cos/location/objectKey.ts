import { InvalidInput } from '../invalidInput';
import { MAX_KEY_BYTES } from '../limits';
import { percentEncode } from '../signing/encoding';
import type { Checked } from '../values';

/** Key of an object that an HTTP request can name, checked. */
export type ObjectKey = Checked<string, 'ObjectKey'>;

/** Half of a surrogate pair cannot be encoded, and NUL cannot be sent. */
const IMPOSSIBLE = /\p{Surrogate}|\0/u;

/** Compares as the service lists keys: by their UTF-8 bytes, which is the order of code points. */
export function compareKeys(a: string, b: string): number {
	const [ofA, ofB] = [a[Symbol.iterator](), b[Symbol.iterator]()];
	for (;;) {
		const [nextA, nextB] = [ofA.next(), ofB.next()];
		if (nextA.done || nextB.done) return Number(nextB.done ?? false) - Number(nextA.done ?? false);
		const difference = (nextA.value.codePointAt(0) ?? 0) - (nextB.value.codePointAt(0) ?? 0);
		if (difference !== 0) return difference;
	}
}

function byteLength(text: string): number {
	return new TextEncoder().encode(text).length;
}

/** @throws InvalidInput when no object can have this key or no HTTP request can name it */
export function objectKey(
	text: string,
	field: 'objectKey' | 'maskObjectKey' | 'resultKey' = 'objectKey',
): ObjectKey {
	if (text === '') throw new InvalidInput(field, 'key.empty', {});
	if (text.endsWith('/')) throw new InvalidInput(field, 'key.folder', { key: text });
	if (IMPOSSIBLE.test(text)) throw new InvalidInput(field, 'key.characters', {});
	if (byteLength(text) > MAX_KEY_BYTES) {
		throw new InvalidInput(field, 'key.tooLong', { limit: MAX_KEY_BYTES });
	}
	// The URL standard folds these segments away, also when percent-encoded: the request would name
	// another object.
	if (text.split('/').some((segment) => segment === '.' || segment === '..')) {
		throw new InvalidInput(field, 'key.dotSegment', { key: text });
	}
	return text as ObjectKey;
}

/**
 * What the keys of a folder begin with. A leading slash counts from the top of the bucket, as it does
 * in a result key; `/` alone is the whole bucket.
 *
 * @param exact whether the text is taken as it is; otherwise a folder's name gets its `/` at the end
 * @throws InvalidInput when no key can begin so
 */
export function keyPrefix(text: string, exact: boolean): string {
	if (text === '') throw new InvalidInput('folder', 'prefix.empty', {});
	const path = text.startsWith('/') ? text.slice(1) : text;
	const prefix = exact || path === '' || path.endsWith('/') ? path : `${path}/`;
	if (IMPOSSIBLE.test(prefix)) throw new InvalidInput('folder', 'prefix.characters', {});
	if (byteLength(prefix) > MAX_KEY_BYTES) {
		throw new InvalidInput('folder', 'prefix.tooLong', { limit: MAX_KEY_BYTES });
	}
	return prefix;
}

/** The percent-encoded path of an object: `/`, then the key with its slashes kept. */
export function keyToPath(key: string): string {
	return `/${key.split('/').map(percentEncode).join('/')}`;
}
