import type { Corner, Unit } from '../../cos/areas/rectangles';
import type { ImageSize, Point } from '../../cos/areas/points';
import { explainInvalid } from '../../nodes/shared/invalidParameter';
import type { Message } from '../../nodes/shared/messages';
import type { Drawing } from '../drawing/drawing';
import { boundsOf, cornersOf, type Shape } from '../geometry/shapes';
import { NothingToShow, type NothingReason } from '../output/readArea';

/** The node's own labels (its field Rectangles), so that a row can be found again in n8n. */
export const CORNER_NAMES: Readonly<Record<Corner, string>> = {
	topLeft: 'Top Left Corner',
	topRight: 'Top Right Corner',
	bottomLeft: 'Bottom Left Corner',
	bottomRight: 'Bottom Right Corner',
};

export const UNIT_NAMES: Readonly<Record<Unit, string>> = {
	percent: 'Percent of the Image',
	pixels: 'Pixels',
};

const RECTANGLE_CORNERS = ['Top left', 'Top right', 'Bottom right', 'Bottom left'];

/** A percentage for reading, of a side in pixels. */
export function percentOf(pixels: number, side: number): string {
	return ((pixels / side) * 100).toFixed(1);
}

/** "Rectangle 2": shapes are counted as the node counts polygons, in the order of drawing. */
export function shapeName(shape: Shape, index: number): string {
	return `${shape.kind === 'rectangle' ? 'Rectangle' : 'Polygon'} ${index + 1}`;
}

export function cornerName(shape: Shape, index: number): string {
	if (shape.kind === 'polygon') return `Corner ${index + 1}`;
	return `${RECTANGLE_CORNERS[index] ?? ''} corner`;
}

/** "x 120, y 40 pixels, 12.5 and 8.3 percent" */
export function placeInWords([x, y]: Point, { width, height }: ImageSize): string {
	return `x ${x}, y ${y} pixels, ${percentOf(x, width)} and ${percentOf(y, height)} percent`;
}

export function shapeInWords(shape: Shape): string {
	const { left, top, right, bottom } = boundsOf(shape);
	const corners = shape.kind === 'polygon' ? `, ${shape.corners.length} corners` : '';
	return `left ${left}, top ${top}, ${right - left} by ${bottom - top} pixels${corners}`;
}

/** What is selected or being drawn, for the live region; empty when it is nothing. */
export function stateInWords(
	{ shapes, selection, draft }: Drawing,
	cross: Point | undefined,
	size: ImageSize,
): string {
	const index = shapes.findIndex(({ id }) => id === selection?.id);
	const shape = shapes[index];
	if (shape) {
		const corner = selection?.corner;
		const place = corner === undefined ? undefined : cornersOf(shape)[corner];
		const name = shapeName(shape, index);
		if (corner === undefined || !place) return `${name}: ${shapeInWords(shape)}`;
		return `${cornerName(shape, corner)} of ${name}: ${placeInWords(place, size)}`;
	}
	const begun = draft?.kind === 'polygon' ? `${draft.corners.length} corners placed. ` : '';
	return cross ? `${begun}Cross at ${placeInWords(cross, size)}` : begun;
}

const NOTHING: Readonly<Record<NothingReason, Message>> = {
	noNode: {
		message: 'There is no Tencent Image Repair node in this text',
		advice: 'Copy the node on the n8n canvas with Ctrl+C and paste it here.',
	},
	otherArea: {
		message: 'This node uses no polygons',
		advice: 'Its Area is neither Polygons nor Rectangles, so there is nothing to show.',
	},
};

/** Why a text cannot be shown on the image. @throws anything else as it is */
export function explainRefusal(error: unknown): Message {
	if (error instanceof NothingToShow) return NOTHING[error.reason];
	const invalid = explainInvalid(error);
	if (invalid) return invalid;
	throw error;
}
