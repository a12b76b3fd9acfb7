import type { INodeProperties } from 'n8n-workflow';

import { isExpression, readRows, readText, type Get } from '../../shared/parameters';
import { areaFields } from './area';
import { STORING } from './mode';

const rowKey: INodeProperties = {
	displayName: 'Result Key',
	name: 'resultKey',
	type: 'string',
	default: '{name}-repaired-2{extension}',
	description:
		'Path and name of this result: relative to the folder of the original, or from the top of the bucket when it begins with a slash',
};

const rowBucket: INodeProperties = {
	displayName: 'Destination Bucket',
	name: 'destinationBucket',
	type: 'string',
	default: '',
	placeholder: 'e.g. otherbucket-1250000000',
	description: 'Another bucket of the account, in the same region, to store this result in',
};

export const additionalResults: INodeProperties = {
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
			values: [rowKey, ...areaFields(), rowBucket],
		},
	],
	displayOptions: { show: { '/operation': STORING } },
};

/** One more result, as entered. */
export interface AdditionalRow {
	readonly key: string;
	/** Empty for the bucket of the credential. */
	readonly bucket: string;
	/** The fields of its area. */
	readonly row: Get;
}

/**
 * @param get a setting of Options
 * @throws InvalidParameter for what is not a list of rows
 */
export function readAdditionalResults(get: Get): AdditionalRow[] {
	return readRows(additionalResults, 'result', get).map((row) => ({
		key: readText(rowKey, row),
		bucket: readText(rowBucket, row),
		row,
	}));
}

/**
 * The same as the workflow holds it, expressions unresolved.
 *
 * @returns undefined for rows that are an expression themselves
 */
export function typedAdditionalResults(
	get: Get,
): Array<{ key: unknown; bucket: unknown }> | undefined {
	if (isExpression(get(additionalResults.name))) return undefined;
	return readRows(additionalResults, 'result', get).map((row) => ({
		key: row(rowKey.name) ?? rowKey.default,
		bucket: row(rowBucket.name) ?? '',
	}));
}
