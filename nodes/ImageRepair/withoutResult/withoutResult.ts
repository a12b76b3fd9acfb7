import { compareKeys } from '../../../cos/location/objectKey';
import { keyOfFileid } from '../../../cos/location/resultKey';
import { isInRange } from '../../../cos/requests/list';
import { storedAt, type ListBucketResult, type ListedObject } from '../../../cos/responses/list';
import type { ImageFilter, Sought } from '../../shared/imageFilter';
import type { LeftOut } from '../../shared/leftOut';
import { fillResultKey } from '../../shared/resultKey';
import { folderOfPrefix, lastSourceBy, prefixOfLast } from './lastSource';
import { covers, rangesToList } from './ranges';
import { Stream, type List } from './stream';

/** Images, or results, that may be held before results are read by themselves: two pages. */
const ROOM = 2000;

/** An image of which it is not known yet, or not told yet, that it has no result. */
interface Open {
	image: ListedObject;
	/** Keys of results that the listings have not reached. */
	awaited: Set<string>;
	isWithout: boolean;
}

/** A result whose image the listing has not reached. */
interface Early {
	/** The second in which it was stored. */
	second: number;
	/** The last key that its image can have. */
	lastSource: string;
}

/** The service tells times in whole seconds. */
function secondOf(object: ListedObject): number {
	return Math.floor(storedAt(object) / 1000);
}

/**
 * Finds images without an up-to-date result by comparing listings, each of which is read once. Held is what is
 * open alone: images until the listings are past the keys of their results, results until they are past the keys
 * of their images. Where results stand together far from their images, as in a folder of their own, they are read by
 * themselves once too much is open, and left out of the rest.
 */
class Comparison {
	private readonly ofImages: Stream;
	/** Where results are besides. */
	private readonly ofResults: Stream[];
	/** Parts of the images' list that are read by themselves. */
	private split: Stream[] = [];
	/** In the order of the listing. */
	private readonly open = new Set<Open>();
	private readonly awaiting = new Map<string, Open[]>();
	private readonly early = new Map<string, Early>();
	/** Of early results, before those are forgotten that nobody will ask for. */
	private roomForEarly: number;
	/** What stands before the first placeholder of each template. */
	private readonly literals: readonly string[];
	private readonly lastSources: Array<(result: string) => string | undefined>;

	constructor(
		private readonly list: List,
		private readonly filter: ImageFilter,
		private readonly templates: readonly string[],
		private readonly leftOut: LeftOut,
		private readonly room: number,
	) {
		const [images, ...others] = rangesToList(templates, filter);
		this.ofImages = new Stream(list, images);
		this.ofResults = others.map((range) => new Stream(list, range));
		this.roomForEarly = room;
		this.literals = templates.map((template) => template.replace(/\{.*$/s, ''));
		this.lastSources = templates.map((template) => lastSourceBy(template, filter));
	}

	/** Reads one page; undefined when all is read that counts. */
	async next(): Promise<ListedObject[] | undefined> {
		const stream = this.nextStream();
		if (!stream) return undefined;
		const page = await stream.read();
		const { objects } = page;
		const wanted = this.ofResults.includes(stream) ? new Set() : this.wantedOf(page);
		for (const object of objects) {
			stream.position = object.key;
			this.addResult(object);
			if (wanted.has(object)) this.addImage(object);
		}
		stream.isDone = page.isLast;
		this.endWaiting(stream);
		this.makeRoom();
		return this.takeDecided();
	}

	private wantedOf({ objects, folders }: ListBucketResult): Set<ListedObject> {
		const images = objects.filter(({ key }) => isInRange(this.filter, key));
		return new Set(this.leftOut.wanted({ objects: images, folders }));
	}

	/** How much is held. */
	get held(): number {
		return this.open.size + this.early.size;
	}

	/** Where the first open image waits for a result; otherwise where images come from. */
	private nextStream(): Stream | undefined {
		const [first] = this.open;
		const [key] = first?.awaited ?? [];
		if (key !== undefined) return this.ownerOf(key);
		return [this.ofImages, ...this.split].find(({ isDone }) => !isDone);
	}

	private ownerOf(key: string): Stream | undefined {
		const all = [...this.split, this.ofImages, ...this.ofResults];
		return all.find((stream) => stream.owns(key));
	}

	private addResult(object: ListedObject): void {
		const second = secondOf(object);
		const waiting = this.awaiting.get(object.key) ?? [];
		this.awaiting.delete(object.key);
		for (const one of waiting) this.settle(one, object.key, second);
		for (const lastSource of this.lastSources) {
			const last = lastSource(object.key);
			if (last === undefined || this.isPastImages(last)) continue;
			const known = this.early.get(object.key);
			if (known && compareKeys(known.lastSource, last) >= 0) continue;
			this.early.set(object.key, { second, lastSource: last });
		}
	}

	/** Whether no image comes any more whose key is this one, or is before it where it is the last of many. */
	private isPastImages(key: string): boolean {
		const folder = prefixOfLast(key);
		const inIt = this.split.filter(({ range: { prefix } }) =>
			folder === undefined ? key.startsWith(prefix) : prefix.startsWith(folder),
		);
		const streams = folder === undefined && inIt.length > 0 ? inIt : [this.ofImages, ...inIt];
		return streams.every((stream) => stream.isPast(key));
	}

	private addImage(image: ListedObject): void {
		const one: Open = { image, awaited: new Set(), isWithout: false };
		this.open.add(one);
		for (const template of this.templates) {
			const key = keyOfFileid(fillResultKey(template, image.key), image.key);
			const owner = key === image.key ? undefined : this.ownerOf(key);
			if (owner && !owner.isPast(key)) one.awaited.add(key);
			else if (!this.isUpToDate(one, this.early.get(key)?.second)) one.isWithout = true;
		}
		if (one.isWithout) one.awaited.clear();
		for (const key of one.awaited) {
			const others = this.awaiting.get(key);
			if (others) others.push(one);
			else this.awaiting.set(key, [one]);
		}
		this.forgetDone(one);
	}

	/** In doubt, within the same second, it is not. */
	private isUpToDate({ image }: Open, second: number | undefined): boolean {
		return second !== undefined && second > secondOf(image);
	}

	private settle(one: Open, key: string, second: number | undefined): void {
		one.awaited.delete(key);
		if (!this.isUpToDate(one, second)) {
			one.isWithout = true;
			one.awaited.clear();
		}
		this.forgetDone(one);
	}

	private forgetDone(one: Open): void {
		if (one.isWithout || one.awaited.size > 0 || !this.open.delete(one)) return;
		this.leftOut.addDone();
	}

	/** What a listing is past without having shown it is not there. */
	private endWaiting(stream: Stream): void {
		for (const [key, waiting] of this.awaiting) {
			if (!stream.owns(key) || !stream.isPast(key)) continue;
			this.awaiting.delete(key);
			for (const one of waiting) this.settle(one, key, undefined);
		}
	}

	private takeDecided(): ListedObject[] {
		const decided: ListedObject[] = [];
		for (const one of this.open) {
			if (!one.isWithout) break;
			this.open.delete(one);
			decided.push(one.image);
		}
		return decided;
	}

	private makeRoom(): void {
		if (this.early.size > this.roomForEarly) {
			for (const [key, { lastSource }] of this.early) {
				if (this.isPastImages(lastSource)) this.early.delete(key);
			}
			// Looked through each time that it has doubled, so that it is not the number of pages that counts.
			this.roomForEarly = Math.max(this.room, 2 * this.early.size);
			if (this.early.size > this.room) this.splitEarly();
		}
		if (this.open.size > this.room) this.splitAwaited();
		this.split = this.split.filter(({ isDone }) => !isDone);
	}

	/** Results that come before their images: the rest of them is read when images ask for it. */
	private splitEarly(): void {
		const [[key, { lastSource }] = ['', { lastSource: '' }]] = this.early;
		const prefix = this.prefixOf(key, lastSource);
		const { position } = this.ofImages;
		if (!position.startsWith(prefix) || lastSource.startsWith(prefix)) return;
		this.splitOff(prefix, position);
	}

	/** What the keys of further results begin with, as their folder or more. */
	private prefixOf(result: string, source: string): string {
		const folder = folderOfPrefix(result);
		const prefixes = this.literals.map((literal) => keyOfFileid(literal, source));
		return prefixes
			.filter((prefix) => result.startsWith(prefix))
			.reduce((longest, one) => (one.length > longest.length ? one : longest), folder);
	}

	/** Results that come after their images: they are read now. */
	private splitAwaited(): void {
		const [first] = this.open;
		const [key] = first?.awaited ?? [];
		if (!first || key === undefined || this.ownerOf(key) !== this.ofImages) return;
		const prefix = this.prefixOf(key, first.image.key);
		if (compareKeys(prefix, this.ofImages.position) > 0) this.splitOff(prefix);
	}

	private splitOff(prefix: string, after?: string): void {
		const { range, isDone } = this.ofImages;
		const part = { ...range, prefix };
		if (isDone || covers(part, range) || !covers(range, part)) return;
		const stream = new Stream(this.list, part, after);
		if (after !== undefined) stream.position = after;
		this.split.push(stream);
		this.ofImages.leaveOut(prefix);
	}
}

/**
 * The images of a list without an up-to-date result, in the order of the listing as far as none stands among
 * results that are read by themselves.
 *
 * @param leftOut counts what is left out
 * @param room images or results to hold before results are read by themselves
 * @param watch is told, after each page, how many are held
 * @throws whatever `list` throws
 */
export async function* imagesWithoutResult(
	list: List,
	filter: ImageFilter,
	{ templates }: Pick<Sought, 'templates'>,
	leftOut: LeftOut,
	room = ROOM,
	watch?: (held: number) => void,
): AsyncGenerator<ListedObject[]> {
	const comparison = new Comparison(list, filter, templates, leftOut, room);
	for (;;) {
		const images = await comparison.next();
		if (!images) return;
		watch?.(comparison.held);
		yield images;
	}
}
