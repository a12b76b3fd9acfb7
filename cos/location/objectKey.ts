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
	if (a === b) return 0;
	let at = 0;
	while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
	return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}

function byteLength(text: string): number {
	return new TextEncoder().encode(text).length;
}

/** A character by its code point, for whoever names it. */
function codePoint(character: string): string {
	const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
	return `U+${code.padStart(4, '0')}`;
}

/** Fields that hold a key. */
export type KeyField =
	| 'objectKey'
	| 'storeAs'
	| 'maskObjectKey'
	| 'resultKey'
	| 'ignoredResultKeys'
	| 'soughtResultKeys'
	| 'temporaryMaskFolder';

const AT_START = /^[/\\]/;
/** CAN, EM, SUB and ESC: "Object Key" of COS (436/13324) leaves the other control characters to keys. */
const FORBIDDEN_CONTROL = /[\x18-\x1b]/;

/** What the service leaves to no key, also where the text is the beginning of one. */
function checkBeginning(text: string, field: KeyField | 'folder'): void {
	const [leading] = AT_START.exec(text) ?? [];
	if (leading) throw new InvalidInput(field, 'key.leading', { character: codePoint(leading) });
	const [control] = FORBIDDEN_CONTROL.exec(text) ?? [];
	if (control) throw new InvalidInput(field, 'key.control', { character: codePoint(control) });
}

/** @throws InvalidInput when no object can have this key or no HTTP request can name it */
export function objectKey(text: string, field: KeyField = 'objectKey'): ObjectKey {
	if (text === '') throw new InvalidInput(field, 'key.empty', {});
	if (text.endsWith('/')) throw new InvalidInput(field, 'key.folder', { key: text });
	checkBeginning(text, field);
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

const BEFORE = /^\s/u;
const AFTER = /\s$/u;
const CONTROL = /\p{Cc}/u;

/**
 * What comes along when a key is copied, from a table, a message or the end of a line. A space inside is
 * part of the key.
 *
 * @throws InvalidInput for spaces and line breaks around the text, and for control characters in it
 */
export function checkEntered(text: string, field: KeyField | 'folder'): void {
	const [before] = BEFORE.exec(text) ?? [];
	const [after] = AFTER.exec(text) ?? [];
	const character = before ?? after;
	if (character !== undefined) {
		const side = before === undefined ? 'ends' : 'begins';
		throw new InvalidInput(field, 'text.surrounded', { side, character: codePoint(character) });
	}
	const [control] = CONTROL.exec(text) ?? [];
	if (control) throw new InvalidInput(field, 'text.control', { character: codePoint(control) });
}

/** Keys begin without a slash, but are often written with one, as a path from the top of the bucket. */
export function withoutSlash(text: string): string {
	return text.startsWith('/') ? text.slice(1) : text;
}

/** A folder as people enter it, with its `/` at the end; '' for the top of the bucket. */
export function folderOf(text: string): string {
	const path = withoutSlash(text);
	return path === '' || path.endsWith('/') ? path : `${path}/`;
}

/**
 * What the keys of a folder begin with. A leading slash counts from the top of the bucket, as it does
 * in a result key; `/` alone is the whole bucket.
 *
 * @param exact whether the text is taken as it is; otherwise a folder's name gets its `/` at the end
 * @throws InvalidInput when no key can begin so
 */
export function keyPrefix(text: string, exact: boolean): string {
	const field = 'folder';
	if (text === '') throw new InvalidInput(field, 'prefix.empty', {});
	checkEntered(text, field);
	const prefix = exact ? withoutSlash(text) : folderOf(text);
	checkBeginning(prefix, field);
	if (IMPOSSIBLE.test(prefix)) throw new InvalidInput(field, 'prefix.characters', {});
	if (byteLength(prefix) > MAX_KEY_BYTES) {
		throw new InvalidInput(field, 'prefix.tooLong', { limit: MAX_KEY_BYTES });
	}
	return prefix;
}

/** The percent-encoded path of an object: `/`, then the key with its slashes kept. */
export function keyToPath(key: string): string {
	return `/${key.split('/').map(percentEncode).join('/')}`;
}
