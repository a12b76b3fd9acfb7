import { InvalidInput } from '../../cos/invalidInput';
import { isRecord } from '../../cos/values';
import { isImageOf, readPrefix, type ListRange } from '../../cos/requests/list';
import { resultKeyMatcher } from './resultKeyMatch';

/** Which images of the bucket are meant, as chosen in the editor. */
export interface ImageChoice extends ListRange {
	/** Whether an object is one of them, by its key. */
	isWanted: (object: { key: string }) => boolean;
}

function texts(value: unknown): string[] {
	const list: unknown[] = Array.isArray(value) ? value : [value];
	return list.filter((entry) => typeof entry === 'string');
}

function readResultKeys(value: unknown): Array<(key: string) => boolean> {
	const templates = texts(value);
	// Without any, nothing would be ignored: told like an empty one.
	return (templates.length === 0 ? [''] : templates).map(resultKeyMatcher);
}

function readFolder(value: unknown): string {
	const { mode, value: inner } = isRecord(value) ? value : { mode: 'path', value };
	const text = typeof inner === 'number' ? String(inner) : inner;
	return readPrefix(typeof text === 'string' ? text : '', mode === 'prefix');
}

/**
 * Reads Folder and the filters under it. Nothing is sent.
 *
 * @param get a parameter by its name
 * @throws InvalidInput that names the field
 */
export function readImageChoice(get: (name: string) => unknown): ImageChoice {
	const prefix = readFolder(get('folder'));
	const types = texts(get('fileTypes'));
	const matchers = get('ignoreRepaired') === true ? readResultKeys(get('resultKeys')) : [];
	return {
		prefix,
		includeSubfolders: get('includeSubfolders') === true,
		isWanted: ({ key }) => isImageOf(types, key) && !matchers.some((isResult) => isResult(key)),
	};
}

/** A number that an expression may give as text. */
function readNumber(value: unknown): number {
	return typeof value === 'string' && value.trim() === '' ? NaN : Number(value ?? NaN);
}

/** @throws InvalidInput unless Limit is a number of 1 or more */
export function readLimit(value: unknown): number {
	const limit = Math.floor(readNumber(value));
	if (limit >= 1) return limit;
	throw new InvalidInput('limit', 'is less than 1', 'Enter how many images you want, 1 or more.');
}

/**
 * @returns milliseconds
 * @throws InvalidInput unless Minimum Age is a number of 0 or more
 */
export function readMinimumAge(value: unknown): number {
	const seconds = readNumber(value);
	if (seconds >= 0) return seconds * 1000;
	throw new InvalidInput('minimumAge', 'is less than 0', 'Enter a number of seconds, 0 or more.');
}
