import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';

/** The ways to name an image, of which each mode offers those that work there. */
const LOCATOR: Required<Pick<INodeProperties, 'modes'>> = {
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
			placeholder: 'e.g. folder/image.jpg',
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/image.jpg',
			hint: 'The address of an object of the bucket in the credential',
		},
		{
			displayName: 'Public Image',
			name: 'public',
			type: 'string',
			placeholder: 'e.g. https://example.com/image.jpg',
			hint: 'The address of any image that the service can fetch without a login',
		},
	],
};

function locatorModes(...names: string[]): INodePropertyMode[] {
	return LOCATOR.modes.filter(({ name }) => names.includes(name));
}

/** Which image is repaired, and through which binary fields it comes and goes. */
export const imageProperties: INodeProperties[] = [
	{
		displayName: 'Object Key',
		name: 'objectKey',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: 'Path and name of the image in the bucket of the credential',
		modes: locatorModes('list', 'key', 'url', 'public'),
		displayOptions: { show: { operation: ['download'] } },
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		hint: 'The name of the input binary field that holds the image to upload',
		displayOptions: { show: { operation: ['upload'] } },
	},
	{
		displayName: 'Object Key',
		name: 'objectKey',
		type: 'resourceLocator',
		default: { mode: 'key', value: '' },
		required: true,
		description: 'Path and name under which the original is stored in the bucket',
		modes: locatorModes('key', 'url'),
		displayOptions: { show: { operation: ['upload'] } },
	},
	{
		displayName: 'Object Key',
		name: 'objectKey',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: 'Path and name of the image in the bucket of the credential',
		modes: locatorModes('list', 'key', 'url'),
		displayOptions: { show: { operation: ['cloud'] } },
	},
];
