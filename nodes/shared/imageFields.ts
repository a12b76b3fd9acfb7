import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import { DEFAULT_RESULT_KEY } from './resultKey';

/** The part of the bucket that images are taken from. */
const folder: INodeProperties = {
	displayName: 'Folder',
	name: 'folder',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'Where the images are in the bucket of the credential',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchFolders', searchable: true },
		},
		{
			displayName: 'By Path',
			name: 'path',
			type: 'string',
			placeholder: 'e.g. photos/2025',
			hint: 'A single / means the whole bucket',
		},
		{
			displayName: 'By Prefix',
			name: 'prefix',
			type: 'string',
			placeholder: 'e.g. photos/2025-',
			hint: 'What the object keys begin with, which need not be a whole folder',
		},
	],
};

const filters: INodeProperties[] = [
	{
		displayName: 'Include Subfolders',
		name: 'includeSubfolders',
		type: 'boolean',
		default: true,
		description: 'Whether images in folders of the folder count too',
	},
	{
		displayName: 'File Types',
		name: 'fileTypes',
		type: 'multiOptions',
		default: [],
		description:
			'Which images to take, by the extension of their key. Without a choice, all that the service can repair.',
		options: [
			{ name: 'BMP', value: 'image/bmp' },
			{ name: 'GIF', value: 'image/gif' },
			{ name: 'HEIF', value: 'image/heic' },
			{ name: 'JPG', value: 'image/jpeg' },
			{ name: 'PNG', value: 'image/png' },
			{ name: 'WebP', value: 'image/webp' },
		],
	},
	{
		displayName: 'Ignore Repaired Images',
		name: 'ignoreRepaired',
		type: 'boolean',
		default: true,
		description:
			'Whether to leave out images that the Tencent Image Repair node has stored, so that they are not repaired and billed again',
	},
	{
		displayName: 'Result Key',
		name: 'resultKeys',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Result Key' },
		default: [DEFAULT_RESULT_KEY],
		placeholder: 'e.g. {name}-repaired{extension}',
		description:
			'The Result Key of each Tencent Image Repair node that stores images here: an image is left out when its key could come of it',
		displayOptions: { show: { ignoreRepaired: [true] } },
	},
];

/**
 * Folder and filters of the trigger and of Get Many Images.
 *
 * @param display when the fields are shown at all
 */
export function imageFields(display: IDisplayOptions = {}): INodeProperties[] {
	return [folder, ...filters].map((field) => {
		const show = { ...display.show, ...field.displayOptions?.show };
		return { ...field, ...(Object.keys(show).length > 0 && { displayOptions: { show } }) };
	});
}
