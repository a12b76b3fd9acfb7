import type { EndlessList } from '../http/exchange';
import { compareKeys } from '../store/keyOrder';
import { listedRecord } from '../store/objectRecord';
import type { KeyPage, KeyRange } from '../store/store';

const MADE_UP = /~(?<number>\d{10})\.png$/;

/**
 * A made-up key in the range, after another key of it. It holds a counter, so that the next one can be
 * made up from it alone.
 */
function keyAfter(text: string, { prefix, delimiter }: KeyRange): string {
	const key = text.startsWith(prefix) ? text : prefix;
	const number = Number(MADE_UP.exec(key)?.groups?.number ?? 0) + 1;
	const start = key.replace(MADE_UP, '');
	// Otherwise it would be listed as the common prefix that it belongs to.
	const end = delimiter === '' ? -1 : start.indexOf(delimiter, prefix.length);
	const base = end < 0 ? start : start.slice(0, end);
	return `${base}~${String(number).padStart(10, '0')}.png`;
}

/** The last key or common prefix of a page. */
const lastEntry = ({ records, commonPrefixes }: KeyPage) =>
	[...records.map(({ key }) => key), ...commonPrefixes].sort(compareKeys).at(-1);

/**
 * One page of a list that never ends.
 * @param list the pages as they are
 */
export function endlessPage(
	as: EndlessList,
	range: KeyRange,
	list: (range: KeyRange) => KeyPage,
	now: number,
): KeyPage {
	const { marker, maxKeys, prefix } = range;
	const page = list(range);
	const usual = page.nextMarker ?? lastEntry(page) ?? keyAfter(marker, range);
	switch (as) {
		case 'sameMarker':
			return { ...page, nextMarker: marker === '' ? usual : marker };
		case 'pastMarker': {
			const first = lastEntry(list({ ...range, marker: '', maxKeys: 1 }));
			const start = first ?? keyAfter(prefix, range);
			return { ...page, nextMarker: compareKeys(start, marker) < 0 ? start : usual };
		}
		case 'emptyPages':
			return { records: [], commonPrefixes: [], nextMarker: keyAfter(marker, range) };
		case 'endless': {
			if (page.nextMarker !== undefined) return page;
			const records = [...page.records];
			let last = lastEntry(page) ?? marker;
			while (records.length + page.commonPrefixes.length < maxKeys) {
				last = keyAfter(last, range);
				records.push(listedRecord(last, 'image/png', now));
			}
			return { ...page, records, nextMarker: last };
		}
	}
}
