import { present } from '../values';
import {
	child,
	children,
	number,
	parseXml,
	text,
	UnreadableResponse,
	withoutQuotes,
	type XmlNode,
} from './xml';

/** What is known of an image; numbers are pixels. */
export interface ImageInformation {
	format?: string;
	width?: number;
	height?: number;
	/** Quality of the compression, 1 to 100. */
	quality?: number;
	/** Average colour, `0xRRGGBB`. */
	ave?: string;
	/** EXIF orientation, 1 to 8. */
	orientation?: number;
}

/** One stored result. */
export interface ProcessedObject {
	key?: string;
	/** Host and path, without a scheme, as the service gives it. */
	location?: string;
	/** Without the quotes it is sent in. */
	etag?: string;
	format?: string;
	width?: number;
	height?: number;
	/** Bytes. */
	size?: number;
	quality?: number;
	frameCount?: number;
}

/** A result that the service did not make, as its `Object` says. */
export interface FailedObject {
	key?: string;
	location?: string;
	code: string;
	message?: string;
}

/** The `UploadResult` of an upload, or of a repair in the bucket. */
export interface UploadResult {
	originalInfo: { key?: string; location?: string; etag?: string; imageInfo?: ImageInformation };
	/** The results that were stored, always a list. */
	results: ProcessedObject[];
	/** Those that were not; absent when there are none. */
	failed?: FailedObject[];
}

function imageInformation(node: XmlNode): ImageInformation {
	return present({
		format: text(node, 'Format'),
		width: number(node, 'Width'),
		height: number(node, 'Height'),
		quality: number(node, 'Quality'),
		ave: text(node, 'Ave'),
		orientation: number(node, 'Orientation'),
	});
}

function processedObject(node: XmlNode): ProcessedObject {
	return present({
		key: text(node, 'Key'),
		location: text(node, 'Location'),
		etag: withoutQuotes(text(node, 'ETag')),
		format: text(node, 'Format'),
		width: number(node, 'Width'),
		height: number(node, 'Height'),
		size: number(node, 'Size'),
		quality: number(node, 'Quality'),
		frameCount: number(node, 'FrameCount'),
	});
}

function failedObject(node: XmlNode): FailedObject | undefined {
	const code = text(node, 'Code');
	return code === undefined || code === ''
		? undefined
		: present({
				key: text(node, 'Key'),
				location: text(node, 'Location'),
				code,
				message: text(node, 'Message'),
			});
}

/**
 * What a node leaves out stays out: whatever else it says, the response is that of a call that was made
 * and billed.
 *
 * @throws UnreadableResponse unless the text is an `UploadResult` document that says something
 */
export function parseUploadResult(xml: string): UploadResult {
	const root = child(parseXml(xml), 'UploadResult');
	const original = root && child(root, 'OriginalInfo');
	const processed = root && child(root, 'ProcessResults');
	if (!original && !processed) throw new UnreadableResponse('UploadResult');
	const imageInfo = original && child(original, 'ImageInfo');
	const objects = processed ? children(processed, 'Object') : [];
	const failed = objects.flatMap((node) => failedObject(node) ?? []);
	return {
		originalInfo: present({
			key: original && text(original, 'Key'),
			location: original && text(original, 'Location'),
			etag: withoutQuotes(original && text(original, 'ETag')),
			imageInfo: imageInfo && imageInformation(imageInfo),
		}),
		results: objects
			.filter((node) => !failedObject(node))
			.map(processedObject)
			// What says nothing is no result.
			.filter((object) => Object.keys(object).length > 0),
		...(failed.length > 0 && { failed }),
	};
}
