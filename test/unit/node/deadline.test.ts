import { getEventListeners } from 'node:events';

import { Deadline } from '../../../nodes/shared/deadline';

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
