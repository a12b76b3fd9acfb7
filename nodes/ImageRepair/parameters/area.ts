import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

const rectangleFields: INodeProperties[] = [
	{
		displayName: 'Measured From',
		name: 'corner',
		type: 'options',
		default: 'topLeft',
		description:
			'Corner of the image that the distances are measured from. Take the corner the logo sits in: one setting then fits images of any size.',
		options: [
			{ name: 'Bottom Left Corner', value: 'bottomLeft' },
			{ name: 'Bottom Right Corner', value: 'bottomRight' },
			{ name: 'Top Left Corner', value: 'topLeft' },
			{ name: 'Top Right Corner', value: 'topRight' },
		],
	},
	{
		displayName: 'Unit',
		name: 'unit',
		type: 'options',
		default: 'pixels',
		description: 'What the four numbers below count',
		options: [
			{ name: 'Percent of the Image', value: 'percent' },
			{ name: 'Pixels', value: 'pixels' },
		],
	},
	{
		displayName: 'Left or Right Distance',
		name: 'left',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description:
			'Distance of the rectangle from the left side of the image, or from the right side for a right corner',
	},
	{
		displayName: 'Top or Bottom Distance',
		name: 'top',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description:
			'Distance of the rectangle from the top of the image, or from the bottom for a bottom corner',
	},
	{
		displayName: 'Width',
		name: 'width',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 100,
		description: 'Width of the rectangle',
	},
	{
		displayName: 'Height',
		name: 'height',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 50,
		description: 'Height of the rectangle',
	},
];

function shownFor(display: IDisplayOptions, more: Record<string, string[]>): IDisplayOptions {
	return { ...display, show: { ...display.show, ...more } };
}

/**
 * Area and what belongs to it, for the node itself and for each row of Additional Results.
 *
 * @param display when the fields are shown at all
 */
export function areaFields(display: IDisplayOptions = {}): INodeProperties[] {
	const area: INodeProperties = {
		displayName: 'Area',
		name: 'area',
		type: 'options',
		default: 'automatic',
		description: 'Where the logo or watermark is',
		hint: 'Without an area the service looks for common logos itself. Polygons count pixels from the top left corner, rectangles from any corner. On a mask, white marks what to remove. Draw on your image in the <a href="https://n8n-nodes-tencent-image-repair.github.io/n8n-nodes-tencent-image-repair/picker/" target="_blank">area picker</a> to get the numbers.',
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
	};
	const fields: INodeProperties[] = [
		{
			displayName: 'Polygons',
			name: 'polygons',
			type: 'json',
			typeOptions: { rows: 4 },
			default: '',
			placeholder: 'e.g. [[[608,794],[1024,794],[1024,842],[608,842]]]',
			description:
				'Corners as [x, y] in pixels from the top left of the image: one polygon, or a list of polygons. Boxes from other nodes work too: {x, y, width, height} or {left, top, right, bottom}.',
			displayOptions: { show: { area: ['polygons'] } },
		},
		{
			displayName: 'Rectangles',
			name: 'rectangles',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Rectangle' },
			default: {},
			placeholder: 'Add Rectangle',
			description: 'Each rectangle is removed',
			options: [{ displayName: 'Rectangle', name: 'rectangle', values: rectangleFields }],
			displayOptions: { show: { area: ['rectangles'] } },
		},
		{
			displayName: 'Mask Source',
			name: 'maskSource',
			type: 'options',
			default: 'url',
			description: 'Where the mask image is. It should have the size of the image to repair.',
			options: [
				{
					name: 'Binary Field of the Item',
					value: 'binary',
					description: 'Stored in the bucket for the time of the call, then deleted',
				},
				{
					name: 'Object of the Bucket',
					value: 'object',
					description: 'The service gets a link to it that is valid for a short time',
				},
				{ name: 'URL', value: 'url', description: 'An address that needs no further login' },
			],
			displayOptions: { show: { area: ['mask'] } },
		},
		{
			displayName: 'Mask Image URL',
			name: 'maskUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/mask.png',
			description: 'Address of the mask, public or already signed; it is sent as it is',
			displayOptions: { show: { area: ['mask'], maskSource: ['url'] } },
		},
		{
			displayName: 'Mask Object Key',
			name: 'maskObjectKey',
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			description: 'The mask in the bucket of the credential',
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					typeOptions: { searchListMethod: 'searchImages', searchable: true },
				},
				{
					displayName: 'By Key',
					name: 'key',
					type: 'string',
					placeholder: 'e.g. masks/logo.png',
				},
			],
			displayOptions: { show: { area: ['mask'], maskSource: ['object'] } },
		},
		{
			displayName: 'Mask Binary Field',
			name: 'maskBinaryPropertyName',
			type: 'string',
			default: 'mask',
			placeholder: 'e.g. mask',
			hint: 'The name of the input binary field that holds the mask',
			displayOptions: { show: { area: ['mask'], maskSource: ['binary'] } },
		},
	];
	return [
		{ ...area, ...(display.show && { displayOptions: display }) },
		...fields.map((field) => ({
			...field,
			displayOptions: shownFor(display, {
				...(field.displayOptions?.show as Record<string, string[]>),
			}),
		})),
	];
}
