import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import type { ListRange } from '../../cos/requests/list';
import type { ListedObject } from '../../cos/responses/list';
import { readAccount } from '../../credentials/account';
import { nodeError } from './errors';
import { isImageOf } from './imageFilter';
import { listPage, newestFirst } from './listing';
import { fill, LIST_ROWS } from './messages';
import { CREDENTIAL, Transport } from './transport';

/** Pages of 1,000 objects that a part of a search looks at before it gives what it has. */
const MOST_PAGES = 10;
/** Images after which a search rests: the next ones come when the list is scrolled. */
const ENOUGH = 100;
/** Folders shown at a time; each can be typed. */
const MOST_FOLDERS = 100;

/**
 * The value of a row that says something: the editor lets no row of a boolean value be chosen, in n8n 1 and 2.
 * Of several rows of one value, it shows the first.
 */
const NO_CHOICE = false;

/** A part of the bucket that was looked through, as far as it goes. */
interface Looked {
	/** In the order of their keys. */
	images: ListedObject[];
	/** All folders that objects are in, those above them included; each ends in `/`. */
	folders: Set<string>;
	/** Objects of any kind. */
	count: number;
	/** Where to go on; undefined when all was looked at. */
	nextMarker?: string;
}

function foldersOf(key: string): string[] {
	const names = key.split('/').slice(0, -1);
	return names.map((_, index) => `${names.slice(0, index + 1).join('/')}/`);
}

/** Looks through objects in the order of their keys, up to a number of pages or of images. */
async function look(
	transport: Transport,
	prefix: string,
	isWanted: (key: string) => boolean,
	marker?: string,
): Promise<Looked> {
	const looked: Looked = { images: [], folders: new Set(), count: 0, nextMarker: marker };
	for (let pages = 0; pages < MOST_PAGES && looked.images.length < ENOUGH; pages++) {
		const range = { prefix, includeSubfolders: true };
		const { objects, nextMarker } = await listPage(transport, range, looked.nextMarker);
		looked.count += objects.length;
		looked.nextMarker = nextMarker;
		for (const object of objects) {
			for (const folder of foldersOf(object.key)) looked.folders.add(folder);
			if (isImageOf([], object.key) && isWanted(object.key)) looked.images.push(object);
		}
		if (nextMarker === undefined) break;
	}
	return looked;
}

/** The folders that begin with a text, up to the next slash. */
async function foldersBelow(
	transport: Transport,
	prefix: string,
	marker?: string,
): Promise<{ folders: string[]; nextMarker?: string }> {
	const range: ListRange = { prefix, includeSubfolders: false };
	const folders: string[] = [];
	let nextMarker = marker;
	for (let pages = 0; pages < MOST_PAGES && folders.length < MOST_FOLDERS; pages++) {
		const page = await listPage(transport, range, nextMarker);
		folders.push(...page.folders);
		nextMarker = page.nextMarker;
		if (nextMarker === undefined) return { folders };
	}
	return { folders, nextMarker };
}

/** Folders, those of one level after those above them, up to a number of pages; each gets its turn. */
async function foldersByLevel(transport: Transport): Promise<string[]> {
	const found: string[] = [];
	const open: Array<{ prefix: string; marker?: string }> = [{ prefix: '' }];
	for (let pages = 0; pages < MOST_PAGES; pages++) {
		const next = open.shift();
		if (!next) break;
		const { prefix, marker } = next;
		const page = await listPage(transport, { prefix, includeSubfolders: false }, marker);
		open.push(...page.folders.map((folder) => ({ prefix: folder })));
		if (page.nextMarker !== undefined) open.push({ prefix, marker: page.nextMarker });
		found.push(...page.folders);
	}
	return found;
}

/** No key begins with a slash, but a path that somebody types may. */
function searchText(filter: string): string {
	return filter.trim().replace(/^\/+/, '');
}

/** Whether a text holds another one, upper or lower case. */
function holds(text: string, part: string): boolean {
	return text.toLowerCase().includes(part.toLowerCase());
}

/** Whether a text reaches into the last name of a path: what is in a folder that holds it is not meant. */
function isFolderFor(text: string, folder: string): boolean {
	const above = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
	return holds(folder.slice(above.length), text) || (holds(folder, text) && !holds(above, text));
}

function readableSize(bytes: number): string {
	if (bytes < 1024) return `${bytes} B`;
	if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`;
	return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function imageRow({ key, size, lastModified }: ListedObject): INodeListSearchItems {
	return { name: `${key} (${readableSize(size)}, ${lastModified.slice(0, 10)})`, value: key };
}

/** Images newest first, each once. */
function imageRows(...lists: ListedObject[][]): INodeListSearchItems[] {
	const images = new Map(lists.flat().map((image) => [image.key, image]));
	return [...images.values()].sort(newestFirst).map(imageRow);
}

function folderRows(folders: Iterable<string>): INodeListSearchItems[] {
	return [...new Set(folders)].slice(0, MOST_FOLDERS).map((folder) => ({
		name: fill(LIST_ROWS.folder, { folder }),
		value: folder,
	}));
}

/** What a list says that does not show all there is. */
function moreRow(name: string, { nextMarker }: { nextMarker?: string }): INodeListSearchItems[] {
	return nextMarker === undefined ? [] : [{ name, value: NO_CHOICE }];
}

/** All that the search text begins, and where it names a folder, what is in it. */
async function imagesUnder(
	transport: Transport,
	prefix: string,
	marker?: string,
): Promise<INodeListSearchResult> {
	const [looked, below] = await Promise.all([
		look(transport, prefix, () => true, marker),
		marker === undefined ? foldersBelow(transport, prefix) : { folders: [] },
	]);
	const results = [
		...imageRows(looked.images),
		...moreRow(LIST_ROWS.more, looked),
		...folderRows(below.folders),
	];
	return { results, paginationToken: looked.nextMarker };
}

/**
 * Images whose keys hold a text. Where there are more objects than a search looks through, it looks for
 * keys that begin with the text too, and through the folder that stands before the last slash of it.
 */
async function imagesWith(
	transport: Transport,
	text: string,
	marker?: string,
): Promise<INodeListSearchResult> {
	const fits = (key: string) => holds(key, text);
	const anywhere = look(transport, '', fits, marker);
	if (marker !== undefined) {
		const looked = await anywhere;
		return { results: imageRows(looked.images), paginationToken: looked.nextMarker };
	}
	const slash = text.lastIndexOf('/') + 1;
	const folder = text.slice(0, slash);
	const name = text.slice(slash);
	const inFolder = (key: string) => holds(key.slice(slash), name);
	const nothing: Looked = { images: [], folders: new Set(), count: 0 };
	const [looked, begun, within, below] = await Promise.all([
		anywhere,
		look(transport, text, () => true),
		folder === '' ? nothing : look(transport, folder, inFolder),
		foldersBelow(transport, text),
	]);
	const folders = [
		...below.folders,
		...[...looked.folders].filter((one) => isFolderFor(text, one)),
	];
	const results = [
		...imageRows(looked.images, begun.images, within.images),
		...moreRow(
			fill(LIST_ROWS.searched, { count: looked.count.toLocaleString('en-US'), text: name }),
			looked,
		),
		...folderRows(folders),
	];
	return { results, paginationToken: looked.nextMarker };
}

/** Whether there is a folder of this name, exactly. */
async function isFolder(transport: Transport, text: string): Promise<boolean> {
	const { objects } = await listPage(
		transport,
		{ prefix: text, includeSubfolders: true },
		undefined,
		1,
	);
	return objects.length > 0;
}

/** Makes a search, and puts into words what stops it. */
async function searchWith(
	functions: ILoadOptionsFunctions,
	search: (transport: Transport) => Promise<INodeListSearchResult>,
): Promise<INodeListSearchResult> {
	try {
		const account = readAccount(await functions.getCredentials(CREDENTIAL));
		return await search(new Transport(functions, account));
	} catch (error) {
		throw nodeError(functions.getNode(), error);
	}
}

/**
 * "From list": the images of the bucket, of the folder that the search text names, or of those whose keys
 * hold it, newest first as far as one request goes. Below them are folders to type. The number of
 * requests has a bound.
 */
export async function searchImages(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const text = searchText(filter);
	return await searchWith(this, async (transport) => {
		const isPlace = text === '' || (text.endsWith('/') && (await isFolder(transport, text)));
		return isPlace
			? await imagesUnder(transport, text, paginationToken)
			: await imagesWith(transport, text, paginationToken);
	});
}

function folderItem(folder: string): INodeListSearchItems {
	return { name: folder, value: folder };
}

/** Folders whose path holds a text: those that begin with it first. */
async function foldersWith(
	transport: Transport,
	text: string,
	begun: readonly string[],
): Promise<INodeListSearchItems[]> {
	const [looked, levels] = await Promise.all([
		look(transport, '', () => false),
		foldersByLevel(transport),
	]);
	const found = [...looked.folders, ...levels].filter((folder) => isFolderFor(text, folder)).sort();
	const folders = [...new Set([...begun, ...found.slice(0, MOST_FOLDERS)])];
	return [...folders.map(folderItem), ...moreRow(LIST_ROWS.moreFolders, looked)];
}

/** The folder that the search text names and the folders in it, then others whose path holds the text. */
export async function searchFolders(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const text = searchText(filter);
	return await searchWith(this, async (transport) => {
		const { folders, nextMarker } = await foldersBelow(transport, text, paginationToken);
		const below = folders.map(folderItem);
		if (paginationToken !== undefined) return { results: below, paginationToken: nextMarker };
		const results =
			text === ''
				? [{ name: LIST_ROWS.wholeBucket, value: '/' }, ...below]
				: text.endsWith('/') && (await isFolder(transport, text))
					? [folderItem(text), ...below]
					: await foldersWith(transport, text, folders);
		return { results, paginationToken: nextMarker };
	});
}
