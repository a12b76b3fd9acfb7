import { withExtensionOf, type ImageFormat } from '../../cos/images/format';
import { keyParts } from '../shared/resultKey';

/** What cannot be seen or turns the direction of text: it has no place in a key. */
const INVISIBLE =
	/[\p{Cc}\p{Surrogate}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
/** A dot at the beginning hides a file, and `..` is a folder; at the end, Windows drops both. */
const AROUND = /^[\s.]+|[\s.]+$/gu;

/** Bytes of UTF-8: file systems take 255, and a result's name is longer than its source's. */
const MOST_BYTES = 200;

const UNNAMED = 'image';

const LONGEST_PRINTED = 80;

/** A name as a sentence can show it. */
export function printableName(fileName: string): string {
	const printable = fileName.replace(/\p{C}/gu, '');
	return printable.length > LONGEST_PRINTED ? `${printable.slice(0, LONGEST_PRINTED)}…` : printable;
}

function bytesOf(text: string): number {
	return Buffer.byteLength(text);
}

/** The beginning of a text, in whole characters. */
function cut(text: string, most: number): string {
	let length = 0;
	let kept = '';
	for (const character of text) {
		length += bytesOf(character);
		if (length > most) break;
		kept += character;
	}
	return kept;
}

/** The last part of a path of any system that is more than dots and spaces; '' when there is none. */
function lastPart(path: string): string {
	const parts = path.split(/[/\\]/).map((part) => part.replace(INVISIBLE, '').replace(AROUND, ''));
	return parts.findLast((part) => part !== '') ?? '';
}

function shortened(fileName: string): string {
	if (bytesOf(fileName) <= MOST_BYTES) return fileName;
	const { name, extension } = keyParts(fileName);
	return cut(name, MOST_BYTES - bytesOf(extension)).replace(AROUND, '') + extension;
}

/**
 * The name that a file has in the bucket. Names come from strangers: of a path, the last part counts;
 * what cannot be seen goes, and so do dots and spaces around it; a long one is cut short. A file without
 * a name is called `image`.
 *
 * @param format of its bytes, which decides on the extension
 */
export function storedFileName(given: unknown, format: ImageFormat): string {
	const name = typeof given === 'string' ? lastPart(given) : '';
	return shortened(withExtensionOf(name || UNNAMED, format));
}
