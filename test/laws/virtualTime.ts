import { syncBuiltinESMExports } from 'node:module';
import { performance } from 'node:perf_hooks';
import { Transform, type TransformCallback } from 'node:stream';
import timers from 'node:timers/promises';
import zlib from 'node:zlib';

/**
 * Replaces the clock and the timers of this process by virtual ones. Virtual time stands still while
 * the process is at work and jumps to the next timer when it is idle: half a minute of waiting takes
 * about a millisecond, and no timeout is due only because the machine is busy.
 *
 * Import it before anything else: modules keep the functions that they find when they are loaded.
 */

interface Timer {
	/** virtual Unix milliseconds */
	at: number;
	readonly order: number;
	readonly fire: () => void;
	gone: boolean;
}

/** Timers that are due within this time fire together; virtual milliseconds. */
const TOGETHER = 20;
/** Share of a turn that the process must have waited for events to count as idle. */
const IDLE = 0.6;

/** Milliseconds of work that are less than what it takes to handle a message. */
const QUIET_MS = 0.3;

const realSetTimeout = globalThis.setTimeout;
const RealDate = globalThis.Date;

let now = RealDate.now();
let order = 0;
let queue: Timer[] = [];
let ticking = false;
let before = performance.eventLoopUtilization();

/** Names of what other threads do for the process, the end of which comes without a timer. */
const THREADS = ['FileHandle', 'FS', 'GetAddrInfo'];
const atWork = (resource: string) => THREADS.some((name) => resource.startsWith(name));

/** Streams that compress or decompress a chunk: Node.js does not list them. */
const zlibAtWork = new Set<Transform>();

type Transforming = (
	this: Transform,
	chunk: unknown,
	encoding: BufferEncoding,
	done: TransformCallback,
) => void;

/** The class that all streams of zlib have in common. */
function zlibPrototype(): { _transform: Transforming } {
	let prototype: object = zlib.Gunzip.prototype;
	for (;;) {
		const parent = Object.getPrototypeOf(prototype) as object;
		if (parent === Transform.prototype) return prototype as { _transform: Transforming };
		prototype = parent;
	}
}

function watchZlib(): void {
	const prototype = zlibPrototype();
	const { _transform: transform } = prototype;
	prototype._transform = function (chunk, encoding, done) {
		zlibAtWork.add(this);
		transform.call(this, chunk, encoding, (...values) => {
			zlibAtWork.delete(this);
			done(...values);
		});
	};
}

function threadsAtWork(): boolean {
	for (const stream of zlibAtWork) {
		// What fails is destroyed without a call of `done`.
		if (stream.destroyed) zlibAtWork.delete(stream);
	}
	return zlibAtWork.size > 0 || process.getActiveResourcesInfo().some(atWork);
}

function isIdle(): boolean {
	const { idle, active } = performance.eventLoopUtilization(before);
	before = performance.eventLoopUtilization();
	return idle > 0.5 && idle / (idle + active) >= IDLE && !threadsAtWork();
}

function nextTimer(): Timer | undefined {
	queue = queue.filter(({ gone }) => !gone);
	return queue.reduce<Timer | undefined>(
		(first, timer) => (first && first.at <= timer.at ? first : timer),
		undefined,
	);
}

function fireDue(): void {
	const due = queue.filter((timer) => !timer.gone && timer.at <= now);
	due.sort((a, b) => a.at - b.at || a.order - b.order);
	for (const timer of due) {
		if (timer.gone) continue;
		timer.gone = true;
		timer.fire();
	}
}

/** Whether nothing has come in since the look before. */
function isStillIdle(): boolean {
	const { active } = performance.eventLoopUtilization(before);
	return active < QUIET_MS;
}

function advance(): void {
	const next = nextTimer();
	if (!next) return;
	now = Math.max(now, next.at + TOGETHER);
	fireDue();
}

function goOn(): void {
	ticking = queue.some(({ gone }) => !gone);
	if (ticking) realSetTimeout(tick, 1);
}

function tick(): void {
	if (!isIdle()) {
		goOn();
		return;
	}
	// On a busy machine the process sleeps longer than it waits: what has come in meanwhile is handled
	// between this turn and the next one but one.
	setImmediate(() =>
		setImmediate(() => {
			if (isStillIdle()) advance();
			goOn();
		}),
	);
}

function addTimer(milliseconds: number, fire: () => void): Timer {
	const timer: Timer = {
		at: now + Math.max(1, Math.ceil(milliseconds) || 0),
		order: order++,
		fire,
		gone: false,
	};
	queue.push(timer);
	if (!ticking) {
		ticking = true;
		realSetTimeout(tick, 1);
	}
	return timer;
}

/** What `setTimeout` returns. */
class VirtualTimeout {
	private timer: Timer;
	constructor(
		private readonly milliseconds: number,
		private readonly fire: () => void,
	) {
		this.timer = addTimer(milliseconds, fire);
	}
	ref(): this {
		return this;
	}
	unref(): this {
		return this;
	}
	hasRef(): boolean {
		return true;
	}
	refresh(): this {
		this.timer.gone = true;
		this.timer = addTimer(this.milliseconds, this.fire);
		return this;
	}
	close(): this {
		this.timer.gone = true;
		return this;
	}
	[Symbol.dispose](): void {
		this.timer.gone = true;
	}
}

/** What it makes is of the same class as before, for `instanceof`. */
const VirtualDate = new Proxy(RealDate, {
	construct: (target, values) => {
		const made: unknown = Reflect.construct(target, values.length === 0 ? [now] : values);
		return made as Date;
	},
});

function virtualSetTimeout(
	fire: (...values: unknown[]) => void,
	milliseconds = 0,
	...values: unknown[]
): VirtualTimeout {
	return new VirtualTimeout(milliseconds, () => fire(...values));
}

const realClearTimeout = globalThis.clearTimeout;
function virtualClearTimeout(timeout: unknown): void {
	if (timeout instanceof VirtualTimeout) timeout.close();
	else realClearTimeout(timeout as NodeJS.Timeout);
}

/** `setTimeout` of `node:timers/promises`. */
async function virtualSleep<Value>(
	milliseconds = 0,
	value?: Value,
	{ signal }: { signal?: AbortSignal } = {},
): Promise<Value | undefined> {
	return await new Promise((resolve, reject) => {
		const stop = () => {
			timer.gone = true;
			reject(new DOMException('The operation was aborted', 'AbortError'));
		};
		const timer = addTimer(milliseconds, () => {
			signal?.removeEventListener('abort', stop);
			resolve(value);
		});
		if (signal?.aborted === true) stop();
		else signal?.addEventListener('abort', stop, { once: true });
	});
}

function virtualAbort(milliseconds: number): AbortSignal {
	const controller = new AbortController();
	addTimer(milliseconds, () => {
		controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
	});
	return controller.signal;
}

watchZlib();
Object.assign(RealDate, { now: () => now });
Object.assign(globalThis, {
	Date: VirtualDate,
	setTimeout: virtualSetTimeout,
	clearTimeout: virtualClearTimeout,
});
Object.assign(timers, { setTimeout: virtualSleep });
Object.assign(AbortSignal, { timeout: virtualAbort });
syncBuiltinESMExports();

/** Waits on the virtual clock. */
export async function wait(milliseconds: number): Promise<void> {
	await virtualSleep(milliseconds);
}
