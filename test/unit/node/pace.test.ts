import { storingCallsPerSecond } from '../../../cos/location/regions';
import { RateLimit, sharedRateLimit } from '../../../nodes/shared/pace';

beforeEach(() => {
	jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
	jest.useRealTimers();
});

/** Takes turns at the same time, and gives the times in milliseconds at which they came. */
function turns(limit: RateLimit, count: number, cancelled?: AbortSignal): number[] {
	const times: number[] = [];
	for (let n = 0; n < count; n++) void limit.turn(cancelled).then(() => times.push(Date.now()));
	return times;
}

test('requests are spread evenly, and none is made up for later', async () => {
	const limit = new RateLimit(50);
	const first = turns(limit, 3);
	await jest.advanceTimersByTimeAsync(1000);
	expect(first).toEqual([0, 20, 40]);
	const later = turns(limit, 2);
	await jest.advanceTimersByTimeAsync(1000);
	expect(later).toEqual([1000, 1020]);
});

test('what was missed while n8n was busy is not sent all at once', async () => {
	const limit = new RateLimit(50);
	const times = turns(limit, 30);
	await jest.advanceTimersByTimeAsync(5);
	// Timers are over, and nobody gets to know.
	jest.advanceTimersByTime(400);
	await jest.advanceTimersByTimeAsync(2000);
	expect(times).toHaveLength(30);
	const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
	expect(gaps.filter((gap) => gap < 20).length).toBeLessThanOrEqual(1);
});

test('timers that are a little late do not make it slower', async () => {
	const limit = new RateLimit(50);
	const times = turns(limit, 30);
	for (let n = 0; n < 30; n++) {
		await jest.advanceTimersByTimeAsync(19);
		jest.setSystemTime(Date.now() + 3);
	}
	await jest.advanceTimersByTimeAsync(100);
	expect(times.at(-1)).toBeLessThan(29 * 20 + 10);
});

test('who stops waiting takes nobody’s turn', async () => {
	const limit = new RateLimit(50);
	const execution = new AbortController();
	const before = turns(limit, 2);
	const stopped = turns(limit, 10, execution.signal);
	const after = turns(limit, 2);
	await jest.advanceTimersByTimeAsync(5);
	execution.abort();
	await jest.advanceTimersByTimeAsync(1000);
	expect([before, stopped, after]).toEqual([[0, 20], Array(10).fill(5), [40, 60]]);
});

test('0 is no limit', async () => {
	const times = turns(new RateLimit(0), 2);
	await jest.advanceTimersByTimeAsync(0);
	expect(times).toEqual([0, 0]);
});

test('all runs share the limit of a bucket, and no other bucket waits for it', async () => {
	const one = turns(sharedRateLimit('a-1', 100), 2);
	const other = turns(sharedRateLimit('b-1', 50), 1);
	const same = turns(sharedRateLimit('a-1', 100), 1);
	await jest.advanceTimersByTimeAsync(100);
	expect([one, other, same]).toEqual([[0, 10], [0], [20]]);
});

test.each([
	...['ap-beijing', 'ap-beijing-1', 'ap-nanjing', 'ap-shanghai', 'ap-guangzhou'].map(
		(region) => [region, 100] as const,
	),
	...['ap-chengdu', 'ap-chongqing'].map((region) => [region, 100] as const),
	...['ap-shenzhen-fsi', 'ap-shanghai-fsi', 'ap-beijing-fsi'].map(
		(region) => [region, 50] as const,
	),
	...['ap-hongkong', 'ap-singapore', 'eu-frankfurt', 'na-ashburn', 'sa-saopaulo', 'me-new'].map(
		(region) => [region, 50] as const,
	),
])('the service takes so many storing calls a second in %s: %i', (region, calls) => {
	expect(storingCallsPerSecond(region)).toBe(calls);
});
