import type { INodeProperties } from 'n8n-workflow';

import { areaFields } from './area';
import { getManyProperties } from './getMany';
import { optionProperties } from './options';
import { imageProperties } from './source';
import { resultProperties } from './results';

const mode: INodeProperties = {
	displayName: 'Mode',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'download',
	options: [
		{
			name: 'Download Repaired Image',
			value: 'download',
			action: 'Download a repaired image',
			description: 'Repair an image of the bucket and get it as binary data; nothing is stored',
		},
		{
			name: 'Upload and Repair Image',
			value: 'upload',
			action: 'Upload and repair an image',
			description: 'Send an image and store both the original and the repaired one in the bucket',
		},
		{
			name: 'Repair Image in Bucket',
			value: 'cloud',
			action: 'Repair an image in the bucket',
			description: 'Repair an image of the bucket into another one; no image passes through n8n',
		},
		{
			name: 'Get Many Images',
			value: 'getMany',
			action: 'Get many images',
			description: 'List images of the bucket, for another node to repair; costs no repair',
		},
	],
};

/** What the editor shows, from top to bottom. */
export const properties: INodeProperties[] = [
	mode,
	...imageProperties,
	...areaFields({ show: { operation: ['download', 'upload', 'cloud'] } }),
	...resultProperties,
	...getManyProperties,
	...optionProperties,
];
