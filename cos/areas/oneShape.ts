import { InvalidInput } from '../invalidInput';
import { isRecord, show } from '../values';
import { asNumber, cornerOf, isNumberList, looksLikeCorner, numberIn } from './numbers';
import type { Fields } from './numbers';
import { boxCorners, type Point } from './points';

/** What the numbers of shapes count: chosen, or told from their names. */
export const COORDINATES = ['auto', 'fractions', 'perMille', 'percent', 'pixels'] as const;
/** What `x` and `y` of a box with a width and a height mean: chosen, or told from its names. */
export const ORIGINS = ['auto', 'center', 'topLeft'] as const;

export type Coordinates = (typeof COORDINATES)[number];
export type Origin = (typeof ORIGINS)[number];

/** What names say about the numbers: nothing, a unit, or one of two units that nobody can tell apart. */
export type ToldUnit = 'fractions' | 'perMille' | 'unclear' | undefined;

/** A shape as found, its numbers not yet looked at. */
export interface FoundShape {
	readonly corners: readonly Point[];
	readonly isBox: boolean;
	readonly named: boolean;
	readonly told: ToldUnit;
	/** What it was read from, for messages. */
	readonly source: unknown;
}

/** What is known when a shape is read. */
export interface Surroundings {
	readonly origin: Origin;
	/** By the names around it. */
	readonly told: ToldUnit;
	/** The number that it would have, from 1. */
	readonly polygon: number;
}

/** Lists of corners go by these names; where there are several, the first one is read. */
const OUTLINES = [
	...['polygon', 'boundingpolygon', 'boundingpoly', 'vertices', 'normalizedvertices', 'points'],
	...['segmentation', 'segments', 'corners', 'contour', 'outline', 'quadrilateral', 'quad'],
];
/** These are boxes, and with some detectors lists of corners. */
const BOXES = [
	...['boundingbox', 'box', 'rectangle', 'rect', 'bounds', 'region', 'coordinates', 'coords'],
	...['location', 'position', 'area', 'boxes', 'boundingboxes', 'bboxes', 'rectangles', 'rects'],
	...['xywh', 'xywhn', 'detections', 'predictions', 'regions'],
];
/** A coordinate that is 0 is left out here, and only here (Google's JSON of protocol buffers). */
const SPARSE = ['vertices', 'normalizedvertices'];

type Four = readonly [number, number, number, number];

/** Four numbers whose meaning their name tells. */
const FOURS: Readonly<Record<string, { told: ToldUnit; edges: (four: Four) => Four }>> = {
	/** Gemini: y first, in thousandths. */
	box2d: { told: 'perMille', edges: ([top, left, bottom, right]) => [left, top, right, bottom] },
	/** Qwen-VL: pixels in version 2.5, thousandths in version 3. */
	bbox2d: { told: 'unclear', edges: (four) => four },
	xyxy: { told: undefined, edges: (four) => four },
	xyxyn: { told: 'fractions', edges: (four) => four },
	/** COCO. */
	bbox: { told: undefined, edges: ([x, y, width, height]) => [x, y, x + width, y + height] },
};

function boxOf(
	[left, top, right, bottom]: Four,
	told: ToldUnit,
	source: unknown,
	{ polygon }: Surroundings,
): FoundShape {
	if (right <= left || bottom <= top) {
		throw new InvalidInput('polygons', 'box.flat', { polygon, shown: show(source) });
	}
	const corners = boxCorners({ left, top, right, bottom });
	return { corners, isBox: true, named: true, told, source };
}

/**
 * A list of corners as a shape.
 *
 * @throws InvalidInput for a corner that is not two numbers
 */
export function outlineOf(
	list: readonly unknown[],
	{ polygon, told }: Pick<Surroundings, 'polygon' | 'told'>,
	{ named = true, isSparse = false } = {},
): FoundShape {
	const corners = list.map((value, index) => {
		const corner = cornerOf(value, isSparse);
		if (corner) return corner;
		throw new InvalidInput('polygons', 'corner.notPair', {
			polygon,
			corner: index + 1,
			shown: show(value),
		});
	});
	return { corners, isBox: false, named, told, source: list };
}

/** `[x1, y1, x2, y2, …]` as corners. */
function pairs(flat: readonly unknown[]): unknown[][] {
	return Array.from({ length: flat.length / 2 }, (_, index) =>
		flat.slice(2 * index, 2 * index + 2),
	);
}

function isFlatOutline(value: unknown): value is unknown[] {
	return isNumberList(value) && value.length >= 6 && value.length % 2 === 0;
}

function isFour(value: unknown): value is unknown[] {
	return isNumberList(value) && value.length === 4;
}

/** Whether this is a list of corners: pairs, or records. */
function isOutline(value: unknown, isSparse: boolean): value is unknown[] {
	if (!Array.isArray(value) || value.length === 0) return false;
	if (isSparse) return value.every(isRecord);
	return value.every(
		(corner) => looksLikeCorner(corner) && !isFlatOutline(corner) && !isFour(corner),
	);
}

/** The outlines under a name, which may hold one or a list of them. */
function namedOutlines(name: string, value: unknown, around: Surroundings): FoundShape[] {
	const isSparse = SPARSE.includes(name);
	const inner = name === 'normalizedvertices' ? { ...around, told: 'fractions' as const } : around;
	if (isFlatOutline(value)) return [outlineOf(pairs(value), inner)];
	if (isOutline(value, isSparse)) return [outlineOf(value, inner, { isSparse })];
	if (!Array.isArray(value) || value.length === 0) return [];
	const isList = value.every((one) => isFlatOutline(one) || isOutline(one, false));
	if (!isList) return [];
	return value.flatMap((one, index) =>
		namedOutlines(name, one, { ...inner, polygon: around.polygon + index }),
	);
}

/** Four numbers, or a list of such fours. */
function foursIn(value: unknown): unknown[][] {
	if (isFour(value)) return [value];
	return Array.isArray(value) && value.length > 0 && value.every(isFour) ? value : [];
}

function namedFours(fields: Fields, around: Surroundings): FoundShape[] | undefined {
	for (const [name, { told, edges }] of Object.entries(FOURS)) {
		const value = fields.get(name);
		if (!Array.isArray(value) || value.length === 0) continue;
		const fours = foursIn(value);
		if (fours.length === 0) {
			throw new InvalidInput('polygons', 'box.notNumbers', {
				polygon: around.polygon,
				shown: show({ [name]: value }),
			});
		}
		return fours.map((four, index) => {
			const [a, b, c, d] = four.map(asNumber);
			const at = { ...around, polygon: around.polygon + index };
			if (a === undefined || b === undefined || c === undefined || d === undefined) {
				throw new InvalidInput('polygons', 'box.notNumbers', {
					polygon: at.polygon,
					shown: show(four),
				});
			}
			return boxOf(edges([a, b, c, d]), told ?? around.told, four, at);
		});
	}
	return undefined;
}

/** @throws InvalidInput for four numbers under a name that does not tell what they mean */
function refuseBareNumbers(fields: Fields, { polygon }: Surroundings): void {
	for (const name of BOXES) {
		const [four] = foursIn(fields.get(name));
		if (four) refuseFour(four, polygon);
	}
}

/** @throws InvalidInput always: two corners, or a corner and a size? */
export function refuseFour(four: readonly unknown[], polygon: number): never {
	throw new InvalidInput('polygons', 'box.bareNumbers', { polygon, shown: show(four) });
}

const LEFT = ['left', 'x', 'xmin', 'minx', 'x0', 'x1'];
const TOP = ['top', 'y', 'ymin', 'miny', 'y0', 'y1'];
const RIGHT = ['right', 'xmax', 'maxx', 'x2'];
const BOTTOM = ['bottom', 'ymax', 'maxy', 'y2'];
const WIDTH = ['width', 'w'];
const HEIGHT = ['height', 'h'];

const hasAny = (fields: Fields, names: readonly string[]) => names.some((name) => fields.has(name));

/** Names of Roboflow, whose `x` and `y` are the middle of the box. */
function isOfRoboflow(fields: Fields): boolean {
	return fields.has('detectionid') || (fields.has('class') && fields.has('confidence'));
}

/** `x` and `y` with a width and a height, and no edge by its name. */
function canBeCentred(fields: Fields): boolean {
	const edges = [...LEFT, ...TOP, ...RIGHT, ...BOTTOM].filter((name) => name.length > 1);
	return fields.has('x') && fields.has('y') && !hasAny(fields, edges);
}

/** The far edge, given itself or as an extent from the near one. */
function farEdge(
	fields: Fields,
	near: number | undefined,
	edge: readonly string[],
	extent: readonly string[],
): number | undefined {
	const far = numberIn(fields, edge);
	const length = numberIn(fields, extent);
	return far ?? (near === undefined || length === undefined ? undefined : near + length);
}

function boxOfFields(
	record: Readonly<Record<string, unknown>>,
	fields: Fields,
	around: Surroundings,
): FoundShape | undefined {
	if (!hasAny(fields, [...LEFT, ...TOP])) return undefined;
	// With x0, x1 is the far edge.
	const [right1, bottom1] = fields.has('x0') ? [['x1'], ['y1']] : [[], []];
	const [rightNames, bottomNames] = [
		[...RIGHT, ...right1],
		[...BOTTOM, ...bottom1],
	];
	if (!hasAny(fields, [...rightNames, ...bottomNames, ...WIDTH, ...HEIGHT])) return undefined;
	const [left, top] = [numberIn(fields, LEFT), numberIn(fields, TOP)];
	const right = farEdge(fields, left, rightNames, WIDTH);
	const bottom = farEdge(fields, top, bottomNames, HEIGHT);
	if (left === undefined || top === undefined || right === undefined || bottom === undefined) {
		throw new InvalidInput('polygons', 'box.notNumbers', {
			polygon: around.polygon,
			shown: show(record),
		});
	}
	// AWS alone writes them so.
	const told = 'Left' in record && 'Top' in record ? 'fractions' : around.told;
	const isCentred =
		canBeCentred(fields) &&
		(around.origin === 'center' || (around.origin === 'auto' && isOfRoboflow(fields)));
	const [byX, byY] = isCentred ? [(right - left) / 2, (bottom - top) / 2] : [0, 0];
	return boxOf([left - byX, top - byY, right - byX, bottom - byY], told, record, around);
}

/** `{x1, y1, … x4, y4}` as corners. */
function numberedCorners(fields: Fields): unknown[][] {
	const corners: unknown[][] = [];
	for (let at = 1; fields.has(`x${at}`) && fields.has(`y${at}`); at++) {
		corners.push([fields.get(`x${at}`), fields.get(`y${at}`)]);
	}
	return corners;
}

/**
 * Reads a record that is a shape itself: one that holds corners, four numbers or the edges of a box.
 *
 * @param fields of the record
 * @returns nothing for a record that is none: a shape may still be inside it
 * @throws InvalidInput for one that is meant as a shape and cannot be read
 */
export function shapesOfRecord(
	record: Readonly<Record<string, unknown>>,
	fields: Fields,
	around: Surroundings,
): FoundShape[] {
	for (const name of [...OUTLINES, ...BOXES]) {
		const outlines = namedOutlines(name, fields.get(name), around);
		if (outlines.length > 0) return outlines;
	}
	const numbered = numberedCorners(fields);
	if (numbered.length >= 3) return [outlineOf(numbered, around)];
	const box = boxOfFields(record, fields, around);
	if (box) return [box];
	const fours = namedFours(fields, around);
	if (fours) return fours;
	refuseBareNumbers(fields, around);
	return [];
}

/** The parts of a record that can be its shape as records of their own; the best one first. */
export function shapePartsOf(fields: Fields): Array<Record<string, unknown>> {
	const names = [...OUTLINES, 'geometry', 'itempolygon', 'bbox', ...BOXES];
	return names.map((name) => fields.get(name)).filter(isRecord);
}
