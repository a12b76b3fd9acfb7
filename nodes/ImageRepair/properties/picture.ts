import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';

/** The ways to name a picture, of which each mode offers those that work there. */
const LOCATOR: Required<Pick<INodeProperties, 'modes'>> = {
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchPictures', searchable: true },
		},
		{
			displayName: 'By Key',
			name: 'key',
			type: 'string',
			placeholder: 'e.g. folder/picture.jpg',
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder:
				'e.g. https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/picture.jpg',
			hint: 'The address of an object of the bucket in the credential',
		},
		{
			displayName: 'Public Picture',
			name: 'public',
			type: 'string',
			placeholder: 'e.g. https://example.com/picture.jpg',
			hint: 'The address of any picture that the service can fetch without a login',
		},
	],
};

function locatorModes(...names: string[]): INodePropertyMode[] {
	return LOCATOR.modes.filter(({ name }) => names.includes(name));
}

/** Which picture is repaired, and through which binary fields it comes and goes. */
export const pictureProperties: INodeProperties[] = [
	{
		displayName: 'Object Key',
		name: 'objectKey',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: 'Path and name of the picture in the bucket of the credential',
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
		hint: 'The name of the input binary field that holds the picture to upload',
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
		description: 'Path and name of the picture in the bucket of the credential',
		modes: locatorModes('list', 'key', 'url'),
		displayOptions: { show: { operation: ['cloud'] } },
	},
];
