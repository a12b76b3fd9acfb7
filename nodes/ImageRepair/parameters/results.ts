import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_RESULT_KEY } from '../../shared/resultKey';
import { areaFields } from './area';

const RESULT_KEY_HINT =
	'For the source photos/cat.jpg: clean/{name}{extension} is stored as photos/clean/cat.jpg, /clean/{name}{extension} as clean/cat.jpg. {folder}, {name} and {extension} are the parts of the source.';

const storing = { show: { operation: ['upload', 'cloud'] } };

/** Where the results of upload and cloud mode go, and what the output says of them. */
export const resultProperties: INodeProperties[] = [
	{
		displayName: 'Overwrite Original',
		name: 'overwriteOriginal',
		type: 'boolean',
		default: false,
		description:
			'Whether the repaired image takes the place of the original in the bucket. The original is then gone.',
		displayOptions: storing,
	},
	{
		displayName: 'Result Key',
		name: 'resultKey',
		type: 'string',
		default: DEFAULT_RESULT_KEY,
		required: true,
		placeholder: 'e.g. {name}-repaired{extension}',
		description:
			'Path and name of the repaired image: relative to the folder of the source, or from the top of the bucket when it begins with a slash',
		hint: RESULT_KEY_HINT,
		displayOptions: { show: { ...storing.show, overwriteOriginal: [false] } },
	},
	{
		displayName: 'Additional Results',
		name: 'additionalResults',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Result' },
		default: {},
		placeholder: 'Add Result',
		description: 'Up to four more results of the same image, each with its own key and area',
		options: [
			{
				displayName: 'Result',
				name: 'result',
				values: [
					{
						displayName: 'Result Key',
						name: 'resultKey',
						type: 'string',
						default: '{name}-repaired-2{extension}',
						description:
							'Path and name of this result: relative to the folder of the source, or from the top of the bucket when it begins with a slash',
					},
					...areaFields(),
					{
						displayName: 'Destination Bucket',
						name: 'destinationBucket',
						type: 'string',
						default: '',
						placeholder: 'e.g. otherbucket-1250000000',
						description: 'Another bucket of the account to store this result in',
					},
				],
			},
		],
		displayOptions: storing,
	},
	{
		displayName: 'Also Download the Result',
		name: 'downloadResult',
		type: 'boolean',
		default: false,
		description: 'Whether to fetch the repaired image as binary data too',
		displayOptions: storing,
	},
	{
		displayName: 'Output Binary Field',
		name: 'outputBinaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		hint: 'The name of the output binary field to put the repaired image in',
		displayOptions: { show: { operation: ['download'] } },
	},
	{
		displayName: 'Output Binary Field',
		name: 'outputBinaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		hint: 'The name of the output binary field to put the repaired image in. Further results go into fields with a number added, such as data2.',
		displayOptions: { show: { ...storing.show, downloadResult: [true] } },
	},
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
		displayOptions: storing,
	},
];
