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

/** Milliseconds that a timer may outlive the end of a pause: n8n's `sleep` cannot be ended. */
const SLICE_MS = 2000;

async function sleepInSlices(milliseconds: number, cancelled?: AbortSignal): Promise<void> {
	for (let left = milliseconds; left > 0 && cancelled?.aborted !== true; left -= SLICE_MS) {
		await sleep(Math.min(left, SLICE_MS));
	}
}

/** Waits for something; stops waiting at once when the execution is cancelled. */
export async function unlessCancelled(
	something: Promise<void>,
	cancelled?: AbortSignal,
): Promise<void> {
	if (cancelled?.aborted === true) return;
	let stop: () => void = () => undefined;
	const stopped = new Promise<void>((resolve) => (stop = resolve));
	cancelled?.addEventListener('abort', stop, { once: true });
	try {
		await Promise.race([something, stopped]);
	} finally {
		cancelled?.removeEventListener('abort', stop);
	}
}

/** Waits; stops at once when the execution is cancelled. Leaves nothing behind but the rest of a slice. */
export async function pause(milliseconds: number, cancelled?: AbortSignal): Promise<void> {
	await unlessCancelled(sleepInSlices(milliseconds, cancelled), cancelled);
}
