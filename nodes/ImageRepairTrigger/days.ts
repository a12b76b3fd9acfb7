import { storedAt, type ListedObject } from '../../cos/responses/list';
import { dayAfter, dayIn, type Day } from '../shared/dateFolder';
import { FirstOf } from '../shared/firstOf';
import { oldestFirst } from '../shared/listing';
import { isAfter, type Cursor, type NewImages } from './newImages';

/**
 * Whose folder is listed at every poll, and the last image of it that was emitted: each folder has a cursor of
 * its own, so that an image which somebody whose clock is fast stores in the folder of tomorrow is not lost.
 */
export interface OpenDay {
	/** The last day that the folder is of: one for a month is of many. */
	day: Day;
	cursor: Cursor;
}

/** Which folders with a date are listed. */
export interface Days {
	/** Images that were stored before are not meant, in milliseconds since 1970, by the service's clock. */
	from: number;
	/** The first day whose folder was not listed yet. */
	next: Day;
	/** In their order. At least one: the folder of today is open until tomorrow. */
	open: readonly OpenDay[];
}

/** How long nothing may be stored in a folder whose days are over, before it is listed no more. */
const QUIET_MS = 6 * 3_600_000;
/** Folders at a time, and days after which a folder is not listed any more, whatever is stored in it. */
const MOST_DAYS = 31;

/** The first days, as Start From says: all of today's folder, or what is stored from now on there and in yesterday's. */
export function firstDays(
	startFrom: 'now' | 'everything',
	today: Day,
	cursor: Cursor,
	folderOf: (day: Day) => string,
): Days {
	const first = startFrom === 'now' ? dayAfter(today, -1) : today;
	return withToday({ from: cursor.time, next: first, open: [] }, today, cursor, folderOf);
}

/**
 * Opens the folders of the days that have begun.
 *
 * @param last what was emitted last: a day that comes a second time, in another time zone, goes on there
 */
export function withToday(
	{ from, next, open: before }: Days,
	today: Day,
	last: Cursor,
	folderOf: (day: Day) => string,
): Days {
	const open = [...before];
	const add = (day: Day, cursor: Cursor) => {
		const same = open.findIndex((one) => folderOf(one.day) === folderOf(day));
		const known = open[same];
		if (!known) open.push({ day, cursor });
		else if (known.day < day) open[same] = { ...known, day };
	};
	let day = next;
	for (; day <= today && open.length < MOST_DAYS; day = dayAfter(day)) {
		add(day, { time: from, key: '' });
	}
	if (today < next) add(today, last);
	open.sort((a, b) => (a.day < b.day ? -1 : 1));
	return { from, next: day, open };
}

/** A folder that was listed to its end. */
export interface ListedDay {
	day: OpenDay;
	/** Its images, those behind its cursor as candidates. */
	images: NewImages;
}

/** The oldest images of several folders, and where each folder is after them. */
export function takeOldest(
	listed: readonly ListedDay[],
	limit: number,
): { images: ListedObject[]; cursors: Map<OpenDay, Cursor> } {
	const first = new FirstOf<{ image: ListedObject; day: OpenDay }>(limit, (a, b) =>
		oldestFirst(a.image, b.image),
	);
	for (const { day, images } of listed) {
		for (const image of images.take()?.images ?? []) first.add({ image, day });
	}
	const taken = first.inOrder();
	return {
		images: taken.map(({ image }) => image),
		cursors: new Map(
			taken.map(({ image, day }) => [day, { time: storedAt(image), key: image.key }]),
		),
	};
}

/**
 * Whether a folder need not be listed any more: its days are over, everything in it was emitted, and nothing was
 * stored there since a moment.
 *
 * @param dayThen the day of that moment
 */
function isQuiet(
	{ day, images: { newest } }: ListedDay,
	cursor: Cursor,
	quietSince: number,
	dayThen: Day,
): boolean {
	if (newest && isAfter(newest, cursor)) return false;
	const isStill = !newest || storedAt(newest) <= quietSince;
	return day.day < dayThen && (isStill || dayAfter(day.day, MOST_DAYS) < dayThen);
}

/** The days after a poll: with their cursors moved, and without the folders that are quiet. */
export function daysAfter(
	days: Days,
	listed: readonly ListedDay[],
	cursors: ReadonlyMap<OpenDay, Cursor>,
	now: number,
	timeZone: string,
): Days {
	const quietSince = now - QUIET_MS;
	const dayThen = dayIn(timeZone, new Date(quietSince));
	const byDay = new Map(listed.map((one) => [one.day, one]));
	const open = days.open.flatMap((day) => {
		const cursor = cursors.get(day) ?? day.cursor;
		const one = byDay.get(day);
		return one && isQuiet(one, cursor, quietSince, dayThen) ? [] : [{ ...day, cursor }];
	});
	return { ...days, open };
}
