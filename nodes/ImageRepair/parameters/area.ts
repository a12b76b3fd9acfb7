import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import type { Growth } from '../../../cos/areas/growth';
import { readShapes, type Coordinates, type Origin } from '../../../cos/areas/shapes';
import { imageUrl } from '../../../cos/location/imageUrl';
import { isRecord } from '../../../cos/values';
import { InvalidParameter } from '../../shared/invalidParameter';
import { LABELS } from '../../shared/messages';
import { AREA_PICKER } from '../../shared/publisher';
import {
	choiceField,
	isExpression,
	oneOf,
	readLocator,
	readNumber,
	readText,
	shownWhen,
	type Get,
} from '../../shared/parameters';
import type { AreaChoice, IfNothingFound, Mask } from '../area/area';
import { readBinaryImage } from '../binaryImage';
import type { Item } from '../item';
import { readRectangles, rectangles } from './rectangles';
import { readLogoSearch, readTextSearch, searchFields } from './search';
import { locatedKey, locatorModes } from './source';

const area = choiceField<AreaChoice['kind']>({
	displayName: 'Area',
	name: 'area',
	type: 'options',
	default: 'automatic',
	description: 'Where the logo or watermark is',
	options: [
		{
			name: 'Automatic',
			value: 'automatic',
			description: 'The service looks for common logos by itself',
		},
		{
			name: 'Found Logo',
			value: 'logo',
			description: 'The service looks for logos first, in a call of its own that it bills apart',
		},
		{
			name: 'Found Text',
			value: 'text',
			description:
				'The service reads the text in the image first, in a call of its own that it bills apart',
		},
		{
			name: 'Mask Image',
			value: 'mask',
			description: 'A black image on which white marks what to remove',
		},
		{
			name: 'Polygons',
			value: 'polygons',
			description: 'Outlines or boxes, typed in, from a detector or from an AI model',
		},
		{
			name: 'Rectangles',
			value: 'rectangles',
			description: 'Position and size in pixels or percent, from any corner',
		},
	],
});

/** Shown where numbers are entered. */
const DRAW_HINT = `Draw on your image in the <a href="${AREA_PICKER}" target="_blank">area picker</a> to get the numbers.`;

const polygons: INodeProperties = {
	displayName: 'Polygons',
	name: 'polygons',
	type: 'json',
	typeOptions: { rows: 4 },
	default: '',
	placeholder: 'e.g. [[[608,794],[1024,794],[1024,842],[608,842]]]',
	description:
		'Corners as [x, y] in pixels from the top left of the image: one polygon, or a list of polygons. Boxes of detectors and AI models work too, as they give them, such as {x, y, width, height}, {x1, y1, x2, y2} or {box_2d: [y, x, y, x]}.',
	hint: DRAW_HINT,
	displayOptions: { show: { area: ['polygons'] } },
};

const coordinates = choiceField<Coordinates>({
	displayName: LABELS.coordinates,
	name: 'coordinates',
	type: 'options',
	default: 'auto',
	description: 'What the numbers in Polygons count',
	options: [
		{
			name: 'As the Shape Says',
			value: 'auto',
			description:
				'Shapes whose names leave no doubt, such as box_2d or normalizedVertices, are known. All others count pixels.',
		},
		{
			name: 'Fractions (0–1)',
			value: 'fractions',
			description: 'Of the width and height of the image',
		},
		{
			name: 'Per Mille (0–1000)',
			value: 'perMille',
			description: 'Thousandths of the width and height, as many AI models count',
		},
		{ name: 'Percent', value: 'percent', description: 'Of the width and height of the image' },
		{ name: 'Pixels', value: 'pixels', description: 'From the top left of the image' },
	],
	displayOptions: { show: { area: ['polygons'] } },
});

const origin = choiceField<Origin>({
	displayName: 'Position of Boxes',
	name: 'origin',
	type: 'options',
	default: 'auto',
	description: 'What x and y mean in a box with a width and a height',
	options: [
		{
			name: 'As the Shape Says',
			value: 'auto',
			description: 'The center in predictions of Roboflow, otherwise the top left corner',
		},
		{ name: 'Center', value: 'center', description: 'The middle of the box' },
		{ name: 'Top Left Corner', value: 'topLeft', description: 'Its top left corner' },
	],
	displayOptions: { show: { area: ['polygons'] } },
});

const ifNothingFound = choiceField<IfNothingFound>({
	displayName: 'If Nothing Is Found',
	name: 'ifNothingFound',
	type: 'options',
	default: 'leaveOut',
	description: 'What to do with an image in which nothing is found',
	options: [
		{
			name: 'Automatic',
			value: 'automatic',
			description:
				'Repair it with the area Automatic: the service looks for common logos by itself',
		},
		{ name: 'Fail', value: 'fail', description: 'Let the item fail before the billed repair' },
		{
			name: 'Leave Out',
			value: 'leaveOut',
			description: 'Bill no repair, and return the item with "repaired": false',
		},
	],
	displayOptions: { show: { area: ['logo', 'text'] } },
});

const growGiven: INodeProperties = {
	displayName: 'Grow Area',
	name: 'growArea',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		'How far the repaired area reaches beyond each side, never beyond the image. A logo often has a shadow or a soft edge around it.',
	displayOptions: { show: { area: ['polygons', 'rectangles'] } },
};

const growFound: INodeProperties = {
	...growGiven,
	default: 1,
	displayOptions: { show: { area: ['logo', 'text'] } },
};

const growUnit = choiceField<Growth['unit']>({
	displayName: 'Grow By',
	name: 'growUnit',
	type: 'options',
	default: 'percent',
	description: 'What Grow Area counts',
	options: [
		{
			name: 'Percent of the Shorter Side',
			value: 'percent',
			description: 'Of the width or the height of the image, whichever is smaller',
		},
		{ name: 'Pixels', value: 'pixels' },
	],
	displayOptions: {
		show: { area: ['logo', 'polygons', 'rectangles', 'text'] },
		hide: { growArea: [0] },
	},
});

/** n8n shows no hint of a field with rows. */
const drawNotice: INodeProperties = {
	displayName: DRAW_HINT,
	name: 'drawNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { area: ['rectangles'] } },
};

const maskSource = choiceField<Mask['kind']>({
	displayName: 'Mask Source',
	name: 'maskSource',
	type: 'options',
	default: 'url',
	description: 'Where the mask image is',
	hint: 'A black image of the size of the image to repair, on which white marks what to remove',
	options: [
		{
			name: 'Binary Field of the Item',
			value: 'binary',
			description: 'Stored in the bucket for the time of the call, then deleted',
		},
		{
			name: 'Image in the Bucket',
			value: 'object',
			description: 'The service gets a link to it that is valid for a short time',
		},
		{ name: 'URL', value: 'url', description: 'An address that needs no further login' },
	],
	displayOptions: { show: { area: ['mask'] } },
});

const maskUrl: INodeProperties = {
	displayName: 'Mask Image URL',
	name: 'maskUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://example.com/mask.png',
	description: 'Address of the mask, public or already signed; it is sent as it is',
	displayOptions: { show: { area: ['mask'], maskSource: ['url'] } },
};

const maskObjectKey: INodeProperties = {
	displayName: 'Mask in Bucket',
	name: 'maskObjectKey',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: 'The mask in the bucket of the credential',
	modes: [
		...locatorModes(['list']),
		{
			displayName: 'By Key',
			name: 'key',
			type: 'string',
			placeholder: 'e.g. masks/logo.png',
			hint: 'The path from the top of the bucket',
		},
	],
	displayOptions: { show: { area: ['mask'], maskSource: ['object'] } },
};

const maskBinaryPropertyName: INodeProperties = {
	displayName: 'Mask Binary Field',
	name: 'maskBinaryPropertyName',
	type: 'string',
	default: 'mask',
	placeholder: 'e.g. mask',
	hint: 'The name of the input binary field that holds the mask',
	displayOptions: { show: { area: ['mask'], maskSource: ['binary'] } },
};

/** @param areaName what the conditions of the rows to search in call Area */
const fieldsOf = (areaName: 'area' | '/area'): INodeProperties[] => [
	area,
	polygons,
	coordinates,
	origin,
	drawNotice,
	rectangles,
	...searchFields(
		{ show: { [areaName]: ['text'] } },
		{ show: { [areaName]: ['logo'] } },
		{ show: { [areaName]: ['logo', 'text'] } },
	),
	ifNothingFound,
	// Of two that are shown, as where Area is an expression, n8n takes the default of the last.
	growFound,
	growGiven,
	growUnit,
	maskSource,
	maskUrl,
	maskObjectKey,
	maskBinaryPropertyName,
];

/**
 * Area and what belongs to it, for the node itself and for each row of Additional Results.
 *
 * @param display when the fields are shown at all
 * @param areaName `/area` for the node: n8n drops the rows of a field whose condition names the field that
 * was changed, even if they are still shown, as those to search in are from Found Text to Found Logo
 */
export function areaFields(
	display: IDisplayOptions = {},
	areaName: 'area' | '/area' = 'area',
): INodeProperties[] {
	return shownWhen(display, fieldsOf(areaName));
}

function readGrowth(get: Get): Growth {
	return { amount: readNumber(growGiven, get), unit: oneOf(growUnit, get) };
}

/** What is found grows unless somebody says that it should not. */
function readFoundGrowth(get: Get, { get: ofNode, asEntered }: Item): Growth {
	const grow = { amount: readNumber(growFound, get), unit: oneOf(growUnit, get) };
	// Where Area is an expression, n8n shows both fields and gives the 0 of the other one.
	const isOther = get === ofNode && isExpression(asEntered(area.name)) && grow.amount === 0;
	return isOther ? { ...grow, amount: Number(growFound.default) } : grow;
}

/** `{"polygons": …, "maskUrl": …}` gives both at once, as the service takes them. */
function readPolygons(get: Get): AreaChoice {
	let given = get(polygons.name);
	if (typeof given === 'string' && given.trim() === '') {
		throw new InvalidParameter(polygons.displayName, 'polygonsEmpty', {});
	}
	if (typeof given === 'string' && given.trim().startsWith('{')) {
		try {
			given = JSON.parse(given);
		} catch {
			// Refused by readShapes like any other broken text.
		}
	}
	const shapesOf = (value: unknown) =>
		readShapes(value, { coordinates: oneOf(coordinates, get), origin: oneOf(origin, get) });
	const grow = readGrowth(get);
	if (!isRecord(given) || !('polygons' in given)) {
		return { kind: 'polygons', shapes: shapesOf(given), grow };
	}
	const mask = given.maskUrl === undefined ? undefined : readMaskUrl(() => given.maskUrl);
	return { kind: 'polygons', shapes: shapesOf(given.polygons), grow, mask };
}

function readMaskUrl(get: Get): Mask {
	return { kind: 'url', url: imageUrl(readText(maskUrl, get).trim(), 'maskUrl') };
}

async function readMask(get: Get, item: Item): Promise<Mask> {
	switch (oneOf(maskSource, get)) {
		case 'binary': {
			const field = readText(maskBinaryPropertyName, get).trim();
			const file = await readBinaryImage(item, field, maskBinaryPropertyName.displayName);
			return { kind: 'binary', file };
		}
		case 'object': {
			const { mode, text } = readLocator(maskObjectKey, get, 'key', ['list', 'key']);
			const key = locatedKey(mode, text, item.account.location, 'maskObjectKey');
			return { kind: 'object', key };
		}
		case 'url':
			return readMaskUrl(get);
	}
}

/**
 * Reads Area and the fields under it, and the mask's file. Nothing is sent.
 *
 * @param get a field by its name: of the node, or of one row of Additional Results
 * @throws InvalidInput, InvalidParameter that names the field
 */
export async function readArea(get: Get, item: Item): Promise<AreaChoice> {
	switch (oneOf(area, get)) {
		case 'automatic':
			return { kind: 'automatic' };
		case 'polygons':
			return readPolygons(get);
		case 'rectangles':
			return {
				kind: 'rectangles',
				rectangles: readRectangles(get),
				grow: readGrowth(get),
			};
		case 'text':
			return {
				kind: 'text',
				search: readTextSearch(get),
				ifNothingFound: oneOf(ifNothingFound, get),
				grow: readFoundGrowth(get, item),
			};
		case 'logo':
			return {
				kind: 'logo',
				search: readLogoSearch(get),
				ifNothingFound: oneOf(ifNothingFound, get),
				grow: readFoundGrowth(get, item),
			};
		case 'mask':
			return { kind: 'mask', mask: await readMask(get, item) };
	}
}
