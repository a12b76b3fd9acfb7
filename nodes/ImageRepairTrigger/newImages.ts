import { storedAt, type ListedObject } from '../../cos/responses/list';
import { FirstOf } from '../shared/firstOf';
import { oldestFirst } from '../shared/listing';

/**
 * The last image that was given out, in the order of oldestFirst. It is all that has to be
 * remembered, however many images there are: whatever comes after it has not been given out.
 */
export interface Cursor {
	/** Milliseconds since 1970 by the service's clock, a whole second. */
	time: number;
	key: string;
}

/**
 * How long a second is left alone before it counts as over. The service keeps the second in which an
 * object was stored: in a second that is not over, another object could still appear in front of the
 * one that was given out last.
 */
export const SETTLING_MS = 2000;

/**
 * Up to which time images may be given out: nothing can be stored any more before it.
 *
 * @param serviceTime the service's clock before the listing began
 * @param minimumAge milliseconds that an image has to be old
 */
export function fenceAt(serviceTime: number, minimumAge: number): number {
	return serviceTime - Math.max(minimumAge, SETTLING_MS);
}

/** Where "from now on" begins: with what is stored in this second. */
export function cursorAt(serviceTime: number): Cursor {
	return { time: Math.floor(serviceTime / 1000) * 1000, key: '' };
}

/** Whether an object comes after what was given out last. */
function isAfter(object: ListedObject, { time, key }: Cursor): boolean {
	const own = storedAt(object);
	return own > time || (own === time && object.key > key);
}

/**
 * Picks what to give out next from a listing that comes in any order: the oldest images behind the
 * cursor and before the fence.
 */
export class NewImages {
	private readonly oldest: FirstOf<ListedObject>;

	/**
	 * @param cursor undefined to begin with the oldest of all
	 * @param limit images at a time; the others are the next ones behind the new cursor
	 */
	constructor(
		private readonly cursor: Cursor | undefined,
		private readonly fence: number,
		limit: number,
	) {
		this.oldest = new FirstOf(limit, oldestFirst);
	}

	offer(image: ListedObject): void {
		if (storedAt(image) > this.fence) return;
		if (this.cursor && !isAfter(image, this.cursor)) return;
		this.oldest.add(image);
	}

	/** The images, oldest first, and the cursor behind them; undefined when there are none. */
	take(): { images: ListedObject[]; cursor: Cursor } | undefined {
		const images = this.oldest.inOrder();
		const last = images.at(-1);
		return last && { images, cursor: { time: storedAt(last), key: last.key } };
	}
}
