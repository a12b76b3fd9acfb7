import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import { readShapes } from '../../../cos/areas/shapes';
import { imageUrl } from '../../../cos/location/imageUrl';
import { isRecord } from '../../../cos/values';
import { InvalidParameter } from '../../shared/invalidParameter';
import {
	choiceField,
	oneOf,
	readLocator,
	readText,
	shownWhen,
	type Get,
} from '../../shared/parameters';
import type { AreaChoice, Mask } from '../area/area';
import { readBinaryImage } from '../binaryImage';
import type { Item } from '../item';
import { readRectangles, rectangles } from './rectangles';
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
			name: 'Mask Image',
			value: 'mask',
			description: 'A black image on which white marks what to remove',
		},
		{
			name: 'Polygons',
			value: 'polygons',
			description: 'Outlines as a list of corners, from another node or typed in',
		},
		{
			name: 'Rectangles',
			value: 'rectangles',
			description: 'Position and size in pixels or percent, from any corner',
		},
	],
});

/** Shown where numbers are entered. */
const DRAW_HINT =
	'Draw on your image in the <a href="https://n8n-nodes-tencent-image-repair.github.io/n8n-nodes-tencent-image-repair/picker/" target="_blank">area picker</a> to get the numbers.';

const polygons: INodeProperties = {
	displayName: 'Polygons',
	name: 'polygons',
	type: 'json',
	typeOptions: { rows: 4 },
	default: '',
	placeholder: 'e.g. [[[608,794],[1024,794],[1024,842],[608,842]]]',
	description:
		'Corners as [x, y] in pixels from the top left of the image: one polygon, or a list of polygons. Boxes from other nodes work too: {x, y, width, height} or {left, top, right, bottom}.',
	hint: `Pixels from the top left corner. ${DRAW_HINT}`,
	displayOptions: { show: { area: ['polygons'] } },
};

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

const fields = [
	area,
	polygons,
	drawNotice,
	rectangles,
	maskSource,
	maskUrl,
	maskObjectKey,
	maskBinaryPropertyName,
] satisfies INodeProperties[];

/**
 * Area and what belongs to it, for the node itself and for each row of Additional Results.
 *
 * @param display when the fields are shown at all
 */
export function areaFields(display: IDisplayOptions = {}): INodeProperties[] {
	return shownWhen(display, fields);
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
	if (!isRecord(given) || !('polygons' in given)) {
		return { kind: 'polygons', shapes: readShapes(given) };
	}
	const mask = given.maskUrl === undefined ? undefined : readMaskUrl(() => given.maskUrl);
	return { kind: 'polygons', shapes: readShapes(given.polygons), mask };
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
			return { kind: 'rectangles', rectangles: readRectangles(get) };
		case 'mask':
			return { kind: 'mask', mask: await readMask(get, item) };
	}
}
