import type { INodeProperties } from 'n8n-workflow';

import { imageFilterFields, limit } from '../shared/imageFilter';
import { choiceField, oneOf, readNumber, type Get } from '../shared/parameters';

const costNotice: INodeProperties = {
	displayName:
		'Each new image that goes on to Tencent Image Repair costs a repair. Store results under keys of their own: a repaired image that overwrites its original is a changed one, and would be found and billed again and again.',
	name: 'costNotice',
	type: 'notice',
	default: '',
};

const startFrom = choiceField<'now' | 'everything'>({
	displayName: 'Start From',
	name: 'startFrom',
	type: 'options',
	default: 'now',
	description:
		'Where to begin when the workflow is activated for the first time, or for another folder. Later activations go on where the last one ended.',
	options: [
		{
			name: 'Everything That Is There',
			value: 'everything',
			description:
				'All images of the folder (with a date in Folder: of the folder of today), oldest first, then what is new or changed',
		},
		{
			name: 'From Now On',
			value: 'now',
			description: 'Only what is uploaded or changed from the activation on',
		},
	],
});

const minimumAge: INodeProperties = {
	displayName: 'Minimum Age (Seconds)',
	name: 'minimumAge',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 60,
	description:
		'How many seconds an image has to be old before it starts the workflow. Choose more than the longest upload takes: an image that is uploaded in parts may carry the start time of its upload.',
	hint: 'With 60 seconds and a poll every minute, an image comes 1 to 2 minutes after its upload',
};

const emittedAtMost: INodeProperties = {
	...limit,
	hint: 'For each poll. The next poll gives the next ones.',
};

/** What the editor shows, from top to bottom. */
export const properties: INodeProperties[] = [
	costNotice,
	...imageFilterFields({}, true),
	startFrom,
	minimumAge,
	emittedAtMost,
];

/** When the trigger starts, and how many images it emits. */
export interface Pace {
	startFrom: 'now' | 'everything';
	/** Milliseconds. */
	minimumAge: number;
	/** Images for each poll. */
	limit: number;
}

/** @throws InvalidParameter that names the field */
export function readPace(get: Get): Pace {
	return {
		startFrom: oneOf(startFrom, get),
		minimumAge: readNumber(minimumAge, get) * 1000,
		limit: readNumber(limit, get),
	};
}
