import { compareKeys } from '../location/objectKey';
import { present, unlessThrown } from '../values';
import {
	child,
	children,
	number,
	parseXml,
	requiredText,
	text,
	UnreadableResponse,
	withoutQuotes,
	type XmlNode,
} from './xml';

/** One object of a bucket listing. */
export interface ListedObject {
	key: string;
	/** ISO 8601. */
	lastModified: string;
	etag?: string;
	/** Bytes. */
	size: number;
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

/** Keys come percent-encoded because listings are requested with `encoding-type=url`. */
function decoded(text: string, part: string): string {
	const value = unlessThrown(() => decodeURIComponent(text));
	if (value === undefined) throw new UnreadableResponse(part);
	return value;
}

/** Where the next page begins: as the service says, otherwise behind the last entry of this page. */
function nextMarker(
	root: XmlNode,
	objects: readonly ListedObject[],
	folders: readonly string[],
): string {
	const named = text(root, 'NextMarker');
	if (named !== undefined) return decoded(named, 'NextMarker');
	const last = [...objects.map(({ key }) => key), ...folders].sort(compareKeys).at(-1);
	if (last === undefined) throw new UnreadableResponse('NextMarker');
	return last;
}

/**
 * @param xml response to a listing with `encoding-type=url`
 * @throws UnreadableResponse unless the text is a `ListBucketResult` document
 */
export function parseListBucketResult(xml: string): ListBucketResult {
	const document = parseXml(xml);
	if (!Object.hasOwn(document, 'ListBucketResult')) {
		throw new UnreadableResponse('ListBucketResult');
	}
	const root = child(document, 'ListBucketResult') ?? {};
	const objects = children(root, 'Contents').map((node) =>
		present({
			key: decoded(requiredText(node, 'Key'), 'Key'),
			lastModified: requiredText(node, 'LastModified'),
			etag: withoutQuotes(text(node, 'ETag')),
			size: number(node, 'Size') ?? 0,
		}),
	);
	const folders = children(root, 'CommonPrefixes').map((node) =>
		decoded(requiredText(node, 'Prefix'), 'Prefix'),
	);
	const isTruncated = text(root, 'IsTruncated')?.trim() === 'true';
	return present({
		name: text(root, 'Name')?.trim(),
		objects,
		folders,
		nextMarker: isTruncated ? nextMarker(root, objects, folders) : undefined,
	});
}

/**
 * When an object was stored, in milliseconds since 1970, by the service's clock.
 *
 * @throws UnreadableResponse when the listing holds no valid time
 */
export function storedAt({ lastModified }: ListedObject): number {
	const time = Date.parse(lastModified);
	if (Number.isNaN(time)) throw new UnreadableResponse('LastModified');
	return time;
}
