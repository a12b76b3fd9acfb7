import type { ImageSize, Point, Polygon } from './points';

/** Lines across the image on which it is measured what the polygons cover. */
const LINES = 256;

/** Where the outline crosses a horizontal line, from left to right. */
export function crossings(polygon: Polygon, y: number): number[] {
	return polygon
		.flatMap(([x1, y1], index): number[] => {
			const [x2, y2]: Point = polygon[(index + 1) % polygon.length] ?? [x1, y1];
			return y1 <= y === y2 <= y ? [] : [x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)];
		})
		.sort((a, b) => a - b);
}

/** The length of a line that lies within one polygon or several. */
function coveredLength(polygons: readonly Polygon[], y: number): number {
	const pieces = polygons
		.flatMap((polygon) => {
			const xs = crossings(polygon, y);
			return xs.flatMap((from, index) => (index % 2 === 0 ? [[from, xs[index + 1] ?? from]] : []));
		})
		.sort(([a = 0], [b = 0]) => a - b);
	let [length, end] = [0, -Infinity];
	for (const [from = 0, to = 0] of pieces) {
		length += Math.max(0, to - Math.max(from, end));
		end = Math.max(end, to);
	}
	return length;
}

/**
 * How much of an image its polygons cover together, as a share from 0 to 1, to half a percent for ordinary
 * shapes. What lies in several polygons counts once.
 *
 * @param polygons inside the image
 */
export function coveredShare(polygons: readonly Polygon[], { width, height }: ImageSize): number {
	let sum = 0;
	for (let line = 0; line < LINES; line++) {
		sum += coveredLength(polygons, ((line + 0.5) / LINES) * height);
	}
	return sum / (LINES * width);
}
