import { compareKeys } from '../../../cos/location/objectKey';
import { keyOfFileid } from '../../../cos/location/resultKey';
import { isInRange, type ListRange } from '../../../cos/requests/list';
import { fillResultKey, keyParts, piecesOf } from '../../shared/resultKey';

/** The parts of a source's key, as far as a result tells them. */
interface Parts {
	folder?: string;
	name?: string;
	extension?: string;
}

const LAST_CHARACTER = '\u{10FFFF}';
/** Longer than any key. */
const LAST = LAST_CHARACTER.repeat(213);

/** Keys with the prefix are before it, unless they go on with the last character that there is. */
export function afterPrefix(prefix: string): string {
	return prefix + LAST_CHARACTER;
}

/** A key that no key comes after that begins with the text. */
function lastOf(prefix: string): string {
	return prefix + LAST;
}

/** What all keys begin with before such a key; undefined for any other. */
export function prefixOfLast(key: string): string | undefined {
	return key.endsWith(LAST) ? key.slice(0, -LAST.length) : undefined;
}

function partOf(piece: string): keyof Parts | undefined {
	if (piece === '{folder}') return 'folder';
	if (piece === '{name}') return 'name';
	return piece === '{extension}' ? 'extension' : undefined;
}

/** Whether a text can be such a part. */
const FITS: Readonly<Record<keyof Parts, RegExp>> = {
	folder: /^(?:[^]*\/)?$/,
	name: /^[^/]+$/,
	extension: /^(?:\.[^./]*)?$/,
};

/** Calls back for each way to read the rest of a text as the rest of a filled template. */
function read(
	pieces: readonly string[],
	text: string,
	parts: Parts,
	found: (parts: Parts) => void,
	index = 0,
	at = 0,
): void {
	const piece = pieces[index];
	if (piece === undefined) {
		if (at === text.length) found(parts);
		return;
	}
	const part = partOf(piece);
	const fixed = part ? parts[part] : piece;
	if (fixed !== undefined) {
		if (text.startsWith(fixed, at)) {
			read(pieces, text, parts, found, index + 1, at + fixed.length);
		}
		return;
	}
	if (!part) return;
	const next = pieces[index + 1];
	// What comes next says where this part can end: at a text, or at the end.
	const literal = next !== undefined && !partOf(next) ? next : '';
	let end = next === undefined ? text.length : text.indexOf(literal, at);
	for (; end >= 0 && end <= text.length; end = text.indexOf(literal, end + 1)) {
		const value = text.slice(at, end);
		if (FITS[part].test(value)) {
			read(pieces, text, { ...parts, [part]: value }, found, index + 1, end);
		}
		if (end === text.length) return;
	}
}

/** The last key that a source with these parts can have; undefined when there is no such source. */
function lastWith(
	{ folder, name, extension }: Parts,
	template: string,
	range: ListRange,
	result: string,
	lastOfRange: string,
): string | undefined {
	if (folder === undefined) return lastOfRange;
	if (name === undefined) return lastOf(folder);
	if (extension === undefined) return lastOf(`${folder}${name}.`);
	const key = folder + name + extension;
	const own = keyParts(key);
	if (own.folder !== folder || own.name !== name || !isInRange(range, key)) return undefined;
	return keyOfFileid(fillResultKey(template, key), key) === result ? key : undefined;
}

/** The folder that a prefix reaches into. */
export function folderOfPrefix(prefix: string): string {
	return prefix.slice(0, prefix.lastIndexOf('/') + 1);
}

/**
 * The last key that an image of a list can have whose result is under a key: once the list is past it, nobody
 * asks for that result any more.
 *
 * @param range of the images
 * @returns for the key of a result, undefined when it is of no image of the list
 */
export function lastSourceBy(
	template: string,
	range: ListRange,
): (result: string) => string | undefined {
	const pieces = piecesOf(template);
	const [first = ''] = pieces;
	const relative = ['{folder}', ...pieces];
	const isInFolder = !pieces.some((piece) => piece === '{folder}' || piece.includes('/'));
	const known: Parts = range.includeSubfolders ? {} : { folder: folderOfPrefix(range.prefix) };
	// One text for all results: it is long, and there may be a million of them.
	const lastOfRange = lastOf(range.prefix);
	return (result) => {
		let last: string | undefined;
		const found = (parts: Parts) => {
			const key = lastWith(parts, template, range, result, lastOfRange);
			if (key !== undefined && (last === undefined || compareKeys(key, last) > 0)) last = key;
		};
		if (!first.startsWith('/')) {
			const here = isInFolder ? { folder: folderOfPrefix(result) } : {};
			read(relative, result, { ...here, ...known }, found);
		}
		// A folder or an extension can be empty, and a slash come next.
		if (/^(?:\/|\{[fe])/.test(first)) read(pieces, `/${result}`, known, found);
		return last;
	};
}
