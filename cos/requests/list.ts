import { UnreadableAnswer, type ListedObject } from '../responses/xml';
import type { Parameters } from '../signing/encoding';
import type { CosRequest } from './imageRepair';
import { InvalidInput } from '../invalidInput';
import type { Comparison } from '../../nodes/shared/firstOf';
import { MAX_KEY_BYTES } from '../limits';
import { formatOfFileName, REPAIRABLE_TYPES } from '../responses/imageFormat';

/** The service gives up to 1,000 objects a page. */
const PAGE_SIZE = 1000;

/** A part of a bucket. */
export interface ListRange {
	/** What all keys begin with; '' for the whole bucket. */
	prefix: string;
	/** Whether keys with a further `/` behind the prefix belong to it. */
	includeSubfolders: boolean;
}

/**
 * Asks for a page of a listing. Keys come percent-encoded, since XML cannot hold every character.
 *
 * @param marker the key after which the page begins
 * @param maxKeys objects and folders on the page
 */
export function listRequest(
	{ prefix, includeSubfolders }: ListRange,
	marker?: string,
	maxKeys = PAGE_SIZE,
): CosRequest {
	const query: Parameters = [
		['prefix', prefix],
		...(includeSubfolders ? [] : [['delimiter', '/'] as const]),
		['max-keys', String(maxKeys)],
		['encoding-type', 'url'],
		...(marker === undefined ? [] : [['marker', marker] as const]),
	];
	return { method: 'GET', key: '', query, headers: {} };
}

/**
 * What the keys of a folder begin with. A leading slash counts from the top of the bucket, as it does
 * in a result key; `/` alone is the whole bucket.
 *
 * @param exact whether the text is taken as it is, where a folder's name gets its `/` at the end
 * @throws InvalidInput when no key can begin so
 */
export function readPrefix(text: string, exact: boolean): string {
	if (text === '') {
		throw new InvalidInput(
			'folder',
			'is empty',
			'Choose a folder from the list, or enter its path. For example: photos/2025. A single / means the whole bucket.',
		);
	}
	const path = text.startsWith('/') ? text.slice(1) : text;
	const prefix = exact || path === '' || path.endsWith('/') ? path : `${path}/`;
	if (/\p{Surrogate}/u.test(prefix) || prefix.includes('\0')) {
		throw new InvalidInput(
			'folder',
			'holds a character that no key can have',
			'Remove the broken character; it often comes from a text that was cut in the middle of an emoji.',
		);
	}
	if (new TextEncoder().encode(prefix).length > MAX_KEY_BYTES) {
		throw new InvalidInput(
			'folder',
			`is longer than ${MAX_KEY_BYTES} bytes`,
			'Use a shorter path. A Chinese character counts as three bytes.',
		);
	}
	return prefix;
}

/**
 * Whether an object is an image, by the extension of its key, and of a wanted type.
 *
 * @param types MIME types; none means all that can be repaired
 */
export function isImageOf(types: readonly string[], key: string): boolean {
	const wanted = types.length === 0 ? REPAIRABLE_TYPES : types;
	const type = formatOfFileName(key)?.mimeType;
	return wanted.some((one) => one === type);
}

/**
 * When an object was stored, in milliseconds since 1970, by the service's clock.
 *
 * @throws UnreadableAnswer when the answer does not say
 */
export function storedAt({ lastModified }: ListedObject): number {
	const time = Date.parse(lastModified);
	if (Number.isNaN(time)) throw new UnreadableAnswer('The answer holds a date that is none');
	return time;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Oldest first, those of one second by their keys: an order that no two objects share a place in. */
export const oldestFirst: Comparison<ListedObject> = (a, b) =>
	storedAt(a) - storedAt(b) || byText(a.key, b.key);

export const newestFirst: Comparison<ListedObject> = (a, b) => oldestFirst(b, a);

/** The orders to list images in; without one, they come as the service lists them, by key. */
export const ORDERS: Readonly<Record<string, Comparison<ListedObject>>> = {
	oldest: oldestFirst,
	newest: newestFirst,
	largest: (a, b) => b.size - a.size || byText(a.key, b.key),
	smallest: (a, b) => a.size - b.size || byText(a.key, b.key),
};
