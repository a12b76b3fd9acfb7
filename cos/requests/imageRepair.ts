import type { Polygon } from '../areas/points';
import { maskPolyText } from '../areas/polygons';
import { InvalidInput, type InputField } from '../invalidInput';
import { MAX_REQUEST_LINE_BYTES } from '../limits';
import type { ImageUrl } from '../location/imageUrl';
import type { ObjectKey } from '../location/objectKey';
import type { ResultKey, Results } from '../location/resultKey';
import { encodeQuery, urlSafeBase64 } from '../signing/encoding';
import { storingHeaders, type StoringOptions } from './object';
import { bodyHeaders, type Body, type CosRequest } from './request';

/**
 * What to repair. With neither, the service looks for common logos itself; with both, both are sent
 * and the mask wins ("the value of MaskPic takes precedence").
 */
export interface RepairArea {
	readonly polygons?: readonly Polygon[];
	/** Address of a black image on which white marks what to remove. */
	readonly maskUrl?: ImageUrl;
}

function repairParameters({ polygons, maskUrl }: RepairArea): Array<readonly [string, string]> {
	return [
		['ci-process', 'ImageRepair'],
		...(maskUrl === undefined ? [] : [['MaskPic', urlSafeBase64(maskUrl)] as const]),
		...(polygons === undefined
			? []
			: [['MaskPoly', urlSafeBase64(maskPolyText(polygons))] as const]),
	];
}

/** Characters of what a request is made of, by the field that it comes from. */
type Parts = Partial<Record<InputField, number>>;

function partsOf(areas: readonly RepairArea[]): Parts {
	const sum = (lengthOf: (area: RepairArea) => number) =>
		areas.reduce((total, area) => total + lengthOf(area), 0);
	return {
		area: sum(({ polygons }) => (polygons ? maskPolyText(polygons).length : 0)),
		maskUrl: sum(({ maskUrl = '' }) => maskUrl.length),
	};
}

/**
 * Refuses before anything is billed what would be refused on the way, perhaps without a word about why.
 *
 * @param line ASCII
 * @throws InvalidInput that names the field with the most of it
 */
function checkLine(line: string, parts: Parts): void {
	const { length: size } = line;
	if (size <= MAX_REQUEST_LINE_BYTES) return;
	const fields = Object.keys(parts) as InputField[];
	const largest = fields.reduce((one, other) =>
		(parts[other] ?? 0) > (parts[one] ?? 0) ? other : one,
	);
	throw new InvalidInput(largest, 'request.tooLong', { size, limit: MAX_REQUEST_LINE_BYTES });
}

/**
 * "Processing during Download": the response is the repaired image.
 *
 * @throws InvalidInput when the area is too large for a query
 */
export function downloadRequest(key: ObjectKey, area: RepairArea): CosRequest {
	const query = repairParameters(area);
	checkLine(encodeQuery(query), partsOf([area]));
	return { method: 'GET', key, query, headers: {} };
}

/**
 * The same for any image on the internet (`detect-url`, as Tencent's Go and Python SDKs have it); the
 * bucket only gives the account.
 *
 * @throws InvalidInput when the area or the address is too large for a query
 */
export function publicImageRequest(url: ImageUrl, area: RepairArea): CosRequest {
	const query = [...repairParameters(area), ['detect-url', url] as const];
	checkLine(encodeQuery(query), { ...partsOf([area]), imageUrl: url.length });
	return { method: 'GET', key: '', query, headers: {} };
}

const OUTSIDE_PRINTABLE_ASCII = /[^\x20-\x7e]/g;

/** JSON in which every character outside ASCII is escaped, as a header's value has to be. */
function headerJson(value: unknown): string {
	return JSON.stringify(value).replace(
		OUTSIDE_PRINTABLE_ASCII,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}

/** One result of an upload, or of a repair in the bucket. */
export interface RepairResult {
	readonly target: ResultKey;
	readonly area: RepairArea;
}

/** What an upload or a repair in the bucket makes. */
export interface Repair {
	readonly results: Results<RepairResult>;
	/** Whether the response also describes the original image. */
	readonly returnImageInformation: boolean;
}

/**
 * The `Pic-Operations` header.
 *
 * @throws InvalidInput when the areas of all results are too large for a header
 */
export function picOperations({ results, returnImageInformation }: Repair): string {
	const operations = headerJson({
		...(returnImageInformation && { is_pic_info: 1 }),
		rules: results.map(({ target: { bucket, fileid }, area }) => ({
			bucket,
			fileid,
			rule: repairParameters(area)
				.map(([name, value]) => `${name}=${value}`)
				.join('&'),
		})),
	});
	const keys = results.map(({ target }) => headerJson(target.fileid)).join('');
	const areas = results.map(({ area }) => area);
	checkLine(operations, { ...partsOf(areas), resultKey: keys.length });
	return operations;
}

/**
 * "Process upon Upload": the body is the image; it is stored under `key`, the results beside it.
 *
 * @param options about the original; no page says whether its results are stored in the same way
 */
export function uploadRequest(
	key: ObjectKey,
	repair: Repair,
	body: Body,
	options?: StoringOptions,
): CosRequest {
	const headers = { ...storingHeaders(body, options), 'Pic-Operations': picOperations(repair) };
	return { method: 'PUT', key, query: [], headers };
}

/** "Cloud Data Processing": repairs a stored object into others; the request has no body. */
export function inBucketRequest(key: ObjectKey, repair: Repair): CosRequest {
	return {
		method: 'POST',
		key,
		query: [['image_process', '']],
		headers: {
			// There is no body to describe, but without this n8n's helper would name a form.
			...bodyHeaders({ contentType: 'application/octet-stream', contentLength: 0 }),
			'Pic-Operations': picOperations(repair),
		},
	};
}
