import { compareKeys } from '../../../cos/location/objectKey';
import { isInRange, type ListRange } from '../../../cos/requests/list';
import type { ListBucketResult, ListedObject } from '../../../cos/responses/list';
import { listPages } from '../../shared/listing';
import type { Transport } from '../../shared/transport';
import { lastOf } from './lastSource';

/** A listing as far as it was read. */
export class Stream {
	isDone = false;
	/** The last object that was looked at; its key comes after all before. */
	position = '';
	private pages: AsyncGenerator<ListBucketResult>;
	/** Folders that another stream lists. */
	private readonly others: string[] = [];

	/** @param after the key after which it begins; undefined for the beginning */
	constructor(
		private readonly transport: Transport,
		readonly range: ListRange,
		after?: string,
	) {
		this.pages = listPages(transport, range, after);
	}

	/** Whether a key is looked at by this stream, if it is there. */
	owns(key: string): boolean {
		return isInRange(this.range, key) && !this.others.some((folder) => key.startsWith(folder));
	}

	/** Whether a key is not to come any more. */
	isPast(key: string): boolean {
		return this.isDone || compareKeys(key, this.position) <= 0;
	}

	/** From now on, a folder is listed by another stream. */
	leaveOut(folder: string): void {
		this.others.push(folder);
		if (this.position.startsWith(folder)) this.jumpOver(folder);
	}

	/** The objects and folders of the next page. */
	async read(): Promise<{ objects: ListedObject[]; folders: string[] }> {
		const { value } = await this.pages.next();
		const page = value as ListBucketResult | undefined;
		if (page?.nextMarker === undefined) this.isDone = true;
		const { objects = [], folders = [] } = page ?? {};
		const last = objects.at(-1)?.key;
		const other = this.others.find((folder) => last?.startsWith(folder));
		if (other !== undefined && !this.isDone) this.jumpOver(other);
		return { objects: objects.filter(({ key }) => this.owns(key)), folders };
	}

	private jumpOver(folder: string): void {
		this.pages = listPages(this.transport, this.range, folder + lastOf('').slice(0, 2));
	}
}
