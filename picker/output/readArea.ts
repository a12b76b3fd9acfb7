import {
	checkInside,
	parsePolygons,
	rectanglesToPolygons,
	type Corner,
	type ImageSize,
	type Polygon,
	type Rectangle,
} from '../../cos/areas/areas';
import { InvalidInput } from '../../cos/invalidInput';
import { isRecord } from '../../cos/values';
import type { NewShape } from '../drawing/drawing';

const CORNERS: readonly Corner[] = ['topLeft', 'topRight', 'bottomLeft', 'bottomRight'];

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
	throw new InvalidInput(
		'polygons',
		'hold no Tencent Image Repair node',
		'Copy the node on the n8n canvas with Ctrl+C and paste it here.',
	);
}

const isRow = (value: unknown): value is Record<string, unknown> =>
	isRecord(value) && ('corner' in value || 'unit' in value);

/** A row as n8n stores it: what has its default value may be missing. */
function readRow(row: Record<string, unknown>): Rectangle {
	const read = (name: string, otherwise: number) =>
		row[name] === undefined ? otherwise : Number(row[name]);
	return {
		corner: CORNERS.find((corner) => corner === row.corner) ?? 'topLeft',
		unit: row.unit === 'percent' ? 'percent' : 'pixels',
		horizontalDistance: read('left', 0),
		verticalDistance: read('top', 0),
		width: read('width', 100),
		height: read('height', 50),
	};
}

function rowsToPolygons(rows: readonly unknown[], size: ImageSize): Polygon[] {
	return rectanglesToPolygons(rows.filter(isRecord).map(readRow), size);
}

function readValue(value: unknown, size: ImageSize): Polygon[] {
	if (isRecord(value)) {
		if (Array.isArray(value.nodes)) return readValue(nodeParameters(value.nodes), size);
		if (value.area === 'automatic' || value.area === 'mask') {
			throw new InvalidInput(
				'polygons',
				'are not what this node uses',
				'Its Area is neither Polygons nor Rectangles, so there is nothing to show.',
			);
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
 * @throws InvalidInput when it is none of these, or does not fit the image
 */
export function readArea(text: string, size: ImageSize): NewShape[] {
	const polygons = readValue(parsed(text), size);
	checkInside(polygons, size);
	return polygons.map(asShape);
}
