import { asNumber } from '../../cos/areas/numbers';
import type { Growth } from '../../cos/areas/growth';
import { valuesOfText } from '../../cos/areas/jsonText';
import { boxAround, isUpright, type ImageSize, type Polygon } from '../../cos/areas/points';
import {
	COORDINATES,
	ORIGINS,
	placeShape,
	readShapes,
	type Shape,
	type ShapeReading,
} from '../../cos/areas/shapes';
import { isRecord, present } from '../../cos/values';
import type { NewShape } from '../drawing/drawing';
import { rowsToPolygons } from './rectangles';

/**
 * `otherArea`: the node's Area is neither Polygons nor Rectangles. `expression`: only a run of the
 * workflow knows it.
 */
export type NoAreaReason = 'noNode' | 'otherArea' | 'expression';

/** The text has no coordinates. */
export class NoAreaFound extends Error {
	constructor(readonly reason: NoAreaReason) {
		super(reason);
		this.name = 'NoAreaFound';
	}
}

/** What a text holds. */
export interface PastedArea {
	readonly shapes: readonly NewShape[];
	/** Of a node: how far its area grows. */
	readonly growth?: Growth;
}

/** @returns text without JSON, or with more than one value, unchanged: the reader of shapes explains it, or reads all */
function parseJson(text: string): unknown {
	const [value, ...others] = valuesOfText(text).values ?? [];
	return value === undefined || others.length > 0 ? text : value;
}

type Fields = Readonly<Record<string, unknown>>;

/** The parameters of the first Image Repair node of a workflow. */
function nodeParameters(nodes: readonly unknown[]): Fields {
	const node = nodes
		.filter(isRecord)
		.find(({ type }) => typeof type === 'string' && type.endsWith('.imageRepair'));
	if (!node) throw new NoAreaFound('noNode');
	return isRecord(node.parameters) ? node.parameters : {};
}

/** The value of a field with a list, if it is chosen: n8n leaves out what has its default. */
function chosen<T extends string>(values: readonly T[], given: unknown): T | undefined {
	return values.find((value) => value === given && value !== 'auto');
}

const UPRIGHT_UNITS = ['pixels', 'percent'];

const isRow = (value: unknown): boolean =>
	isRecord(value) &&
	'width' in value &&
	('corner' in value || UPRIGHT_UNITS.includes(String(value.unit)));

/** An upright rectangle becomes one, so that it can be resized as such. */
function asShape(polygon: Polygon): NewShape {
	return isUpright(polygon)
		? { kind: 'rectangle', box: boxAround(polygon) }
		: { kind: 'polygon', corners: polygon };
}

/** A shape that stands out of the image can make several. */
function placed(shape: Shape, number: number, size: ImageSize): NewShape[] {
	const { label, confidence } = shape;
	return placeShape(shape, number, size).map((polygon) => ({
		...asShape(polygon),
		...present({ label, confidence }),
	}));
}

function readPolygons(value: unknown, size: ImageSize, reading: ShapeReading): NewShape[] {
	if (typeof value === 'string' && value.startsWith('=')) throw new NoAreaFound('expression');
	return readShapes(value, reading).flatMap((shape, index) => placed(shape, index + 1, size));
}

/** Rows as the field Rectangles holds them, or copied from it; undefined for anything else. */
function rowsIn(value: unknown): readonly unknown[] | undefined {
	const listOf = (given: unknown): readonly unknown[] => (Array.isArray(given) ? given : []);
	if (isRecord(value) && Array.isArray(value.rectangle)) return listOf(value.rectangle);
	if (isRow(value)) return [value];
	const list = listOf(value);
	return list.length > 0 && list.every(isRow) ? list : undefined;
}

/** @throws NoAreaFound if the area is not given in numbers */
function readParameters(fields: Fields, size: ImageSize, reading: ShapeReading): PastedArea {
	const { area } = fields;
	const growth: Growth = {
		amount: Math.max(asNumber(fields.growArea) ?? 0, 0),
		unit: fields.growUnit === 'pixels' ? 'pixels' : 'percent',
	};
	const rows = rowsIn(fields.rectangles);
	if (rows && area !== 'polygons') {
		return { shapes: rowsToPolygons(rows, size).map(asShape), growth };
	}
	if (!('polygons' in fields)) throw new NoAreaFound('otherArea');
	const own = {
		coordinates:
			chosen(COORDINATES, reading.coordinates) ?? chosen(COORDINATES, fields.coordinates),
		origin: chosen(ORIGINS, reading.origin) ?? chosen(ORIGINS, fields.origin),
	};
	return { shapes: readPolygons(fields.polygons, size, own), growth };
}

const OTHER_AREAS: readonly unknown[] = ['automatic', 'logo', 'text', 'mask'];

function readValue(value: unknown, size: ImageSize, reading: ShapeReading): PastedArea {
	if (isRecord(value)) {
		if (Array.isArray(value.nodes)) return readValue(nodeParameters(value.nodes), size, reading);
		if (OTHER_AREAS.includes(value.area)) throw new NoAreaFound('otherArea');
		if ('operation' in value || value.area === 'polygons' || rowsIn(value.rectangles)) {
			return readParameters(value, size, reading);
		}
	}
	const rows = rowsIn(value);
	if (rows) return { shapes: rowsToPolygons(rows, size).map(asShape) };
	return { shapes: readPolygons(value, size, reading) };
}

/**
 * Reads shapes as the field Polygons takes them and as *Detect Logos and Text* returns them, rows of
 * Rectangles, or a node copied from n8n.
 *
 * @param size of the image that the shapes have to fit
 * @param reading how to read shapes that do not say it; it goes before what a node says
 * @throws NoAreaFound, InvalidInput, InvalidParameter if the text is none of these, or does not fit
 */
export function readArea(text: string, size: ImageSize, reading: ShapeReading = {}): PastedArea {
	return readValue(parseJson(text), size, reading);
}
