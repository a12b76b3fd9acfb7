import type { NoValues, ReasonOf } from './values';

/** The fields that are checked here, by names that a caller maps to the labels it shows. */
export type InputField =
	| 'secretId'
	| 'secretKey'
	| 'bucket'
	| 'region'
	| 'customDomain'
	| 'objectKey'
	| 'storeAs'
	| 'area'
	| 'polygons'
	| 'coordinates'
	| 'rectangles'
	| 'growArea'
	| 'texts'
	| 'logoNames'
	| 'searchIn'
	| 'searchRectangles'
	| 'maskUrl'
	| 'maskObjectKey'
	| 'imageUrl'
	| 'resultKey'
	| 'ignoredResultKeys'
	| 'soughtResultKeys'
	| 'results'
	| 'destinationBucket'
	| 'folder'
	| 'temporaryMaskFolder'
	| 'metadata'
	| 'tags'
	| 'kmsKeyId'
	| 'kmsContext'
	| 'cacheControl'
	| 'contentDisposition';

/** Polygons, rectangles and corners are counted from 1; `shown` is the value as JSON, cut short. */
interface InPolygon {
	polygon: number;
}
interface AtCorner extends InPolygon {
	corner: number;
	shown: string;
}
interface InRectangle {
	rectangle: number;
}

/** Why a value cannot be sent, with the values that an explanation needs. */
export interface InvalidReasons {
	'secret.empty': NoValues;
	'bucket.empty': NoValues;
	'bucket.malformed': { bucket: string };
	'region.empty': NoValues;
	'region.malformed': { region: string };
	'domain.empty': NoValues;
	'domain.notUrl': { domain: string };
	'domain.notHttps': { domain: string };
	/** http to another machine. */
	'domain.unencrypted': { domain: string };
	/** A path, query or login besides scheme, host and port. */
	'domain.notOrigin': { domain: string };
	/** Comes along when text is copied. The character by its code point, as in `U+000A`. */
	'text.surrounded': { side: 'begins' | 'ends'; character: string };
	'text.control': { character: string };
	/** What people paste that is no path in the bucket. */
	'path.address': NoValues;
	'path.localFile': NoValues;
	/** `rest` is what follows the name of the bucket. */
	'path.bucketFirst': { bucket: string; rest: string };
	/** `path` is the same with slashes. */
	'path.backslash': { path: string };
	'key.empty': NoValues;
	/** Of the service's own rules (436/13324). */
	'key.leading': { character: string };
	'key.control': { character: string };
	'key.folder': { key: string };
	/** Half a surrogate pair, or NUL. */
	'key.characters': NoValues;
	'key.tooLong': { limit: number };
	/** `.` or `..` as a segment, which URLs fold away. */
	'key.dotSegment': { key: string };
	'objectUrl.notUrl': { origin: string };
	'objectUrl.otherHost': { host: string; origin: string };
	/** A `%` that begins no escape. */
	'objectUrl.escape': { origin: string };
	'url.empty': NoValues;
	'url.notHttp': NoValues;
	'prefix.empty': NoValues;
	'prefix.characters': NoValues;
	'prefix.tooLong': { limit: number };
	'fileid.empty': NoValues;
	'fileid.folder': { fileid: string };
	/** The result would replace the image it is made from. */
	'fileid.source': { fileid: string };
	/** `additional` results besides the first one. */
	'results.tooMany': { count: number; additional: number; limit: number };
	'results.sameKey': { key: string };
	/** Bytes of what would be sent in one line. */
	'request.tooLong': { size: number; limit: number };
	/** More than printable ASCII, or a line break. */
	'header.characters': { shown: string };
	'metadata.name': { shown: string };
	'metadata.repeated': { name: string };
	'metadata.value': { name: string; shown: string };
	/** Bytes. */
	'metadata.tooLarge': { size: number; limit: number };
	'tags.tooMany': { count: number; limit: number };
	'tags.key': { shown: string; limit: number };
	'tags.repeated': { key: string };
	'tags.value': { key: string; shown: string; limit: number };
	'kmsKeyId.invalid': { shown: string };
	'kmsContext.invalid': { shown: string };
	'polygons.notJson': { shown: string };
	/** JSON but for the brackets that are missing at its end. */
	'polygons.unclosed': { shown: string; missing: string };
	'polygons.notList': { shown: string };
	'polygons.none': NoValues;
	/** Levels of lists and objects. */
	'polygons.tooDeep': { limit: number };
	'polygons.tooMany': { limit: number };
	'polygons.corners': { count: number; limit: number };
	'polygon.notList': InPolygon & { shown: string };
	'polygon.corners': InPolygon & { count: number; limit: number };
	'polygon.fewCorners': InPolygon;
	/** All corners lie on one line. */
	'polygon.flat': InPolygon;
	'polygon.foldsBack': AtCorner;
	'polygon.crosses': AtCorner & { otherCorner: number; otherShown: string };
	'corner.notPair': AtCorner;
	'corner.negative': AtCorner;
	'corner.tooFar': AtCorner & { limit: number };
	'corner.outside': AtCorner & { width: number; height: number };
	'box.notNumbers': InPolygon & { shown: string };
	'box.flat': InPolygon & { shown: string };
	/** Nothing to compare texts or names with. */
	'labels.none': NoValues;
	/** Four numbers that can be two corners, or a corner and a size. */
	'box.bareNumbers': InPolygon & { shown: string };
	/** `bbox_2d` counts pixels with one version of its model, and thousandths with the next. */
	'shape.unclearUnit': InPolygon & { shown: string };
	/** Fractions of the image where something else is expected. */
	'shape.fractions': InPolygon & { shown: string };
	/** Values far beyond what is the whole image in their unit. */
	'shape.beyondUnit': InPolygon & { shown: string; limit: number };
	'shape.outside': InPolygon & { shown: string; width: number; height: number };
	'rectangles.none': NoValues;
	'rectangle.notNumber': InRectangle;
	'rectangle.negative': InRectangle;
	'rectangle.flat': InRectangle;
	/** Distance and width, or distance and height, in percent. */
	'rectangle.overHundred': InRectangle & {
		distance: number;
		side: 'width' | 'height';
		extent: number;
		sum: number;
	};
	'rectangle.underOnePixel': InRectangle;
	'rectangle.outside': InRectangle & {
		corner: number;
		shown: string;
		width: number;
		height: number;
	};
}

export type InvalidReason = keyof InvalidReasons;

/** A value that cannot be sent. Thrown before anything is sent, so nothing was billed. */
export class InvalidInput extends Error {
	readonly reason: InvalidReason;
	readonly values: InvalidReasons[InvalidReason];

	constructor(
		readonly field: InputField,
		...[reason, values]: ReasonOf<InvalidReasons>
	) {
		super(`${field}: ${reason}`);
		this.name = 'InvalidInput';
		this.reason = reason;
		this.values = values;
	}
}
