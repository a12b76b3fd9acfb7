import { CosFailure } from '../http/failure';
import { isObject } from '../http/json';
import { listedRecord, type ObjectRecord } from './objectRecord';

/** Numbered objects that can be listed and have no bytes: a million of them take a second or two. */
export interface Series {
	/** with `{n}` in the place of the number */
	readonly key: string;
	/** of each number; zeros fill it up */
	readonly digits: number;
	/** the first number */
	readonly first: number;
	readonly count: number;
	/** each number that this divides is left out; none by default */
	readonly leaveOut?: number;
	/** ISO 8601 */
	readonly lastModified: string;
}

const isCount = (value: unknown): value is number =>
	typeof value === 'number' && Number.isInteger(value) && value >= 0;

function isSeries(value: unknown): value is Series {
	if (!isObject(value)) return false;
	const { key, digits, first, count, leaveOut, lastModified } = value;
	return (
		typeof key === 'string' &&
		[digits, first, count, leaveOut ?? 1].every(isCount) &&
		typeof lastModified === 'string' &&
		!Number.isNaN(Date.parse(lastModified))
	);
}

/** @throws CosFailure unless the value is a list of series */
export function readSeries(value: unknown): Series[] {
	if (Array.isArray(value) && value.every(isSeries)) return value;
	throw new CosFailure(
		'InvalidArgument',
		'The series are a list of {"key", "digits", "first", "count", "leaveOut"?, "lastModified"}.',
	);
}

/** The objects of a series. */
export function* recordsOf(series: Series): Generator<ObjectRecord> {
	const lastModified = Date.parse(series.lastModified);
	const [before = '', after = ''] = series.key.split('{n}');
	for (let number = series.first; number < series.first + series.count; number++) {
		if (series.leaveOut !== undefined && number % series.leaveOut === 0) continue;
		const key = before + String(number).padStart(series.digits, '0') + after;
		yield listedRecord(key, 'image/jpeg', lastModified);
	}
}
