import type { INodeProperties } from 'n8n-workflow';

import type { BucketLocation } from '../../../cos/location/endpoint';
import { maskFolder } from '../../../cos/location/enteredKey';
import { callSettingFields, readCallSettings, type CallSettings } from '../../shared/callSettings';
import {
	choiceField,
	isExpression,
	oneOf,
	readCollection,
	readFilledText,
	readNumber,
	readSwitch,
	readText,
	type Get,
} from '../../shared/parameters';
import type { AreaChoice } from '../area/area';
import {
	additionalResults,
	readAdditionalResults,
	typedAdditionalResults,
	type AdditionalRow,
} from './additionalResults';
import { REPAIRING, STORING } from './mode';

/** Areas that a detector finds. */
const FOUND: Array<AreaChoice['kind']> = ['logo', 'text'];

const allowAnimated: INodeProperties = {
	displayName: 'Allow Animated',
	name: 'allowAnimated',
	type: 'boolean',
	default: false,
	description:
		'Whether to repair animated images too, although only one frame comes back. While this is off, they are refused before the billed call. In the bucket, only GIF and WebP are always checked; public images are not.',
	displayOptions: { show: { '/operation': REPAIRING } },
};

const checkAreaFirst: INodeProperties = {
	displayName: 'Check Area First',
	name: 'checkAreaFirst',
	type: 'boolean',
	default: true,
	description:
		'Whether to check areas and masks before the billed call: areas outside of the image are refused, and masks of another size, in one color or inverted. For an image in the bucket, this asks the service for its size, at the small price of basic image processing. Public images, and masks by URL, are not checked.',
	displayOptions: { show: { '/operation': REPAIRING } },
};

const destinationBucket: INodeProperties = {
	displayName: 'Destination Bucket',
	name: 'destinationBucket',
	type: 'string',
	default: '',
	placeholder: 'e.g. otherbucket-1250000000',
	description: 'Another bucket of the account, in the same region, to store the result in',
	displayOptions: {
		show: { '/operation': STORING, '/overwriteOriginal': [false] },
	},
};

const detectInDryRun: INodeProperties = {
	displayName: 'Detect in Dry Run',
	name: 'detectInDryRun',
	type: 'boolean',
	default: false,
	description:
		'Whether Dry Run looks for text and logos, which the service bills at a price of its own, to show what would be repaired',
	displayOptions: { show: { '/operation': REPAIRING, '/area': FOUND, dryRun: [true] } },
};

const passOriginal: INodeProperties = {
	displayName: 'Pass the Original On',
	name: 'passOriginal',
	type: 'boolean',
	default: false,
	description:
		'Whether an image in which nothing is found is returned as it is, as binary data. Public images are not.',
	displayOptions: { show: { '/operation': ['download'], '/area': FOUND } },
};

const dryRun: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: false,
	description:
		'Whether to only check everything and show what would be sent, without the billed call',
	displayOptions: { show: { '/operation': REPAIRING } },
};

/** What becomes of an upload whose key is there already. */
export type IfKeyExists = 'number' | 'fail' | 'overwrite';

const ifKeyExists = choiceField<IfKeyExists>({
	displayName: 'If the Key Exists',
	name: 'ifKeyExists',
	type: 'options',
	default: 'overwrite',
	description: 'What to do if something is stored under the key of the upload already',
	options: [
		{
			name: 'Add a Number',
			value: 'number',
			description:
				'Store the image as image-2.jpg, image-3.jpg and so on, also where an earlier item of the run has the key. The same image keeps the key that it has.',
		},
		{
			name: 'Fail',
			value: 'fail',
			description: 'Store nothing, and let the item fail before the billed call',
		},
		{
			name: 'Overwrite',
			value: 'overwrite',
			description:
				'Replace what is there, without a check. Two different images of one run under one key are refused.',
		},
	],
	displayOptions: { show: { '/operation': ['upload'] } },
});

const lookAgain: INodeProperties = {
	displayName: 'Look Again',
	name: 'lookAgain',
	type: 'boolean',
	default: false,
	description:
		'Whether to also look for the text or the logo in the result, which the service bills as another detection. What is still there is in the output as "verification.remaining".',
	displayOptions: {
		show: { '/operation': STORING, '/area': FOUND, verifyResult: ['fail', 'report'] },
	},
};

const maxBilledCalls: INodeProperties = {
	displayName: 'Max Billed Calls',
	name: 'maxBilledCalls',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 0,
	description:
		'How many billed calls this node may make in one execution of the workflow; 0 for no limit. A call that may have been billed counts. Items beyond the limit are returned unrepaired, with "skipped" in the output.',
	displayOptions: { show: { '/operation': REPAIRING } },
};

const returnImageInformation: INodeProperties = {
	displayName: 'Return Image Information',
	name: 'returnImageInformation',
	type: 'boolean',
	default: false,
	description: 'Whether to also return format, size, quality and orientation of the original',
	displayOptions: { show: { '/operation': STORING } },
};

const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
	displayOptions: { show: { '/operation': STORING } },
};

const skipExisting: INodeProperties = {
	displayName: 'Skip Existing Results',
	name: 'skipExisting',
	type: 'boolean',
	default: false,
	description:
		'Whether to skip the repair of an image whose results are all in the bucket already, and to return those. An image that has changed since, or may have, is repaired and billed again. So is each image with a result in a Destination Bucket, where the node cannot look.',
	displayOptions: {
		show: { '/operation': STORING, '/overwriteOriginal': [false] },
	},
};

/** Minutes in a week. */
const WEEK = 7 * 24 * 60;

const temporaryLinks: INodeProperties = {
	displayName: 'Temporary Links (Minutes)',
	name: 'temporaryLinks',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: WEEK, numberPrecision: 0 },
	default: 0,
	description:
		'For how many minutes anyone who has the links in the output, "links.before" and "links.after", can open both images, for example to approve the result in a chat. 0 for no links; 10080 at most, which is a week.',
	displayOptions: { show: { '/operation': STORING } },
};

const temporaryMaskPrefix: INodeProperties = {
	displayName: 'Temporary Mask Folder',
	name: 'temporaryMaskPrefix',
	type: 'string',
	default: 'image-repair-masks/',
	description: 'Where a mask from a binary field is stored in the bucket until the call is over',
	displayOptions: {
		show: {
			'/operation': REPAIRING,
			'/area': ['mask'],
			'/maskSource': ['binary'],
		},
	},
};

/** What becomes of a result that is compared with its original. */
export type VerifyResult = 'off' | 'report' | 'fail';

const verifyResult = choiceField<VerifyResult>({
	displayName: 'Verify Result',
	name: 'verifyResult',
	type: 'options',
	default: 'off',
	description:
		'Whether to compare the result with the original: whether the area has changed, and nothing else. For an image, the service makes two small copies, or three with a mask, each at the small price of basic image processing. Downloaded images other than BMP cannot be compared, nor results in another bucket.',
	options: [
		{
			name: 'Fail the Item',
			value: 'fail',
			description:
				'As Report, and let the item fail unless the area, and nothing else, has changed. The repair is billed even so, and the result stays. What cannot be compared does not fail.',
		},
		{ name: 'Off', value: 'off', description: 'Trust the service' },
		{
			name: 'Report',
			value: 'report',
			description: 'Say in the output what has changed, as "verification"',
		},
	],
	displayOptions: { show: { '/operation': REPAIRING } },
});

/** The rarely used settings. */
const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		additionalResults,
		allowAnimated,
		checkAreaFirst,
		destinationBucket,
		detectInDryRun,
		dryRun,
		ifKeyExists,
		lookAgain,
		maxBilledCalls,
		callSettingFields.maxConcurrency,
		passOriginal,
		callSettingFields.requestsPerSecond,
		callSettingFields.retries,
		callSettingFields.retryLostCalls,
		returnImageInformation,
		simplify,
		skipExisting,
		temporaryLinks,
		temporaryMaskPrefix,
		callSettingFields.timeout,
		verifyResult,
	],
};

export const optionProperties: INodeProperties[] = [options];

/** What Options say of one item. */
export interface ItemOptions {
	allowAnimated: boolean;
	checkAreaFirst: boolean;
	/** As entered; empty for the bucket of the credential. */
	destinationBucket: string;
	detectInDryRun: boolean;
	dryRun: boolean;
	ifKeyExists: IfKeyExists;
	/** Whether results are looked at by the detector, too. */
	lookAgain: boolean;
	/** Whether an image in which nothing is found is put out as it is. */
	passOriginal: boolean;
	returnImageInformation: boolean;
	simplify: boolean;
	skipExisting: boolean;
	/** How many minutes links are valid; 0 for none. */
	temporaryLinks: number;
	/** What the keys of temporary masks begin with: a folder with its `/`, or ''. */
	temporaryMaskPrefix: string;
	verifyResult: VerifyResult;
}

/** @throws InvalidInput, InvalidParameter that names the option */
export function readItemOptions(get: Get, location: BucketLocation): ItemOptions {
	const given = readCollection(options, get);
	return {
		allowAnimated: readSwitch(allowAnimated, given),
		checkAreaFirst: readSwitch(checkAreaFirst, given),
		destinationBucket: readText(destinationBucket, given),
		detectInDryRun: readSwitch(detectInDryRun, given),
		dryRun: readSwitch(dryRun, given),
		ifKeyExists: oneOf(ifKeyExists, given),
		lookAgain: readSwitch(lookAgain, given),
		passOriginal: readSwitch(passOriginal, given),
		returnImageInformation: readSwitch(returnImageInformation, given),
		simplify: readSwitch(simplify, given),
		skipExisting: readSwitch(skipExisting, given),
		temporaryLinks: readNumber(temporaryLinks, given),
		temporaryMaskPrefix: maskFolder(readFilledText(temporaryMaskPrefix, given), location),
		verifyResult: oneOf(verifyResult, given),
	};
}

/** Whether text and logos are looked for. */
export function detects({ dryRun, detectInDryRun }: ItemOptions): boolean {
	return !dryRun || detectInDryRun;
}

/** How the items of a run are worked on. */
export interface RunSettings extends CallSettings {
	/** 0 for any number. */
	maxBilledCalls: number;
}

/** @throws InvalidParameter that names the option */
export function readRunSettings(get: Get): RunSettings {
	const given = readCollection(options, get);
	return { ...readCallSettings(given), maxBilledCalls: readNumber(maxBilledCalls, given) };
}

/** Destination Bucket as the workflow holds it, an expression unresolved; empty when it is not set. */
export function typedDestinationBucket(get: Get): unknown {
	return readCollection(options, get)(destinationBucket.name) ?? destinationBucket.default;
}

/** @throws InvalidParameter for what is not a list of rows */
export function additionalRows(get: Get): AdditionalRow[] {
	return readAdditionalResults(readCollection(options, get));
}

/**
 * Keys and buckets of Additional Results as the workflow holds them, expressions unresolved.
 *
 * @returns undefined where they are known only when the node runs
 */
export function typedAdditionalRows(
	get: Get,
): Array<{ key: unknown; bucket: unknown }> | undefined {
	return isExpression(get(options.name))
		? undefined
		: typedAdditionalResults(readCollection(options, get));
}
