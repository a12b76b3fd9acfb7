import { Readable } from 'node:stream';
import fc from 'fast-check';

import { objectKey } from '../../../cos/location/objectKey';
import type { BucketName } from '../../../cos/location/bucket';
import {
	checkResults,
	resultKey,
	type ForResult,
	type Results,
} from '../../../cos/location/resultKey';
import type { Item } from '../../../nodes/ImageRepair/item';
import { lookForResults } from '../../../nodes/ImageRepair/results/lostResults';
import type { Before } from '../../../nodes/ImageRepair/run/outcome';
import type { Call } from '../../../nodes/shared/transport';
import { CallFailed } from '../../../nodes/shared/errors';
import { readFailure } from '../../../cos/responses/failure';
import { replaceSleep } from '../../quickSleep';

const source = objectKey('a.jpg');
const KEY = 'a-repaired.jpg';
const TARGETS = checkResults([{ target: resultKey(KEY, source) }]);

/** Milliseconds since 1970 by both clocks, of which the service's is `offset` ahead. */
let now = 0;

interface Bucket {
	/** By the service's clock. */
	storedAt: number;
	etag?: string;
}

interface World {
	offset?: number;
	/** What is in the bucket at a time of the service's clock. */
	bucket: (time: number) => Bucket | undefined;
	/** Changes what a response says. */
	headers?: (headers: Record<string, string>, look: number) => Record<string, string | undefined>;
	latency?: number;
	before?: Before;
	/** How long the call has taken when the looks begin. */
	begunAgo?: number;
	targets?: Results<ForResult>;
}

const httpDate = (time: number) => new Date(time).toUTCString();

/** Looks in a made-up world; tells whether the result was found, and how many looks it took. */
async function look({
	offset = 0,
	bucket,
	headers,
	latency = 0,
	before,
	begunAgo = 0,
	targets = TARGETS,
}: World) {
	const begunAt = now;
	now += begunAgo;
	let looks = 0;
	const transport = {
		call: async ({ read }: Call<unknown>) => {
			const number = looks++;
			now += latency;
			const time = now + offset;
			const object = bucket(time);
			const all = {
				'x-cos-request-id': `request ${number}`,
				date: httpDate(time),
				...(object && { 'last-modified': httpDate(object.storedAt), 'content-length': '1' }),
				...(object?.etag !== undefined && { etag: `"${object.etag}"` }),
			};
			const told = headers?.(all, number) ?? all;
			now += latency;
			if (!object) throw new CallFailed(readFailure(404, told, ''));
			return await read({
				status: 200,
				headers: told,
				host: '',
				secrets: () => [],
				body: Readable.from([]) as never,
			});
		},
	};
	const functions = { getExecutionCancelSignal: () => undefined };
	const item = { transport, functions } as unknown as Item;
	const [found] = await lookForResults(
		item,
		{ kind: 'object', key: source },
		targets,
		{ begunAt },
		[before],
	);
	return { found: found !== undefined, looks, lasted: now - begunAt };
}

beforeAll(() => {
	jest.spyOn(Date, 'now').mockImplementation(() => now);
	replaceSleep(async (milliseconds) => {
		now += milliseconds;
		await Promise.resolve();
	});
});
beforeEach(() => {
	now = Date.parse('2026-11-25T12:00:00.500Z');
});

/** The service stores the result so many milliseconds after the call began. */
const storedAfter = (milliseconds: number, etag = 'new') => {
	const storedAt = now + milliseconds;
	return (time: number) => (time >= storedAt ? { storedAt, etag } : undefined);
};
const storedBefore = (milliseconds: number, etag = 'old') => {
	const storedAt = now - milliseconds;
	return () => ({ storedAt, etag });
};

test('a result that is stored while it is looked for is found', async () => {
	expect(await look({ bucket: storedAfter(12_000) })).toMatchObject({ found: true, looks: 8 });
});

test('a result that is there at once is found by the first look', async () => {
	const bucket = storedAfter(2000);
	expect(await look({ bucket, begunAgo: 3000 })).toMatchObject({ found: true, looks: 1 });
});

test('a bucket that cannot be asked is not waited for', async () => {
	const bucket = 'otherbucket-1250000000' as BucketName;
	const elsewhere = checkResults([{ target: resultKey(KEY, source, bucket) }]);
	const { looks, lasted } = await look({ bucket: () => undefined, targets: elsewhere });
	expect([looks, lasted]).toEqual([0, 0]);
});

test('what never comes is looked for about half a minute', async () => {
	const { found, looks, lasted } = await look({ bucket: () => undefined });
	expect(found).toBe(false);
	expect(looks).toBe(9);
	expect(lasted).toBeGreaterThan(25_000);
	expect(lasted).toBeLessThan(35_000);
});

test('an object that was there before is not taken for the result', async () => {
	expect(await look({ bucket: storedBefore(1000) })).toMatchObject({ found: false });
});

test('an object of the very second in which the call began is not taken for the result', async () => {
	expect(await look({ bucket: storedBefore(1) })).toMatchObject({ found: false });
	expect(await look({ bucket: storedAfter(1) })).toMatchObject({ found: false });
});

test('the service’s clock counts, not that of this machine', async () => {
	for (const offset of [-3_600_000, 3_600_000]) {
		const storedAt = now + offset + 5000;
		const bucket = (time: number) => (time >= storedAt ? { storedAt, etag: 'new' } : undefined);
		expect(await look({ offset, bucket })).toMatchObject({ found: true });
		const old = now + offset - 5000;
		expect(await look({ offset, bucket: () => ({ storedAt: old, etag: 'old' }) })).toMatchObject({
			found: false,
		});
	}
});

test.each<[string, World['headers']]>([
	['no Date', (headers) => ({ ...headers, date: undefined })],
	['no Last-Modified', (headers) => ({ ...headers, 'last-modified': undefined })],
	['an Age, as from a cache', (headers) => ({ ...headers, age: '3' })],
	[
		'no request id, as from something in between',
		(headers) => ({ ...headers, 'x-cos-request-id': undefined }),
	],
	['a time of storing after the look', (headers) => ({ ...headers, date: httpDate(now - 60_000) })],
])('responses with %s prove nothing', async (_, headers) => {
	expect(await look({ bucket: storedAfter(3000), headers })).toMatchObject({ found: false });
});

test('a response that a cache repeats proves nothing, however old it becomes', async () => {
	let first: Record<string, string | undefined> | undefined;
	const { found, looks } = await look({
		bucket: storedBefore(5000),
		headers: (headers) => (first ??= headers),
	});
	expect([found, looks]).toEqual([false, 9]);
});

describe('with Overwrite Original', () => {
	test('the original itself is not taken for the result, whenever it was stored', async () => {
		const before = { etag: 'original', size: 1 };
		const bucket = storedAfter(3000, 'original');
		expect(await look({ bucket, before })).toMatchObject({ found: false });
	});

	test('another object that was stored since is the result', async () => {
		const before = { etag: 'original' };
		expect(await look({ bucket: storedAfter(3000), before })).toMatchObject({ found: true });
	});

	test('without the original’s ETag nothing proves that it was replaced', async () => {
		expect(await look({ bucket: storedAfter(3000), before: {} })).toMatchObject({ found: false });
	});

	test('an upload of the same size under another ETag may be the upload itself', async () => {
		const before = { etag: 'MD5 of the file', size: 1 };
		const bucket = storedAfter(3000, 'not an MD5');
		expect(await look({ bucket, before })).toMatchObject({ found: false });
	});
});

test('whatever the clocks, the delays and the moment: found means stored since, and what took two seconds is found', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.nat(999),
			fc.integer({ min: -100_000, max: 100_000 }),
			fc.integer({ min: -5000, max: 20_000 }),
			fc.nat(400),
			async (millisecond, offset, after, latency) => {
				now = Date.parse('2026-11-25T12:00:00Z') + millisecond;
				const storedAt = now + offset + after;
				const bucket = (time: number) => (time >= storedAt ? { storedAt, etag: 'any' } : undefined);
				const { found } = await look({ offset, bucket, latency });
				if (after < 0) expect(found).toBe(false);
				if (after >= 2000 + latency) expect(found).toBe(true);
			},
		),
		{ numRuns: 2000 },
	);
});
