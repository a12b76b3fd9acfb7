import type { Polygon } from '../areas/points';
import { maskPolyText } from '../areas/polygons';
import type { ImageUrl } from '../location/imageUrl';
import type { ObjectKey } from '../location/objectKey';
import type { ResultKey, Results } from '../location/resultKey';
import { urlSafeBase64 } from '../signing/encoding';
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

/** "Processing during Download": the response is the repaired image. */
export function downloadRequest(key: ObjectKey, area: RepairArea): CosRequest {
	return { method: 'GET', key, query: repairParameters(area), headers: {} };
}

/**
 * The same for any image on the internet (`detect-url`, as Tencent's Go and Python SDKs have it); the
 * bucket only gives the account.
 */
export function publicImageRequest(url: ImageUrl, area: RepairArea): CosRequest {
	return {
		method: 'GET',
		key: '',
		query: [...repairParameters(area), ['detect-url', url]],
		headers: {},
	};
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

/** The `Pic-Operations` header. */
export function picOperations({ results, returnImageInformation }: Repair): string {
	return headerJson({
		...(returnImageInformation && { is_pic_info: 1 }),
		rules: results.map(({ target: { bucket, fileid }, area }) => ({
			bucket,
			fileid,
			rule: repairParameters(area)
				.map(([name, value]) => `${name}=${value}`)
				.join('&'),
		})),
	});
}

/** "Process upon Upload": the body is the image; it is stored under `key`, the results beside it. */
export function uploadRequest(key: ObjectKey, repair: Repair, body: Body): CosRequest {
	return {
		method: 'PUT',
		key,
		query: [],
		headers: { ...bodyHeaders(body), 'Pic-Operations': picOperations(repair) },
	};
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
