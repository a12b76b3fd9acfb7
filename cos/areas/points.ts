/** `[x, y]` in pixels from the image's top left corner; whole numbers once checked. */
export type Point = readonly [x: number, y: number];

/** Corners in clockwise order as seen on the image (y grows downwards), the first not repeated. */
export type Polygon = readonly Point[];

/** Pixels. */
export interface ImageSize {
	width: number;
	height: number;
}

/** Edges of an upright rectangle, in pixels from the top left of the image. */
export interface Box {
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

/** Clockwise from the top left one. */
export function boxCorners({ left, top, right, bottom }: Box): Polygon {
	return [
		[left, top],
		[right, top],
		[right, bottom],
		[left, bottom],
	];
}

/** The smallest upright rectangle around some points. */
export function boxAround(points: readonly Point[]): Box {
	const xs = points.map(([x]) => x);
	const ys = points.map(([, y]) => y);
	return {
		left: Math.min(...xs),
		top: Math.min(...ys),
		right: Math.max(...xs),
		bottom: Math.max(...ys),
	};
}

/** Whether these are the four corners of an upright rectangle. */
export function isUpright(polygon: Polygon): boolean {
	const { left, top, right, bottom } = boxAround(polygon);
	return (
		polygon.length === 4 &&
		polygon.every(([x, y]) => (x === left || x === right) && (y === top || y === bottom))
	);
}

/**
 * Sums such as 0.1 + 0.2 end a hair off, and a half has to go the same way from either side of the
 * image. Never -0.
 */
export function nearestPixel(value: number): number {
	return Math.round(Number(value.toFixed(6))) + 0;
}

export function samePoint(a: Point, b: Point): boolean {
	return a[0] === b[0] && a[1] === b[1];
}

/** Positive when c lies to the right of the way from a to b (y grows downwards), 0 when on it. */
export function turn(a: Point, b: Point, c: Point): number {
	return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** Index of the first corner outside an image of this size, or -1. */
export function firstOutside(polygon: Polygon, { width, height }: ImageSize): number {
	return polygon.findIndex(([x, y]) => x < 0 || y < 0 || x > width || y > height);
}
