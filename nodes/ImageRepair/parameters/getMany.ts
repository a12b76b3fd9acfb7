import type { INodeProperties } from 'n8n-workflow';

import type { ListedObject } from '../../../cos/responses/list';
import type { Comparison } from '../../shared/firstOf';
import { imageFilterFields, limit, soughtFields } from '../../shared/imageFilter';
import { largestFirst, newestFirst, oldestFirst, smallestFirst } from '../../shared/listing';
import { choiceField, oneOf, readNumber, readSwitch, type Get } from '../../shared/parameters';

const listing = { show: { operation: ['getMany'] } };

const returnAll: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
	displayOptions: listing,
};

const listedAtMost: INodeProperties = {
	...limit,
	displayOptions: { show: { ...listing.show, returnAll: [false] } },
};

const sortBy = choiceField<'key' | 'newest' | 'oldest' | 'largest' | 'smallest'>({
	displayName: 'Sort By',
	name: 'sortBy',
	type: 'options',
	default: 'key',
	description: 'Order of the images. With Limit, the first ones in this order are returned.',
	options: [
		{ name: 'Key', value: 'key' },
		{ name: 'Last Modified, Newest First', value: 'newest' },
		{ name: 'Last Modified, Oldest First', value: 'oldest' },
		{ name: 'Size, Largest First', value: 'largest' },
		{ name: 'Size, Smallest First', value: 'smallest' },
	],
	displayOptions: listing,
});

const ORDERS = {
	/** As the service lists them. */
	key: undefined,
	newest: newestFirst,
	oldest: oldestFirst,
	largest: largestFirst,
	smallest: smallestFirst,
} satisfies Record<typeof sortBy.default, Comparison<ListedObject> | undefined>;

/** What Get Many Images asks for. */
export const getManyProperties: INodeProperties[] = [
	...imageFilterFields(listing),
	...soughtFields(listing),
	returnAll,
	listedAtMost,
	sortBy,
];

/** How many images are wanted, and in which order; `undefined` is the order of the listing. */
export interface Selection {
	/** Infinity for all. */
	limit: number;
	order: Comparison<ListedObject> | undefined;
}

/** @throws InvalidParameter that names the field */
export function readSelection(get: Get): Selection {
	return {
		limit: readSwitch(returnAll, get) ? Infinity : readNumber(limit, get),
		order: ORDERS[oneOf(sortBy, get)],
	};
}
