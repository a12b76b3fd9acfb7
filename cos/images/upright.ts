import type { ImageSize, Point } from '../areas/points';

/**
 * An image by its stored pixels, which areas count, and the EXIF orientation, 1 to 8, by which it is shown
 * upright.
 */
export interface StoredSize extends ImageSize {
	readonly orientation: number;
}

export type Side = 'left' | 'top' | 'right' | 'bottom';

/** Where the first row and the first column of the stored pixels are seen (EXIF 2.32, section 4.6.4). */
const SEEN: Readonly<Record<number, readonly [row: Side, column: Side]>> = {
	1: ['top', 'left'],
	2: ['top', 'right'],
	3: ['bottom', 'right'],
	4: ['bottom', 'left'],
	5: ['left', 'top'],
	6: ['right', 'top'],
	7: ['right', 'bottom'],
	8: ['left', 'bottom'],
};

const OPPOSITE: Readonly<Record<Side, Side>> = {
	left: 'right',
	top: 'bottom',
	right: 'left',
	bottom: 'top',
};

/** Where a side of the stored image is seen. */
export function sideSeen(side: Side, orientation: number): Side {
	const [row, column] = SEEN[orientation] ?? ['top', 'left'];
	if (side === 'top') return row;
	if (side === 'left') return column;
	return OPPOSITE[side === 'bottom' ? row : column];
}

/** Whether rows of stored pixels are seen as columns. */
function isSideways(orientation: number): boolean {
	return orientation >= 5;
}

/** The size as it is seen. */
export function uprightSize({ width, height, orientation }: StoredSize): ImageSize {
	return isSideways(orientation) ? { width: height, height: width } : { width, height };
}

/** Turns a point in its place where it is seen from another side than it is stored. */
function flipped([x, y]: Point, image: StoredSize): Point {
	const { width, height } = uprightSize(image);
	const firsts = [sideSeen('left', image.orientation), sideSeen('top', image.orientation)];
	return [firsts.includes('right') ? width - x : x, firsts.includes('bottom') ? height - y : y];
}

/** Where a place in stored pixels is seen, in pixels from the top left of the upright image. */
export function toUpright([x, y]: Point, image: StoredSize): Point {
	return flipped(isSideways(image.orientation) ? [y, x] : [x, y], image);
}

/** The place in stored pixels that is seen at a place of the upright image. */
export function toStored(seen: Point, image: StoredSize): Point {
	const [x, y] = flipped(seen, image);
	return isSideways(image.orientation) ? [y, x] : [x, y];
}
