import type { DetectedArea } from '../../../cos/detections/detectedArea';
import { present } from '../../../cos/values';
import type { FoundChoice } from '../area/area';
import { showRemote } from '../area/detect';
import { search, shownAreas } from '../area/locate';
import { lookAtImage } from '../area/source';
import { outputJson, type Done, type Item } from '../item';
import { readItemOptions } from '../parameters/options';
import { readSearches } from '../parameters/search';
import { withoutRepair } from '../results/dryRun';
import { jobOf } from '../run/jobOf';
import type { Outcome } from '../run/outcome';
import { repairOnce } from '../run/repairs';
import { beginWithImage, sourceOf } from './remoteImage';

/** What is found is told as it is. */
const AS_FOUND = { ifNothingFound: 'leaveOut', grow: { amount: 0, unit: 'pixels' } } as const;

/** Finds out what is in an image, and where. No repair is made. */
export async function detectMode(item: Item): Promise<Done> {
	const { get, account } = item;
	const { bucket } = account.location;
	const image = beginWithImage(item);
	const options = readItemOptions(get, account.location);
	const choices = readSearches(get).map((one): FoundChoice => ({ ...one, ...AS_FOUND }));
	const make = async (): Promise<Outcome> => {
		// Of an animation, a detector sees the first frame.
		const known = await lookAtImage(choices, image, item, { ...options, allowAnimated: true });
		const shown = showRemote(image, known);
		const areas: DetectedArea[] = [];
		for (const choice of choices) areas.push(...(await search(item, choice, shown)));
		const json = present({ ...sourceOf(image), bucket, ...known.size, ...shownAreas({ areas }) });
		return { how: 'detected', json };
	};
	const job = jobOf(
		bucket,
		image,
		choices.map((area) => ({ area })),
	);
	const { value, sameAs } = await repairOnce(item, job, options, {
		make,
		isThere: () => Promise.resolve(false),
	});
	const json = 'json' in value ? withoutRepair(value.json, sameAs) : {};
	return { how: 'detected', output: outputJson(item, json) };
}
