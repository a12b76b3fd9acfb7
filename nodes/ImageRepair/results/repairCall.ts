import type { ForResult, Results } from '../../../cos/location/resultKey';
import type { CosRequest } from '../../../cos/requests/request';
import { parseErrorBody, readFailure } from '../../../cos/responses/failure';
import { parseUploadResult } from '../../../cos/responses/uploadResult';
import { CallFailed, ConnectionFailed } from '../../shared/errors';
import { readText, type CosResponse } from '../../shared/response';
import type { Recovery } from '../../shared/transport';
import type { StoredSource } from '../area/imageSize';
import type { Item } from '../item';
import { asUploadResult, findResults, type StoredResults } from './storedResults';

/** Bytes; five results with keys of the greatest length stay far below. */
const MAX_RESULT_BYTES = 256 * 1024;

type Targets = Results<ForResult>;

/** Checks whether a call whose response was lost has stored its results. */
async function recoverResults(
	item: Item,
	source: StoredSource,
	results: Targets,
	startedAt: number,
): Promise<Recovery<StoredResults>> {
	// Only the credential's own bucket can be asked.
	if (results.some(({ target }) => target.bucket !== undefined)) return 'unknown';
	try {
		const objects = await findResults(item, results);
		if (!objects) return 'not done';
		const isNewer = objects.every(({ age }) => age <= Date.now() - startedAt + 1000);
		return isNewer ? { done: { result: asUploadResult(item, source.key, objects) } } : 'not done';
	} catch {
		return 'unknown';
	}
}

async function readResponse(response: CosResponse, expected: number): Promise<StoredResults> {
	const { status, headers, requestId } = response;
	const text = await readText(response, MAX_RESULT_BYTES);
	if (parseErrorBody(text)) throw new CallFailed(readFailure(status, headers, text));
	const result = parseUploadResult(text);
	const count = result.results.length;
	if (count !== expected) {
		throw new ConnectionFailed('UnreadableResponse', 'resultCount', { count, expected });
	}
	return { result, requestId };
}

/** Makes the paid call of an upload, or of a repair in the bucket. */
export async function callForResults(
	item: Item,
	source: StoredSource,
	request: CosRequest,
	results: Targets,
): Promise<StoredResults> {
	return await item.transport.call({
		request,
		...(source.kind === 'upload' && { body: source.image.open }),
		paid: true,
		read: async (response) => await readResponse(response, results.length),
		recover: async (startedAt) => await recoverResults(item, source, results, startedAt),
	});
}
