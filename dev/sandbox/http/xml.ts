import { create } from 'xmlbuilder2';

/** A tree of elements: an array repeats its element, an empty string gives an empty element. */
export interface XmlTree {
	readonly [element: string]: string | number | XmlTree | ReadonlyArray<string | XmlTree>;
}

export const writeXml = (tree: XmlTree): string =>
	// A key can contain characters that XML 1.0 cannot represent; clients list them with
	// `encoding-type=url`.
	create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\uFFFD' }, tree).end();

/** The request that an `<Error>` document is about. */
export interface FailedRequest {
	readonly resource: string;
	readonly requestId: string;
	readonly traceId: string;
}

/** The error in an `<Error>` document; `details` are further elements. */
export interface ErrorContent {
	readonly code: string;
	readonly message: string;
	readonly details?: Readonly<Record<string, string>>;
}

/** The `<Error>` document. */
export function errorXml(error: ErrorContent, request: FailedRequest): string {
	return writeXml({
		Error: {
			Code: error.code,
			Message: error.message,
			...error.details,
			Resource: request.resource,
			RequestId: request.requestId,
			TraceId: request.traceId,
		},
	});
}

/** `OriginalInfo/ImageInfo`, requested with `is_pic_info: 1`. */
export interface ImageInfo {
	readonly format: string;
	/** pixels */
	readonly width: number;
	/** pixels */
	readonly height: number;
	readonly quality: number;
	/** average colour, `0xrrggbb`; undefined if it is not known */
	readonly average: string | undefined;
	/** EXIF orientation, 0 if the image has none */
	readonly orientation: number;
}

/** One repaired image, as stored. */
export interface StoredResult {
	readonly key: string;
	/** host and path, without a scheme; undefined if a fault leaves it out */
	readonly location: string | undefined;
	readonly format: string;
	/** pixels */
	readonly width: number;
	/** pixels */
	readonly height: number;
	/** bytes */
	readonly size: number;
	readonly quality: number;
	/** with its quotes */
	readonly etag: string;
}

/** A rule that failed while others were done. */
export interface FailedResult {
	readonly key: string;
	readonly code: string;
	readonly message: string;
}

/** The response to processing on upload and to cloud processing. */
export interface UploadResult {
	readonly original: {
		readonly key: string;
		/** undefined if a fault leaves it out */
		readonly location: string | undefined;
		readonly etag: string;
		readonly imageInfo?: ImageInfo;
	};
	readonly results: ReadonlyArray<StoredResult | FailedResult>;
}

const locationXml = (location: string | undefined): XmlTree =>
	location === undefined ? {} : { Location: location };

const resultXml = (result: StoredResult | FailedResult): XmlTree =>
	'code' in result
		? { Key: result.key, Code: result.code, Message: result.message }
		: {
				Key: result.key,
				...locationXml(result.location),
				Format: result.format,
				Width: result.width,
				Height: result.height,
				Size: result.size,
				Quality: result.quality,
				ETag: result.etag,
				// Results are always still images.
				FrameCount: 1,
			};

/** The `<UploadResult>` document, with one `Object` for each rule. */
export function uploadResultXml({ original, results }: UploadResult): string {
	const { imageInfo } = original;
	return writeXml({
		UploadResult: {
			OriginalInfo: {
				Key: original.key,
				...locationXml(original.location),
				ETag: original.etag,
				...(imageInfo && {
					ImageInfo: {
						Format: imageInfo.format,
						Width: imageInfo.width,
						Height: imageInfo.height,
						Quality: imageInfo.quality,
						...(imageInfo.average !== undefined && { Ave: imageInfo.average }),
						Orientation: imageInfo.orientation,
					},
				}),
			},
			ProcessResults: results.length === 0 ? '' : { Object: results.map(resultXml) },
		},
	});
}

/** One page of a bucket listing. Keys, prefixes and markers are written as given. */
export interface ListPage {
	readonly bucket: string;
	readonly prefix: string;
	readonly marker: string;
	readonly delimiter: string | undefined;
	readonly maxKeys: number;
	readonly encodingType: string | undefined;
	/** set if there is another page */
	readonly nextMarker: string | undefined;
	readonly commonPrefixes: readonly string[];
	readonly objects: ReadonlyArray<{
		readonly key: string;
		readonly lastModified: Date;
		/** with its quotes */
		readonly etag: string;
		/** bytes */
		readonly size: number;
	}>;
}

/** The service's timestamps have a resolution of one second. */
const wholeSeconds = (time: Date) => new Date(Math.floor(time.getTime() / 1000) * 1000);

/** Text of an element, as `writeXml` writes it. */
const escaped = (text: string) =>
	text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		// What XML 1.0 cannot represent, and half of a surrogate pair.
		.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');

/** Written by hand: a list of a million objects has a thousand pages of them. */
function contentsXml({ bucket, objects }: ListPage): string {
	const appId = bucket.slice(bucket.lastIndexOf('-') + 1);
	const rest = `<Owner><ID>${appId}</ID><DisplayName>${appId}</DisplayName></Owner><StorageClass>STANDARD</StorageClass></Contents>`;
	return objects
		.map(({ key, lastModified, etag, size }) => {
			const time = wholeSeconds(lastModified).toISOString();
			return `<Contents><Key>${escaped(key)}</Key><LastModified>${time}</LastModified><ETag>${escaped(etag)}</ETag><Size>${size}</Size>${rest}`;
		})
		.join('');
}

/** The `<ListBucketResult>` document. */
export function listBucketXml(page: ListPage): string {
	const end = '</ListBucketResult>';
	const head = writeXml({
		ListBucketResult: {
			Name: page.bucket,
			...(page.encodingType !== undefined && { EncodingType: page.encodingType }),
			Prefix: page.prefix,
			Marker: page.marker,
			MaxKeys: page.maxKeys,
			...(page.delimiter !== undefined && { Delimiter: page.delimiter }),
			IsTruncated: String(page.nextMarker !== undefined),
			...(page.nextMarker !== undefined && { NextMarker: page.nextMarker }),
			...(page.commonPrefixes.length > 0 && {
				CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: prefix })),
			}),
		},
	});
	return head.slice(0, -end.length) + contentsXml(page) + end;
}
