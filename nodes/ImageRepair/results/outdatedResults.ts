import type { ForResult, Results } from '../../../cos/location/resultKey';
import type { Item } from '../item';
import { placesOf } from './storedResults';

/** Results that the workflow remembers; beyond that, the oldest are forgotten. */
const MOST_REMEMBERED = 1000;

/** Where n8n keeps them: in the static data of the node, which it saves with an active workflow. */
const NAME = 'outdatedResults';

/** The same for executions that n8n saves nothing of, such as those of the editor, in this process. */
const inProcess = new Set<string>();

function namesOf(item: Item, results: Results<ForResult>): string[] {
	return placesOf(item, results).map(({ bucket, key }) => `${bucket}/${key}`);
}

function remembered({ functions }: Item): string[] {
	const kept: unknown = functions.getWorkflowStaticData('node')[NAME];
	const places: unknown[] = Array.isArray(kept) ? kept : [];
	return places.filter((place) => typeof place === 'string');
}

/** Whether a result is known to be of an image that was replaced while it was repaired. */
export function isOutdated(item: Item, results: Results<ForResult>): boolean {
	const places = namesOf(item, results);
	const kept = remembered(item);
	return places.some((place) => inProcess.has(place) || kept.includes(place));
}

/** Remembers that results are of an image that is no longer there, or that they are no longer. */
export function setOutdated(item: Item, results: Results<ForResult>, outdated: boolean): void {
	const places = namesOf(item, results);
	for (const place of places) inProcess.delete(place);
	if (outdated) for (const place of places) inProcess.add(place);
	for (const place of [...inProcess].slice(0, -MOST_REMEMBERED)) inProcess.delete(place);

	const before = remembered(item);
	const others = before.filter((place) => !places.includes(place));
	// Touched only when it changes: n8n saves it then.
	if (!outdated && others.length === before.length) return;
	const kept = outdated ? [...others, ...places] : others;
	item.functions.getWorkflowStaticData('node')[NAME] = kept.slice(-MOST_REMEMBERED);
}
