import type { INodeProperties } from 'n8n-workflow';

/** The rarely used settings. */
export const optionProperties: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Check Area First',
				name: 'checkAreaFirst',
				type: 'boolean',
				default: true,
				description:
					'Whether to ask the service for the size of the image and to refuse polygons and rectangles that lie outside before the paid call is made. Areas in percent or from another corner always need the size.',
				displayOptions: {
					show: { '/operation': ['download', 'cloud'], '/area': ['polygons', 'rectangles'] },
				},
			},
			{
				displayName: 'Destination Bucket',
				name: 'destinationBucket',
				type: 'string',
				default: '',
				placeholder: 'e.g. otherbucket-1250000000',
				description: 'Another bucket of the account, in the same region, to store the result in',
				displayOptions: {
					show: { '/operation': ['upload', 'cloud'], '/overwriteOriginal': [false] },
				},
			},
			{
				displayName: 'Dry Run',
				name: 'dryRun',
				type: 'boolean',
				default: false,
				description:
					'Whether to check and compose everything and to show what would be sent, without making the paid call',
				displayOptions: { show: { '/operation': ['download', 'upload', 'cloud'] } },
			},
			{
				displayName: 'Max Concurrency',
				name: 'maxConcurrency',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
				default: 5,
				description: 'How many items to work on at a time',
			},
			{
				displayName: 'Requests per Second',
				name: 'requestsPerSecond',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 1000 },
				default: 0,
				description: 'How many requests to begin in a second at most; 0 for no limit',
			},
			{
				displayName: 'Retries',
				name: 'retries',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 10, numberPrecision: 0 },
				default: 3,
				description:
					'How often to try again what the service did not do: when it is overloaded or unavailable, or cannot be reached. What it refuses is never tried again.',
			},
			{
				displayName: 'Retry Lost Downloads',
				name: 'retryLostAnswers',
				type: 'boolean',
				default: false,
				description:
					'Whether to try again when the connection breaks before the repaired image has arrived. The lost call may have been billed, so this can cost twice. The other modes look for the stored result instead.',
				displayOptions: { show: { '/operation': ['download'] } },
			},
			{
				displayName: 'Return Image Information',
				name: 'returnImageInformation',
				type: 'boolean',
				default: false,
				description:
					'Whether the response also tells format, size, quality and orientation of the original',
				displayOptions: { show: { '/operation': ['upload', 'cloud'] } },
			},
			{
				displayName: 'Skip Existing Results',
				name: 'skipExisting',
				type: 'boolean',
				default: false,
				description:
					'Whether to leave out items whose results are in the bucket already. This makes nightly runs and repeated executions free of double billing. An image of the bucket that has changed since is repaired anew.',
				displayOptions: {
					show: { '/operation': ['upload', 'cloud'], '/overwriteOriginal': [false] },
				},
			},
			{
				displayName: 'Temporary Mask Folder',
				name: 'temporaryMaskPrefix',
				type: 'string',
				default: 'image-repair-masks/',
				description:
					'Where a mask from a binary field is stored in the bucket until the call is over',
				displayOptions: {
					show: {
						'/operation': ['download', 'upload', 'cloud'],
						'/area': ['mask'],
						'/maskSource': ['binary'],
					},
				},
			},
			{
				displayName: 'Timeout',
				name: 'timeout',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 3600 },
				default: 60,
				description: 'How many seconds one call may take, the transfer of the image included',
			},
		],
	},
];
