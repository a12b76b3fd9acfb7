import type { INodeProperties } from 'n8n-workflow';

import { readNumber, readOptionalNumber, readSwitch, type Get } from './parameters';

/** How calls are made. */
export interface CallSettings {
	/** Items worked on at a time. */
	maxConcurrency: number;
	/** Requests begun in a second; 0 for any number, undefined for what the service takes. */
	requestsPerSecond?: number;
	/** Further attempts at a call that did not take effect. */
	retries: number;
	/** Seconds that one attempt may take, the image's transfer included. */
	timeout: number;
	/** Whether a paid call that was lost is made again, though it may be billed twice. */
	retryLostCalls: boolean;
}

const maxConcurrency: INodeProperties = {
	displayName: 'Max Concurrency',
	name: 'maxConcurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
	default: 5,
	description: 'How many items to work on at a time',
};

const requestsPerSecond: INodeProperties = {
	displayName: 'Requests per Second',
	name: 'requestsPerSecond',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 1000 },
	default: 0,
	description:
		'How many requests this run may begin in a second; 0 for no limit. Without this option, calls that store results keep to what the service takes for the bucket, over all runs of one n8n process: 100, or 50 in finance regions and outside mainland China.',
};

const retries: INodeProperties = {
	displayName: 'Retries',
	name: 'retries',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 10, numberPrecision: 0 },
	default: 3,
	description:
		'How often to try again what the service did not do: when it is overloaded or unavailable, or cannot be reached. What it refuses is never tried again.',
};

const retryLostCalls: INodeProperties = {
	displayName: 'Retry Lost Calls',
	name: 'retryLostCalls',
	type: 'boolean',
	default: false,
	description:
		'Whether to make a repair again when no response came and no result was found. The lost call may have been billed, so one repair can be billed twice.',
	displayOptions: { show: { '/operation': ['download', 'upload', 'cloud'] } },
};

const timeout: INodeProperties = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 3600 },
	default: 60,
	description: 'How many seconds one call may take, the transfer of the image included',
};

/** What the editor shows under Options. */
export const callSettingFields = {
	maxConcurrency,
	requestsPerSecond,
	retries,
	retryLostCalls,
	timeout,
};

/** @throws InvalidParameter that names the option */
export function readCallSettings(get: Get): CallSettings {
	return {
		maxConcurrency: readNumber(maxConcurrency, get),
		requestsPerSecond: readOptionalNumber(requestsPerSecond, get),
		retries: readNumber(retries, get),
		timeout: readNumber(timeout, get),
		retryLostCalls: readSwitch(retryLostCalls, get),
	};
}

/** For calls without Options: of the trigger, and of lists in the editor. */
export const DEFAULT_CALL_SETTINGS = readCallSettings(() => undefined);
