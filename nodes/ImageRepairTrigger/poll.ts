import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import type { ListedObject } from '../../cos/responses/list';
import type { Account } from '../../cos/signing/authorize';
import { dayAfter, dayIn, type Day } from '../shared/dateFolder';
import { FirstOf } from '../shared/firstOf';
import { filterOn, readImageFilter, type ImageFilter } from '../shared/imageFilter';
import { InvalidParameter } from '../shared/invalidParameter';
import { LeftOut } from '../shared/leftOut';
import { imageItem, listPage, listPages, newestFirst, type ListedPage } from '../shared/listing';
import { LABELS } from '../shared/messages';
import type { Get } from '../shared/parameters';
import { Transport } from '../shared/transport';
import { daysAfter, firstDays, takeOldest, withToday, type Days, type ListedDay } from './days';
import { fingerprintOf, refuseLoops, stopped, storesUnseen } from './loops';
import { emptyMemory, remember, type Memory } from './memory';
import { cursorAt, fenceAt, NewImages, type Cursor } from './newImages';
import { readPace, type Pace } from './parameters';
import { readState, writeState, type Shelf, type State } from './state';

/** The time that n8n allows a poll, in milliseconds; older versions of n8n set no limit. */
function pollBudget(functions: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
	return functions.getPollBudgetMs?.() ?? Infinity;
}

/** Images to emit. */
interface Found {
	/** Of a folder with a date. */
	days?: Days;
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
		this.filter = readImageFilter(get, account.location, { hasDates: true });
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
		const { dates, prefix: whole } = this.filter;
		const [prefix = ''] = dates ? whole.split('{', 1) : [whole];
		return (await listPage(this.transport, { ...this.filter, prefix }, undefined, 1)).askedAt;
	}

	private get timeZone(): string {
		return this.functions.getTimezone();
	}

	private today(serviceTime: number): Day {
		return dayIn(this.timeZone, new Date(serviceTime));
	}

	private readonly folderOf = (day: Day): string => filterOn(this.filter, day).prefix;

	/** The place to begin at, as Start From says. */
	firstState(serviceTime: number): State {
		const { startFrom } = this.pace;
		const cursor = startFrom === 'now' ? cursorAt(serviceTime) : { time: 0, key: '' };
		const { watching } = this;
		if (!this.filter.dates) return { watching, cursor };
		const days = firstDays(startFrom, this.today(serviceTime), cursor, this.folderOf);
		return { watching, cursor, days };
	}

	private async *pages(filter = this.filter): AsyncGenerator<ListedPage> {
		const end = Date.now() + pollBudget(this.functions);
		for await (const page of listPages(this.transport, filter)) {
			if (Date.now() > end && page.nextMarker !== undefined) throw tooLarge();
			yield page;
		}
	}

	/** @throws InvalidParameter that says why there is none */
	async newest(): Promise<ListedObject> {
		if (!this.filter.dates) {
			const { newest, leftOut } = await this.newestOf(this.filter);
			if (newest) return newest;
			const folder = this.filter.prefix || '/';
			const why = leftOut.why(true);
			throw new InvalidParameter(LABELS.folder, 'folderWithoutImage', { folder, why });
		}
		const today = this.today(await this.serviceTime());
		const now = await this.newestOf(filterOn(this.filter, today));
		if (now.newest) return now.newest;
		const { newest } = await this.newestOf(filterOn(this.filter, dayAfter(today, -1)));
		if (newest) return newest;
		throw new InvalidParameter(LABELS.folder, 'datesWithoutImage', {
			today: this.folderOf(today),
			timeZone: this.timeZone,
			why: now.leftOut.why(true),
		});
	}

	private async newestOf(filter: ImageFilter) {
		const first = new FirstOf(1, newestFirst);
		const leftOut = new LeftOut(filter);
		for await (const page of this.pages(filter)) {
			for (const image of leftOut.wanted(page)) first.add(image);
		}
		const [newest] = first.inOrder();
		return { newest, leftOut };
	}

	/**
	 * Lists the open folders, the oldest first, until there are enough images or the time is up. The first page
	 * tells the service's clock, and so which days have begun meanwhile.
	 *
	 * @returns the days as they are afterwards, also without images
	 */
	async nextOfDays(last: Cursor, before: Days): Promise<Found & { days: Days }> {
		const { minimumAge, limit } = this.pace;
		const end = Date.now() + pollBudget(this.functions);
		const pagesOf = (day: Day) => listPages(this.transport, filterOn(this.filter, day));
		const firstDay = before.open[0]?.day ?? before.next;
		const firstPages = pagesOf(firstDay);
		const first = await firstPages.next();
		if (first.done) throw tooLarge();
		const { askedAt } = first.value;
		const fence = fenceAt(askedAt, minimumAge);
		const days = withToday(before, this.today(askedAt), last, this.folderOf);
		const listed: ListedDay[] = [];
		let count = 0;
		let isCut = false;
		for (const day of days.open) {
			const isFirst = this.folderOf(day.day) === this.folderOf(firstDay);
			const pages = isFirst ? withFirst(first.value, firstPages) : pagesOf(day.day);
			const images = new NewImages(day.cursor, fence, limit);
			for await (const page of pages) {
				this.offer(images, page);
				isCut = Date.now() > end && page.nextMarker !== undefined;
				if (isCut) break;
			}
			// What was listed before is whole.
			if (isCut) break;
			listed.push({ day, images });
			count += images.count;
			isCut = Date.now() > end;
			if (isCut || count >= limit) break;
		}
		const { images, cursors } = takeOldest(listed, limit);
		const after = daysAfter(days, listed, cursors, askedAt, this.timeZone);
		const hasMoved = images.length > 0 || after.open.length < days.open.length;
		if (isCut && !hasMoved && listed.length < days.open.length) throw tooLarge();
		const cursor = [last, ...cursors.values()].reduce((a, b) => (b.time > a.time ? b : a));
		return { images, cursor, days: after, askedAt };
	}

	private offer(images: NewImages, { objects }: ListedPage): void {
		for (const object of objects) if (this.filter.isWanted(object)) images.offer(object);
	}

	async next(cursor: Cursor | undefined): Promise<Found | undefined> {
		const { minimumAge, limit } = this.pace;
		let next: NewImages | undefined;
		let begunAt = 0;
		for await (const page of this.pages()) {
			// The time of the first page counts for all: images that arrive meanwhile wait for the next poll.
			if (!next) {
				begunAt = page.askedAt;
				next = new NewImages(cursor, fenceAt(begunAt, minimumAge), limit);
			}
			this.offer(next, page);
		}
		const taken = next?.take();
		return taken && { ...taken, askedAt: begunAt };
	}
}

function tooLarge(): InvalidParameter {
	return new InvalidParameter(LABELS.folder, 'folderTooLarge', {});
}

async function* withFirst<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
	yield first;
	yield* rest;
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
	const { watching, pace, filter } = poll;
	const kept = readState(shelf, watching);
	let state = filter.dates && !kept?.days ? undefined : kept;
	// With a date, the days begin to count at once, also while no image is there.
	if (!state && (pace.startFrom === 'now' || filter.dates)) {
		state = poll.firstState(await poll.serviceTime());
		writeState(shelf, state);
		if (pace.startFrom === 'now') return null;
	}
	const memory = poll.memory(state?.memory);
	if (memory.stop) throw stopped(memory.stop);
	const found =
		filter.dates && state?.days
			? await poll.nextOfDays(state.cursor, state.days)
			: await poll.next(state?.cursor);
	if (!found) return null;
	if (found.images.length === 0) {
		if (state && JSON.stringify(state.days) !== JSON.stringify(found.days)) {
			writeState(shelf, { ...state, days: found.days });
		}
		return null;
	}
	const next = poll.remember(memory, found);
	if (next.stop) {
		if (state) writeState(shelf, { ...state, memory: next });
		throw stopped(next.stop);
	}
	const { cursor, days } = found;
	writeState(shelf, { watching, cursor, ...(days && { days }), memory: next });
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
