import { checkInside, parsePolygons } from '../../cos/areas/polygons';
import { rectanglesToPolygons } from '../../cos/areas/rectangles';
import type { ImageSize, Polygon } from '../../cos/areas/points';
import { readRectangles } from '../../nodes/ImageRepair/parameters/rectangles';
import { isRecord } from '../../cos/values';
import type { NewShape } from '../drawing/drawing';

/** Why a text holds no area: no node in it, or one whose Area is neither Polygons nor Rectangles. */
export type NothingReason = 'noNode' | 'otherArea';

export class NothingToShow extends Error {
	constructor(readonly reason: NothingReason) {
		super(reason);
		this.name = 'NothingToShow';
	}
}

/** The value of JSON text; any other text as it is. */
function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** The parameters of the first Image Repair node of a workflow. */
function nodeParameters(nodes: readonly unknown[]): unknown {
	const node = nodes
		.filter(isRecord)
		.find(({ type }) => typeof type === 'string' && type.endsWith('.imageRepair'));
	if (node) return node.parameters;
	throw new NothingToShow('noNode');
}

const isRow = (value: unknown): value is Record<string, unknown> =>
	isRecord(value) && ('corner' in value || 'unit' in value);

function rowsToPolygons(rows: readonly unknown[], size: ImageSize): Polygon[] {
	return rectanglesToPolygons(
		readRectangles(() => ({ rectangle: rows })),
		size,
	);
}

function readValue(value: unknown, size: ImageSize): Polygon[] {
	if (isRecord(value)) {
		if (Array.isArray(value.nodes)) return readValue(nodeParameters(value.nodes), size);
		if (value.area === 'automatic' || value.area === 'mask') {
			throw new NothingToShow('otherArea');
		}
		if ('rectangles' in value && value.area !== 'polygons')
			return readValue(value.rectangles, size);
		if ('polygons' in value) return readValue(value.polygons, size);
		if (Array.isArray(value.rectangle)) return rowsToPolygons(value.rectangle, size);
		if (isRow(value)) return rowsToPolygons([value], size);
	}
	if (Array.isArray(value) && value.length > 0 && value.every(isRow)) {
		return rowsToPolygons(value, size);
	}
	return parsePolygons(value);
}

/** A polygon as it is drawn: an upright rectangle can be resized as one. */
function asShape(polygon: Polygon): NewShape {
	const xs = polygon.map(([x]) => x);
	const ys = polygon.map(([, y]) => y);
	const box = {
		left: Math.min(...xs),
		top: Math.min(...ys),
		right: Math.max(...xs),
		bottom: Math.max(...ys),
	};
	const isUpright =
		polygon.length === 4 &&
		polygon.every(
			([x, y]) => (x === box.left || x === box.right) && (y === box.top || y === box.bottom),
		);
	return isUpright ? { kind: 'rectangle', box } : { kind: 'polygon', corners: polygon };
}

/**
 * Reads what the page gives, and what the node holds: the text of Polygons in all its forms, rows of
 * Rectangles, or a node copied from n8n's canvas.
 *
 * @param size of the image that the shapes are to be shown on
 * @throws NothingToShow, InvalidInput, InvalidParameter when it is none of these, or does not fit
 */
export function readArea(text: string, size: ImageSize): NewShape[] {
	const polygons = readValue(parsed(text), size);
	checkInside(polygons, size);
	return polygons.map(asShape);
}
