import type { FailedObject, ProcessedObject, UploadResult } from './uploadResult';

/** Where a result was to be stored. */
export interface AskedPlace {
	readonly key: string;
	readonly bucket: string;
}

/** A result that was asked for, and what the service says of it: with neither, it says nothing. */
export interface AssignedResult<Place extends AskedPlace> {
	readonly place: Place;
	readonly object?: ProcessedObject;
	readonly failed?: FailedObject;
}

/** An `Object` has no node for its bucket; the host in `Location` begins with it, but for a custom domain. */
function isIn(location: string | undefined, bucket: string): boolean {
	return location?.startsWith(`${bucket}.`) ?? false;
}

function isUnder(key: string | undefined, asked: string): boolean {
	return key === asked || key === `/${asked}`;
}

interface Named {
	key?: string;
	location?: string;
}

/**
 * Puts what the service names to the places that were asked for: by key and bucket, then by the key
 * alone; what is left, in the order in which it came, if there is as much of it as there are places.
 */
function assign<T extends Named>(
	places: readonly AskedPlace[],
	named: readonly T[],
	fillsRest: (rest: readonly T[], places: number) => boolean,
): Map<AskedPlace, T> {
	const assigned = new Map<AskedPlace, T>();
	const rest = new Set(named);
	const take = (fits: (one: T, place: AskedPlace) => boolean) => {
		for (const place of places) {
			const found = assigned.has(place) ? undefined : [...rest].find((one) => fits(one, place));
			if (found === undefined) continue;
			rest.delete(found);
			assigned.set(place, found);
		}
	};
	take(({ key, location }, place) => isUnder(key, place.key) && isIn(location, place.bucket));
	take(({ key }, place) => isUnder(key, place.key));
	if (fillsRest([...rest], places.length - assigned.size)) take(() => true);
	return assigned;
}

/**
 * What became of each result that was asked for, whatever order the service names them in, and however
 * many it leaves out.
 */
export function assignResults<Place extends AskedPlace>(
	places: readonly Place[],
	{ results, failed = [] }: Pick<UploadResult, 'results' | 'failed'>,
): Array<AssignedResult<Place>> {
	const made = assign(places, results, (rest, open) => rest.length === open);
	const without = places.filter((place) => !made.has(place));
	// A reason without a key belongs to one of those that are missing; a reason with another key to none.
	const reasons = assign(without, failed, (rest) => rest.every(({ key }) => key === undefined));
	return places.map((place) => {
		const object = made.get(place);
		const reason = reasons.get(place);
		return {
			place,
			...(object && {
				object: isUnder(object.key, place.key) ? { ...object, key: place.key } : object,
			}),
			...(reason && { failed: reason }),
		};
	});
}
