import fc from 'fast-check';

import type { ListedObject } from '../../../cos/responses/list';
import { UnreadableResponse } from '../../../cos/responses/xml';
import { FirstOf } from '../../../nodes/shared/firstOf';
import { oldestFirst } from '../../../nodes/shared/listing';
import {
	cursorAt,
	fenceAt,
	NewImages,
	SETTLING_MS,
	type Cursor,
} from '../../../nodes/ImageRepairTrigger/newImages';
import { thrownBy } from '../cos/thrown';

const listed = (key: string, lastModified: string): ListedObject => ({
	key,
	lastModified,
	size: 1,
});

describe('the first of many', () => {
	it('are the same as after sorting all of them', () => {
		fc.assert(
			fc.property(fc.array(fc.nat(50), { maxLength: 40 }), fc.nat(9), (numbers, limit) => {
				const first = new FirstOf<number>(limit, (a, b) => a - b);
				// Enough rounds that the list is shortened in between.
				for (let round = 0; round < 60; round++) for (const number of numbers) first.add(number);
				const all = Array.from({ length: 60 }, () => numbers).flat();
				expect(first.inOrder()).toEqual(all.sort((a, b) => a - b).slice(0, limit));
			}),
			{ numRuns: 50, seed: 3 },
		);
	});

	it('are found without keeping or sorting all of them', () => {
		let comparisons = 0;
		const first = new FirstOf<number>(10, (a, b) => {
			comparisons++;
			return a - b;
		});
		let most = 0;
		for (let number = 0; number < 5000; number++) {
			first.add(number);
			const kept: unknown = Reflect.get(first, 'kept');
			if (Array.isArray(kept)) most = Math.max(most, kept.length);
		}
		expect(most).toBeGreaterThan(10);
		expect(most).toBeLessThanOrEqual(10 + 1000);
		// Sorting after every entry would need 45,000.
		expect(comparisons).toBeLessThan(10_000);
	});

	it('can be all of them', () => {
		const first = new FirstOf<number>(Infinity, (a, b) => a - b);
		for (let number = 3000; number > 0; number--) first.add(number);
		expect(first.inOrder()).toHaveLength(3000);
	});
});

it('"From Now On" starts with the second of the activation, for every key', () => {
	const now = Date.parse('2026-01-01T00:00:10.700Z');
	const next = new NewImages(cursorAt(now), fenceAt(now + 60_000, 0), 10);
	for (const second of ['09', '10', '11'])
		next.offer(listed(second, `2026-01-01T00:00:${second}Z`));
	expect(next.take()?.images.map(({ key }) => key)).toEqual(['10', '11']);
});

it('an image is emitted only after its second is over and it has reached the minimum age', () => {
	const time = Date.parse('2026-01-01T00:00:00Z');
	const emitted = (serviceTime: number, minimumAge: number) => {
		const next = new NewImages(undefined, fenceAt(serviceTime, minimumAge), 10);
		next.offer(listed('a.jpg', '2026-01-01T00:00:00.000Z'));
		return next.take() !== undefined;
	};
	expect(emitted(time + SETTLING_MS - 1, 0)).toBe(false);
	expect(emitted(time + SETTLING_MS, 0)).toBe(true);
	expect(emitted(time + 59_999, 60_000)).toBe(false);
	expect(emitted(time + 60_000, 60_000)).toBe(true);
});

it('an invalid date is an error', () => {
	const next = new NewImages(undefined, 0, 1);
	expect(thrownBy(() => next.offer(listed('a.jpg', 'yesterday')))).toBeInstanceOf(
		UnreadableResponse,
	);
});

/**
 * A bucket whose time is in milliseconds. It stores times in seconds, the clocks of its servers differ
 * by less than a second, and each page of a list shows the objects at the time of its request.
 */
class Bucket {
	private readonly objects = new Map<string, { storedAt: number; version: number }>();
	private versions = 0;

	put(key: string, time: number, skew: number): void {
		const storedAt = Math.floor((time - skew) / 1000) * 1000;
		this.objects.set(key, { storedAt, version: ++this.versions });
	}

	delete(key: string): void {
		this.objects.delete(key);
	}

	page(marker: string, size: number): Array<ListedObject & { etag: string }> {
		return [...this.objects]
			.filter(([key]) => key > marker)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.slice(0, size)
			.map(([key, { storedAt, version }]) => ({
				...listed(key, new Date(storedAt).toISOString()),
				etag: String(version),
			}));
	}

	get current(): string[] {
		return [...this.objects].map(([key, { version }]) => `${key} ${version}`).sort();
	}
}

type Step =
	| { kind: 'put'; key: string; skew: number }
	| { kind: 'delete'; key: string }
	| { kind: 'wait'; ms: number }
	/** `during` happens between its pages; it fails after `failsAfter` of them. */
	| { kind: 'poll'; pageSize: number; limit: number; during: Step[]; failsAfter: number }
	| { kind: 'restart' };

const key = fc.constantFrom('a', 'b', 'c', 'd/e', 'd/f', '图', '😀', 'z');
const change = fc.oneof(
	fc.record({ kind: fc.constant('put' as const), key, skew: fc.nat(999) }),
	fc.record({ kind: fc.constant('put' as const), key, skew: fc.nat(999) }),
	fc.record({ kind: fc.constant('delete' as const), key }),
	fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(1500) }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
	change,
	change,
	fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(10_000) }),
	fc.record({
		kind: fc.constant('poll' as const),
		pageSize: fc.integer({ min: 1, max: 4 }),
		limit: fc.integer({ min: 1, max: 4 }),
		during: fc.array(change, { maxLength: 6 }),
		failsAfter: fc.constantFrom(Infinity, Infinity, Infinity, 0, 1, 2),
	}),
	fc.record({ kind: fc.constant('restart' as const) }),
);

describe('in any sequence of uploads, changes, deletions, polls, failures and restarts', () => {
	/** Runs the steps, then polls until no image is left. Returns the emitted images in order. */
	function play(steps: readonly Step[], minimumAge: number, fromNowOn: boolean) {
		const bucket = new Bucket();
		let time = Date.parse('2026-01-01T00:00:00Z');
		let state: Cursor | undefined;
		const emitted: Array<{ name: string; at: number }> = [];

		const act = (one: Step): void => {
			if (one.kind === 'put') bucket.put(one.key, time, one.skew);
			if (one.kind === 'delete') bucket.delete(one.key);
			if (one.kind === 'wait') time += one.ms;
			if (one.kind === 'restart' && state) state = JSON.parse(JSON.stringify(state)) as Cursor;
			if (one.kind === 'poll') poll(one);
		};
		const poll = ({ pageSize, limit, during, failsAfter }: Step & { kind: 'poll' }): number => {
			const next = new NewImages(state, fenceAt(Math.floor(time / 1000) * 1000, minimumAge), limit);
			const between = [...during];
			let marker = '';
			for (let pages = 0; ; pages++) {
				if (pages === failsAfter) return 0;
				const page = bucket.page(marker, pageSize);
				for (const object of page) next.offer(object);
				const happening = between.shift();
				if (happening) act(happening);
				const last = page.at(-1);
				if (!last || page.length < pageSize) break;
				marker = last.key;
			}
			const found = next.take();
			if (!found) return 0;
			state = found.cursor;
			for (const { key: name, etag, lastModified } of found.images) {
				emitted.push({ name: `${name} ${etag ?? ''}`, at: Date.parse(lastModified) });
			}
			return found.images.length;
		};

		if (fromNowOn) state = cursorAt(time);
		for (const one of steps) act(one);
		time += minimumAge + 10_000;
		while (poll({ kind: 'poll', pageSize: 3, limit: 2, during: [], failsAfter: Infinity }) > 0);
		return { emitted, current: bucket.current };
	}

	it.each([
		[0, false],
		[0, true],
		[5000, false],
	])(
		'with a minimum age of %i ms: no image is missed or emitted twice, oldest first',
		(minimumAge, fromNowOn) => {
			fc.assert(
				fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
					// With "From Now On", a server whose clock is slow could store an image before the start.
					const first: Step[] = fromNowOn ? [{ kind: 'wait', ms: 1000 }] : [];
					const { emitted, current } = play([...first, ...steps], minimumAge, fromNowOn);
					const names = emitted.map(({ name }) => name);
					expect(new Set(names).size).toBe(names.length);
					expect(names).toEqual(expect.arrayContaining(current));
					const times = emitted.map(({ at }) => at);
					expect(times).toEqual([...times].sort((a, b) => a - b));
				}),
				{ numRuns: 1500, seed: 11 },
			);
		},
	);
});

it('the order of two objects does not depend on which one comes first', () => {
	const a = listed('a', '2026-01-01T00:00:00.000Z');
	const b = listed('b', '2026-01-01T00:00:00.000Z');
	expect([oldestFirst(a, b), oldestFirst(b, a), oldestFirst(a, a)]).toEqual([-1, 1, 0]);
});
