import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { neighbourOf, requestUrl } from '../../../cos/location/endpoint';
import { objectKey, type ObjectKey } from '../../../cos/location/objectKey';
import type { ForResult, ResultKey, Results } from '../../../cos/location/resultKey';
import { getRequest } from '../../../cos/requests/object';
import type { ProcessedObject } from '../../../cos/responses/uploadResult';
import { present } from '../../../cos/values';
import { outputJson, outputWithFiles, type Item } from '../item';
import type { ResultOutput } from '../parameters/results';
import { fileNameOf, receiveImage } from './receivedImage';
import type { StoredResults } from './storedResults';

type Targets = Results<ForResult>;

function addressOf({ account: { location } }: Item, key: string, target?: ResultKey): string {
	const { bucket } = target ?? {};
	return requestUrl(bucket === undefined ? location : neighbourOf(location, bucket), key);
}

async function downloaded(
	item: Item,
	results: readonly ProcessedObject[],
	targets: Targets,
	field: string,
): Promise<IBinaryKeyData> {
	const binary: IBinaryKeyData = {};
	for (const [index, { key }] of results.entries()) {
		// The credential signs for its own bucket only.
		if (targets[index]?.target.bucket !== undefined) continue;
		const received = await item.transport.call({
			request: getRequest(objectKey(key)),
			read: async (response) => await receiveImage(item, response, fileNameOf(key)),
		});
		binary[index === 0 ? field : `${field}${index + 1}`] = received.binary;
	}
	return binary;
}

/** Makes the output item of an upload, or of a repair in the bucket. */
export async function resultsItem(
	item: Item,
	key: ObjectKey,
	{ result, requestId, skipped }: StoredResults,
	targets: Targets,
	{ download, field, simplify }: ResultOutput,
): Promise<INodeExecutionData> {
	const { originalInfo, results } = result;
	const { bucket } = item.account.location;
	const listed = results.map((one, index): IDataObject => {
		const target = targets[index]?.target;
		const place = { bucket: target?.bucket ?? bucket, url: addressOf(item, one.key, target) };
		if (!simplify) return present({ ...one, ...place });
		const { key: resultKey, size, width, height, format, etag } = one;
		return present({ key: resultKey, ...place, size, width, height, format, etag });
	});
	const facts: IDataObject = simplify
		? {
				key,
				bucket,
				url: addressOf(item, key),
				results: listed,
				imageInfo: originalInfo.imageInfo,
				requestId,
				skipped,
			}
		: { bucket, originalInfo, results: listed, requestId, skipped };
	const json = present(facts);
	if (!download) return outputJson(item, json);
	return outputWithFiles(item, json, await downloaded(item, results, targets, field));
}
