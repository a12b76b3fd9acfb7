import { rectanglesToPolygons, type Corner, type Unit } from '../../cos/areas/rectangles';
import type { Box, ImageSize, Polygon } from '../../cos/areas/points';
import { readRectangles } from '../../nodes/ImageRepair/parameters/rectangles';
import { percentOf, roundPercent } from '../geometry/percent';

/** How rectangles are measured; `nearest` means the corner of the image nearest to each of them. */
export interface Measure {
	readonly from: Corner | 'nearest';
	readonly unit: Unit;
}

export const DEFAULT_MEASURE: Measure = { from: 'nearest', unit: 'percent' };

/** A row of the node's field Rectangles, by parameter names. */
export interface RectangleRow {
	readonly corner: Corner;
	readonly unit: Unit;
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

/** Of equally near corners, left and top win. */
export function nearestCorner(box: Box, { width, height }: ImageSize): Corner {
	const isLeft = box.left <= width - box.right;
	const isTop = box.top <= height - box.bottom;
	if (isTop) return isLeft ? 'topLeft' : 'topRight';
	return isLeft ? 'bottomLeft' : 'bottomRight';
}

interface Extent {
	readonly distance: number;
	readonly extent: number;
}

/** Both edges are rounded, not the extent: the node then finds each of them at its pixel. */
function inPercent(
	{ distance, extent }: Extent,
	side: 'width' | 'height',
	size: ImageSize,
): Extent {
	const near = percentOf(distance, side, size);
	const far = percentOf(distance + extent, side, size);
	return { distance: near, extent: roundPercent(far - near, size) };
}

/** A row that the node turns into exactly this rectangle on an image of this size. */
export function rectangleRow(box: Box, size: ImageSize, { from, unit }: Measure): RectangleRow {
	const corner = from === 'nearest' ? nearestCorner(box, size) : from;
	const fromRight = corner === 'topRight' || corner === 'bottomRight';
	const fromBottom = corner === 'bottomLeft' || corner === 'bottomRight';
	const across = {
		distance: fromRight ? size.width - box.right : box.left,
		extent: box.right - box.left,
	};
	const down = {
		distance: fromBottom ? size.height - box.bottom : box.top,
		extent: box.bottom - box.top,
	};
	const isPercent = unit === 'percent';
	const horizontal = isPercent ? inPercent(across, 'width', size) : across;
	const vertical = isPercent ? inPercent(down, 'height', size) : down;
	return {
		corner,
		unit,
		left: horizontal.distance,
		top: vertical.distance,
		width: horizontal.extent,
		height: vertical.extent,
	};
}

/** @throws InvalidInput, InvalidParameter if a row is invalid, or does not fit the image */
export function rowsToPolygons(rows: readonly unknown[], size: ImageSize): Polygon[] {
	return rectanglesToPolygons(
		readRectangles(() => ({ rectangle: rows })),
		size,
	);
}
