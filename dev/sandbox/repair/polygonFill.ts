import type { Polygon } from './maskParameters';

/** One byte for each pixel, row by row: 255 inside the mask, 0 outside. */
export type Mask = Uint8Array;

/** The x positions, in order, at which the line through a row's pixel centres crosses a polygon. */
function crossings(polygon: Polygon, centreY: number): number[] {
	const found: number[] = [];
	polygon.forEach((corner, index) => {
		const next = polygon[(index + 1) % polygon.length] ?? corner;
		// Always computed from the upper end, so that two polygons that share an edge get exactly the
		// same result.
		const [[x, y], [endX, endY]] = corner[1] <= next[1] ? [corner, next] : [next, corner];
		// Half-open, so that a corner on the line counts once, not twice.
		if (y <= centreY === endY <= centreY) return;
		found.push(x + ((centreY - y) * (endX - x)) / (endY - y));
	});
	return found.sort((a, b) => a - b);
}

/**
 * Marks the pixels of a polygon in a mask. A pixel is inside if its centre is: the pixel in column 10
 * has its centre at x = 10.5, so the rectangle from [10, 20] to [30, 40] covers columns 10 to 29 and
 * rows 20 to 39, 400 pixels. A centre on an edge belongs to the polygon to the right of the edge. A
 * polygon that crosses itself is filled by the even-odd rule.
 */
export function fillPolygon(mask: Mask, width: number, height: number, polygon: Polygon): void {
	const rows = polygon.map(([, y]) => y);
	const firstRow = Math.max(0, Math.floor(Math.min(...rows)));
	const lastRow = Math.min(height - 1, Math.ceil(Math.max(...rows)));
	for (let row = firstRow; row <= lastRow; row++) {
		const edges = crossings(polygon, row + 0.5);
		for (let index = 0; index + 1 < edges.length; index += 2) {
			const first = Math.max(0, Math.ceil((edges[index] ?? 0) - 0.5));
			const past = Math.min(width, Math.ceil((edges[index + 1] ?? 0) - 0.5));
			if (past > first) mask.fill(255, row * width + first, row * width + past);
		}
	}
}
