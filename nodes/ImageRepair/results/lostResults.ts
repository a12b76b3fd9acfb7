import type { ForResult, Results } from '../../../cos/location/resultKey';
import { pause } from '../../shared/deadline';
import type { LostCall } from '../../shared/transport';
import type { StoredSource } from '../area/source';
import type { Item } from '../item';
import type { Before } from '../run/outcome';
import { headObject, isReplaced, takesPlaceOf, type StoredObject } from './storedResults';

/**
 * Seconds between looks, about 30 in all: the service may still be at work. Each look falls on a part of
 * the service's second that is far from those of the looks before it: halves, then quarters, then eighths.
 */
const PAUSES_S = [0, 0.5, 0.75, 1.5, 1.375, 3.5, 3.75, 6.5, 11.1875];
const SECOND_MS = 1000;

/**
 * When a lost call began by the service's clock: not later than this. `Date` tells a second, so each
 * response bounds the moment to within one; looks at different parts of a second narrow it down.
 */
class Beginning {
	private latest = Infinity;

	constructor(private readonly begunAt: number) {}

	/**
	 * @param lookedAt the service's clock, as a response told it
	 * @param askedAt this machine's clock, before that response was asked for
	 */
	narrow(lookedAt: number, askedAt: number): void {
		const elapsed = askedAt - this.begunAt;
		this.latest = Math.min(this.latest, lookedAt + SECOND_MS - elapsed);
	}

	/** Whether something stored in this second was certainly stored after the call began. */
	isBefore(second: number): boolean {
		return second >= this.latest;
	}
}

function isOther({ etag, size }: StoredObject, before: Before | undefined): boolean {
	if (!before) return true;
	if (before.etag === undefined || etag === undefined) return false;
	return etag !== before.etag && (before.size === undefined || size !== before.size);
}

/** Looks again and again for what was stored under the result keys since a call began, and is not what was there before. */
async function lookForNew(
	{ transport, functions }: Item,
	targets: Results<ForResult>,
	{ begunAt }: LostCall,
	before: ReadonlyArray<Before | undefined>,
): Promise<ReadonlyArray<StoredObject | undefined>> {
	const beginning = new Beginning(begunAt);
	const seen = new Set<string>();
	const latest: Array<StoredObject | undefined> = targets.map(() => undefined);
	const cancelled = functions.getExecutionCancelSignal();

	const look = async (index: number, { target }: ForResult): Promise<void> => {
		const askedAt = Date.now();
		const object = await headObject(transport, target.key, 0).catch(() => undefined);
		const { requestId, lookedAt } = object ?? {};
		// The same response once more: it has come from a cache.
		if (requestId === undefined || seen.has(requestId)) return;
		seen.add(requestId);
		if (lookedAt !== undefined) beginning.narrow(lookedAt, askedAt);
		if (object && isOther(object, before[index])) latest[index] = object;
	};
	const isNew = ({ storedAt }: StoredObject) =>
		storedAt !== undefined && beginning.isBefore(storedAt);
	const found = () => latest.map((object) => (object && isNew(object) ? object : undefined));

	// The credential signs for its own bucket only.
	const canLook = [...targets.entries()].filter(([, { target }]) => target.bucket === undefined);
	const missing = () => canLook.filter(([index]) => !found()[index]);
	for (const seconds of PAUSES_S) {
		if (missing().length === 0) break;
		await pause(seconds * SECOND_MS, cancelled);
		if (cancelled?.aborted === true) break;
		for (const [index, result] of missing()) await look(index, result);
	}
	return found();
}

/**
 * Whether nothing speaks against it that an upload has arrived: the service stores it before it repairs it,
 * so where another image is under its key, or none, a new result was made by somebody else.
 */
async function mayHaveArrived(item: Item, source: StoredSource): Promise<boolean> {
	if (source.kind === 'object') return true;
	return !(await isReplaced(item, source, await source.image.md5()));
}

/**
 * Looks again and again for results of a call whose response was lost.
 *
 * Found means that this call made it: it was stored after the call began by the service's own clock,
 * no other item of the run writes that key (the run's register sees to that), it is not what was there
 * before, and nothing tells that the upload it would be made of never arrived.
 *
 * @param before for each result, what was under its key before the call, as far as it is known
 * @returns what this call has stored; undefined where that is not certain
 */
export async function lookForResults(
	item: Item,
	source: StoredSource,
	targets: Results<ForResult>,
	lost: LostCall,
	before: ReadonlyArray<Before | undefined> = [],
): Promise<ReadonlyArray<StoredObject | undefined>> {
	const found = await lookForNew(item, targets, lost, before);
	const isAny = found.some((object) => object !== undefined);
	if (!isAny || takesPlaceOf(source, targets)) return found;
	return (await mayHaveArrived(item, source)) ? found : targets.map(() => undefined);
}
