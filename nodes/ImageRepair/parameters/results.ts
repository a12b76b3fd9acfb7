import type { INodeProperties } from 'n8n-workflow';

import { bucketName, type BucketName } from '../../../cos/location/bucket';
import type { BucketLocation } from '../../../cos/location/endpoint';
import { checkPath } from '../../../cos/location/enteredKey';
import type { ObjectKey } from '../../../cos/location/objectKey';
import {
	checkResults,
	resultKey,
	sourceAsResult,
	type ResultKey,
	type Results,
} from '../../../cos/location/resultKey';
import {
	holdsExpression,
	isExpression,
	readFilledText,
	readSwitch,
	readText,
	type Get,
} from '../../shared/parameters';
import { DEFAULT_RESULT_KEY, fillResultKey } from '../../shared/resultKey';
import type { AreaChoice } from '../area/area';
import type { Item } from '../item';
import { readArea } from './area';
import { readMode, STORING, type Mode } from './mode';
import {
	additionalRows,
	typedAdditionalRows,
	typedDestinationBucket,
	type ItemOptions,
} from './options';
import { readObjectKey, readUploadKey } from './source';

const RESULT_KEY_HINT =
	'For photos/cat.jpg: clean/{name}{extension} gives photos/clean/cat.jpg, and /clean/{name}{extension} gives clean/cat.jpg. {folder} is photos/.';

const storing = { show: { operation: STORING } };

const overwriteOriginal: INodeProperties = {
	displayName: 'Overwrite Original',
	name: 'overwriteOriginal',
	type: 'boolean',
	default: false,
	description:
		'Whether to replace the original in the bucket, which is then gone, with the repaired image. Result Key is then not used.',
	displayOptions: storing,
};

const resultKeyField: INodeProperties = {
	displayName: 'Result Key',
	name: 'resultKey',
	type: 'string',
	default: DEFAULT_RESULT_KEY,
	required: true,
	placeholder: 'e.g. {name}-repaired{extension}',
	description:
		'Path and name of the repaired image: relative to the folder of the original, or from the top of the bucket when it begins with a slash',
	hint: RESULT_KEY_HINT,
	displayOptions: { show: { ...storing.show, overwriteOriginal: [false] } },
};

const downloadResult: INodeProperties = {
	displayName: 'Also Download the Result',
	name: 'downloadResult',
	type: 'boolean',
	default: false,
	description:
		'Whether to also return the repaired image as binary data. Results in a Destination Bucket are not downloaded.',
	// A model cannot receive an image.
	displayOptions: { ...storing, hide: { '@tool': [true] } },
};

const downloadField: INodeProperties = {
	displayName: 'Output Binary Field',
	name: 'outputBinaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	hint: 'The name of the output binary field to put the repaired image in',
	displayOptions: { show: { operation: ['download'] } },
};

const downloadedField: INodeProperties = {
	...downloadField,
	hint: 'The name of the output binary field to put the repaired image in. Further results go into fields with a number added, such as data2.',
	displayOptions: {
		...downloadResult.displayOptions,
		show: { ...storing.show, downloadResult: [true] },
	},
};

/** Where results go, and what the output says of them. */
export const resultProperties: INodeProperties[] = [
	resultKeyField,
	overwriteOriginal,
	downloadResult,
	downloadField,
	downloadedField,
];

/** One result as chosen in the editor. */
export interface ResultChoice {
	readonly target: ResultKey;
	readonly area: AreaChoice;
}

function readBucket(text: string, own: BucketName): BucketName | undefined {
	const bucket = text.trim();
	return bucket === '' || bucket === own ? undefined : bucketName(bucket, 'destinationBucket');
}

function readTarget(item: Item, source: ObjectKey, template: string, bucket: string): ResultKey {
	const own = item.account.location.bucket;
	checkPath(template, item.account.location, 'resultKey');
	return resultKey(fillResultKey(template, source), source, readBucket(bucket, own));
}

/** Whether the result replaces the original. */
export function overwritesOriginal(get: Get): boolean {
	return readSwitch(overwriteOriginal, get);
}

/**
 * Reads Result Key, Area, and Additional Results of Options.
 *
 * @throws InvalidInput, InvalidParameter for a result that is malformed, for more than five, or for two
 * under one key
 */
export async function readResults(
	item: Item,
	source: ObjectKey,
	{ destinationBucket }: ItemOptions,
): Promise<Results<ResultChoice>> {
	const { get } = item;
	const target = overwritesOriginal(get)
		? sourceAsResult(source)
		: readTarget(item, source, readText(resultKeyField, get), destinationBucket);
	const results: ResultChoice[] = [{ target, area: await readArea(get, item) }];
	for (const { key, bucket, row } of additionalRows(get)) {
		results.push({
			target: readTarget(item, source, key, bucket),
			area: await readArea(row, item),
		});
	}
	return checkResults(results);
}

/** How the results come out. */
export interface ResultOutput {
	/** Whether the repaired images are downloaded too. */
	download: boolean;
	/** Binary field of the first one. */
	field: string;
}

/** Name of the binary field that the repaired image is put into. */
export function readOutputField(get: Get): string {
	return readFilledText(downloadField, get);
}

export function readResultOutput(get: Get): ResultOutput {
	return {
		download: readSwitch(downloadResult, get),
		field: readOutputField(get),
	};
}

/** What a node stores in its own bucket, as far as its parameters tell before it runs. */
export interface TypedStoring {
	/** The key that is typed in; undefined for one that is known only when the node runs. */
	source?: ObjectKey;
	/** Where a file of this name is uploaded to, by a Store As that depends on it. */
	uploadedAs?: (fileName: string) => ObjectKey;
	/** Whether the source itself is stored first. */
	uploads: boolean;
	overwritesOriginal: boolean;
	/** As typed in. */
	resultKeys: string[];
	/** Whether it may store more, in places that are known only when it runs. */
	isPartlyUnknown: boolean;
}

/** Where the source is, as far as it is typed in. */
function typedSource(
	get: Get,
	mode: Mode,
	location: BucketLocation,
): Pick<TypedStoring, 'source' | 'uploadedAs'> {
	if (holdsExpression(get(mode === 'upload' ? 'storeAs' : 'objectKey'))) return {};
	if (mode !== 'upload') return { source: readObjectKey(get, location) };
	const { isTemplate, keyOf } = readUploadKey(get, location, get);
	const uploadedAs = (fileName: string) =>
		keyOf({ fileName, date: () => '2025-01-31', id: 'k7m2xq4d' });
	return isTemplate ? { uploadedAs } : { source: uploadedAs('') };
}

/**
 * Reads what a node that stores its results writes to. Expressions, and what other buckets hold, are
 * left out.
 *
 * @param get a parameter as the workflow holds it, expressions unresolved
 * @param location of the bucket that counts as the node's own
 * @returns undefined for a node in another mode
 */
export function typedStoring(get: Get, location: BucketLocation): TypedStoring | undefined {
	const typed: Get = (name) => (isExpression(get(name)) ? undefined : get(name));
	const mode = readMode(typed);
	if (!STORING.includes(mode)) return undefined;
	const { source, uploadedAs } = typedSource(get, mode, location);
	const overwrites = readSwitch(overwriteOriginal, typed);
	const more = typedAdditionalRows(get);
	const results = [
		...(overwrites
			? []
			: [
					{
						key: get(resultKeyField.name) ?? resultKeyField.default,
						bucket: typedDestinationBucket(typed),
					},
				]),
		...(more ?? []),
	];
	const isOwn = (bucket: unknown) =>
		typeof bucket === 'string' && ['', location.bucket].includes(bucket.trim());
	const isElsewhere = (bucket: unknown) => !isOwn(bucket) && !isExpression(bucket);
	return {
		...(source !== undefined && { source }),
		...(uploadedAs && { uploadedAs }),
		uploads: mode === 'upload',
		overwritesOriginal: overwrites,
		resultKeys: results.flatMap(({ key, bucket }) =>
			typeof key === 'string' && !isExpression(key) && isOwn(bucket) ? [key] : [],
		),
		isPartlyUnknown:
			isExpression(get(overwriteOriginal.name)) ||
			more === undefined ||
			(mode === 'upload' && source === undefined) ||
			results.some(
				({ key, bucket }) => !isElsewhere(bucket) && (isExpression(key) || isExpression(bucket)),
			),
	};
}
