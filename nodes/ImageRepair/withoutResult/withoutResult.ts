import { compareKeys } from '../../../cos/location/objectKey';
import { keyOfFileid } from '../../../cos/location/resultKey';
import { isInRange } from '../../../cos/requests/list';
import { storedAt, type ListedObject } from '../../../cos/responses/list';
import type { ImageFilter, Sought } from '../../shared/imageFilter';
import type { LeftOut } from '../../shared/leftOut';
import { fillResultKey } from '../../shared/resultKey';
import type { Transport } from '../../shared/transport';
import { folderOfPrefix, lastOf, lastSourceBy } from './lastSource';
import { rangesToList } from './ranges';
import { Stream } from './stream';

/** Images, or results, that may be held before a folder of results is read by itself: two pages. */
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
 * of their images. Where results are in a folder of their own inside the list, it is read by itself once too much
 * is open, and left out of the rest.
 */
class Comparison {
	/** The first one lists the images. */
	private readonly listed: Stream[];
	/** Folders of results that are read by themselves. */
	private split: Stream[] = [];
	/** In the order of the listing. */
	private readonly open = new Set<Open>();
	private readonly awaiting = new Map<string, Open[]>();
	private readonly early = new Map<string, Early>();
	/** Of early results, before those are forgotten that nobody will ask for. */
	private room = ROOM;
	private readonly lastSources: Array<(result: string) => string | undefined>;

	constructor(
		private readonly transport: Transport,
		private readonly filter: ImageFilter,
		private readonly templates: readonly string[],
		private readonly leftOut: LeftOut,
	) {
		this.listed = rangesToList(templates, filter).map((range) => new Stream(transport, range));
		this.lastSources = templates.map((template) => lastSourceBy(template, filter));
	}

	/** Reads one page; undefined when all is read that counts. */
	async next(): Promise<ListedObject[] | undefined> {
		const stream = this.nextStream();
		if (!stream) return undefined;
		const { objects, folders } = await stream.read();
		const ofList = objects.filter(({ key }) => isInRange(this.filter, key));
		const wanted = new Set(this.leftOut.wanted({ objects: ofList, folders }));
		for (const object of objects) {
			stream.position = object.key;
			this.addResult(object);
			if (wanted.has(object)) this.addImage(object);
		}
		this.endWaiting(stream);
		this.makeRoom();
		return this.takeDecided();
	}

	/** Where the first open image waits for a result; otherwise where images come from. */
	private nextStream(): Stream | undefined {
		const [first] = this.open;
		const [key] = first?.awaited ?? [];
		if (key !== undefined) return this.ownerOf(key);
		return [...this.listed.slice(0, 1), ...this.split].find(({ isDone }) => !isDone);
	}

	private ownerOf(key: string): Stream | undefined {
		return [...this.split, ...this.listed].find((stream) => stream.owns(key));
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

	private isPastImages(key: string): boolean {
		const ofImages = [...this.split, ...this.listed.slice(0, 1)];
		return (ofImages.find((stream) => stream.owns(key)) ?? this.listed[0])?.isPast(key) ?? true;
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
		const [images] = this.listed;
		if (!images) return;
		if (this.early.size > this.room) {
			for (const [key, { lastSource }] of this.early) {
				if (this.isPastImages(lastSource)) this.early.delete(key);
			}
			this.room = Math.max(ROOM, 2 * this.early.size);
			const [[key, { lastSource }] = ['', { lastSource: '' }]] = this.early;
			const folder = folderOfPrefix(key);
			const isIn = images.position.startsWith(folder) && !lastSource.startsWith(folder);
			if (this.early.size > ROOM && isIn) this.splitOff(images, folder, images.position);
		}
		if (this.open.size > ROOM) {
			const [first] = this.open;
			const [key = ''] = first?.awaited ?? [];
			const folder = folderOfPrefix(key);
			if (images.owns(key) && compareKeys(folder, images.position) > 0) {
				this.splitOff(images, folder);
			}
		}
		this.split = this.split.filter(
			({ isDone, range }) => !isDone || !images.isPast(lastOf(range.prefix)),
		);
	}

	/** Reads a folder by itself from now on. */
	private splitOff(images: Stream, prefix: string, after?: string): void {
		const { range, isDone } = images;
		if (isDone || !range.includeSubfolders || prefix.length <= range.prefix.length) return;
		const stream = new Stream(this.transport, { prefix, includeSubfolders: true }, after);
		if (after !== undefined) stream.position = after;
		this.split.push(stream);
		images.leaveOut(prefix);
	}
}

/**
 * The images of a list without an up-to-date result, in the order of the listing as far as no folder of results
 * holds images too.
 *
 * @param leftOut counts what is left out
 * @throws whatever Transport.call throws
 */
export async function* imagesWithoutResult(
	transport: Transport,
	filter: ImageFilter,
	{ templates }: Sought,
	leftOut: LeftOut,
): AsyncGenerator<ListedObject[]> {
	const comparison = new Comparison(transport, filter, templates, leftOut);
	for (;;) {
		const images = await comparison.next();
		if (!images) return;
		yield images;
	}
}
