import type { Detection } from '../responses/detections';
import { present } from '../values';
import { boxCorners, type ImageSize, type Point, type Polygon } from '../areas/points';
import { hullOf } from '../areas/regions';

/** The part of a convex outline on one side of a line; `depth` is negative beyond it. */
function cut(corners: readonly Point[], depth: (point: Point) => number): Point[] {
	return corners.flatMap((corner, index) => {
		const next = corners[(index + 1) % corners.length] ?? corner;
		const [here, there] = [depth(corner), depth(next)];
		const kept = here >= 0 ? [corner] : [];
		if (here >= 0 === there >= 0) return kept;
		const share = here / (here - there);
		const [[x1, y1], [x2, y2]] = [corner, next];
		return [...kept, [x1 + share * (x2 - x1), y1 + share * (y2 - y1)]];
	});
}

function cutToImage(corners: readonly Point[], size: ImageSize | undefined): Point[] {
	const { width, height } = size ?? { width: Infinity, height: Infinity };
	const sides: Array<(point: Point) => number> = [
		([x]) => x,
		([, y]) => y,
		([x]) => width - x,
		([, y]) => height - y,
	];
	const finite = size ? sides : sides.slice(0, 2);
	return finite.reduce<Point[]>(cut, [...corners]);
}

/** Around all points, at least a pixel wide and high, in the image as far as its size is known. */
function boxAround(points: readonly Point[], size: ImageSize | undefined): Polygon {
	const edges = (axis: 0 | 1, length = Infinity): [number, number] => {
		const values = points.map((point) => point[axis]);
		const low = Math.max(0, Math.min(Math.floor(Math.min(...values)), length - 1));
		const high = Math.min(Math.ceil(Math.max(...values)), length);
		return [low, Math.max(low + 1, high)];
	};
	const [left, right] = edges(0, size?.width);
	const [top, bottom] = edges(1, size?.height);
	return boxCorners({ left, top, right, bottom });
}

/**
 * What a detector has found, as a polygon: the convex outline of its corners, in whatever order they are,
 * cut to the image. A line without any width gets a pixel.
 *
 * @param size undefined where it is not known: what is beyond the right and the bottom is kept
 * @returns undefined for what is wholly outside of the image
 */
export function detectedPolygon(
	corners: readonly Point[],
	size: ImageSize | undefined,
): Polygon | undefined {
	const outline = hullOf(corners);
	const inside = cutToImage(outline.length < 3 ? corners : outline, size);
	if (inside.length === 0) return undefined;
	const rounded = hullOf(inside.map(([x, y]): Point => [Math.round(x), Math.round(y)]));
	return rounded.length < 3 ? boxAround(inside, size) : rounded;
}

/** A mark that was found, as the output shows it. Plain data. */
export interface DetectedArea {
	readonly kind: Detection['kind'];
	readonly label: string;
	/** 0 to 100. */
	readonly confidence?: number;
	/** Whole pixels from the top left of the image, inside it where its size is known. */
	readonly polygon: Polygon;
}

/**
 * What was found, in the image: what is wholly outside of it is left out.
 *
 * @param size undefined where it is not known
 */
export function detectedAreas(
	found: readonly Detection[],
	size: ImageSize | undefined,
): DetectedArea[] {
	return found.flatMap(({ kind, label, confidence, corners }) => {
		const polygon = detectedPolygon(corners, size);
		return polygon ? [present({ kind, label, confidence, polygon })] : [];
	});
}
