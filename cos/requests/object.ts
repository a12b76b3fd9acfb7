import type { ObjectKey } from '../location/objectKey';
import type { Parameters } from '../signing/encoding';
import { bodyHeaders, type Body, type CosRequest } from './request';
import type { SettingHeaders } from './uploadSettings';

/** The object itself. */
export function getRequest(key: ObjectKey): CosRequest {
	return { method: 'GET', key, query: [], headers: {} };
}

/** Size, ETag and time of an object (`cos/responses/head.ts`). */
export function headRequest(key: ObjectKey): CosRequest {
	return { method: 'HEAD', key, query: [], headers: {} };
}

/** How an object is stored. */
export interface StoringOptions {
	/**
	 * Whether the service is to refuse the upload (409 `FileAlreadyExists`) when there is an object under
	 * its key: `x-cos-forbid-overwrite` of "PUT Object" (436/7749). Buckets that keep versions ignore it.
	 */
	readonly forbidOverwrite?: boolean;
	readonly settings?: SettingHeaders;
}

/** The headers of a request that stores its body. */
export function storingHeaders(
	body: Body,
	{ forbidOverwrite = false, settings }: StoringOptions = {},
): Record<string, string> {
	return {
		...bodyHeaders(body),
		...settings,
		...(forbidOverwrite && { 'x-cos-forbid-overwrite': 'true' }),
	};
}

/** Stores the body as it is. */
export function putRequest(key: ObjectKey, body: Body, options?: StoringOptions): CosRequest {
	return { method: 'PUT', key, query: [], headers: storingHeaders(body, options) };
}

/**
 * Deletes an object. In a bucket that keeps versions, this only hides it under a delete marker, and the
 * version stays; with its id, the version itself is gone.
 */
export function deleteRequest(key: ObjectKey, version?: string): CosRequest {
	const query: Parameters = version === undefined ? [] : [['versionId', version]];
	return { method: 'DELETE', key, query, headers: {} };
}

/** Format and size of a stored image, as JSON (`cos/responses/imageInfo.ts`). */
export function imageInfoRequest(key: ObjectKey): CosRequest {
	return { method: 'GET', key, query: [['imageInfo', '']], headers: {} };
}

/**
 * A stored image as a BMP that fits into a square (`cos/images/bitmap.ts`).
 *
 * @param side pixels of the square; smaller images stay as they are
 * @param turn `asStored`: its pixels are where they are stored; `upright`: where the EXIF orientation shows them
 */
export function bitmapRequest(
	key: ObjectKey,
	side: number,
	turn: 'asStored' | 'upright' = 'asStored',
): CosRequest {
	const first = turn === 'upright' ? 'imageMogr2/auto-orient|' : '';
	const operation = `${first}imageMogr2/thumbnail/${side}x${side}>/format/bmp`;
	return { method: 'GET', key, query: [[operation, '']], headers: {} };
}
