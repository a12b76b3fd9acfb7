import { EntityDecoder } from '@nodable/entities';
import { XMLParser } from 'fast-xml-parser';

import { isRecord } from '../values';

/** What is known of an image; numbers are pixels and bytes. */
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
	key: string;
	/** Host and path, without a scheme, as the service gives it. */
	location: string;
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

/** The `UploadResult` of an upload or cloud call. */
export interface UploadResult {
	originalInfo: { key: string; location: string; etag?: string; imageInfo?: ImageInformation };
	/** One for each rule, always a list. */
	results: ProcessedObject[];
}

/** One object of a bucket listing. */
export interface ListedObject {
	key: string;
	/** ISO 8601. */
	lastModified: string;
	etag?: string;
	/** Bytes. */
	size: number;
	storageClass?: string;
}

/** The `ListBucketResult` of one page. */
export interface ListBucketResult {
	/** Of the bucket. */
	name?: string;
	objects: ListedObject[];
	/** What stands between the prefix and the next delimiter, `/` at the end included. */
	folders: string[];
	/** Marker of the next page; absent on the last one. */
	nextMarker?: string;
}

/** The body of a refusal. */
export interface ErrorBody {
	code: string;
	message: string;
	resource?: string;
	requestId?: string;
	traceId?: string;
	/** The host to use instead, in a redirect. */
	endpoint?: string;
}

/** An answer that is not what the specification says. */
export class UnreadableAnswer extends Error {
	constructor(what: string) {
		super(what);
		this.name = 'UnreadableAnswer';
	}
}

type XmlNode = Record<string, unknown>;

// XML's own five names and character references; one for all answers, as making it costs as much as
// reading one.
const entityDecoder = new EntityDecoder();

// Everything stays text until a field is known to be a number: keys may be digits only, begin with
// zeros or begin with spaces. An answer needs no document type, so none is read (entity bombs).
const parser = new XMLParser({
	ignoreAttributes: true,
	ignoreDeclaration: true,
	ignorePiTags: true,
	parseTagValue: false,
	trimValues: false,
	processEntities: true,
	entityDecoder,
});

const DOCUMENT_TYPE = /<!DOCTYPE/i;

function parse(xml: string): XmlNode {
	if (DOCUMENT_TYPE.test(xml)) throw new UnreadableAnswer('The answer declares a document type');
	// An answer before this one may have declared another.
	entityDecoder.setXmlVersion(1.0);
	try {
		return parser.parse(xml, true) as XmlNode;
	} catch {
		throw new UnreadableAnswer('The answer is not well-formed XML');
	}
}

function child(node: XmlNode, name: string): XmlNode | undefined {
	const value = Object.hasOwn(node, name) ? node[name] : undefined;
	const first: unknown = Array.isArray(value) ? value[0] : value;
	return isRecord(first) ? first : undefined;
}

function children(node: XmlNode, name: string): XmlNode[] {
	const value = Object.hasOwn(node, name) ? node[name] : undefined;
	const list: unknown[] = Array.isArray(value) ? value : [value];
	return list.filter(isRecord);
}

/** An empty node counts as absent: the service writes `<Format/>` for "not known". */
function text(node: XmlNode, name: string): string | undefined {
	const value = Object.hasOwn(node, name) ? node[name] : undefined;
	const first: unknown = Array.isArray(value) ? value[0] : value;
	return typeof first === 'string' && first !== '' ? first : undefined;
}

const NUMBER = /^\s*\d+(?:\.\d+)?\s*$/;

function number(node: XmlNode, name: string): number | undefined {
	const value = text(node, name);
	const count = value !== undefined && NUMBER.test(value) ? Number(value) : NaN;
	// So many digits that they stand for no number are none.
	return Number.isFinite(count) ? count : undefined;
}

function etag(node: XmlNode): string | undefined {
	return text(node, 'ETag')
		?.trim()
		.replace(/^"(.*)"$/, '$1');
}

/** Leaves out what is undefined, so that absent nodes are absent fields. */
function present<T extends object>(fields: T): T {
	const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
	return Object.fromEntries(kept) as T;
}

function required(node: XmlNode, name: string): string {
	const value = text(node, name);
	if (value === undefined)
		throw new UnreadableAnswer(`The answer has no ${name} where one belongs`);
	return value;
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
		key: required(node, 'Key'),
		location: required(node, 'Location'),
		etag: etag(node),
		format: text(node, 'Format'),
		width: number(node, 'Width'),
		height: number(node, 'Height'),
		size: number(node, 'Size'),
		quality: number(node, 'Quality'),
		frameCount: number(node, 'FrameCount'),
	});
}

/** @throws UnreadableAnswer unless the text is an `UploadResult` document */
export function parseUploadResult(xml: string): UploadResult {
	const root = child(parse(xml), 'UploadResult');
	const original = root && child(root, 'OriginalInfo');
	if (!root || !original) throw new UnreadableAnswer('The answer is not an UploadResult');
	const imageInfo = child(original, 'ImageInfo');
	const processed = child(root, 'ProcessResults');
	return {
		originalInfo: present({
			key: required(original, 'Key'),
			location: required(original, 'Location'),
			etag: etag(original),
			imageInfo: imageInfo && imageInformation(imageInfo),
		}),
		results: processed ? children(processed, 'Object').map(processedObject) : [],
	};
}

/** Keys come percent-encoded because listings are asked for with `encoding-type=url`. */
function decoded(key: string): string {
	try {
		return decodeURIComponent(key);
	} catch {
		throw new UnreadableAnswer('The answer holds a key that is not percent-encoded');
	}
}

/**
 * @param xml answer to a listing with `encoding-type=url`
 * @throws UnreadableAnswer unless the text is a `ListBucketResult` document
 */
export function parseListBucketResult(xml: string): ListBucketResult {
	const document = parse(xml);
	if (!Object.hasOwn(document, 'ListBucketResult')) {
		throw new UnreadableAnswer('The answer is not a ListBucketResult');
	}
	const root = child(document, 'ListBucketResult') ?? {};
	const objects = children(root, 'Contents').map((node) =>
		present({
			key: decoded(required(node, 'Key')),
			lastModified: required(node, 'LastModified'),
			etag: etag(node),
			size: number(node, 'Size') ?? 0,
			storageClass: text(node, 'StorageClass'),
		}),
	);
	const folders = children(root, 'CommonPrefixes').map((node) => decoded(required(node, 'Prefix')));
	const isTruncated = text(root, 'IsTruncated')?.trim() === 'true';
	return present({
		name: text(root, 'Name')?.trim(),
		objects,
		folders,
		nextMarker: isTruncated ? nextMarker(root, objects, folders) : undefined,
	});
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Where a list goes on: as the service says, else behind the last entry of the page. */
function nextMarker(
	root: XmlNode,
	objects: readonly ListedObject[],
	folders: readonly string[],
): string {
	const named = text(root, 'NextMarker');
	if (named !== undefined) return decoded(named);
	const last = [...objects.map(({ key }) => key), ...folders].sort(byBytes).at(-1);
	if (last !== undefined) return last;
	throw new UnreadableAnswer('The list of the bucket goes on, but the answer does not say where');
}

/** Spares parsing what cannot be one: every answer to an upload or cloud call is asked. */
const ERROR_NODE = /<Error[\s/>]/;

/** The `<Error>` document of a refusal, or undefined when the text is none. */
export function parseErrorBody(xml: string): ErrorBody | undefined {
	// Stryker disable next-line ConditionalExpression: only time is lost without it.
	if (!ERROR_NODE.test(xml)) return undefined;
	let document: XmlNode;
	try {
		document = parse(xml);
	} catch {
		return undefined;
	}
	const root = child(document, 'Error');
	const code = root && text(root, 'Code')?.trim();
	if (!root || !code) return undefined;
	return present({
		code,
		message: text(root, 'Message')?.trim() ?? '',
		resource: text(root, 'Resource'),
		requestId: text(root, 'RequestId')?.trim(),
		traceId: text(root, 'TraceId')?.trim(),
		endpoint: text(root, 'Endpoint')?.trim(),
	});
}

/**
 * Size and format out of an answer to `?imageInfo`, whose values are all text.
 *
 * @throws UnreadableAnswer unless the text is JSON with a width and a height
 */
export function parseImageInfo(json: string): { width: number; height: number; format?: string } {
	let info: unknown;
	try {
		info = JSON.parse(json);
	} catch {
		throw new UnreadableAnswer('The answer is not JSON');
	}
	if (!isRecord(info)) throw new UnreadableAnswer('The answer is not an object');
	const side = (name: string) => {
		const value: unknown = Object.hasOwn(info, name) ? info[name] : undefined;
		// An object may not even let itself be turned into a number.
		return typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
	};
	const [width, height] = [side('width'), side('height')];
	const isLength = (pixels: number) => Number.isFinite(pixels) && pixels > 0;
	if (!isLength(width) || !isLength(height))
		throw new UnreadableAnswer('The answer has no width and height');
	const format = info.format;
	return present({ width, height, format: typeof format === 'string' ? format : undefined });
}
