import { compareKeys } from '../../../cos/location/objectKey';
import { isInRange, type ListRange } from '../../../cos/requests/list';
import type { ListBucketResult, ListedObject } from '../../../cos/responses/list';
import { afterPrefix } from './lastSource';

/** Lists a part of the bucket, page after page; `after` is the key after which it begins. */
export type List = (range: ListRange, after?: string) => AsyncGenerator<ListBucketResult>;

interface Page {
	objects: ListedObject[];
	folders: string[];
	isLast: boolean;
}

/** A listing as far as it was read. */
export class Stream {
	/** Whether all of it was looked at. */
	isDone = false;
	/** Key of the last object that was looked at: it comes after all before. */
	position = '';
	private pages: AsyncGenerator<ListBucketResult>;
	/** What keys begin with that another stream lists. */
	private readonly others: string[] = [];

	/** @param after the key after which it begins; undefined for the beginning */
	constructor(
		private readonly list: List,
		readonly range: ListRange,
		after?: string,
	) {
		this.pages = list(range, after);
	}

	/** Whether a key is looked at by this stream, if it is there. */
	owns(key: string): boolean {
		return isInRange(this.range, key) && !this.others.some((prefix) => key.startsWith(prefix));
	}

	/** Whether a key is not to come any more. */
	isPast(key: string): boolean {
		return this.isDone || compareKeys(key, this.position) <= 0;
	}

	/** From now on, keys that begin so are listed by another stream. */
	leaveOut(prefix: string): void {
		this.others.push(prefix);
		if (this.position.startsWith(prefix)) this.jumpOver(prefix);
	}

	/** The next page, without what another stream lists. */
	async read(): Promise<Page> {
		const next = await this.pages.next();
		const page = next.done ? undefined : next.value;
		const isLast = page?.nextMarker === undefined;
		const { objects = [], folders = [] } = page ?? {};
		const last = objects.at(-1)?.key;
		const other = this.others.find((prefix) => last?.startsWith(prefix));
		if (other !== undefined && !isLast) this.jumpOver(other);
		return { objects: objects.filter(({ key }) => this.owns(key)), folders, isLast };
	}

	private jumpOver(prefix: string): void {
		this.pages = this.list(this.range, afterPrefix(prefix));
	}
}
