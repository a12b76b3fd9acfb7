import { sleep } from 'n8n-workflow';

/**
 * The time limit of one call: the signal fires when the time is up or the execution is cancelled.
 *
 * Release it when the call is over. Node.js keeps a signal with listeners until its time is up, and the
 * response with it: thousands of items would stay in memory for as long as Timeout allows.
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

	/** Removes all listeners; `signal` no longer fires. */
	release(): void {
		this.timeUp.removeEventListener('abort', this.abort);
		this.cancelled?.removeEventListener('abort', this.abort);
	}
}

/** Waits; stops at once when the execution is cancelled. */
export async function pause(milliseconds: number, cancelled?: AbortSignal): Promise<void> {
	if (milliseconds <= 0) return;
	if (!cancelled) {
		await sleep(milliseconds);
		return;
	}
	// A separate signal for each pause, so that no listener stays on the signal of the execution.
	const signal = AbortSignal.any([cancelled]);
	if (signal.aborted) return;
	const aborted = new Promise<void>((resolve) => {
		signal.addEventListener('abort', () => resolve(), { once: true });
	});
	await Promise.race([sleep(milliseconds), aborted]);
}
