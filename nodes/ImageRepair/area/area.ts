import type { ImageSize, Polygon } from '../../../cos/areas/points';
import {
	needImageSize,
	rectanglesToPolygons,
	type Rectangles,
} from '../../../cos/areas/rectangles';
import { placeShapes, shapesNeedSize, type Shapes } from '../../../cos/areas/shapes';
import type { ObjectKey } from '../../../cos/location/objectKey';
import type { ImageUrl } from '../../../cos/location/imageUrl';
import type { BinaryImage } from '../binaryImage';

/** Where the mask image comes from. */
export type Mask =
	| { kind: 'url'; url: ImageUrl }
	| { kind: 'object'; key: ObjectKey }
	| { kind: 'binary'; file: BinaryImage };

/** Area as chosen in the editor, checked as far as it can be without the image. */
export type AreaChoice =
	| { kind: 'automatic' }
	/** With a mask besides, both are sent and the mask wins. */
	| { kind: 'polygons'; shapes: Shapes; mask?: Mask }
	| { kind: 'rectangles'; rectangles: Rectangles }
	| { kind: 'mask'; mask: Mask };

/** What the areas need the image's size for: to be computed, to be checked, or nothing. */
export type SizeNeed = 'required' | 'useful' | 'none';

const NEEDS: readonly SizeNeed[] = ['required', 'useful', 'none'];

function sizeNeedOf(choice: AreaChoice): SizeNeed {
	switch (choice.kind) {
		case 'automatic':
			return 'none';
		case 'mask':
			return choice.mask.kind === 'url' ? 'none' : 'useful';
		case 'polygons':
			if (shapesNeedSize(choice.shapes)) return 'required';
			return choice.mask ? 'none' : 'useful';
		case 'rectangles':
			return needImageSize(choice.rectangles) ? 'required' : 'useful';
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
export function placeArea(choice: AreaChoice, size: ImageSize | undefined): PlacedArea {
	switch (choice.kind) {
		case 'automatic':
			return {};
		case 'mask':
			return { mask: choice.mask };
		case 'polygons': {
			const { shapes, mask } = choice;
			// The mask wins: whether the shapes fit too does not matter.
			const isSizeUsed = !mask || shapesNeedSize(shapes);
			return { polygons: placeShapes(shapes, isSizeUsed ? size : undefined), mask };
		}
		case 'rectangles':
			return { polygons: rectanglesToPolygons(choice.rectangles, size) };
	}
}
