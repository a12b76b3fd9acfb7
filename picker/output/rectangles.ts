import {
	checkRectangles,
	rectanglesToPolygons,
	type Corner,
	type Rectangle,
	type Unit,
} from '../../cos/areas/rectangles';
import type { ImageSize } from '../../cos/areas/points';
import { InvalidInput } from '../../cos/invalidInput';
import type { Box } from '../geometry/shapes';

/** How rectangles are told; `nearest` takes the corner of the image that each one is nearest to. */
export interface Measure {
	readonly from: Corner | 'nearest';
	readonly unit: Unit;
}

/** A row of the node's field Rectangles, by the names of its parameters. */
export interface RectangleRow {
	readonly corner: Corner;
	readonly unit: Unit;
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

/** The number fields of n8n's editor show three decimals: more could not be read off and typed. */
const DECIMALS = [0, 1, 2, 3];

/** The corner of the image that a rectangle is nearest to; in the middle, the left and the upper. */
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

/** Whether the node makes these very pixels of a percentage along one axis. */
function gives(percent: Extent, pixels: Extent, side: number, fromFarSide: boolean): boolean {
	const along: Rectangle = {
		corner: fromFarSide ? 'topRight' : 'topLeft',
		unit: 'percent',
		horizontalDistance: percent.distance,
		width: percent.extent,
		verticalDistance: 0,
		height: 100,
	};
	const near = fromFarSide ? side - pixels.distance - pixels.extent : pixels.distance;
	try {
		const [polygon] = rectanglesToPolygons(checkRectangles([along]), { width: side, height: 1 });
		return polygon?.[0]?.[0] === near && polygon[1]?.[0] === near + pixels.extent;
	} catch (error) {
		// Rounded to nothing, or beyond the image: not these pixels.
		if (error instanceof InvalidInput) return false;
		throw error;
	}
}

/**
 * The shortest percentages from which the node makes exactly these pixels of an image with this
 * side. Three decimals always do up to 50,000 pixels, the service's limit: half of 0.001 percent is
 * a quarter of a pixel then, and less than a half is needed.
 */
function inPercent(pixels: Extent, side: number, fromFarSide: boolean): Extent {
	const near = (pixels.distance / side) * 100;
	const far = ((pixels.distance + pixels.extent) / side) * 100;
	const tries = DECIMALS.map((decimals): Extent => {
		const distance = rounded(near, decimals);
		return { distance, extent: rounded(rounded(far, decimals) - distance, decimals) };
	});
	return (
		tries.find((candidate) => gives(candidate, pixels, side, fromFarSide)) ?? {
			distance: near,
			extent: far - near,
		}
	);
}

/** A rectangle as a row of the node's field, which gives exactly its pixels on an image of this size. */
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

/** A row in the terms of `cos/areas/rectangles.ts`. */
export function rowToRectangle(row: RectangleRow): Rectangle {
	return {
		corner: row.corner,
		unit: row.unit,
		horizontalDistance: row.left,
		verticalDistance: row.top,
		width: row.width,
		height: row.height,
	};
}
