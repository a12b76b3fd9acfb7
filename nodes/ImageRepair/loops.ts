import type { IDataObject, IExecuteFunctions, INodeParameters } from 'n8n-workflow';

import type { BucketLocation } from '../../cos/location/endpoint';
import type { ForResult, Results } from '../../cos/location/resultKey';
import { isRecord } from '../../cos/values';
import { findsKey, readImageFilter, type ImageFilter } from '../shared/imageFilter';
import { InvalidParameter } from '../shared/invalidParameter';
import { LABELS } from '../shared/messages';
import { holdsExpression, type Get } from '../shared/parameters';
import type { StoredSource } from './area/source';
import type { Item } from './item';

/** A trigger above the node. */
interface Watcher {
	name: string;
	filter: ImageFilter;
	/** The bucket that it watches; undefined when its items are not at hand. */
	bucket?: string;
}

/** The value is known only where the trigger runs. */
class UnknownHere extends Error {}

/** @returns undefined for a filter that hangs on an expression, and for one that the trigger refuses */
function filterOf(parameters: INodeParameters, location: BucketLocation): ImageFilter | undefined {
	try {
		const get: Get = (name) => {
			const value = parameters[name];
			if (holdsExpression(value)) throw new UnknownHere(name);
			return value;
		};
		return readImageFilter(get, location, { hasDates: true });
	} catch {
		return undefined;
	}
}

function bucketIn(json: IDataObject | undefined): string | undefined {
	return typeof json?.bucket === 'string' ? json.bucket : undefined;
}

/** The bucket by the items that the trigger gave out in this execution. */
function watchedBucket(functions: IExecuteFunctions, trigger: string): string | undefined {
	try {
		const items: unknown = functions.getWorkflowDataProxy(0).$items(trigger);
		const first: unknown = Array.isArray(items) ? items[0] : undefined;
		return isRecord(first) ? bucketIn(first.json as IDataObject | undefined) : undefined;
	} catch {
		// n8n says "it has not run" by throwing.
		return undefined;
	}
}

function findWatchers(functions: IExecuteFunctions, location: BucketLocation): Watcher[] {
	const above = functions.getParentNodes(functions.getNode().name, {
		includeNodeParameters: true,
	});
	return above.flatMap(({ name, type, disabled, parameters = {} }) => {
		if (disabled || !type.endsWith('.imageRepairTrigger')) return [];
		const filter = filterOf(parameters, location);
		return filter ? [{ name, filter, bucket: watchedBucket(functions, name) }] : [];
	});
}

/** They are the same for all items of a run. */
const watchersOf = new WeakMap<IExecuteFunctions, Watcher[]>();

function watchers({ functions, account }: Item): Watcher[] {
	const known = watchersOf.get(functions);
	if (known) return known;
	const found = findWatchers(functions, account.location);
	watchersOf.set(functions, found);
	return found;
}

/**
 * Refuses to store what a trigger above the node would find: it would be repaired and billed at every
 * poll, forever. A trigger whose filter hangs on an expression is not held against the keys.
 *
 * @param overwrites whether the first result takes the place of the source
 * @throws InvalidParameter that names the trigger
 */
export function refuseFoundAgain(
	item: Item,
	source: StoredSource,
	results: Results<ForResult>,
	overwrites: boolean,
): void {
	const { functions, index, account } = item;
	const own = account.location.bucket;
	for (const { name: trigger, filter, bucket } of watchers(item)) {
		const watched = bucket ?? bucketIn(functions.getInputData()[index]?.json) ?? own;
		const isFound = (key: string) => findsKey(filter, key);
		if (watched === own && source.kind === 'upload' && isFound(source.key)) {
			throw new InvalidParameter(LABELS.storeAs, 'foundAgainOriginal', {
				key: source.key,
				trigger,
			});
		}
		const again = results.find(
			({ target }) => (target.bucket ?? own) === watched && isFound(target.key),
		);
		if (!again) continue;
		const { key } = again.target;
		if (overwrites && again === results[0]) {
			throw new InvalidParameter('Overwrite Original', 'foundAgainOverwritten', { key, trigger });
		}
		throw new InvalidParameter(LABELS.resultKey, 'foundAgainResult', { key, trigger });
	}
}
