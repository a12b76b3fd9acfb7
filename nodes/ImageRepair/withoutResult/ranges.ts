import type { ListRange } from '../../../cos/requests/list';
import { piecesOf } from '../../shared/resultKey';
import { folderOfPrefix } from './lastSource';

/** What is known of the keys of images. */
interface Beginnings {
	/** The folder, or what it begins with. */
	folder: string;
	isWholeFolder: boolean;
	/** What the name begins with. */
	name: string;
}

/** What the name of a file begins with, whatever follows: it ends at its last dot. */
function nameBeginning(fileName: string): string {
	const dot = fileName.lastIndexOf('.');
	return dot < 0 ? fileName : fileName.slice(0, dot);
}

/** Whether a slash can be in what these pieces become. */
function holdsSlash(pieces: readonly string[]): boolean {
	return pieces.some((piece) => piece === '{folder}' || piece.includes('/'));
}

/** The part of the bucket where the results of such images are. */
function rangeOf(template: string, { folder, isWholeFolder, name }: Beginnings): ListRange {
	const pieces = piecesOf(template);
	let fileid = '';
	let index = 0;
	let isOpen = false;
	for (; index < pieces.length && !isOpen; index++) {
		const piece = pieces[index] ?? '';
		if (piece === '{folder}') {
			fileid += folder;
			isOpen = !isWholeFolder;
		} else if (piece === '{name}') {
			fileid += name;
			isOpen = true;
		} else if (piece === '{extension}') {
			// It can be empty, so what comes next may be what the key begins with.
			if (fileid === '') return { prefix: '', includeSubfolders: true };
			isOpen = true;
		} else fileid += piece;
	}
	const inFolders = (isOpen && pieces[index - 1] === '{folder}') || holdsSlash(pieces.slice(index));
	if (fileid.startsWith('/')) return { prefix: fileid.slice(1), includeSubfolders: inFolders };
	if (!isWholeFolder) return { prefix: folder, includeSubfolders: true };
	return { prefix: folder + fileid, includeSubfolders: inFolders };
}

function resultRanges(template: string, { prefix, includeSubfolders }: ListRange): ListRange[] {
	const folder = folderOfPrefix(prefix);
	const name = nameBeginning(prefix.slice(folder.length));
	const direct = rangeOf(template, { folder, isWholeFolder: true, name });
	if (!includeSubfolders) return [direct];
	return [direct, rangeOf(template, { folder: prefix, isWholeFolder: false, name: '' })];
}

/** Whether all keys of another part of the bucket are in this one. */
export function covers(range: ListRange, other: ListRange): boolean {
	if (!other.prefix.startsWith(range.prefix)) return false;
	if (range.includeSubfolders) return true;
	return !other.includeSubfolders && !other.prefix.includes('/', range.prefix.length);
}

/**
 * The parts of a bucket to list, so that all images and all of their results are in them: where one is within
 * another, the larger one alone.
 *
 * @returns first the one that the images are in
 */
export function rangesToList(
	templates: readonly string[],
	images: ListRange,
): [ListRange, ...ListRange[]] {
	const all = [images, ...templates.flatMap((template) => resultRanges(template, images))];
	const kept = all.filter(
		(range, index) =>
			!all.some(
				(other, at) =>
					at !== index && covers(other, range) && (at < index || !covers(range, other)),
			),
	);
	const ofImages = kept.find((range) => covers(range, images)) ?? images;
	return [ofImages, ...kept.filter((range) => range !== ofImages)];
}
