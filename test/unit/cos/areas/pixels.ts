import type { Point, Polygon } from '../../../../cos/areas/points';

interface Side {
	upper: Point;
	lower: Point;
	/** 1 where the outline goes down this side, -1 where it goes up. */
	direction: 1 | -1;
}

function sidesOf(polygon: Polygon): Side[] {
	return polygon.map((from, index) => {
		const to = polygon[(index + 1) % polygon.length] ?? from;
		return to[1] > from[1]
			? { upper: from, lower: to, direction: 1 }
			: { upper: to, lower: from, direction: -1 };
	});
}

/** In doubled coordinates, so that the centre `(x, y)` of a pixel is two odd numbers. */
function isRightOf({ upper, lower }: Side, x: number, y: number): boolean {
	const acrossSide = 2 * (lower[0] - upper[0]) * (y - 2 * upper[1]);
	return acrossSide > (x - 2 * upper[0]) * 2 * (lower[1] - upper[1]);
}

/**
 * The pixels whose centre lies inside a polygon with whole-number corners, as `x,y`, each with the
 * number of times the outline runs round it (clockwise counts up). Exact: whole numbers only.
 */
export function windings(polygon: Polygon, width: number, height: number): Map<string, number> {
	const sides = sidesOf(polygon);
	const found = new Map<string, number>();
	for (let row = 0; row < height; row++) {
		// A corner is never level with the centres of a row.
		const crossed = sides.filter(({ upper, lower }) => upper[1] <= row && row < lower[1]);
		for (let column = 0; column < width; column++) {
			const turns = crossed
				.filter((side) => isRightOf(side, 2 * column + 1, 2 * row + 1))
				.reduce((sum, { direction }) => sum + direction, 0);
			if (turns !== 0) found.set(`${column},${row}`, turns);
		}
	}
	return found;
}

/** The pixels inside a polygon, row by row. */
export function pixelsOf(polygon: Polygon, width: number, height: number): string[] {
	return [...windings(polygon, width, height).keys()];
}

/** Twice the area by the shoelace formula: positive for clockwise corners, y growing downwards. */
export function doubleArea(polygon: Polygon): number {
	return polygon.reduce((sum, [x, y], index) => {
		const [nextX, nextY] = polygon[(index + 1) % polygon.length] ?? [x, y];
		return sum + x * nextY - nextX * y;
	}, 0);
}
