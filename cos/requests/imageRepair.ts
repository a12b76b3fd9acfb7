import { maskPolyText, type Polygon } from '../areas/areas';
import { urlSafeBase64, type Parameters } from '../signing/encoding';
import { checkBucket, checkObjectKey } from '../location/endpoint';
import { InvalidInput } from '../invalidInput';
import { MAX_RESULTS } from '../limits';

/**
 * What to repair. With neither, the service looks for common logos itself; with both, both are sent
 * and the mask wins ("the value of MaskPic takes precedence").
 */
export interface RepairArea {
	polygons?: readonly Polygon[];
	/** Address of a black image on which white marks what to remove. */
	maskUrl?: string;
}

/** One result of an upload or cloud call. */
export interface RepairResult {
	/** Relative to the source's folder, or absolute with a leading `/`. */
	fileid: string;
	area: RepairArea;
	/** Another bucket of the account, in the same region, to store the result in. */
	bucket?: string;
}

/** A request, still without host and signature. */
export interface CosRequest {
	method: 'GET' | 'PUT' | 'POST' | 'HEAD' | 'DELETE';
	/** Object key; empty for the bucket itself. */
	key: string;
	query: Parameters;
	headers: Readonly<Record<string, string>>;
}

/** @throws InvalidInput unless the text is an http(s) address */
export function checkImageUrl(text: string, field: 'maskUrl' | 'imageUrl'): void {
	let url: URL | undefined;
	try {
		url = new URL(text);
	} catch {
		// Answered below, together with addresses of another kind.
	}
	if (url?.protocol === 'http:' || url?.protocol === 'https:') return;
	throw new InvalidInput(
		field,
		text === '' ? 'is empty' : 'is not an address that begins with http:// or https://',
		'Enter the full address of an image that the service can fetch. For example: https://example.com/mask.png.',
	);
}

function repairParameters({ polygons, maskUrl }: RepairArea): Array<readonly [string, string]> {
	const parameters: Array<readonly [string, string]> = [['ci-process', 'ImageRepair']];
	if (maskUrl !== undefined) {
		checkImageUrl(maskUrl, 'maskUrl');
		parameters.push(['MaskPic', urlSafeBase64(maskUrl)]);
	}
	if (polygons !== undefined) parameters.push(['MaskPoly', urlSafeBase64(maskPolyText(polygons))]);
	return parameters;
}

/**
 * "Processing during Download": answers the repaired image.
 *
 * @throws InvalidInput for a key or mask address that cannot be
 */
export function downloadRequest(key: string, area: RepairArea): CosRequest {
	checkObjectKey(key);
	return { method: 'GET', key, query: repairParameters(area), headers: {} };
}

/**
 * The same for an image anywhere on the internet (`detect-url`, as Tencent's Go and Python SDKs
 * have it); the bucket only gives the account.
 *
 * @throws InvalidInput for an address that cannot be
 */
export function publicImageRequest(imageUrl: string, area: RepairArea): CosRequest {
	checkImageUrl(imageUrl, 'imageUrl');
	return {
		method: 'GET',
		key: '',
		query: [...repairParameters(area), ['detect-url', imageUrl]],
		headers: {},
	};
}

/** @throws InvalidInput when a `fileid` names no file */
export function checkFileid(fileid: string): void {
	const advice =
		'Enter a path and name such as clean/image.jpg (relative to the folder of the source) or /clean/image.jpg (from the top of the bucket).';
	if (fileid === '' || fileid === '/') throw new InvalidInput('resultKey', 'is empty', advice);
	if (fileid.endsWith('/')) {
		throw new InvalidInput(
			'resultKey',
			`"${fileid}" ends in "/", so the file would have no name`,
			advice,
		);
	}
	checkObjectKey(fileid.startsWith('/') ? fileid.slice(1) : fileid, 'resultKey');
}

/** An absent bucket stays out of the JSON that is made of it. */
function rule({ fileid, area, bucket }: RepairResult): Record<string, string | undefined> {
	checkFileid(fileid);
	if (bucket !== undefined) checkBucket(bucket, 'destinationBucket');
	return {
		bucket,
		fileid,
		rule: repairParameters(area)
			.map(([name, value]) => `${name}=${value}`)
			.join('&'),
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

/**
 * The `Pic-Operations` header.
 *
 * @throws InvalidInput for no result, more than five, or one that cannot be
 */
export function picOperations(
	results: readonly RepairResult[],
	returnImageInformation = false,
): string {
	if (results.length === 0 || results.length > MAX_RESULTS) {
		throw new InvalidInput(
			'results',
			results.length === 0 ? 'holds nothing' : `holds ${results.length} results`,
			`One call makes one to ${MAX_RESULTS} results. Remove some, or use a second Image Repair node for the others.`,
		);
	}
	return headerJson({
		...(returnImageInformation && { is_pic_info: 1 }),
		rules: results.map(rule),
	});
}

/**
 * "Process upon Upload": the body is the image; it is stored under `key`, the results beside it.
 *
 * @param contentLength of the body, in bytes
 * @throws InvalidInput for a key or result that cannot be
 */
export function uploadRequest(
	key: string,
	results: readonly RepairResult[],
	body: { contentType: string; contentLength: number },
	returnImageInformation = false,
): CosRequest {
	checkObjectKey(key);
	return {
		method: 'PUT',
		key,
		query: [],
		headers: {
			'Content-Type': body.contentType,
			'Content-Length': String(body.contentLength),
			'Pic-Operations': picOperations(results, returnImageInformation),
		},
	};
}

/**
 * "Cloud Data Processing": repairs a stored object into others; the request has no body.
 *
 * @throws InvalidInput for a key or result that cannot be
 */
export function cloudRequest(
	key: string,
	results: readonly RepairResult[],
	returnImageInformation = false,
): CosRequest {
	checkObjectKey(key);
	return {
		method: 'POST',
		key,
		query: [['image_process', '']],
		headers: {
			// There is no body to describe, but without this n8n's helper would name a form.
			'Content-Type': 'application/octet-stream',
			'Content-Length': '0',
			'Pic-Operations': picOperations(results, returnImageInformation),
		},
	};
}
