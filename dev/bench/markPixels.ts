import type { Mask, Pixels } from '../demo/image';
import type { Polygon } from '../demo/watermark';
import { fillPolygon } from '../sandbox/repair/polygonFill';
import type { Outcome } from './markRun';
import type { Drawn } from './markScenes';

/** The pixels inside of any of the polygons. */
export function filled({ width, height }: Pixels, polygons: readonly Polygon[]): Mask {
	const mask = new Uint8Array(width * height);
	for (const polygon of polygons) fillPolygon(mask, width, height, polygon);
	return mask;
}

/** Which pixels differ between two images of one size. */
function changed(before: Pixels, after: Pixels): Mask {
	if (before.width !== after.width || before.height !== after.height) {
		throw new Error('The repaired image has another size');
	}
	const mask = new Uint8Array(before.width * before.height);
	before.data.forEach((value, index) => {
		if (value !== after.data[index]) mask[Math.floor(index / 3)] = 255;
	});
	return mask;
}

/** Counts the pixels of a mask that are not in another one, which has none by default. */
export function count(mask: Mask, other?: Mask): number {
	return mask.reduce((sum, value, index) => sum + (value > 0 && !other?.[index] ? 1 : 0), 0);
}

/** Numbers of pixels. */
export interface Counts {
	/** Changed by drawing the mark, and of these in the repaired area. */
	mark: number;
	covered: number;
	/** In the repaired area, and of these not around the mark. */
	area: number;
	outside: number;
	/** Of the lines that were found, not in the repaired area. */
	leftOut: number;
	/** Changed by the repair although they are not in its area. */
	strayed: number;
}

export function countsOf(
	{ unmarked, marked, around }: Drawn,
	{ asked, lines, after }: Outcome,
): Counts {
	const mark = changed(unmarked, marked);
	const area = filled(marked, asked);
	const found = filled(
		marked,
		lines.map(({ polygon }) => polygon),
	);
	return {
		mark: count(mark),
		covered: count(mark) - count(mark, area),
		area: count(area),
		outside: count(area, filled(marked, around)),
		leftOut: count(found, area),
		strayed: after ? count(changed(marked, after), area) : 0,
	};
}
