import type { ListedObject } from './answer';
import { FirstOf } from './firstOf';
import { oldestFirst, storedAt } from './listing';

/**
 * The last picture that was given out, in the order of oldestFirst. It is all that has to be
 * remembered, however many pictures there are: whatever comes after it has not been given out.
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
 * Up to which time pictures may be given out: nothing can be stored any more before it.
 *
 * @param serviceTime the service's clock before the listing began
 * @param minimumAge milliseconds that a picture has to be old
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
 * Picks what to give out next from a listing that comes in any order: the oldest pictures behind the
 * cursor and before the fence.
 */
export class NewPictures {
	private readonly oldest: FirstOf<ListedObject>;

	/**
	 * @param cursor undefined to begin with the oldest of all
	 * @param limit pictures at a time; the others are the next ones behind the new cursor
	 */
	constructor(
		private readonly cursor: Cursor | undefined,
		private readonly fence: number,
		limit: number,
	) {
		this.oldest = new FirstOf(limit, oldestFirst);
	}

	offer(picture: ListedObject): void {
		if (storedAt(picture) > this.fence) return;
		if (this.cursor && !isAfter(picture, this.cursor)) return;
		this.oldest.add(picture);
	}

	/** The pictures, oldest first, and the cursor behind them; undefined when there are none. */
	take(): { pictures: ListedObject[]; cursor: Cursor } | undefined {
		const pictures = this.oldest.inOrder();
		const last = pictures.at(-1);
		return last && { pictures, cursor: { time: storedAt(last), key: last.key } };
	}
}
