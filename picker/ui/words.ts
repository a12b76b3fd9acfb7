import type { ImageSize, Point } from '../../cos/areas/points';
import { explainInvalid } from '../../nodes/shared/invalidParameter';
import type { Message } from '../../nodes/shared/messages';
import type { Drawing } from '../drawing/drawing';
import { boundsOf, cornersOf, type Shape } from '../geometry/shapes';
import { NoAreaFound, type NoAreaReason } from '../output/readArea';

/** An entry of a list, as the node's fields have them. */
export interface Option<T extends string> {
	readonly name: string;
	readonly value: T;
}

export function optionName<T extends string>(options: ReadonlyArray<Option<T>>, value: T): string {
	return options.find((option) => option.value === value)?.name ?? value;
}

const RECTANGLE_CORNERS = ['Top left', 'Top right', 'Bottom right', 'Bottom left'];

/** What percentage of the side of an image some pixels are. */
export function percentOf(pixels: number, side: number): string {
	return ((pixels / side) * 100).toFixed(1);
}

/** Rectangles and polygons are numbered together, because the node's errors count them so. */
export function shapeName(shape: Shape, index: number): string {
	return `${shape.kind === 'rectangle' ? 'Rectangle' : 'Polygon'} ${index + 1}`;
}

export function cornerName(shape: Shape, index: number): string {
	if (shape.kind === 'polygon') return `Corner ${index + 1}`;
	return `${RECTANGLE_CORNERS[index] ?? ''} corner`;
}

export function describePoint([x, y]: Point, { width, height }: ImageSize): string {
	return `x ${x}, y ${y} pixels, ${percentOf(x, width)} and ${percentOf(y, height)} percent`;
}

export function describeShape(shape: Shape): string {
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
	if (corner === undefined || !point) return `${name}: ${describeShape(shape)}`;
	return `${cornerName(shape, corner)} of ${name}: ${describePoint(point, size)}`;
}

const NO_AREA: Readonly<Record<NoAreaReason, Message>> = {
	noNode: {
		message: 'There is no Tencent Image Repair node in this text',
		advice: 'Copy the node on the n8n canvas with Ctrl+C and paste it here.',
	},
	otherArea: {
		message: 'This node has no coordinates',
		advice: 'Its Area is neither Polygons nor Rectangles.',
	},
};

/** Why a text cannot be shown on the image. @throws any other error unchanged */
export function explainError(error: unknown): Message {
	if (error instanceof NoAreaFound) return NO_AREA[error.reason];
	const invalid = explainInvalid(error);
	if (invalid) return invalid;
	throw error;
}
