import { storedAt, type ListedObject } from '../../cos/responses/list';
import { FirstOf } from '../shared/firstOf';
import { oldestFirst } from '../shared/listing';

/**
 * The last image that was emitted, in the order of oldestFirst. Nothing else has to be remembered,
 * however many images there are: whatever comes after it has not been emitted yet.
 */
export interface Cursor {
	/** Milliseconds since 1970 by the service's clock, a whole second. */
	time: number;
	key: string;
}

/**
 * How long to wait before a second counts as over. The service records the second in which an object
 * was stored: within that second, another object could still appear before the one emitted last.
 */
export const SETTLING_MS = 2000;

/**
 * The time up to which images may be emitted: nothing new can be stored before it.
 *
 * @param serviceTime the service's clock before the listing began
 * @param minimumAge milliseconds that an image has to be old
 */
export function fenceAt(serviceTime: number, minimumAge: number): number {
	return serviceTime - Math.max(minimumAge, SETTLING_MS);
}

/** Where "from now on" begins: with objects stored in this second. */
export function cursorAt(serviceTime: number): Cursor {
	return { time: Math.floor(serviceTime / 1000) * 1000, key: '' };
}

/** Whether an object comes after the one emitted last. */
export function isAfter(object: ListedObject, { time, key }: Cursor): boolean {
	const own = storedAt(object);
	return own > time || (own === time && object.key > key);
}

/**
 * Picks the images to emit next from a listing in any order: the oldest ones after the cursor and before
 * the fence.
 */
export class NewImages {
	private readonly oldest: FirstOf<ListedObject>;
	/** The last one in the order of oldestFirst, whether it may be emitted yet or not. */
	newest: ListedObject | undefined;

	/**
	 * @param cursor undefined to start with the oldest image
	 * @param limit images at a time; the rest follow after the new cursor
	 */
	constructor(
		private readonly cursor: Cursor | undefined,
		private readonly fence: number,
		limit: number,
	) {
		this.oldest = new FirstOf(limit, oldestFirst);
	}

	offer(image: ListedObject): void {
		if (!this.newest || oldestFirst(image, this.newest) > 0) this.newest = image;
		if (storedAt(image) > this.fence) return;
		if (this.cursor && !isAfter(image, this.cursor)) return;
		this.oldest.add(image);
	}

	/** Images that may be emitted: all, or as many as are kept. */
	get count(): number {
		return this.oldest.size;
	}

	/** The images, oldest first, and the cursor after them; undefined when there are none. */
	take(): { images: ListedObject[]; cursor: Cursor } | undefined {
		const images = this.oldest.inOrder();
		const last = images.at(-1);
		return last && { images, cursor: { time: storedAt(last), key: last.key } };
	}
}
