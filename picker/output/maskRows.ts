import type { ImageSize, Point, Polygon } from '../../cos/areas/points';

/** Where the line through a row's pixel centres crosses an outline, from left to right. */
function crossings(polygon: Polygon, row: number): number[] {
	const found: number[] = [];
	polygon.forEach((from, index) => {
		const to = polygon[(index + 1) % polygon.length] ?? from;
		const [upper, lower]: readonly [Point, Point] = from[1] <= to[1] ? [from, to] : [to, from];
		// Corners are whole numbers, so no corner lies on the line through the centres.
		if (row < upper[1] || row >= lower[1]) return;
		// Multiplied before it is divided: a crossing right at a centre is then found there exactly.
		const run = (row + 0.5 - upper[1]) * (lower[0] - upper[0]);
		found.push(upper[0] + run / (lower[1] - upper[1]));
	});
	return found.sort((a, b) => a - b);
}

/**
 * The mask's rows from the top, a byte for each pixel: 255 where the pixel's centre lies inside one
 * of the polygons, 0 elsewhere.
 */
export function* maskRows(
	polygons: readonly Polygon[],
	{ width, height }: ImageSize,
): Generator<Uint8Array> {
	for (let row = 0; row < height; row++) {
		const line = new Uint8Array(width);
		for (const polygon of polygons) {
			const places = crossings(polygon, row);
			for (let index = 0; index + 1 < places.length; index += 2) {
				const [from = 0, to = 0] = places.slice(index, index + 2);
				line.fill(255, Math.max(0, Math.ceil(from - 0.5)), Math.max(0, Math.ceil(to - 0.5)));
			}
		}
		yield line;
	}
}
