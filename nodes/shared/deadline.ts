import { sleep } from 'n8n-workflow';

/**
 * The time that one call has: its signal fires when the time is up or the execution is cancelled.
 *
 * To be released when the call is over. The platform keeps a signal that somebody listens to until
 * its time is up, and with it the response: thousands of items would pile up for as long as Timeout
 * allows.
 */
export class Deadline {
	private readonly timeUp: AbortSignal;
	private readonly controller = new AbortController();
	private readonly abort = () => this.controller.abort();

	/** @param cancelled fires when the user stops the execution */
	constructor(
		milliseconds: number,
		private readonly cancelled?: AbortSignal,
	) {
		this.timeUp = AbortSignal.timeout(milliseconds);
		this.timeUp.addEventListener('abort', this.abort, { once: true });
		cancelled?.addEventListener('abort', this.abort, { once: true });
		if (cancelled?.aborted === true) this.abort();
	}

	get signal(): AbortSignal {
		return this.controller.signal;
	}

	get passed(): boolean {
		return this.timeUp.aborted;
	}

	/** Lets go of everything; `signal` does not fire any more. */
	release(): void {
		this.timeUp.removeEventListener('abort', this.abort);
		this.cancelled?.removeEventListener('abort', this.abort);
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
