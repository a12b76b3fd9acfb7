import { getEventListeners } from 'node:events';
import { setTimeout as realSleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { Deadline, pause } from '../../../nodes/shared/deadline';
import { replaceSleep } from '../../quickSleep';

const HOUR = 3_600_000;

it('fires if the execution is cancelled, without counting as passed', () => {
	const execution = new AbortController();
	const deadline = new Deadline(HOUR, execution.signal);
	expect(deadline.signal.aborted).toBe(false);
	execution.abort();
	expect(deadline.signal.aborted).toBe(true);
	expect(deadline.passed).toBe(false);
});

it('has already fired if the execution was cancelled before', () => {
	expect(new Deadline(HOUR, AbortSignal.abort()).signal.aborted).toBe(true);
});

it('fires when the time is up', async () => {
	const deadline = new Deadline(1);
	await new Promise((resolve) => deadline.signal.addEventListener('abort', resolve));
	expect(deadline.passed).toBe(true);
});

it('leaves no listeners behind once it is released', () => {
	const clock = jest.spyOn(AbortSignal, 'timeout');
	const execution = new AbortController();
	const listeners = () => [
		getEventListeners(execution.signal, 'abort').length,
		...clock.mock.results.map(
			({ value }) => getEventListeners(value as AbortSignal, 'abort').length,
		),
	];
	const deadlines = [1, 2, 3].map(() => new Deadline(HOUR, execution.signal));
	expect(listeners()).toEqual([3, 1, 1, 1]);
	for (const deadline of deadlines) deadline.release();
	expect(listeners()).toEqual([0, 0, 0, 0]);
	execution.abort();
	expect(deadlines.map(({ signal }) => signal.aborted)).toEqual([false, false, false]);
	clock.mockRestore();
});

describe('a pause', () => {
	afterEach(() => {
		replaceSleep(realSleep);
	});

	it('takes its time, in slices', async () => {
		const slept: number[] = [];
		replaceSleep(async (milliseconds) => {
			slept.push(milliseconds);
		});
		await pause(8100);
		expect(slept).toEqual([2000, 2000, 2000, 2000, 100]);
		await pause(0);
		await pause(-1);
		expect(slept).toHaveLength(5);
	});

	it('ends at once when the execution is cancelled, and leaves no timer but that of its slice', async () => {
		const execution = new AbortController();
		let timers = 0;
		let end: () => void = () => undefined;
		replaceSleep(async () => {
			timers++;
			await new Promise<void>((resolve) => (end = resolve));
		});
		const paused = pause(HOUR, execution.signal);
		execution.abort();
		await paused;
		end();
		await new Promise(setImmediate);
		expect(timers).toBe(1);
		await pause(HOUR, execution.signal);
		expect(timers).toBe(1);
	});

	it('leaves nothing in memory, however many there are', async () => {
		setFlagsFromString('--expose-gc');
		const collect = runInNewContext('gc') as () => void;
		const execution = new AbortController();
		replaceSleep(async () => undefined);
		const heapAfter = async (pauses: number) => {
			for (let count = 0; count < pauses; count++) await pause(1, execution.signal);
			// What was freed is swept in a later turn.
			await new Promise(setImmediate);
			collect();
			return process.memoryUsage().heapUsed;
		};
		const before = await heapAfter(1000);
		// A signal of its own for each would take 40 MB and more.
		expect((await heapAfter(100_000)) - before).toBeLessThan(4_000_000);
		expect(getEventListeners(execution.signal, 'abort')).toHaveLength(0);
	});
});
