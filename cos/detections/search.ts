import type { ImageSize, Point } from '../areas/points';
import { rectangleBoxes, type Rectangles } from '../areas/rectangles';
import { InvalidInput } from '../invalidInput';
import type { Detection } from '../responses/detections';
import type { Checked } from '../values';
import { asRead } from './lookAlikes';

/** `any`: all of them; `contains`: those that contain one of the texts; `matches`: those that match a pattern. */
export const LABEL_FILTERS = ['any', 'contains', 'equals', 'matches'] as const;

export type LabelFilter = (typeof LABEL_FILTERS)[number];

/** Which texts or names are wanted. */
export interface Wanted {
	readonly filter: LabelFilter;
	/** In a pattern, `*` stands for any characters, and `?` for one. */
	readonly labels: readonly string[];
	/** Whether characters have to be the very same; otherwise, those that OCR confuses are equal. */
	readonly exact: boolean;
}

/** Part of an image that a detection has to be in, by its centre. */
export type SearchRegion =
	| { readonly kind: 'image' }
	/** Percent of the width at the left and right, and of the height at the top and bottom. */
	| { readonly kind: 'border'; readonly percent: number }
	| { readonly kind: 'rectangles'; readonly rectangles: Rectangles };

/** What is looked for in an image. */
export interface Search {
	readonly wanted: CheckedWanted;
	/** 0 to 100. */
	readonly minConfidence: number;
	readonly region: SearchRegion;
}

export type CheckedWanted = Checked<Wanted, 'Wanted'>;

/** @throws InvalidInput when there is nothing to compare with */
export function checkWanted(wanted: Wanted, field: 'texts' | 'logoNames'): CheckedWanted {
	const given = wanted.labels.map((label) => label.trim()).filter((label) => label !== '');
	const isAny = wanted.filter === 'any';
	if (!isAny && given.length === 0) throw new InvalidInput(field, 'labels.none', {});
	const checked: Wanted = { ...wanted, labels: isAny ? [] : given };
	return checked as CheckedWanted;
}

/** Whether a text matches a pattern as a whole. Takes time in proportion to both lengths, whatever they hold. */
function matches(text: string, pattern: string): boolean {
	let [at, place, star, retry] = [0, 0, -1, 0];
	while (at < text.length) {
		if (pattern[place] === '*') {
			[star, retry] = [place++, at];
		} else if (place < pattern.length && (pattern[place] === '?' || pattern[place] === text[at])) {
			at++;
			place++;
		} else if (star >= 0) {
			place = star + 1;
			at = ++retry;
		} else return false;
	}
	return /^\**$/.test(pattern.slice(place));
}

/** Whether a text or a name is wanted. */
export function isWanted(label: string, { filter, labels, exact }: Wanted): boolean {
	if (filter === 'any') return true;
	const form = (text: string) => (exact ? text : asRead(text));
	const read = form(label);
	return labels.map(form).some((wanted) => {
		switch (filter) {
			case 'contains':
				return read.includes(wanted);
			case 'equals':
				return read === wanted;
			case 'matches':
				return matches(read, wanted);
		}
	});
}

function centreOf(corners: readonly Point[]): Point {
	const middle = (axis: 0 | 1) => {
		const values = corners.map((corner) => corner[axis]);
		return (Math.min(...values) + Math.max(...values)) / 2;
	};
	return [middle(0), middle(1)];
}

/** Whether it depends on the image's size what is in a region. */
export function regionNeedsSize({ kind }: SearchRegion): boolean {
	return kind !== 'image';
}

function isIn(region: SearchRegion, corners: readonly Point[], size: ImageSize): boolean {
	const [x, y] = centreOf(corners);
	switch (region.kind) {
		case 'image':
			return true;
		case 'border': {
			const [dx, dy] = [(size.width * region.percent) / 100, (size.height * region.percent) / 100];
			return x <= dx || y <= dy || x >= size.width - dx || y >= size.height - dy;
		}
		case 'rectangles':
			return rectangleBoxes(region.rectangles, size).some(
				({ left, top, right, bottom }) => left <= x && x <= right && top <= y && y <= bottom,
			);
	}
}

/**
 * The detections that a search is about.
 *
 * @param found in pixels of the image
 * @param size of the image; only where the region does not need it, it may be unknown
 */
export function selectDetections(
	found: readonly Detection[],
	{ wanted, minConfidence, region }: Search,
	size: ImageSize | undefined,
): Detection[] {
	return found.filter(
		({ label, confidence = 0, corners }) =>
			confidence >= minConfidence &&
			isWanted(label, wanted) &&
			(!size || isIn(region, corners, size)),
	);
}
