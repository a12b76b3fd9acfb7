import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import type { ListedObject } from '../../cos/responses/list';
import type { Account } from '../../cos/signing/authorize';
import { FirstOf } from '../shared/firstOf';
import { readImageFilter, type ImageFilter } from '../shared/imageFilter';
import { InvalidParameter } from '../shared/invalidParameter';
import { LeftOut } from '../shared/leftOut';
import { imageItem, listPage, listPages, newestFirst, type ListedPage } from '../shared/listing';
import { LABELS } from '../shared/messages';
import type { Get } from '../shared/parameters';
import { Transport } from '../shared/transport';
import { fingerprintOf, refuseLoops, stopped, storesUnseen } from './loops';
import { emptyMemory, remember, type Memory } from './memory';
import { cursorAt, fenceAt, NewImages, type Cursor } from './newImages';
import { readPace, type Pace } from './parameters';
import { readState, writeState, type Shelf } from './state';

/** The time that n8n allows a poll, in milliseconds; older versions of n8n set no limit. */
function pollBudget(functions: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
	return functions.getPollBudgetMs?.() ?? Infinity;
}

/** Images to emit. */
interface Found {
	/** Oldest first. */
	images: ListedObject[];
	cursor: Cursor;
	/** The service's clock when their listing began. */
	askedAt: number;
}

/** One poll of the bucket. */
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
		this.filter = readImageFilter(get, account.location);
		this.pace = readPace(get);
		this.transport = new Transport(functions, account);
	}

	/** What was emitted lately, unless the workflow has changed since. */
	memory(kept: Memory | undefined): Memory {
		const fingerprint = fingerprintOf(this.functions);
		return kept?.fingerprint === fingerprint ? kept : emptyMemory(fingerprint);
	}

	remember(memory: Memory, { images, askedAt }: Found): Memory {
		return remember(memory, images, askedAt, storesUnseen(this.functions, this.account.location));
	}

	/** Bucket and prefix that a cursor is valid for. */
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

	/** @throws InvalidParameter that says why there is none */
	async newest(): Promise<ListedObject> {
		const first = new FirstOf(1, newestFirst);
		const leftOut = new LeftOut(this.filter);
		for await (const page of this.pages()) {
			for (const image of leftOut.wanted(page)) first.add(image);
		}
		const [newest] = first.inOrder();
		if (newest) return newest;
		const folder = this.filter.prefix || '/';
		const why = leftOut.why(true);
		throw new InvalidParameter(LABELS.folder, 'folderWithoutImage', { folder, why });
	}

	async next(cursor: Cursor | undefined): Promise<Found | undefined> {
		const { minimumAge, limit } = this.pace;
		let next: NewImages | undefined;
		let begunAt = 0;
		for await (const { objects, askedAt } of this.pages()) {
			// The time of the first page counts for all: images that arrive meanwhile wait for the next poll.
			if (!next) {
				begunAt = askedAt;
				next = new NewImages(cursor, fenceAt(askedAt, minimumAge), limit);
			}
			for (const object of objects) if (this.filter.isWanted(object)) next.offer(object);
		}
		const taken = next?.take();
		return taken && { ...taken, askedAt: begunAt };
	}
}

/** "Fetch Test Event": the newest image alone, so that trying the workflow costs one repair. */
async function sample(poll: Poll): Promise<INodeExecutionData[][]> {
	return poll.items([await poll.newest()]);
}

/**
 * Starts at the first activation, later emits the next images; null when there are none. Once results come
 * back as new images, every poll refuses, until the workflow is changed.
 */
async function nextImages(poll: Poll, shelf: Shelf): Promise<INodeExecutionData[][] | null> {
	const { watching, pace } = poll;
	const state = readState(shelf, watching);
	if (!state && pace.startFrom === 'now') {
		writeState(shelf, { watching, cursor: cursorAt(await poll.serviceTime()) });
		return null;
	}
	const memory = poll.memory(state?.memory);
	if (memory.stop) throw stopped(memory.stop);
	const found = await poll.next(state?.cursor);
	if (!found) return null;
	const next = poll.remember(memory, found);
	if (next.stop) {
		if (state) writeState(shelf, { ...state, memory: next });
		throw stopped(next.stop);
	}
	writeState(shelf, { watching, cursor: found.cursor, memory: next });
	return poll.items(found.images);
}

/** The static data of nodes whose poll is running: n8n passes the same object to each poll of a node. */
const polling = new WeakSet<IDataObject>();

/**
 * Emits the next images, oldest first; null when there are none.
 *
 * The cursor moves only together with the images, at the very end: a poll that fails emits nothing, and the
 * next one begins where it did. n8n
 * starts a poll on schedule even while the previous one is running; such a poll does nothing, so that no
 * image is emitted twice and polls do not pile up.
 *
 * @throws InvalidParameter, CallFailed, ConnectionFailed, UnreadableResponse: see Transport.call
 */
export async function pollImages(
	functions: IPollFunctions,
	account: Account,
): Promise<INodeExecutionData[][] | null> {
	const poll = new Poll(functions, account);
	refuseLoops(functions, poll.filter, account.location);
	if (functions.getMode() === 'manual') return await sample(poll);
	const data = functions.getWorkflowStaticData('node');
	if (polling.has(data)) return null;
	polling.add(data);
	const { id, name } = functions.getNode();
	const ofWorkflow = functions.getWorkflowStaticData('global');
	try {
		return await nextImages(poll, { ofNode: data, ofWorkflow, id, name });
	} finally {
		polling.delete(data);
	}
}
