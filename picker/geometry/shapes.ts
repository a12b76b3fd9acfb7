import {
	boxAround,
	boxCorners,
	type Box,
	type ImageSize,
	type Point,
} from '../../cos/areas/points';

/** What a detector said of a shape. Shown to tell shapes apart, and no part of any output. */
export interface Finding {
	readonly label?: string | undefined;
	/** In whatever measure the detector has. */
	readonly confidence?: number | undefined;
}

/** A finished shape. All numbers are whole pixels inside the image. */
export type Shape = Finding & { readonly id: number } & (
		| { readonly kind: 'rectangle'; readonly box: Box }
		| { readonly kind: 'polygon'; readonly corners: readonly Point[] }
	);

/** The corners in the order of the outline; those of a rectangle clockwise from the top left. */
export function cornersOf(shape: Shape): readonly Point[] {
	return shape.kind === 'polygon' ? shape.corners : boxCorners(shape.box);
}

export function boundsOf(shape: Shape): Box {
	return shape.kind === 'rectangle' ? shape.box : boxAround(shape.corners);
}

export function distance([x, y]: Point, [otherX, otherY]: Point): number {
	return Math.hypot(x - otherX, y - otherY);
}

function clamp(value: number, low: number, high: number): number {
	return Math.min(Math.max(value, low), high);
}

/** The nearest place for a corner: whole pixels, inside the image. */
export function nearestPoint([x, y]: Point, { width, height }: ImageSize): Point {
	return [clamp(Math.round(x), 0, width), clamp(Math.round(y), 0, height)];
}

/** Two edges in order. Equal ones are moved one pixel apart, inside the image. */
function edges(a: number, b: number, side: number): readonly [number, number] {
	if (a !== b) return [Math.min(a, b), Math.max(a, b)];
	return a < side ? [a, a + 1] : [a - 1, a];
}

/** The rectangle between two opposite corners, at least one pixel wide and high. */
export function boxBetween(a: Point, b: Point, size: ImageSize): Box {
	const [left, right] = edges(a[0], b[0], size.width);
	const [top, bottom] = edges(a[1], b[1], size.height);
	return { left, top, right, bottom };
}

/** Moves a shape, but not out of the image. */
export function moveShape(shape: Shape, [dx, dy]: Point, size: ImageSize): Shape {
	const { left, top, right, bottom } = boundsOf(shape);
	const byX = clamp(dx, -left, size.width - right);
	const byY = clamp(dy, -top, size.height - bottom);
	if (shape.kind === 'polygon') {
		return { ...shape, corners: shape.corners.map(([x, y]) => [x + byX, y + byY]) };
	}
	return {
		...shape,
		box: { left: left + byX, top: top + byY, right: right + byX, bottom: bottom + byY },
	};
}

/** Moves one corner; the opposite corner of a rectangle stays. */
export function moveCorner(shape: Shape, index: number, to: Point, size: ImageSize): Shape {
	const place = nearestPoint(to, size);
	if (shape.kind === 'polygon') return { ...shape, corners: shape.corners.with(index, place) };
	const opposite = cornersOf(shape)[(index + 2) % 4] ?? place;
	return { ...shape, box: boxBetween(opposite, place, size) };
}

/** Adds a corner to a polygon before the one at `index`. */
export function insertCorner(shape: Shape, index: number, corner: Point): Shape {
	if (shape.kind === 'rectangle') return shape;
	return { ...shape, corners: shape.corners.toSpliced(index, 0, corner) };
}

/** Removes a corner of a polygon. Rectangles and triangles stay as they are. */
export function removeCorner(shape: Shape, index: number): Shape {
	if (shape.kind === 'rectangle' || shape.corners.length <= 3) return shape;
	return { ...shape, corners: shape.corners.toSpliced(index, 1) };
}

/** Changes some numbers of a rectangle and keeps it inside the image. */
export function resizeBox(
	box: Box,
	change: { left?: number; top?: number; width?: number; height?: number },
	size: ImageSize,
): Box {
	const width = clamp(Math.round(change.width ?? box.right - box.left), 1, size.width);
	const height = clamp(Math.round(change.height ?? box.bottom - box.top), 1, size.height);
	const left = clamp(Math.round(change.left ?? box.left), 0, size.width - width);
	const top = clamp(Math.round(change.top ?? box.top), 0, size.height - height);
	return { left, top, right: left + width, bottom: top + height };
}
