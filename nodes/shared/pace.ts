import { pause, unlessCancelled } from './deadline';

/** 30 s is where Tencent's SDK takes a clock to be off. */
const CLOCK_TOLERANCE_MS = 30_000;

/** The service's clock, as far as its responses have told it. */
export class ServiceClock {
	/** Milliseconds that the service is ahead of this machine. */
	offset = 0;

	/** Milliseconds since 1970. */
	now(): number {
		return Date.now() + this.offset;
	}

	/**
	 * @param serviceTime as the response told it, milliseconds since 1970
	 * @param sentWith the offset that the refused request was sent with: another item may have set it since
	 * @returns whether the request was off by so much that it is worth sending again
	 */
	set(serviceTime: number | undefined, sentWith: number): boolean {
		if (serviceTime === undefined) return false;
		const offset = serviceTime - Date.now();
		if (Math.abs(offset - sentWith) < CLOCK_TOLERANCE_MS) return false;
		this.offset = offset;
		return true;
	}
}

/** Spreads requests evenly. */
export class RateLimit {
	/** When the next request may be sent. */
	private next = 0;
	/** Is over when the last one in the queue has had its turn. */
	private queue: Promise<void> = Promise.resolve();

	/** @param perSecond 0 for any number */
	constructor(private readonly perSecond: number) {}

	/**
	 * Waits for the turn of one request, behind all that wait already; when the execution is cancelled, it stops
	 * waiting at once, and takes nobody's turn.
	 *
	 * Each turn is given when it comes. Were all of them given in advance, those that pass while n8n is busy with
	 * something else would be taken at once afterwards, more than the service allows.
	 */
	async turn(cancelled?: AbortSignal): Promise<void> {
		if (this.perSecond <= 0) return;
		this.queue = this.queue.then(async () => await this.first(cancelled));
		await unlessCancelled(this.queue, cancelled);
	}

	/** The turn of the first in the queue. */
	private async first(cancelled?: AbortSignal): Promise<void> {
		const gap = 1000 / this.perSecond;
		const wait = this.next - Date.now();
		await pause(wait, cancelled);
		if (cancelled?.aborted === true) return;
		const now = Date.now();
		// A timer is always a little late, which the next gap makes up for; no more than one request is made up for.
		this.next = (wait > 0 ? Math.max(this.next, now - gap) : now) + gap;
	}
}

/** By bucket and limit: for all runs in this process together. */
const shared = new Map<string, RateLimit>();

/** What all runs of this process may send to one bucket. */
export function sharedRateLimit(bucket: string, perSecond: number): RateLimit {
	const name = `${bucket} ${perSecond}`;
	const kept = shared.get(name);
	if (kept) return kept;
	const limit = new RateLimit(perSecond);
	shared.set(name, limit);
	return limit;
}
