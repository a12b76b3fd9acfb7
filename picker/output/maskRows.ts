import type { ImageSize, Point, Polygon } from '../../cos/areas/points';

/** Where the line through the pixel centres of a row crosses an outline, from left to right. */
function crossings(polygon: Polygon, row: number): number[] {
	const found: number[] = [];
	polygon.forEach((from, index) => {
		const to = polygon[(index + 1) % polygon.length] ?? from;
		const [upper, lower]: readonly [Point, Point] = from[1] <= to[1] ? [from, to] : [to, from];
		// Corners are whole numbers, so none of them lies on that line.
		if (row < upper[1] || row >= lower[1]) return;
		// Multiplying first keeps a crossing exact that lies right on a pixel centre.
		const run = (row + 0.5 - upper[1]) * (lower[0] - upper[0]);
		found.push(upper[0] + run / (lower[1] - upper[1]));
	});
	return found.sort((a, b) => a - b);
}

/**
 * The rows of the mask from top to bottom, one byte per pixel: 255 where the centre of the pixel lies
 * inside a polygon, else 0.
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
