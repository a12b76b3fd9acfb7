import fc from 'fast-check';

import type { ListedObject } from '../../../cos/responses/list';
import {
	daysAfter,
	firstDays,
	takeOldest,
	withToday,
	type Days,
} from '../../../nodes/ImageRepairTrigger/days';
import {
	cursorAt,
	fenceAt,
	NewImages,
	type Cursor,
} from '../../../nodes/ImageRepairTrigger/newImages';
import { dateFolder, dayAfter, dayIn } from '../../../nodes/shared/dateFolder';
import { refusal } from './refusal';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2025-02-20T12:00:00Z');

it.each([
	['2025-02-28', 1, '2025-03-01'],
	['2024-02-28', 1, '2024-02-29'],
	['2025-01-01', -1, '2024-12-31'],
	['2025-03-09', 31, '2025-04-09'],
])('%s and %i days are %s', (day, days, expected) => {
	expect(dayAfter(day, days)).toBe(expected);
});

describe('a folder with a date', () => {
	it.each([
		['in/{yyyy}/{MM}/{dd}/', 'in/2025/01/31/'],
		['{dd}.{MM}.{yyyy}-', '31.01.2025-'],
		['{yyyy}/{yyyy}-{MM}/', '2025/2025-01/'],
		['图/{yyyy}/', '图/2025/'],
	])('%s is %s on that day, and knows its keys of any day', (template, prefix) => {
		const { prefixOn, restOf } = dateFolder(template);
		expect(prefixOn('2025-01-31')).toBe(prefix);
		expect(restOf(`${prefix}sub/a.jpg`)).toBe('sub/a.jpg');
		expect(restOf(`${prefixOn('1999-12-01')}a.jpg`)).toBe('a.jpg');
		expect(restOf(`x${prefix}a.jpg`)).toBeUndefined();
	});

	it.each(['in/2025/01/3/a.jpg', 'in/2025/01/3', 'in/2025/ab/31/a.jpg', 'in/2025/01/31', ''])(
		'does not take %s for a key of one of its days',
		(key) => {
			expect(dateFolder('in/{yyyy}/{MM}/{dd}/').restOf(key)).toBeUndefined();
		},
	);

	it.each([
		['{dd}/', 'Folder has {dd} without {yyyy}, so the same folder would come again'],
		['{yyyy}/{dd}/', 'Folder has {dd} without {MM}, so the same folder would come again'],
		['{yyyy}/{mm}/', 'Folder has the unknown placeholder {mm}'],
	])('%s is refused', (template, message) => {
		expect(refusal(() => dateFolder(template)).message).toBe(message);
	});
});

/** A trigger in a bucket without n8n: what `poll.ts` does with what it lists. */
class Watch {
	days: Days;
	last: Cursor;
	readonly emitted: string[] = [];
	readonly listed: string[][] = [];
	private readonly folderOf: (day: string) => string;

	constructor(
		template: string,
		private readonly timeZone: string,
		private readonly limit: number,
		now: number,
	) {
		this.folderOf = dateFolder(template).prefixOn;
		this.last = cursorAt(now);
		this.days = firstDays('now', dayIn(timeZone, new Date(now)), this.last, this.folderOf);
	}

	poll(bucket: readonly ListedObject[], now: number): void {
		const today = dayIn(this.timeZone, new Date(now));
		const days = withToday(this.days, today, this.last, this.folderOf);
		const listed = days.open.map((day) => {
			const images = new NewImages(day.cursor, fenceAt(now, 0), this.limit);
			const folder = this.folderOf(day.day);
			for (const one of bucket) if (one.key.startsWith(folder)) images.offer(one);
			return { day, images };
		});
		this.listed.push(days.open.map(({ day }) => this.folderOf(day)));
		const { images, cursors } = takeOldest(listed, this.limit);
		this.emitted.push(...images.map(({ key }) => key));
		this.days = daysAfter(days, listed, cursors, now, this.timeZone);
		for (const cursor of cursors.values()) if (cursor.time > this.last.time) this.last = cursor;
	}
}

const history = fc.record({
	template: fc.constantFrom('{yyyy}/{MM}/{dd}/', '{yyyy}-{MM}/', '{yyyy}/', '{dd}-{MM}-{yyyy}-'),
	timeZone: fc.constantFrom(
		...['UTC', 'Asia/Shanghai', 'America/New_York', 'Pacific/Kiritimati', 'Australia/Lord_Howe'],
	),
	limit: fc.constantFrom(1, 3, 50),
	/** Hours between the polls: n8n is off now and then. */
	polls: fc.array(
		fc.oneof(
			{ weight: 8, arbitrary: fc.integer({ min: 1, max: 50 }).map((tenths) => tenths / 10) },
			{ weight: 1, arbitrary: fc.integer({ min: 24, max: 1500 }) },
		),
		{ minLength: 5, maxLength: 40, size: 'max' },
	),
	/** When each image is stored, and how many hours off the clock is that names its folder. */
	images: fc.array(
		fc.record({
			at: fc.integer({ min: 0, max: 10_000 }).map((parts) => parts / 10_000),
			isSoon: fc.boolean(),
			off: fc.integer({ min: -55, max: 200 }).map((tenths) => tenths / 10),
		}),
		{ maxLength: 25, size: 'max' },
	),
});

test('every image is emitted once, whatever the clock that names its folder, and however long n8n is off', () => {
	fc.assert(
		fc.property(history, ({ template, timeZone, limit, polls, images }) => {
			const end = START + polls.reduce((sum, hours) => sum + hours, 0) * HOUR;
			const { prefixOn } = dateFolder(template);
			const bucket = images.map(({ at, isSoon, off }, index) => {
				const span = isSoon ? Math.min(end - START, 40 * HOUR) : end - START;
				const stored = Math.floor((START + 1000 + at * span) / 1000) * 1000;
				const day = dayIn(timeZone, new Date(stored + off * HOUR));
				const key = `${prefixOn(day)}${index}.jpg`;
				return { key, size: 1, lastModified: new Date(stored).toISOString() };
			});
			const watch = new Watch(template, timeZone, limit, START);
			let now = START;
			const poll = () =>
				watch.poll(
					bucket.filter(({ lastModified }) => Date.parse(lastModified) <= now),
					now,
				);
			for (const hours of polls) {
				now += hours * HOUR;
				poll();
				expect(watch.days.open.length).toBeLessThanOrEqual(32);
			}
			// The folder of tomorrow comes tomorrow, and what Limit has left out with the next polls.
			for (let more = 0; more < 40; more++) {
				now += 2 * HOUR;
				poll();
			}
			expect([...watch.emitted].sort()).toEqual(bucket.map(({ key }) => key).sort());
			now += 2 * DAY;
			poll();
			poll();
			const listed = watch.listed.at(-1) ?? [];
			expect(listed.at(-1)).toBe(prefixOn(dayIn(timeZone, new Date(now))));
			expect(listed.length).toBeLessThanOrEqual(2);
		}),
		{ numRuns: 100, seed: 16 },
	);
});

test('a folder in which somebody stores without end is listed for 31 days', () => {
	const watch = new Watch('{yyyy}/{MM}/{dd}/', 'UTC', 50, START);
	const bucket: ListedObject[] = [];
	for (let hour = 1; hour < 40 * 24; hour++) {
		const now = START + hour * HOUR;
		const lastModified = new Date(now - 60_000).toISOString();
		bucket.push({ key: `2025/02/20/${hour}.jpg`, size: 1, lastModified });
		watch.poll(bucket, now);
	}
	expect(watch.listed[30 * 24]).toContain('2025/02/20/');
	expect(watch.listed.at(-1)).toEqual(['2025/04/01/']);
	expect(watch.emitted.length).toBeGreaterThan(30 * 24);
});
