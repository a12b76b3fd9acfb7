import {
	checkRectangles,
	rectanglesToPolygons,
	type Corner,
	type Rectangle,
	type Unit,
} from '../../cos/areas/rectangles';
import type { Box, ImageSize, Polygon } from '../../cos/areas/points';
import { InvalidInput } from '../../cos/invalidInput';
import { readRectangles } from '../../nodes/ImageRepair/parameters/rectangles';

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

/** Number fields in n8n's editor show no more than three decimals. */
const DECIMALS = [0, 1, 2, 3];

/** Of equally near corners, left and top win. */
export function nearestCorner(box: Box, { width, height }: ImageSize): Corner {
	const isLeft = box.left <= width - box.right;
	const isTop = box.top <= height - box.bottom;
	if (isTop) return isLeft ? 'topLeft' : 'topRight';
	return isLeft ? 'bottomLeft' : 'bottomRight';
}

function rounded(value: number, decimals: number): number {
	return Number(value.toFixed(decimals));
}

interface Extent {
	readonly distance: number;
	readonly extent: number;
}

/** Whether the node turns percentages along one axis into exactly these pixels. */
function meansPixels(percent: Extent, pixels: Extent, side: number, fromFarSide: boolean): boolean {
	const along: Rectangle = {
		corner: fromFarSide ? 'topRight' : 'topLeft',
		unit: 'percent',
		horizontalDistance: percent.distance,
		width: percent.extent,
		verticalDistance: 0,
		height: 100,
	};
	const start = fromFarSide ? side - pixels.distance - pixels.extent : pixels.distance;
	try {
		const [polygon] = rectanglesToPolygons(checkRectangles([along]), { width: side, height: 1 });
		return polygon?.[0]?.[0] === start && polygon[1]?.[0] === start + pixels.extent;
	} catch (error) {
		// Rounded to nothing, or out of the image.
		if (error instanceof InvalidInput) return false;
		throw error;
	}
}

/**
 * The shortest percentages that the node turns into exactly these pixels. Three decimals are always
 * enough up to 50,000 pixels, the service's limit: rounding is then off by at most 0.0005 percent, a
 * quarter of a pixel, and anything below half a pixel is harmless.
 */
function inPercent(pixels: Extent, side: number, fromFarSide: boolean): Extent {
	const near = (pixels.distance / side) * 100;
	const far = ((pixels.distance + pixels.extent) / side) * 100;
	const candidates = DECIMALS.map((decimals): Extent => {
		const distance = rounded(near, decimals);
		return { distance, extent: rounded(rounded(far, decimals) - distance, decimals) };
	});
	return (
		candidates.find((candidate) => meansPixels(candidate, pixels, side, fromFarSide)) ?? {
			distance: near,
			extent: far - near,
		}
	);
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
	const horizontal = isPercent ? inPercent(across, size.width, fromRight) : across;
	const vertical = isPercent ? inPercent(down, size.height, fromBottom) : down;
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
