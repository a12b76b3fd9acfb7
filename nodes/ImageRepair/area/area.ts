import { growArea, growthNeedsSize, type Growth } from '../../../cos/areas/growth';
import type { ImageSize, Polygon } from '../../../cos/areas/points';
import {
	needImageSize,
	rectanglesToPolygons,
	type Rectangles,
} from '../../../cos/areas/rectangles';
import { placeShapes, shapesNeedSize, type Shapes } from '../../../cos/areas/shapes';
import { regionNeedsSize, type Search } from '../../../cos/detections/search';
import type { InputField } from '../../../cos/invalidInput';
import type { ImageUrl } from '../../../cos/location/imageUrl';
import type { ObjectKey } from '../../../cos/location/objectKey';
import type { BinaryImage } from '../binaryImage';
import type { TextSearch } from '../parameters/search';

/** Where the mask image comes from. */
export type Mask =
	| { kind: 'url'; url: ImageUrl }
	| { kind: 'object'; key: ObjectKey }
	| { kind: 'binary'; file: BinaryImage };

/** What becomes of an image in which nothing is found. */
export type IfNothingFound = 'automatic' | 'fail' | 'leaveOut';

/** An area that the service finds in a call of its own. */
export type FoundChoice = { ifNothingFound: IfNothingFound; grow: Growth } & (
	{ kind: 'text'; search: TextSearch } | { kind: 'logo'; search: Search }
);

/** An area that is known without a detector. */
export type GivenChoice =
	| { kind: 'automatic' }
	/** With a mask besides, both are sent and the mask wins. */
	| { kind: 'polygons'; shapes: Shapes; grow: Growth; mask?: Mask }
	| { kind: 'rectangles'; rectangles: Rectangles; grow: Growth }
	| { kind: 'mask'; mask: Mask };

/** Area as chosen in the editor, checked as far as it can be without the image. */
export type AreaChoice = GivenChoice | FoundChoice;

export function isFound(choice: AreaChoice): choice is FoundChoice {
	return choice.kind === 'text' || choice.kind === 'logo';
}

/** What the areas need the image's size for: to be computed, to be checked, or nothing. */
export type SizeNeed = 'required' | 'useful' | 'none';

const NEEDS: readonly SizeNeed[] = ['required', 'useful', 'none'];

/** The parameter that counts in something that depends on the image's size; undefined for none. */
function relativeField(choice: AreaChoice): InputField | undefined {
	if ('grow' in choice && growthNeedsSize(choice.grow)) return 'growArea';
	if (choice.kind === 'polygons' && shapesNeedSize(choice.shapes)) return 'coordinates';
	if (choice.kind === 'rectangles' && needImageSize(choice.rectangles)) return 'rectangles';
	return isFound(choice) && regionNeedsSize(choice.search.region) ? 'searchIn' : undefined;
}

/** The first of the areas' parameters that counts in something that depends on the image's size. */
export function firstRelativeField(choices: readonly AreaChoice[]): InputField | undefined {
	return choices.map(relativeField).find((field) => field !== undefined);
}

function sizeNeedOf(choice: AreaChoice): SizeNeed {
	if (relativeField(choice) !== undefined) return 'required';
	switch (choice.kind) {
		case 'automatic':
			return 'none';
		case 'mask':
			return choice.mask.kind === 'url' ? 'none' : 'useful';
		case 'polygons':
			return choice.mask ? 'none' : 'useful';
		case 'rectangles':
			return 'useful';
		case 'text':
		case 'logo':
			// What is found may stand out of the image, and a large image is handed to the detector smaller.
			return 'required';
	}
}

/** The greatest need among the areas of one item. */
export function sizeNeed(choices: readonly AreaChoice[]): SizeNeed {
	const needs = choices.map(sizeNeedOf);
	return NEEDS.find((need) => needs.includes(need)) ?? 'none';
}

/** An area in pixels; the mask has no address yet. */
export interface PlacedArea {
	polygons?: readonly Polygon[];
	mask?: Mask;
}

/**
 * Puts an area on the image.
 *
 * @param size undefined when it is not known and `sizeNeed` does not require it
 * @throws InvalidInput when a shape does not fit the image
 */
export function placeArea(choice: GivenChoice, size: ImageSize | undefined): PlacedArea {
	switch (choice.kind) {
		case 'automatic':
			return {};
		case 'mask':
			return { mask: choice.mask };
		case 'polygons': {
			const { shapes, grow, mask } = choice;
			// The mask wins: whether the shapes fit too does not matter.
			const isSizeUsed = !mask || shapesNeedSize(shapes);
			const placed = placeShapes(shapes, isSizeUsed ? size : undefined);
			return { polygons: growArea(placed, grow, size), mask };
		}
		case 'rectangles': {
			const { rectangles, grow } = choice;
			return { polygons: growArea(rectanglesToPolygons(rectangles, size), grow, size) };
		}
	}
}
