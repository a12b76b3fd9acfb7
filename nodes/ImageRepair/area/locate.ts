import type { IDataObject } from 'n8n-workflow';

import { detectedAreas, type DetectedArea } from '../../../cos/detections/detectedArea';
import { growArea } from '../../../cos/areas/growth';
import type { ImageSize } from '../../../cos/areas/points';
import { selectDetections } from '../../../cos/detections/search';
import { InvalidParameter } from '../../shared/invalidParameter';
import { LABELS } from '../../shared/messages';
import type { Item } from '../item';
import { isFound, placeArea, type AreaChoice, type FoundChoice, type PlacedArea } from './area';
import type { Detected } from '../run/outcome';
import { detect, type Question, type Shown } from './detect';

/** An area on its image. */
export interface LocatedArea extends PlacedArea {
	/** What was found for it; undefined for an area that nobody looked for. */
	readonly found?: readonly DetectedArea[];
	/** Set when nothing was found and the image is to be left as it is. */
	readonly isLeftOut?: true;
	/** Set when it is not known yet where it is: Dry Run does not look. */
	readonly isUnknown?: true;
}

function questionOf(choice: FoundChoice): Question {
	return choice.kind === 'text'
		? { kind: 'text', language: choice.search.language }
		: { kind: 'logo' };
}

/**
 * What a search finds in an image, of all that the detector sees there.
 *
 * @throws RepairFailed when the detection fails; no repair was billed
 */
export async function search(
	item: Item,
	choice: FoundChoice,
	shown: Shown,
): Promise<DetectedArea[]> {
	const { size } = shown.known;
	const all = await detect(item, questionOf(choice), shown);
	return detectedAreas(selectDetections(all, choice.search, size), size);
}

async function find(item: Item, choice: FoundChoice, shown: Shown): Promise<LocatedArea> {
	const found = await search(item, choice, shown);
	if (found.length > 0) {
		const polygons = found.map(({ polygon }) => polygon);
		return { polygons: growArea(polygons, choice.grow, shown.known.size), found };
	}
	switch (choice.ifNothingFound) {
		case 'automatic':
			return { found };
		case 'fail':
			throw new InvalidParameter(LABELS.area, 'nothingFound', {});
		case 'leaveOut':
			return { found, isLeftOut: true };
	}
}

/**
 * Places of an image to repair, one for each of its results: those that are given are put on it first, so
 * that nothing is paid for when one of them is wrong.
 */
export class Places {
	private readonly given: ReadonlyArray<PlacedArea | undefined>;

	/**
	 * @param size of the image, at least where `sizeNeed` of the areas requires it
	 * @throws InvalidInput when a shape does not fit the image
	 */
	constructor(
		private readonly item: Item,
		private readonly choices: readonly AreaChoice[],
		size: ImageSize | undefined,
	) {
		this.given = choices.map((choice) => (isFound(choice) ? undefined : placeArea(choice, size)));
	}

	/** Those that are known without a detector. */
	get known(): PlacedArea[] {
		return this.given.filter((area) => area !== undefined);
	}

	/**
	 * All of them, in their order.
	 *
	 * @param shown the image for the detector; undefined to leave unknown what it would find
	 * @throws InvalidParameter when nothing is found and the item is to fail then
	 * @throws RepairFailed when a detection fails; no repair was billed
	 */
	async locate(shown: Shown | undefined): Promise<LocatedArea[]> {
		const located: LocatedArea[] = [];
		for (const [index, choice] of this.choices.entries()) {
			const given = this.given[index];
			if (given) located.push(given);
			else if (!isFound(choice)) continue;
			else located.push(shown ? await find(this.item, choice, shown) : { isUnknown: true });
		}
		return located;
	}
}

/** All that was found for some areas, each once; nothing where nobody looked. */
export function detectedOf(areas: readonly LocatedArea[]): Detected {
	const lists = areas.flatMap(({ found }) => (found ? [found] : []));
	if (lists.length === 0) return {};
	const byText = new Map(lists.flat().map((found) => [JSON.stringify(found), found]));
	return { areas: [...byText.values()] };
}

/** The same for the output. */
export function shownAreas({ areas }: Detected): IDataObject {
	return areas ? { areas: areas.map((area) => ({ ...area })) } : {};
}

/** The same for the output of a repair. */
export function toldOf(detected: Detected): IDataObject {
	return detected.areas ? { repaired: true, ...shownAreas(detected) } : {};
}
