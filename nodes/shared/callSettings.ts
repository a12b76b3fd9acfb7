import { isRecord } from '../../cos/values';

/** How calls are made, from the node's Options. */
export interface CallSettings {
	/** Items worked on at a time. */
	maxConcurrency: number;
	/** Requests begun in a second; 0 for any number. */
	requestsPerSecond: number;
	/** Further tries of a call that was not done. */
	retries: number;
	/** Seconds that one try may take, the image's transfer included. */
	timeout: number;
	/** Whether a download whose answer was lost on the way is tried again, though it may be billed twice. */
	retryLostAnswers: boolean;
}

export const DEFAULT_CALL_SETTINGS: CallSettings = {
	maxConcurrency: 5,
	requestsPerSecond: 0,
	retries: 3,
	timeout: 60,
	retryLostAnswers: false,
};

/** Numbers from expressions may be text or out of range: the nearest one that works is taken. */
function within(value: unknown, least: number, most: number, otherwise: number): number {
	const number = typeof value === 'string' && value.trim() === '' ? NaN : Number(value ?? NaN);
	return Number.isNaN(number) ? otherwise : Math.min(most, Math.max(least, number));
}

/** Reads the settings out of the Options collection. */
export function readCallSettings(options: unknown): CallSettings {
	const given = isRecord(options) ? options : {};
	const otherwise = DEFAULT_CALL_SETTINGS;
	return {
		maxConcurrency: Math.round(within(given.maxConcurrency, 1, 100, otherwise.maxConcurrency)),
		requestsPerSecond: within(given.requestsPerSecond, 0, 1000, otherwise.requestsPerSecond),
		retries: Math.round(within(given.retries, 0, 10, otherwise.retries)),
		timeout: within(given.timeout, 1, 3600, otherwise.timeout),
		retryLostAnswers: given.retryLostAnswers === true,
	};
}
