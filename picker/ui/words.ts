import type { Growth } from '../../cos/areas/growth';
import type { ImageSize, Point } from '../../cos/areas/points';
import type { Coordinates, Origin } from '../../cos/areas/shapes';
import type { InvalidInput, InvalidReason } from '../../cos/invalidInput';
import { explainInvalid } from '../../nodes/shared/explainInvalid';
import { fill, INPUT, LABELS, type Message } from '../../nodes/shared/inputMessages';
import type { Drawing } from '../drawing/drawing';
import { percentOf } from '../geometry/percent';
import { boundsOf, cornersOf, type Finding, type Shape } from '../geometry/shapes';
import { sideSeen, type Side, type StoredSize } from '../../cos/images/upright';
import { NoAreaFound, type NoAreaReason } from '../output/readArea';

/** An entry of a list, as the node's fields have them. */
export interface Option<T extends string> {
	readonly name: string;
	readonly value: T;
}

export function optionName<T extends string>(options: ReadonlyArray<Option<T>>, value: T): string {
	return options.find((option) => option.value === value)?.name ?? value;
}

interface FieldWords<T extends string> {
	readonly displayName: string;
	readonly options: ReadonlyArray<Option<T>>;
}

/** Fields of the node that the page has too, under the node's names: a test compares them. */
export const AREA_FIELDS: {
	readonly coordinates: FieldWords<Coordinates>;
	readonly origin: FieldWords<Origin>;
	readonly growUnit: FieldWords<Growth['unit']>;
} = {
	coordinates: {
		displayName: LABELS.coordinates,
		options: [
			{ name: 'As the Shape Says', value: 'auto' },
			{ name: 'Fractions (0–1)', value: 'fractions' },
			{ name: 'Per Mille (0–1000)', value: 'perMille' },
			{ name: 'Percent', value: 'percent' },
			{ name: 'Pixels', value: 'pixels' },
		],
	},
	origin: {
		displayName: 'Position of Boxes',
		options: [
			{ name: 'As the Shape Says', value: 'auto' },
			{ name: 'Center', value: 'center' },
			{ name: 'Top Left Corner', value: 'topLeft' },
		],
	},
	growUnit: {
		displayName: 'Grow By',
		options: [
			{ name: 'Percent of the Shorter Side', value: 'percent' },
			{ name: 'Pixels', value: 'pixels' },
		],
	},
};

const RECTANGLE_CORNERS = ['Top left', 'Top right', 'Bottom right', 'Bottom left'];

/** Rectangles and polygons are numbered together, because the node's errors count them so. */
export function shapeName(shape: Shape, index: number): string {
	return `${shape.kind === 'rectangle' ? 'Rectangle' : 'Polygon'} ${index + 1}`;
}

/** What a detector calls a shape, and how sure it is; undefined for a drawn one. */
export function describeFinding({ label, confidence }: Finding): string | undefined {
	const sure = confidence === undefined ? undefined : String(Number(confidence.toFixed(2)));
	return [label, sure].filter(Boolean).join(' · ') || undefined;
}

/** A shape as a whole, with what is written beside it. */
export function describeShape(shape: Shape, index: number): string {
	const finding = describeFinding(shape);
	const title = [shapeName(shape, index), finding].filter(Boolean).join(' ');
	return `${title}: ${describePlace(shape)}`;
}

export function cornerName(shape: Shape, index: number): string {
	if (shape.kind === 'polygon') return `Corner ${index + 1}`;
	return `${RECTANGLE_CORNERS[index] ?? ''} corner`;
}

function describePoint([x, y]: Point, size: ImageSize): string {
	const [across, down] = [percentOf(x, 'width', size), percentOf(y, 'height', size)];
	return `x ${x}, y ${y} pixels, ${across} and ${down} percent`;
}

const STORED: Readonly<Record<number, string>> = {
	2: 'mirrored',
	3: 'upside down',
	4: 'upside down and mirrored',
	5: 'on its side and mirrored',
	6: 'on its side',
	7: 'on its side and mirrored',
	8: 'on its side',
};

/** How the pixels of an image are stored that other programs turn; undefined for an upright one. */
export function storedAs({ orientation }: StoredSize): string | undefined {
	return STORED[orientation];
}

const SEEN_AT: Readonly<Record<Side, string>> = {
	left: 'the left side',
	top: 'the top',
	right: 'the right side',
	bottom: 'the bottom',
};

/** How an image is turned, and what that means for its numbers; undefined for an upright one. */
export function describeTurn(size: StoredSize): string | undefined {
	const stored = storedAs(size);
	if (stored === undefined) return undefined;
	const [left, top] = (['left', 'top'] as const).map(
		(side) => SEEN_AT[sideSeen(side, size.orientation)],
	);
	return `This image is stored ${stored} (EXIF orientation ${size.orientation}). It is shown upright, but its numbers count it as stored, as the node does: left is ${left} of what you see, top is ${top}.`;
}

/** The node measures rectangles in percent, too, but not polygons. */
export function describeCorner(shape: Shape, corner: Point, size: ImageSize): string {
	if (shape.kind === 'rectangle') return describePoint(corner, size);
	return `x ${corner[0]}, y ${corner[1]} pixels`;
}

function describePlace(shape: Shape): string {
	const { left, top, right, bottom } = boundsOf(shape);
	const corners = shape.kind === 'polygon' ? `, ${shape.corners.length} corners` : '';
	return `left ${left}, top ${top}, ${right - left} by ${bottom - top} pixels${corners}`;
}

function describeDraft({ draft }: Drawing): string {
	if (draft?.kind !== 'polygon') return '';
	const { length } = draft.corners;
	return length === 1 ? '1 corner placed. ' : `${length} corners placed. `;
}

/** The selection, or the draft and the crosshair, for screen readers; empty if there is none. */
export function describeState(
	drawing: Drawing,
	crosshair: Point | undefined,
	size: ImageSize,
): string {
	const { shapes, selection } = drawing;
	const index = shapes.findIndex(({ id }) => id === selection?.id);
	const shape = shapes[index];
	if (!shape) {
		const at = crosshair ? `Crosshair at ${describePoint(crosshair, size)}` : '';
		return `${describeDraft(drawing)}${at}`;
	}
	const name = shapeName(shape, index);
	const corner = selection?.corner;
	const point = corner === undefined ? undefined : cornersOf(shape)[corner];
	if (corner === undefined || !point) return describeShape(shape, index);
	return `${cornerName(shape, corner)} of ${name}: ${describeCorner(shape, point, size)}`;
}

const NO_AREA: Readonly<Record<NoAreaReason, Message>> = {
	noNode: {
		message: 'There is no Tencent Image Repair node in this text',
		advice: 'Copy the node on the n8n canvas and paste it here.',
	},
	otherArea: {
		message: 'This node has no coordinates',
		advice: 'Its Area is neither Polygons nor Rectangles.',
	},
	expression: {
		message: 'The area of this node is an expression, which only n8n can resolve',
		advice:
			'Run the workflow, and paste what the expression gives or the output of the node before it.',
	},
};

const SIMPLER = 'Draw fewer polygons, or polygons with fewer corners.';

/** What to do about a drawn shape. The node's advice is for corners that are typed in. */
const DRAWN_ADVICE: Partial<Record<InvalidReason, string>> = {
	'polygons.tooMany': SIMPLER,
	'polygons.corners': SIMPLER,
	'polygon.corners': SIMPLER,
	'polygon.fewCorners': 'Drag its corners apart, or delete the polygon.',
	'shape.fractions': 'Make it larger, or delete it.',
	'polygon.flat': 'Drag a corner off that line, or delete the polygon.',
	'polygon.foldsBack': 'Drag that corner away, or delete it.',
	'polygon.crosses':
		'Drag one of these corners so that no sides meet, or draw several polygons instead.',
};

/** Why the node would refuse drawn shapes: its own message, but without its label, which means nothing here. */
export function explainDrawn({ reason, values }: InvalidInput): Message {
	const { message, advice } = INPUT[reason];
	const text = fill(message, { ...values });
	return {
		message: /^[A-Z]/.test(text) ? text : `The drawing ${text}`,
		advice: DRAWN_ADVICE[reason] ?? advice,
	};
}

/** Why a text cannot be shown on the image. @throws any other error unchanged */
export function explainError(error: unknown): Message {
	if (error instanceof NoAreaFound) return NO_AREA[error.reason];
	const invalid = explainInvalid(error);
	if (invalid) return invalid;
	throw error;
}
