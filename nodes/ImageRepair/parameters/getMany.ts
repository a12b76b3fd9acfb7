import type { INodeProperties } from 'n8n-workflow';

import { imageFields } from '../../shared/imageFields';

const listing = { show: { operation: ['getMany'] } };

/** What Get Many Images asks for. */
export const getManyProperties: INodeProperties[] = [
	...imageFields(listing),
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
		displayOptions: listing,
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { ...listing.show, returnAll: [false] } },
	},
	{
		displayName: 'Sort By',
		name: 'sortBy',
		type: 'options',
		default: 'key',
		description: 'In which order the images come, and which ones they are where there is a limit',
		options: [
			{ name: 'Key', value: 'key' },
			{ name: 'Last Modified, Newest First', value: 'newest' },
			{ name: 'Last Modified, Oldest First', value: 'oldest' },
			{ name: 'Size, Largest First', value: 'largest' },
			{ name: 'Size, Smallest First', value: 'smallest' },
		],
		displayOptions: listing,
	},
];
