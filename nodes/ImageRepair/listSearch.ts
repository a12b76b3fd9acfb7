import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { parseListBucketResult, type ListBucketResult, type ListedObject } from '../../cos/answer';
import { formatOfFileName } from '../../cos/pictureFormat';
import { readAccount } from '../../credentials/account';
import { nodeError } from './nodeErrors';
import { readText, Transport } from './transport';

/** The service gives up to 1,000 objects a page. */
const PAGE_SIZE = 1000;

function readableSize(bytes: number): string {
	if (bytes < 1024) return `${bytes} B`;
	if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`;
	return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function describe({ key, size, lastModified }: ListedObject): string {
	return `${key} (${readableSize(size)}, ${lastModified.slice(0, 10)})`;
}

async function listPage(
	transport: Transport,
	prefix: string,
	marker: string | undefined,
): Promise<ListBucketResult> {
	return await transport.call({
		request: {
			method: 'GET',
			key: '',
			query: [
				['prefix', prefix],
				['delimiter', '/'],
				['max-keys', String(PAGE_SIZE)],
				['encoding-type', 'url'],
				...(marker === undefined ? [] : [['marker', marker] as const]),
			],
			headers: {},
		},
		read: async (answer) => parseListBucketResult(await readText(answer)),
	});
}

/** Pages of nothing but other files that are passed over before the search says so far. */
const PAGES_WITHOUT_PICTURE = 20;

function toResult(page: ListBucketResult): INodeListSearchItems[] {
	return [
		...page.folders.map((folder) => ({ name: `${folder} (folder)`, value: folder })),
		...page.objects
			.filter(({ key }) => formatOfFileName(key))
			.map((object) => ({ name: describe(object), value: object.key })),
	];
}

/**
 * "From list": folders first, then pictures, of the folder that the search text leads into. A search
 * text is the beginning of a key.
 */
export async function searchPictures(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	try {
		const account = readAccount(await this.getCredentials('tencentCosApi'));
		const transport = new Transport(this, account);
		let marker = paginationToken;
		for (let pages = 0; ; pages++) {
			const page = await listPage(transport, filter, marker);
			const results = toResult(page);
			marker = page.nextMarker;
			if (results.length > 0 || marker === undefined || pages >= PAGES_WITHOUT_PICTURE) {
				return { results, paginationToken: marker };
			}
		}
	} catch (error) {
		throw nodeError(this.getNode(), error);
	}
}
