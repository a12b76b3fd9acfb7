import { coveredShare } from '../../../cos/areas/coverage';
import type { ImageSize } from '../../../cos/areas/points';
import { fill, WARNING } from '../../shared/messages';
import type { Item } from '../item';
import type { PlacedArea } from './area';

/** Share of an image from which on its area is questioned: logos are small, and a wrong unit is not. */
const LARGE = 0.5;

/**
 * Questions areas that cover more of the image than anybody would expect, and counts the item for the line
 * above the output. Masks are looked at on their own.
 *
 * @param size of the image; undefined where it is not known
 * @returns a sentence for each such area
 */
export function questionLargeAreas(
	{ tally }: Item,
	areas: readonly PlacedArea[],
	size: ImageSize | undefined,
): string[] {
	if (!size) return [];
	const large = areas
		.map(({ polygons, mask }) => (polygons && !mask ? coveredShare(polygons, size) : 0))
		.filter((share) => share > LARGE)
		.map((share) => Math.round(share * 100));
	if (large.length > 0) tally.largeAreas++;
	return [...new Set(large)].map((percent) => fill(WARNING.largeArea, { percent }));
}
