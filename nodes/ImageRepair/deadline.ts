import { sleep } from 'n8n-workflow';

/**
 * The time that one call has: its signal fires when the time is up or the execution is cancelled.
 * The platform lets go of it by itself when the call is over.
 */
export class Deadline {
	private readonly timeUp: AbortSignal;
	readonly signal: AbortSignal;

	/** @param cancelled fires when the user stops the execution */
	constructor(milliseconds: number, cancelled?: AbortSignal) {
		this.timeUp = AbortSignal.timeout(milliseconds);
		this.signal = cancelled ? AbortSignal.any([this.timeUp, cancelled]) : this.timeUp;
	}

	get passed(): boolean {
		return this.timeUp.aborted;
	}
}

/** Waits, and stops waiting at once when the execution is cancelled. */
export async function pause(milliseconds: number, cancelled?: AbortSignal): Promise<void> {
	if (milliseconds <= 0) return;
	if (!cancelled) {
		await sleep(milliseconds);
		return;
	}
	// A signal of its own for each pause, so that no listener is left on the execution's.
	const signal = AbortSignal.any([cancelled]);
	if (signal.aborted) return;
	const aborted = new Promise<void>((resolve) => {
		signal.addEventListener('abort', () => resolve(), { once: true });
	});
	await Promise.race([sleep(milliseconds), aborted]);
}
