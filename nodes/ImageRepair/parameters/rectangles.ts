import type { INodeProperties } from 'n8n-workflow';

import {
	checkRectangles,
	type Corner,
	type Rectangle,
	type Rectangles,
	type Unit,
} from '../../../cos/areas/rectangles';
import { choiceField, numberOf, oneOf, readRows, type Get } from '../../shared/parameters';

const corner = choiceField<Corner>({
	displayName: 'Measured From',
	name: 'corner',
	type: 'options',
	default: 'topLeft',
	description:
		'Corner of the image that the distances are measured from. Take the corner the logo sits in, and percent if it grows with the image: one setting then fits images of any size.',
	options: [
		{ name: 'Bottom Left Corner', value: 'bottomLeft' },
		{ name: 'Bottom Right Corner', value: 'bottomRight' },
		{ name: 'Top Left Corner', value: 'topLeft' },
		{ name: 'Top Right Corner', value: 'topRight' },
	],
});

const unit = choiceField<Unit>({
	displayName: 'Unit',
	name: 'unit',
	type: 'options',
	default: 'pixels',
	description: 'What the four numbers below count',
	options: [
		{ name: 'Percent of the Image', value: 'percent' },
		{ name: 'Pixels', value: 'pixels' },
	],
});

const left: INodeProperties = {
	displayName: 'Left or Right Distance',
	name: 'left',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		'Distance of the rectangle from the left side of the image, or from the right side for a right corner',
};

const top: INodeProperties = {
	displayName: 'Top or Bottom Distance',
	name: 'top',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		'Distance of the rectangle from the top of the image, or from the bottom for a bottom corner',
};

const width: INodeProperties = {
	displayName: 'Width',
	name: 'width',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description: 'Width of the rectangle',
};

const height: INodeProperties = {
	displayName: 'Height',
	name: 'height',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description: 'Height of the rectangle',
};

/** The area picker shows the same labels. */
export const rectangleFields = { corner, unit, left, top, width, height };

/** Rows of rectangles, under a name of their own. */
export function rectangleRows(
	field: Pick<INodeProperties, 'displayName' | 'name' | 'description' | 'displayOptions'>,
): INodeProperties {
	return {
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Rectangle' },
		default: {},
		placeholder: 'Add Rectangle',
		options: [
			{
				displayName: 'Rectangle',
				name: 'rectangle',
				values: Object.values(rectangleFields),
			},
		],
		...field,
	};
}

export const rectangles = rectangleRows({
	displayName: 'Rectangles',
	name: 'rectangles',
	description: 'Everything inside these rectangles is removed',
	displayOptions: { show: { area: ['rectangles'] } },
});

function readRectangle(get: Get, index: number): Rectangle {
	const where = ({ displayName }: INodeProperties) => `Rectangle ${index + 1}, ${displayName}`;
	return {
		corner: oneOf(corner, get, where(corner)),
		unit: oneOf(unit, get, where(unit)),
		horizontalDistance: numberOf(left, get),
		verticalDistance: numberOf(top, get),
		width: numberOf(width, get),
		height: numberOf(height, get),
	};
}

/** @throws InvalidParameter that names the rectangle, counted from 1 */
export function readRectangleRows(field: INodeProperties, get: Get): Rectangle[] {
	return readRows(field, 'rectangle', get).map(readRectangle);
}

/**
 * Reads the rows of Rectangles.
 *
 * @throws InvalidInput, InvalidParameter that names the rectangle, counted from 1
 */
export function readRectangles(get: Get): Rectangles {
	return checkRectangles(readRectangleRows(rectangles, get));
}
