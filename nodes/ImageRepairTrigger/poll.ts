import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import type { ListedObject } from '../../cos/responses/list';
import type { Account } from '../../cos/signing/authorize';
import { FirstOf } from '../shared/firstOf';
import { readImageFilter, type ImageFilter } from '../shared/imageFilter';
import { InvalidParameter } from '../shared/invalidParameter';
import { imageItem, listPage, listPages, newestFirst, type ListedPage } from '../shared/listing';
import { LABELS } from '../shared/messages';
import type { Get } from '../shared/parameters';
import { Transport } from '../shared/transport';
import { refuseLoops } from './loops';
import { cursorAt, fenceAt, NewImages, type Cursor } from './newImages';
import { readPace, type Pace } from './parameters';
import { readState, writeState } from './state';

/** The time n8n gives a poll; versions of n8n that do not tell it, set none. */
function pollBudget(functions: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
	return functions.getPollBudgetMs?.() ?? Infinity;
}

/** One look into the bucket. */
class Poll {
	readonly filter: ImageFilter;
	readonly pace: Pace;
	private readonly transport: Transport;

	/** @throws InvalidInput, InvalidParameter that names the field */
	constructor(
		private readonly functions: IPollFunctions,
		private readonly account: Account,
	) {
		const get: Get = (name) => functions.getNodeParameter(name, null);
		this.filter = readImageFilter(get);
		this.pace = readPace(get);
		this.transport = new Transport(functions, account);
	}

	/** Bucket and prefix: what a cursor is good for. */
	get watching(): string {
		return `${this.account.location.bucket}/${this.filter.prefix}`;
	}

	items(images: readonly ListedObject[]): INodeExecutionData[][] {
		return [images.map((image) => ({ json: imageItem(this.account.location, image) }))];
	}

	/** The service's clock: one short response tells it. */
	async serviceTime(): Promise<number> {
		return (await listPage(this.transport, this.filter, undefined, 1)).askedAt;
	}

	private async *pages(): AsyncGenerator<ListedPage> {
		const end = Date.now() + pollBudget(this.functions);
		for await (const page of listPages(this.transport, this.filter)) {
			if (Date.now() > end && page.nextMarker !== undefined) {
				throw new InvalidParameter(LABELS.folder, 'folderTooLarge', {});
			}
			yield page;
		}
	}

	async newest(): Promise<ListedObject | undefined> {
		const newest = new FirstOf(1, newestFirst);
		for await (const { objects } of this.pages()) {
			for (const object of objects) if (this.filter.isWanted(object)) newest.add(object);
		}
		return newest.inOrder()[0];
	}

	async next(cursor: Cursor | undefined): Promise<ReturnType<NewImages['take']>> {
		const { minimumAge, limit } = this.pace;
		let next: NewImages | undefined;
		for await (const { objects, askedAt } of this.pages()) {
			// The clock of the first page holds for all: what arrives while they are read waits.
			next ??= new NewImages(cursor, fenceAt(askedAt, minimumAge), limit);
			for (const object of objects) if (this.filter.isWanted(object)) next.offer(object);
		}
		return next?.take();
	}
}

/** "Fetch Test Event": one real image, the newest, so that trying the workflow costs one repair. */
async function sample(poll: Poll): Promise<INodeExecutionData[][]> {
	const newest = await poll.newest();
	if (newest) return poll.items([newest]);
	const folder = poll.filter.prefix || '/';
	throw new InvalidParameter(LABELS.folder, 'folderWithoutImage', { folder });
}

/** Begins at the first activation, else gives out what comes next; null when there is nothing. */
async function nextImages(poll: Poll, data: IDataObject): Promise<INodeExecutionData[][] | null> {
	const { watching, pace } = poll;
	const state = readState(data, watching);
	if (!state && pace.startFrom === 'now') {
		writeState(data, { watching, cursor: cursorAt(await poll.serviceTime()) });
		return null;
	}
	const found = await poll.next(state?.cursor);
	if (!found) return null;
	writeState(data, { watching, cursor: found.cursor });
	return poll.items(found.images);
}

/** What n8n keeps for the nodes whose polls are not over: the same object for each poll of a node. */
const polling = new WeakSet<IDataObject>();

/**
 * Gives out the next images, oldest first; null when there are none.
 *
 * What is remembered changes only together with what is given out, at the very end: a poll that breaks
 * off is as if it had not been. n8n begins a poll at its time, also when the one before is not over;
 * such a poll is left to the next one, so that nothing is given out twice and none pile up.
 *
 * @throws InvalidParameter, CallFailed, ConnectionFailed, UnreadableResponse: see Transport.call
 */
export async function pollImages(
	functions: IPollFunctions,
	account: Account,
): Promise<INodeExecutionData[][] | null> {
	const poll = new Poll(functions, account);
	refuseLoops(functions, poll.filter);
	if (functions.getMode() === 'manual') return await sample(poll);
	const data = functions.getWorkflowStaticData('node');
	if (polling.has(data)) return null;
	polling.add(data);
	try {
		return await nextImages(poll, data);
	} finally {
		polling.delete(data);
	}
}
