import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import {
	parseErrorBody,
	parseUploadResult,
	UnreadableAnswer,
	type ProcessedObject,
	type UploadResult,
} from '../../../cos/responses/xml';
import { requestUrl } from '../../../cos/location/endpoint';
import { readFailure } from '../../../cos/responses/failure';
import type { CosRequest } from '../../../cos/requests/imageRepair';
import { outputField, outputWithFiles, present, switchParameter, type Item } from '../item';
import { CallFailed } from '../../shared/errors';
import { fileNameOf, receiveImage } from './receivedImage';
import type { ResultChoice } from './targets';
import { headObject, type StoredObject } from '../../shared/storedObject';
import { readText, type ByteStream, type CosAnswer, type Recovery } from '../../shared/transport';

/** Results of a call, or of an earlier one. */
export interface StoredResults {
	result: UploadResult;
	requestId?: string;
	/** Set when the results were there before and nothing was done. */
	skipped?: boolean;
}

/** Bytes; five results with keys of the greatest length stay far below. */
const MAX_RESULT_BYTES = 256 * 1024;

function addressOf(item: Item, key: string, choice: ResultChoice | undefined): string {
	const { location } = item.account;
	if (choice?.bucket === undefined) return requestUrl(location, key);
	// A domain of one's own belongs to one bucket; another bucket is reached by its usual name.
	const endpoint = location.endpoint === 'custom' ? 'default' : location.endpoint;
	return requestUrl({ ...location, bucket: choice.bucket, endpoint }, key);
}

/** Looks up every result; undefined where one is missing or in a bucket that cannot be asked. */
async function storedObjects(
	item: Item,
	choices: readonly ResultChoice[],
): Promise<StoredObject[] | undefined> {
	const found: StoredObject[] = [];
	for (const { key, bucket } of choices) {
		const stored = bucket === undefined ? await headObject(item.transport, key) : undefined;
		if (!stored) return undefined;
		found.push(stored);
	}
	return found;
}

function resultOf(item: Item, sourceKey: string, objects: readonly StoredObject[]): UploadResult {
	const location = (key: string) => addressOf(item, key, undefined).replace(/^https?:\/\//, '');
	return {
		originalInfo: { key: sourceKey, location: location(sourceKey) },
		results: objects.map(({ key, size, etag }) => ({ key, location: location(key), size, etag })),
	};
}

/** Whether an image of the bucket has changed since its results were stored. */
async function hasChanged(
	item: Item,
	sourceKey: string,
	results: readonly StoredObject[],
): Promise<boolean> {
	const source = await headObject(item.transport, sourceKey);
	return source !== undefined && results.some(({ storedAt }) => storedAt < source.storedAt);
}

/**
 * Finds results that are there already, for Skip Existing Results.
 *
 * @param isStored whether the source is in the bucket, where it can have changed since
 */
export async function existingResults(
	item: Item,
	sourceKey: string,
	choices: readonly ResultChoice[],
	isStored: boolean,
): Promise<StoredResults | undefined> {
	const objects = await storedObjects(item, choices);
	if (!objects || (isStored && (await hasChanged(item, sourceKey, objects)))) return undefined;
	return { result: resultOf(item, sourceKey, objects), skipped: true };
}

/** Looks whether a call whose answer was lost has stored its results. */
async function recoverResults(
	item: Item,
	sourceKey: string,
	choices: readonly ResultChoice[],
	startedAt: number,
): Promise<Recovery<StoredResults>> {
	// Only the credential's own bucket can be asked.
	if (choices.some(({ bucket }) => bucket !== undefined)) return 'unknown';
	try {
		const objects = await storedObjects(item, choices);
		if (!objects) return 'not done';
		const isNewer = objects.every(({ age }) => age <= Date.now() - startedAt + 1000);
		return isNewer ? { done: { result: resultOf(item, sourceKey, objects) } } : 'not done';
	} catch {
		return 'unknown';
	}
}

async function readUploadResult(answer: CosAnswer, expected: number): Promise<StoredResults> {
	const text = await readText(answer, MAX_RESULT_BYTES);
	if (parseErrorBody(text)) throw new CallFailed(readFailure(answer.status, answer.headers, text));
	const result = parseUploadResult(text);
	if (result.results.length !== expected) {
		throw new UnreadableAnswer(
			`The service answered with ${result.results.length} results instead of ${expected}`,
		);
	}
	return { result, requestId: answer.requestId };
}

/** Makes the paid call of upload and cloud mode. */
export async function callForResults(
	item: Item,
	request: CosRequest,
	choices: readonly ResultChoice[],
	body?: () => Promise<Buffer | ByteStream>,
): Promise<StoredResults> {
	return await item.transport.call({
		request,
		body,
		paid: true,
		read: async (answer) => await readUploadResult(answer, choices.length),
		recover: async (startedAt) => await recoverResults(item, request.key, choices, startedAt),
	});
}

async function downloaded(
	item: Item,
	results: readonly ProcessedObject[],
	choices: readonly ResultChoice[],
): Promise<IBinaryKeyData> {
	const field = outputField(item);
	const binary: IBinaryKeyData = {};
	for (const [index, { key }] of results.entries()) {
		// The credential signs for its own bucket only.
		if (choices[index]?.bucket !== undefined) continue;
		const received = await item.transport.call({
			request: { method: 'GET', key, query: [], headers: {} },
			read: async (answer) => await receiveImage(item, answer, fileNameOf(key)),
		});
		binary[index === 0 ? field : `${field}${index + 1}`] = received.binary;
	}
	return binary;
}

/** Makes the output item of an upload or cloud call. */
export async function storedResultsItem(
	item: Item,
	key: string,
	{ result, requestId, skipped }: StoredResults,
	choices: readonly ResultChoice[],
): Promise<INodeExecutionData> {
	const { originalInfo, results } = result;
	const { bucket } = item.account.location;
	const simplify = switchParameter(item, 'simplify');
	const listed = results.map((one, index) => {
		const choice = choices[index];
		const place = { bucket: choice?.bucket ?? bucket, url: addressOf(item, one.key, choice) };
		if (!simplify) return present({ ...one, ...place });
		const { key: resultKey, size, width, height, format, etag } = one;
		return present({ key: resultKey, ...place, size, width, height, format, etag });
	});
	const facts: IDataObject = simplify
		? {
				key,
				bucket,
				url: requestUrl(item.account.location, key),
				results: listed,
				imageInfo: originalInfo.imageInfo,
				requestId,
				skipped,
			}
		: { bucket, originalInfo, results: listed, requestId, skipped };
	const json = present(facts);
	if (!switchParameter(item, 'downloadResult')) return { json, pairedItem: { item: item.index } };
	return outputWithFiles(item, json, await downloaded(item, results, choices));
}
