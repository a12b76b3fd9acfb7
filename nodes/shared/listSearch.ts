import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { formatOfFileName } from '../../cos/images/format';
import type { ListBucketResult, ListedObject } from '../../cos/responses/list';
import { readAccount } from '../../credentials/account';
import { listPage } from './listing';
import { nodeError } from './errors';
import { CREDENTIAL, Transport } from './transport';

function readableSize(bytes: number): string {
	if (bytes < 1024) return `${bytes} B`;
	if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`;
	return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function describe({ key, size, lastModified }: ListedObject): string {
	return `${key} (${readableSize(size)}, ${lastModified.slice(0, 10)})`;
}

/** Pages without a match to skip before the search returns what it has. */
const PAGES_WITHOUT_RESULT = 20;

/**
 * "From list": the contents of the folder that the search text names. A search text is the beginning of
 * a key.
 *
 * @param choices the entries of a page that can be chosen
 */
async function search(
	functions: ILoadOptionsFunctions,
	prefix: string,
	paginationToken: string | undefined,
	choices: (page: ListBucketResult) => INodeListSearchItems[],
): Promise<INodeListSearchResult> {
	try {
		const account = readAccount(await functions.getCredentials(CREDENTIAL));
		const transport = new Transport(functions, account);
		const range = { prefix, includeSubfolders: false };
		let marker = paginationToken;
		for (let pages = 0; ; pages++) {
			const page = await listPage(transport, range, marker);
			const results = choices(page);
			marker = page.nextMarker;
			if (results.length > 0 || marker === undefined || pages >= PAGES_WITHOUT_RESULT) {
				return { results, paginationToken: marker };
			}
		}
	} catch (error) {
		throw nodeError(functions.getNode(), error);
	}
}

/** Folders first, then images. */
export async function searchImages(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await search(this, filter, paginationToken, ({ folders, objects }) => [
		...folders.map((folder) => ({ name: `${folder} (folder)`, value: folder })),
		...objects
			.filter(({ key }) => formatOfFileName(key))
			.map((object) => ({ name: describe(object), value: object.key })),
	]);
}

/** The folder that the search text names, then the folders in it. */
export async function searchFolders(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const itself: INodeListSearchItems[] =
		filter === ''
			? [{ name: '/ (Whole Bucket)', value: '/' }]
			: filter.endsWith('/')
				? [{ name: filter, value: filter }]
				: [];
	return await search(this, filter, paginationToken, ({ folders }) => [
		...(paginationToken === undefined ? itself : []),
		...folders.map((folder) => ({ name: folder, value: folder })),
	]);
}
