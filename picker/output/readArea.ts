import { checkInside } from '../../cos/areas/polygons';
import { placeShapes, readShapes } from '../../cos/areas/shapes';
import type { ImageSize, Polygon } from '../../cos/areas/points';
import { isRecord } from '../../cos/values';
import type { NewShape } from '../drawing/drawing';
import { boxAround } from '../geometry/shapes';
import { rowsToPolygons } from './rectangles';

/** `otherArea`: the node's Area is neither Polygons nor Rectangles. */
export type NoAreaReason = 'noNode' | 'otherArea';

/** The text has no coordinates. */
export class NoAreaFound extends Error {
	constructor(readonly reason: NoAreaReason) {
		super(reason);
		this.name = 'NoAreaFound';
	}
}

/** @returns text that is not JSON unchanged: the check of polygons explains what is wrong with it */
function parseJson(text: string): unknown {
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
	throw new NoAreaFound('noNode');
}

const isRow = (value: unknown): value is Record<string, unknown> =>
	isRecord(value) && ('corner' in value || 'unit' in value);

function readValue(value: unknown, size: ImageSize): Polygon[] {
	if (isRecord(value)) {
		if (Array.isArray(value.nodes)) return readValue(nodeParameters(value.nodes), size);
		if (value.area === 'automatic' || value.area === 'mask') {
			throw new NoAreaFound('otherArea');
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
	return placeShapes(readShapes(value), size);
}

/** An upright rectangle becomes one, so that it can be resized as such. */
function asShape(polygon: Polygon): NewShape {
	const box = boxAround(polygon);
	const isUpright =
		polygon.length === 4 &&
		polygon.every(
			([x, y]) => (x === box.left || x === box.right) && (y === box.top || y === box.bottom),
		);
	return isUpright ? { kind: 'rectangle', box } : { kind: 'polygon', corners: polygon };
}

/**
 * Reads the text of Polygons in all its forms, rows of Rectangles, or a node copied from n8n.
 *
 * @param size of the image that the shapes have to fit
 * @throws NoAreaFound, InvalidInput, InvalidParameter if the text is none of these, or does not fit
 */
export function readArea(text: string, size: ImageSize): NewShape[] {
	const polygons = readValue(parseJson(text), size);
	checkInside(polygons, size);
	return polygons.map(asShape);
}
