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
	private nextSlot = 0;

	/** @param perSecond 0 for any number */
	constructor(private readonly perSecond: number) {}

	/** Takes the next place in the queue; gives the milliseconds to wait for it. */
	take(): number {
		if (this.perSecond <= 0) return 0;
		const now = Date.now();
		const slot = Math.max(now, this.nextSlot);
		this.nextSlot = slot + 1000 / this.perSecond;
		return slot - now;
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
