import type { ImageSize } from '../areas/points';
import type { Bitmap } from '../images/bitmap';
import { present } from '../values';
import { compareCopies, type Change } from './compare';
import type { Marked } from './marked';
import { isTurned } from './turned';

/** What a repair has come to, as far as small copies tell. */
export type Verdict = 'repaired' | 'unchanged' | 'changedElsewhere' | 'resized';

/** An image, as it is seen upright. */
export interface Seen {
	/** Of the image itself, in pixels. */
	readonly size: ImageSize;
	/** A small copy. */
	readonly copy: Bitmap;
}

export interface Verification extends Partial<Omit<Change, 'isTurned'>> {
	readonly verdict: Verdict;
	/** Set when the result is turned or mirrored. */
	readonly orientation?: 'turned';
	/** Both sizes, where they differ. */
	readonly size?: ImageSize;
	readonly resultSize?: ImageSize;
}

/**
 * Levels of 255 by which the colors of an image that was only encoded anew differ at most: 1.8 of 246
 * photographs at the qualities 60 to 95 (docs/verification.md).
 */
const SAME_COLORS = 3;
/** Percent of an image from which on a repair of an unknown area has changed more than marks. */
const MOST = 50;

function verdictOf({ changedInside, changedOutside, colorShift }: Change): Verdict {
	if (colorShift > SAME_COLORS) return 'changedElsewhere';
	if (changedInside === undefined) {
		if (changedOutside > MOST) return 'changedElsewhere';
		return changedOutside > 0 ? 'repaired' : 'unchanged';
	}
	if (changedOutside > 0) return 'changedElsewhere';
	return changedInside > 0 ? 'repaired' : 'unchanged';
}

/**
 * Compares an image with its repair.
 *
 * @param marked what the area covers of the copy of the original; undefined where that is not known
 */
export function verify(original: Seen, result: Seen, marked: Marked | undefined): Verification {
	const [size, resultSize] = [original.size, result.size];
	const isSame = size.width === resultSize.width && size.height === resultSize.height;
	const change = isSame ? compareCopies(original.copy, result.copy, marked) : undefined;
	const turned = change?.isTurned ?? isTurned(original.copy, result.copy);
	const orientation = turned ? ('turned' as const) : undefined;
	if (!change) return present({ verdict: 'resized' as const, orientation, size, resultSize });
	const { changedInside, changedOutside, colorShift } = change;
	return present({
		verdict: verdictOf(change),
		changedInside,
		changedOutside,
		colorShift: colorShift > SAME_COLORS ? colorShift : undefined,
		orientation,
	});
}
