import { createHash } from 'crypto';

import { storedAt, type ListedObject } from '../../cos/responses/list';
import { wayFrom } from './growth';

/** What a key grew out of. */
export interface Growth {
	/** The earlier key. */
	from: string;
	shape: string;
	/** Keys of the chain that grew in the same way, and in any way by their names. */
	alike: number;
	generation: number;
}

/** An image that was emitted. */
export interface Emitted {
	key: string;
	/** Milliseconds since 1970 by the service's clock, when the listing of that poll began. */
	at: number;
	/** How often in a row, each time changed soon after it was emitted. */
	times: number;
	growth?: Growth;
}

/** Why the trigger breaks off. */
export type Stop =
	| { reason: 'growing'; first: string; second: string; third: string }
	| { reason: 'repeating'; key: string; times: number; node: string };

/** What was emitted lately, and a sample of what was before: enough to notice that results come back. */
export interface Memory {
	/** Of the parameters it was made under; with others, it starts anew. */
	fingerprint: string;
	/** Oldest first. */
	emitted: readonly Emitted[];
	stop?: Stop;
}

/** How much is remembered, whatever the folder holds: keys, and bytes as JSON. */
export const MOST_KEYS = 200;
export const MOST_BYTES = 16_384;

/** An image, its result, and the result of that. */
const GENERATIONS = 3;
/** By names that grow in a different way each time, as images of one's own may by chance. */
const GENERATIONS_OF_ANY_KIND = 5;
/** How often one key is emitted, each time changed. */
const TIMES = 5;
/** A repair changes an image within minutes of its being emitted, or within an hour in a long queue. */
const SOON_MS = 3_600_000;

export function emptyMemory(fingerprint: string): Memory {
	return { fingerprint, emitted: [] };
}

/** The longest earlier key that this one could be a result of: it was stored after that was emitted. */
function growthOf(image: ListedObject, earlier: Iterable<Emitted>): Growth | undefined {
	const stored = storedAt(image);
	let growth: Growth | undefined;
	for (const { key, at, growth: before } of earlier) {
		// The service records the second in which an object was stored.
		if (Math.floor(at / 1000) * 1000 > stored) continue;
		if (growth && key.length <= growth.from.length) continue;
		const way = wayFrom(key, image.key);
		if (!way) continue;
		const { shape, isOfName } = way;
		growth = {
			from: key,
			shape,
			alike: before?.shape === shape ? before.alike + 1 : 2,
			generation: isOfName ? (before?.generation ?? 1) + 1 : 1,
		};
	}
	return growth;
}

function stopOf(
	{ key, times, growth }: Emitted,
	earlier: ReadonlyMap<string, Emitted>,
	storesUnseen: string | undefined,
): Stop | undefined {
	if (growth && (growth.alike >= GENERATIONS || growth.generation >= GENERATIONS_OF_ANY_KIND)) {
		const { from: second } = growth;
		const first = earlier.get(second)?.growth?.from ?? second;
		return { reason: 'growing', first, second, third: key };
	}
	return times > TIMES && storesUnseen !== undefined
		? { reason: 'repeating', key, times: times - 1, node: storesUnseen }
		: undefined;
}

/** Half of what there is room for: the first ones. */
function firstHalf(emitted: readonly Emitted[]): Emitted[] {
	const kept: Emitted[] = [];
	let bytes = 0;
	for (const one of emitted.slice(0, MOST_KEYS / 2)) {
		bytes += Buffer.byteLength(JSON.stringify(one)) + 1;
		if (bytes > MOST_BYTES / 2) break;
		kept.push(one);
	}
	return kept;
}

/** Has nothing to do with names or times, and is the same for an image and its result. */
function lotOf({ key, growth }: Emitted): string {
	return createHash('sha256')
		.update(growth?.from ?? key)
		.digest('hex');
}

/** In an order that draws the same images each time: the first of them are a sample. */
function drawn(emitted: readonly Emitted[]): Emitted[] {
	return emitted
		.map((one) => ({ one, lot: lotOf(one) }))
		.sort((a, b) => (a.lot < b.lot ? -1 : a.lot > b.lot ? 1 : 0))
		.map(({ one }) => one);
}

/**
 * The newest ones, and a sample of the others: with more images than there is room for, results come back
 * when the newest ones are others by far.
 */
function kept(emitted: readonly Emitted[]): Emitted[] {
	const newest = new Set(firstHalf([...emitted].reverse()));
	const sample = new Set(firstHalf(drawn(emitted.filter((one) => !newest.has(one)))));
	return emitted.filter((one) => newest.has(one) || sample.has(one));
}

/**
 * Remembers what is about to be emitted.
 *
 * @param images in the order in which they are emitted
 * @param at the service's clock when their listing began
 * @param storesUnseen a node behind the trigger that may store its results under the keys of the images,
 * for all that can be told; only then is a key that comes again and again more than a changed image
 * @returns with `stop` when they come of images that were emitted before: then none may be emitted
 */
export function remember(
	memory: Memory,
	images: readonly ListedObject[],
	at: number,
	storesUnseen: string | undefined,
): Memory {
	const earlier = new Map(memory.emitted.map((one) => [one.key, one]));
	const next = new Map(earlier);
	for (const image of images) {
		const { key } = image;
		const last = earlier.get(key);
		const isInRow = last !== undefined && storedAt(image) - last.at <= SOON_MS;
		const growth = last ? last.growth : growthOf(image, earlier.values());
		const one = { key, at, times: isInRow ? last.times + 1 : 1, ...(growth && { growth }) };
		const stop = stopOf(one, earlier, storesUnseen);
		if (stop) return { ...memory, stop };
		next.delete(key);
		next.set(key, one);
	}
	return { ...memory, emitted: kept([...next.values()]) };
}
