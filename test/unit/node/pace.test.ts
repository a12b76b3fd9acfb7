import { storingCallsPerSecond } from '../../../cos/location/regions';
import { RateLimit, sharedRateLimit } from '../../../nodes/shared/pace';

beforeEach(() => {
	jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
	jest.useRealTimers();
});

test('requests are spread evenly, and none is made up for later', () => {
	const limit = new RateLimit(50);
	expect([limit.take(), limit.take(), limit.take()]).toEqual([0, 20, 40]);
	jest.setSystemTime(1000);
	expect([limit.take(), limit.take()]).toEqual([0, 20]);
});

test('0 is no limit', () => {
	const limit = new RateLimit(0);
	expect([limit.take(), limit.take()]).toEqual([0, 0]);
});

test('all runs share the limit of a bucket, and no other bucket waits for it', () => {
	expect(sharedRateLimit('a-1', 100).take()).toBe(0);
	expect(sharedRateLimit('a-1', 100).take()).toBe(10);
	expect(sharedRateLimit('b-1', 50).take()).toBe(0);
	expect(sharedRateLimit('a-1', 100).take()).toBe(20);
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
