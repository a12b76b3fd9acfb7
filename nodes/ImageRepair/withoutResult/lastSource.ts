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
export function lastOf(prefix: string): string {
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

/** Where a part can end that begins at a place of the text. */
function* endsOf(part: keyof Parts, text: string, at: number): Generator<number> {
	if (part === 'folder') {
		yield at;
		for (let end = text.indexOf('/', at); end >= 0; end = text.indexOf('/', end + 1)) yield end + 1;
		return;
	}
	if (part === 'extension') {
		yield at;
		if (text[at] !== '.') return;
	}
	for (let end = at + 1; end <= text.length && text[end - 1] !== '/'; end++) {
		if (part === 'extension' && end > at + 1 && text[end - 1] === '.') return;
		yield end;
	}
}

/** All ways to read a text as a filled template. */
function* readings(
	pieces: readonly string[],
	text: string,
	parts: Parts,
	index = 0,
	at = 0,
): Generator<Parts> {
	const piece = pieces[index];
	if (piece === undefined) {
		if (at === text.length) yield parts;
		return;
	}
	const part = partOf(piece);
	const fixed = part ? parts[part] : piece;
	if (fixed !== undefined) {
		if (!text.startsWith(fixed, at)) return;
		yield* readings(pieces, text, parts, index + 1, at + fixed.length);
	} else if (part) {
		for (const end of endsOf(part, text, at)) {
			const value = text.slice(at, end);
			yield* readings(pieces, text, { ...parts, [part]: value }, index + 1, end);
		}
	}
}

/** The last key that a source with these parts can have; undefined when there is no such source. */
function lastWith(
	{ folder, name, extension }: Parts,
	template: string,
	range: ListRange,
	result: string,
): string | undefined {
	if (folder === undefined) return lastOf(range.prefix);
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
	const relative = ['{folder}', ...pieces];
	const known: Parts = range.includeSubfolders ? {} : { folder: folderOfPrefix(range.prefix) };
	return (result) => {
		let last: string | undefined;
		const look = (from: readonly string[], text: string) => {
			for (const parts of readings(from, text, known)) {
				const key = lastWith(parts, template, range, result);
				if (key !== undefined && (last === undefined || compareKeys(key, last) > 0)) last = key;
			}
		};
		look(relative, result);
		look(pieces, `/${result}`);
		return last;
	};
}
