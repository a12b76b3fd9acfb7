import { LABELS } from './messages';
import { InvalidParameter } from './invalidParameter';
import { fillTemplate } from './resultKey';

/** A day of the calendar, as `2025-01-31`: days are in the order of their texts. */
export type Day = string;

/** The day of a moment in a time zone. */
export function dayIn(timeZone: string, moment: Date): Day {
	const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
		timeZone,
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
	});
	const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
	return [parts.get('year'), parts.get('month'), parts.get('day')].join('-');
}

/** The day that is a number of days later, or earlier. */
export function dayAfter(day: Day, days = 1): Day {
	// Days of UTC all have 24 hours.
	return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The placeholders of a date, and where each is in a day. */
const PLACES = { '{yyyy}': [0, 4], '{MM}': [5, 7], '{dd}': [8, 10] } as const;

type Placeholder = keyof typeof PLACES;

/** Also as somebody may write one by mistake: such a folder would be empty forever. */
const ANY_DATE = /\{(?:y+|m+|d+)\}/i;

/** The first placeholder of a date, also of a wrong one; undefined for a folder that has none. */
export function datePlaceholder(folder: string): string | undefined {
	return ANY_DATE.exec(folder)?.[0];
}

function fillDate(template: string, valueOf: (placeholder: Placeholder) => string): string {
	return fillTemplate(LABELS.folder, template, {
		'{yyyy}': () => valueOf('{yyyy}'),
		'{MM}': () => valueOf('{MM}'),
		'{dd}': () => valueOf('{dd}'),
	} satisfies Record<Placeholder, () => string>);
}

/** A folder for each day, month or year. No two of them hold the same key. */
export interface DateFolder {
	/** What the keys of a day's folder begin with. */
	prefixOn: (day: Day) => string;
	/** What a key has behind the folder of whatever date; undefined when it is in none. */
	restOf: (key: string) => string | undefined;
}

/**
 * @param template what keys begin with, with placeholders of a date
 * @throws InvalidParameter for an unknown placeholder, and for a date that comes again, as each month does
 */
export function dateFolder(template: string): DateFolder {
	const used = new Set<Placeholder>();
	fillDate(template, (placeholder) => {
		used.add(placeholder);
		return '';
	});
	const order = ['{yyyy}', '{MM}', '{dd}'] as const;
	const given = order.filter((one) => used.has(one));
	const part = given.at(-1);
	const missing = order.slice(0, part && order.indexOf(part)).find((one) => !used.has(one));
	if (part && missing) {
		throw new InvalidParameter(LABELS.folder, 'dateIncomplete', { part, missing });
	}
	const prefixOn = (day: Day) => fillDate(template, (one) => day.slice(...PLACES[one]));
	const length = prefixOn('2025-01-31').length;
	return {
		prefixOn,
		// A key with digits in these places: filled with its own, the template is what it begins with.
		restOf: (key) => {
			const day = dayOf(template, key);
			return day !== undefined && key.startsWith(prefixOn(day)) ? key.slice(length) : undefined;
		},
	};
}

/** The digits that a key has where the template has a date. */
function dayOf(template: string, key: string): Day | undefined {
	const digits = new Map<string, string>();
	let shift = 0;
	for (const { 0: placeholder, index } of template.matchAll(/\{\w+\}/g)) {
		const size = placeholder.length - 2;
		const value = key.slice(index - shift, index - shift + size);
		if (!/^\d+$/.test(value) || value.length < size) return undefined;
		digits.set(placeholder, value);
		shift += 2;
	}
	const part = (placeholder: Placeholder) => digits.get(placeholder) ?? '00';
	return [part('{yyyy}'), part('{MM}'), part('{dd}')].join('-');
}
