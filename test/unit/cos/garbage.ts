import fc from 'fast-check';

import { CHARACTER } from '../../character';
import {
	checkRectangles,
	CORNERS,
	rectanglesToPolygons,
	UNITS,
} from '../../../cos/areas/rectangles';
import { COORDINATES, ORIGINS, placeShapes, readShapes } from '../../../cos/areas/shapes';
import { InvalidInput } from '../../../cos/invalidInput';
import { bucketName } from '../../../cos/location/bucket';
import { ENDPOINTS, keyOfUrl, locateBucket } from '../../../cos/location/endpoint';
import { keyPrefix, objectKey } from '../../../cos/location/objectKey';
import { keyOfFileid, resultKey } from '../../../cos/location/resultKey';
import { imageUrl } from '../../../cos/location/imageUrl';
import { CLASS_OF_CODE } from '../../../cos/responses/codes';
import { parseErrorBody, readFailure } from '../../../cos/responses/failure';
import { readHead } from '../../../cos/responses/head';
import { dateOf, header } from '../../../cos/responses/headers';
import { ImageReader } from '../../../cos/images/readImage';
import {
	formatOfBytes,
	formatOfFileName,
	formatOfMimeType,
	withExtensionOf,
} from '../../../cos/images/format';
import { parseImageInfo } from '../../../cos/responses/imageInfo';
import { parseListBucketResult, storedAt } from '../../../cos/responses/list';
import { parseUploadResult } from '../../../cos/responses/uploadResult';
import { UnreadableResponse } from '../../../cos/responses/xml';
import { isRecord } from '../../../cos/values';
import { InvalidParameter } from '../../../nodes/shared/invalidParameter';
import { FAILURE } from '../../../nodes/shared/messages';
import { fillResultKey } from '../../../nodes/shared/resultKey';
import { parsePolygons } from './areas/shapes';
import vectors from './vectors/responses.json';

/**
 * Garbage for everything in `cos/` that reads what comes from outside: responses of the service, and
 * what people and other nodes enter. The tests run some of it, the bench a lot.
 */

/** Names that mean something in a response, and names of object members. */
const NAMES = [
	...['UploadResult', 'OriginalInfo', 'ImageInfo', 'ProcessResults', 'Object', 'Key', 'Location'],
	...['ETag', 'Size', 'Width', 'ListBucketResult', 'Name', 'Contents', 'CommonPrefixes', 'Prefix'],
	...['LastModified', 'IsTruncated', 'NextMarker', 'Error', 'Code', 'Message', 'Endpoint'],
	...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'],
];

const PIECES = [
	...NAMES.flatMap((name) => [`<${name}>`, `</${name}>`, `<${name}/>`]),
	...['&amp;', '&#0;', '&#xD800;', '&#x110000;', '&#99999999999999999999;', '&;', '&#', '&amp'],
	...['%', '%E4%B8', 'true', '1e999', '<![CDATA[', ']]>', '<!--', '-->', '<?', '?>', '<!'],
	...['<?xml version="1.0"?>', '<?xml version="1.1"?>', '<!DOCTYPE x>', '<', '>', ' a="1"', ' a='],
	...['\0', '\ud83d', '\ufeff', '\r\n', '"', "'", '{"width":', '"1"}', '{', '[', '],', ':'],
];

const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((parts) => parts.join(''));

/** One piece again and again, which makes a careless pattern take forever. */
const repeated = fc
	.tuple(soup, fc.constantFrom(...PIECES), fc.nat(2000), soup)
	.map(([before, piece, times, after]) => before + piece.repeat(times) + after);

interface Tree {
	name: string;
	children: Tree[] | string;
}

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
	tree: fc.record({
		name: fc.constantFrom(...NAMES),
		children: fc.oneof(
			{ depthSize: 'medium' },
			fc.oneof(fc.string({ unit: CHARACTER }), fc.constantFrom('', 'true', '%', '1')),
			fc.array(tie('tree'), { maxLength: 4 }),
		),
	}),
}));

function write({ name, children }: Tree): string {
	const inner = typeof children === 'string' ? escape(children) : children.map(write).join('');
	return `<${name}>${inner}</${name}>`;
}

const wellFormed = fc
	.tuple(
		fc.constantFrom('UploadResult', 'ListBucketResult', 'Error'),
		fc.array(tree, { maxLength: 4 }),
	)
	.map(([name, children]) => write({ name, children }));

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const value = fc.oneof(
	fc.constantFrom(
		'',
		' ',
		'1',
		'0007',
		'-1',
		'9'.repeat(400),
		'true',
		'a%20b',
		'%',
		'%E4%B8',
		'"q"',
	),
	fc.constantFrom('&amp;', '&#0;', '&#x110000;', '<b>1</b>', '<![CDATA[<x>]]>', '<__proto__/>'),
	fc.string({ unit: CHARACTER, maxLength: 20 }).map(escape),
);

/** A node that is usually there once, but may be missing or repeated. */
function node(name: string, inner: fc.Arbitrary<string> = value): fc.Arbitrary<string> {
	const once = inner.map((text) => `<${name}>${text}</${name}>`);
	return fc.oneof(
		{ weight: 12, arbitrary: once },
		{ weight: 1, arbitrary: fc.constant('') },
		{ weight: 1, arbitrary: fc.tuple(once, once).map((both) => both.join('')) },
	);
}

const nodes = (...names: string[]) =>
	fc.tuple(...names.map((name) => node(name))).map((list) => list.join(''));
const several = (one: fc.Arbitrary<string>) =>
	fc.array(one, { maxLength: 3 }).map((list) => list.join(''));
const inside = (name: string, ...parts: Array<fc.Arbitrary<string>>) =>
	node(
		name,
		fc.tuple(...parts).map((list) => list.join('')),
	);

/** Documents as the service writes them, with unexpected values. */
const nearlyRight = fc.oneof(
	inside(
		'UploadResult',
		inside('OriginalInfo', nodes('Key', 'Location', 'ETag'), inside('ImageInfo', nodes('Width'))),
		inside('ProcessResults', several(inside('Object', nodes('Key', 'Location', 'Size', 'ETag')))),
	),
	inside(
		'ListBucketResult',
		node('IsTruncated', fc.constantFrom('true', ' true ', 'false', '')),
		nodes('Name', 'NextMarker'),
		several(inside('Contents', nodes('Key', 'LastModified', 'ETag', 'Size', 'StorageClass'))),
		several(inside('CommonPrefixes', nodes('Prefix'))),
	),
	inside('Error', nodes('Code', 'Message', 'RequestId', 'TraceId', 'Endpoint')),
);

/** Real responses with something put in, cut out or changed. */
const changed = fc
	.tuple(
		fc.constantFrom(...vectors.uploadResults.map(({ xml }) => xml.join('\n'))),
		fc.nat(1000),
		fc.nat(40),
		fc.constantFrom(...PIECES, ''),
	)
	.map(([xml, at, length, piece]) => xml.slice(0, at) + piece + xml.slice(at + length));

const anyText = fc.oneof(
	fc.string({ unit: CHARACTER, maxLength: 200 }),
	fc.string({ unit: 'binary-ascii', maxLength: 200 }),
);

const xml = fc.oneof(
	{ weight: 3, arbitrary: fc.oneof(anyText, soup, wellFormed, changed) },
	{ weight: 3, arbitrary: nearlyRight },
	{ weight: 1, arbitrary: repeated },
);

const objectNames = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'length');

/** JSON with the names of object members, as JSON.parse gives them. */
const hostileJson = fc
	.tuple(objectNames, fc.json({ maxDepth: 2 }), fc.json({ maxDepth: 1 }))
	.map(([name, inner, other]) => `{"${name}":${inner},"width":${other},"polygons":${inner}}`);

const side = fc.oneof(
	fc.integer({ min: -1, max: 9 }),
	fc.constantFrom('7', ' 7', '1e999', '', null, [7], { toString: false }, { valueOf: 'x' }),
);
const information = fc
	.record({ width: side, height: side, format: fc.jsonValue({ maxDepth: 1 }) })
	.map((fields) => JSON.stringify(fields));

const json = fc.oneof(
	{ weight: 3, arbitrary: fc.oneof(fc.json(), hostileJson, information, soup, anyText) },
	{ weight: 1, arbitrary: repeated },
);

const coordinate = fc.oneof(
	fc.integer({ min: -5, max: 60_000 }),
	fc.double(),
	fc.constantFrom('12', ' 7 ', '', '0x1F', '1e999', 'NaN', null, true, [], { toString: false }),
);
const corner = fc.oneof(
	{ weight: 6, arbitrary: fc.tuple(coordinate, coordinate) },
	{
		weight: 2,
		arbitrary: fc.record({ x: coordinate, y: coordinate }, { requiredKeys: [] }),
	},
	{ weight: 1, arbitrary: fc.anything({ maxDepth: 1 }) },
);
const box = fc.dictionary(
	fc.constantFrom('x', 'y', 'width', 'height', 'left', 'top', 'right', 'bottom', '__proto__'),
	coordinate,
);
/** A ring of many corners: the most that has to be compared with each other. */
const ring = fc
	.tuple(fc.integer({ min: 3, max: 1000 }), fc.integer({ min: 0, max: 20_000 }), fc.nat(7))
	.map(([corners, radius, star]) =>
		Array.from({ length: corners }, (_, n) => {
			const angle = (2 * Math.PI * n * (1 + star)) / corners;
			return [25_000 + radius * Math.cos(angle), 25_000 + radius * Math.sin(angle)];
		}),
	);
const shape = fc.oneof(fc.array(corner, { maxLength: 8 }), box);
const polygons = fc.oneof(
	{ weight: 8, arbitrary: fc.oneof(shape, fc.array(shape, { maxLength: 4 })) },
	{ weight: 2, arbitrary: fc.oneof(json, fc.anything()) },
	{
		weight: 1,
		arbitrary: fc.oneof(
			ring,
			ring.map((corners) => JSON.stringify([corners])),
		),
	},
);

const headerNames = [
	...['x-errno', 'date', 'retry-after', 'x-cos-request-id', 'x-cos-trace-id'],
	...['content-length', 'content-type', 'etag', 'last-modified'],
];
const times = ['Tue, 09 Sep 2025 20:02:20 GMT', '2025-09-09T20:02:20.000Z', '275761', 'soon'];
const headers = fc.dictionary(
	fc.oneof(fc.constantFrom(...headerNames), objectNames),
	fc.oneof(
		anyText,
		fc.array(anyText, { maxLength: 2 }),
		fc.constantFrom('-447', '288132', '"q"', ...times, undefined, null, 7),
	),
);
const refusal = fc.tuple(fc.integer({ min: 100, max: 999 }), headers, xml);

const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** How images begin, and what means something in them. */
const imageStarts = [
	...[
		'\xff\xd8\xff',
		'\x89PNG\r\n\x1a\n',
		'GIF89a\x01\0\x01\0',
		'RIFF\x20\0\0\0WEBP',
		'BM\xff\0\0\0',
	],
	...['\0\0\0\x0cftypheic', '\0\0\0\x0cftypavif', 'II*\0'],
].map(latin1);
const imagePiece = fc
	.constantFrom(
		...['\xff\xd9', '\xff\xda\0\x02', '\xff', '\0\0\0\0IEND', '\0\0\0\x01IDATxCRC.', ',', ';', '!'],
		...[
			'\0\0\0\0',
			'\0\0\0\x01',
			'\xff\xff\xff\xff',
			'\x44\0\0\x01',
			'\0\0\0\x40meta',
			'\0\0\0\x20iloc',
		],
		...['\0\0\0\0mdat', '\0\0\0\x08mdat', '\0\0\0\x01moov', '\x28\0\0\0'],
	)
	.map(latin1);

const place = {
	bucket: 'examplebucket-1250000000',
	region: 'ap-guangzhou',
	endpoint: 'default' as const,
};
const location = locateBucket(place);
const address = fc.oneof(
	fc.oneof(soup, anyText, repeated).map((text) => `${location.origin}/${text}`),
	fc.webUrl({ withQueryParameters: true, withFragments: true }),
	fc.oneof(soup, anyText),
);

/** Text that could be a key, a folder or a bucket, and text that could not. */
const keyPiece = fc.constantFrom(
	...['/', '//', '.', '..', '/../', '-', '_', 'a', 'B', '1', '-1250000000', '中', '😀'],
	...['\0', '\ud83d', '\ude00', ' ', '\n', 'a'.repeat(300), '.jpg', '__proto__'],
);
const keyText = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.array(keyPiece, { maxLength: 6 }).map((pieces) => pieces.join('')),
	},
	{ weight: 1, arbitrary: anyText },
);
const source = objectKey('folder/image.jpg');
const domain = fc.oneof(
	address,
	fc
		.tuple(
			fc.constantFrom('http://', 'https://', 'HTTPS:', 'ftp://', ''),
			fc.constantFrom('localhost', '127.0.0.1', '[::1]', 'a.b', 'evil.com', 'u:p@a.b', ''),
			fc.oneof(soup, fc.constantFrom('', '/', ':9000', ':99999', '?', '#', '/a')),
		)
		.map((parts) => parts.join('')),
);

const measure = fc.oneof(
	{ weight: 3, arbitrary: fc.double({ min: -10, max: 120 }) },
	{ weight: 1, arbitrary: fc.oneof(fc.double(), fc.constantFrom(0, -0, 50_000, 1e308, NaN)) },
);
const rectangle = fc.record({
	corner: fc.constantFrom(...CORNERS),
	unit: fc.constantFrom(...UNITS),
	horizontalDistance: measure,
	verticalDistance: measure,
	width: measure,
	height: measure,
});
const length = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 50_000 }));
const measuredImage = fc.tuple(
	fc.array(rectangle, { maxLength: 3 }),
	fc.record({ width: length, height: length }),
);

/** Names of detectors' shapes, around anything. */
const shapeNames = fc.constantFrom(
	...[
		'x',
		'y',
		'width',
		'height',
		'left',
		'top',
		'right',
		'bottom',
		'Left',
		'Top',
		'Width',
		'Height',
	],
	...[
		'x1',
		'y1',
		'x2',
		'y2',
		'x0',
		'y0',
		'box_2d',
		'bbox_2d',
		'bbox',
		'xyxy',
		'box',
		'boundingBox',
	],
	...[
		'polygon',
		'vertices',
		'normalizedVertices',
		'boundingPoly',
		'Geometry',
		'segmentation',
		'points',
	],
	...['predictions', 'text', 'content', 'class', 'confidence', 'tags', 'label', '__proto__'],
);
const placed = fc.oneof(
	fc.integer({ min: -20, max: 300 }),
	fc.double({ min: -0.2, max: 1.2, noNaN: true }),
	fc.constantFrom('7', '0.5', '', null, 1e308, Number.NaN, -0),
);
const { detected } = fc.letrec((tie) => ({
	detected: fc.oneof(
		{ maxDepth: 5, depthSize: 'medium' },
		placed,
		fc.array(placed, { minLength: 2, maxLength: 8 }),
		fc.array(fc.tuple(placed, placed), { minLength: 3, maxLength: 6 }),
		fc.record({ left: placed, top: placed, width: placed, height: placed }),
		fc.record({ box_2d: fc.tuple(placed, placed, placed, placed), label: anyText }),
		fc.dictionary(shapeNames, tie('detected'), { maxKeys: 5 }),
		fc.array(tie('detected'), { maxLength: 4 }),
		tie('detected').map((value) => JSON.stringify(value)),
		tie('detected').map((value) => `Here [1]:\n\`\`\`json\n${JSON.stringify(value)}\n\`\`\``),
	),
}));
const detectedOnImage = fc.tuple(
	detected,
	fc.record({
		coordinates: fc.constantFrom(...COORDINATES),
		origin: fc.constantFrom(...ORIGINS),
	}),
	fc.record({ width: length, height: length }),
);

const template = fc
	.array(
		fc.oneof(fc.constantFrom('{folder}', '{name}', '{extension}', '{', '}', '/', '.'), anyText),
	)
	.map((parts) => parts.join(''));

const isText = (value: unknown): value is string => typeof value === 'string';
const isFilledText = (value: unknown) => isText(value) && value !== '';
const maybe = (isRight: (value: unknown) => boolean) => (value: unknown) =>
	value === undefined || isRight(value);
const isCount = (value: unknown) => Number.isFinite(value) && Number(value) >= 0;
const isNumber = (value: unknown) => typeof value === 'number' && !Number.isNaN(value);
/** NaN stands for an unknown time. */
const isFailed = (value: unknown) =>
	hasFields(value, {
		key: maybe(isText),
		location: maybe(isText),
		code: isFilledText,
		message: maybe(isText),
	});
const isTime = (value: unknown) => Number.isFinite(value) || Number.isNaN(value);
const isLength = (value: unknown) => isCount(value) && value !== 0;

/** Whether an object has these fields and no others, each as it should be. */
function hasFields(
	value: unknown,
	fields: Readonly<Record<string, (value: unknown) => boolean>>,
): boolean {
	if (!isRecord(value) || Object.getPrototypeOf(value) !== Object.prototype) return false;
	const own = (name: string) => (Object.hasOwn(value, name) ? value[name] : undefined);
	return (
		Object.keys(value).every((name) => Object.hasOwn(fields, name)) &&
		Object.entries(fields).every(([name, isRight]) => isRight(own(name)))
	);
}

const isImage = (value: unknown) =>
	hasFields(value, {
		format: maybe(isText),
		width: maybe(isCount),
		height: maybe(isCount),
		quality: maybe(isCount),
		ave: maybe(isText),
		orientation: maybe(isCount),
	});

const isSize = (value: unknown) => hasFields(value, { width: isLength, height: isLength });

const isFacts = (value: unknown) =>
	hasFields(value, {
		format: isFormat,
		size: maybe(isSize),
		beyondLimits: maybe(isSize),
		orientation: maybe((orientation) => isLength(orientation) && Number(orientation) <= 8),
		frames: maybe(isLength),
		hasAlpha: maybe((hasAlpha) => typeof hasAlpha === 'boolean'),
		end: (end) => end === 'reached' || end === 'missing' || end === 'untold',
	});

const isProcessed = (value: unknown) =>
	hasFields(value, {
		key: maybe(isText),
		location: maybe(isText),
		etag: maybe(isText),
		format: maybe(isText),
		width: maybe(isCount),
		height: maybe(isCount),
		size: maybe(isCount),
		quality: maybe(isCount),
		frameCount: maybe(isCount),
	});

const isListed = (value: unknown) =>
	hasFields(value, {
		key: isText,
		lastModified: isText,
		etag: maybe(isText),
		size: isCount,
	});

const listOf = (isRight: (value: unknown) => boolean) => (value: unknown) =>
	Array.isArray(value) && value.every(isRight);

const isErrorBody = (value: unknown) =>
	hasFields(value, {
		code: isFilledText,
		message: isText,
		requestId: maybe(isText),
	});

const isFormat = (value: unknown) =>
	hasFields(value, {
		name: isFilledText,
		mimeType: isFilledText,
		extensions: (list) => listOf(isFilledText)(list),
		begins: (begins) => typeof begins === 'function',
	});

const isWholePoint = (value: unknown) =>
	Array.isArray(value) &&
	value.length === 2 &&
	value.every((side) => Number.isInteger(side) && side >= 0 && side <= 50_000);

/** A function that reads, and what it may do whatever it is given. */
export interface Reader<Input> {
	name: string;
	input: fc.Arbitrary<Input>;
	read: (input: Input) => unknown;
	/** Whether a value has the type that the reader promises. */
	isRight: (value: unknown) => boolean;
	/** The only class it may throw. */
	throws?: typeof UnreadableResponse | typeof InvalidInput | typeof InvalidParameter;
}

type Visitor<Result> = <Input>(reader: Reader<Input>) => Result;

/** A reader whose input type only it knows. */
export type AnyReader = <Result>(visit: Visitor<Result>) => Result;

const reader =
	<Input>(one: Reader<Input>): AnyReader =>
	(visit) =>
		visit(one);

/** Whether each point is inside an image of this size. */
const isInside =
	({ width, height }: { width: number; height: number }) =>
	(value: unknown) =>
		Array.isArray(value) && value[0] <= width && value[1] <= height;

/** Polygons that were `made` for an image of some `size`. */
const isMadeInside = (value: unknown) =>
	isRecord(value) &&
	listOf(
		(polygon) =>
			listOf(isWholePoint)(polygon) &&
			listOf(isInside(value.size as { width: number; height: number }))(polygon),
	)(value.made);

/** Everything in `cos/` that reads what comes from outside, and what fills result keys. */
export const READERS: readonly AnyReader[] = [
	reader({
		name: 'parseUploadResult',
		input: xml,
		read: parseUploadResult,
		isRight: (value) =>
			hasFields(value, {
				originalInfo: (original) =>
					hasFields(original, {
						key: maybe(isText),
						location: maybe(isText),
						etag: maybe(isText),
						imageInfo: maybe(isImage),
					}),
				results: listOf(isProcessed),
				failed: maybe(listOf(isFailed)),
			}),
		throws: UnreadableResponse,
	}),
	reader({
		name: 'parseListBucketResult',
		input: xml,
		read: parseListBucketResult,
		isRight: (value) =>
			hasFields(value, {
				name: maybe(isText),
				objects: listOf(isListed),
				folders: listOf(isText),
				nextMarker: maybe(isText),
			}),
		throws: UnreadableResponse,
	}),
	reader({
		name: 'storedAt',
		input: fc.oneof(anyText, fc.constantFrom(...times)),
		read: (lastModified) => storedAt({ key: 'a', size: 1, lastModified }),
		isRight: (value) => Number.isFinite(value),
		throws: UnreadableResponse,
	}),
	reader({ name: 'parseErrorBody', input: xml, read: parseErrorBody, isRight: maybe(isErrorBody) }),
	reader({
		name: 'readFailure',
		input: fc.oneof(
			refusal,
			fc
				.tuple(refusal, fc.constantFrom(...Object.keys(CLASS_OF_CODE)))
				.map(([[status, given, body], code]): [number, typeof given, string] => [
					status,
					{ ...given, 'x-errno': code },
					body,
				]),
		),
		read: ([status, given, body]) => readFailure(status, given, body),
		isRight: (value) =>
			hasFields(value, {
				class: (failure) => isText(failure) && Object.hasOwn(FAILURE, failure),
				retry: (retry) => retry === 'never' || retry === 'later' || retry === 'afterClock',
				status: isCount,
				ofService: (given) => typeof given === 'boolean',
				code: isFilledText,
				hasCode: (value) => typeof value === 'boolean',
				serviceMessage: isText,
				requestId: maybe(isText),
				retryAfter: maybe(isCount),
				serviceTime: maybe((time) => Number.isFinite(time)),
			}),
	}),
	reader({
		name: 'readHead',
		input: headers,
		read: readHead,
		isRight: (value) =>
			hasFields(value, {
				size: maybe(isCount),
				etag: maybe(isText),
				storedAt: maybe(isNumber),
				lookedAt: maybe(isNumber),
				requestId: maybe(isText),
			}),
	}),
	reader({
		name: 'header',
		input: fc.tuple(headers, fc.oneof(fc.constantFrom(...headerNames), objectNames)),
		read: ([given, name]) => header(given, name),
		isRight: maybe(isFilledText),
	}),
	reader({
		name: 'dateOf',
		input: headers,
		read: dateOf,
		isRight: isTime,
	}),
	reader({
		name: 'parseImageInfo',
		input: json,
		read: parseImageInfo,
		isRight: (value) =>
			hasFields(value, {
				size: isSize,
				frames: maybe(isLength),
				bytes: maybe(isLength),
				formatName: maybe(isText),
			}),
		throws: UnreadableResponse,
	}),
	reader({
		name: 'formatOfBytes',
		input: fc.oneof(
			fc.uint8Array({ maxLength: 16 }),
			fc
				.tuple(fc.constantFrom('RIFF', 'GIF8', 'BM', '\0\0\0\0ftyp', 'II*\0'), anyText)
				.map(([begin, rest]) => Buffer.from(begin + rest, 'latin1')),
		),
		read: formatOfBytes,
		isRight: maybe(isFormat),
	}),
	reader({
		name: 'ImageReader',
		input: fc.tuple(
			fc.constantFrom(...imageStarts),
			fc.array(fc.oneof(fc.uint8Array({ maxLength: 60 }), imagePiece), { maxLength: 12 }),
		),
		read: ([start, pieces]) => {
			const format = formatOfBytes(start);
			if (format === undefined) return undefined;
			const found = new ImageReader(format);
			for (const piece of [start, ...pieces]) found.push(piece);
			return found.facts;
		},
		isRight: (facts) => facts === undefined || isFacts(facts),
	}),
	reader({
		name: 'formatOfMimeType',
		input: fc.oneof(
			anyText,
			fc
				.tuple(fc.constantFrom('image/png', 'IMAGE/jpeg', 'text/html', ''), anyText)
				.map((parts) => parts.join(';')),
		),
		read: formatOfMimeType,
		isRight: maybe(isFormat),
	}),
	reader({
		name: 'formatOfFileName',
		input: fc.oneof(
			keyText,
			objectNames.map((name) => `a.${name}`),
		),
		read: formatOfFileName,
		isRight: maybe(isFormat),
	}),
	reader({
		name: 'withExtensionOf',
		input: fc.tuple(keyText, fc.constantFrom('image/jpeg', 'image/png', 'image/heic')),
		read: ([fileName, mimeType]) => {
			const format = formatOfMimeType(mimeType);
			if (format === undefined) return undefined;
			return formatOfFileName(withExtensionOf(fileName, format)) === format;
		},
		isRight: (value) => value === true,
	}),
	reader({
		name: 'parsePolygons',
		input: polygons,
		read: parsePolygons,
		isRight: (value) => listOf((polygon) => listOf(isWholePoint)(polygon))(value),
		throws: InvalidInput,
	}),
	reader({
		name: 'readShapes',
		input: detectedOnImage,
		read: ([given, reading, size]) => ({
			size,
			made: placeShapes(readShapes(given, reading), size),
		}),
		isRight: isMadeInside,
		throws: InvalidInput,
	}),
	reader({
		name: 'rectanglesToPolygons',
		input: measuredImage,
		read: ([rectangles, size]) => ({
			size,
			made: rectanglesToPolygons(checkRectangles(rectangles), size),
		}),
		isRight: isMadeInside,
		throws: InvalidInput,
	}),
	reader({
		name: 'keyOfUrl',
		input: address,
		read: (text) => keyOfUrl(location, text),
		isRight: isFilledText,
		throws: InvalidInput,
	}),
	reader({
		name: 'objectKey',
		input: keyText,
		read: (text) => objectKey(text),
		isRight: isFilledText,
		throws: InvalidInput,
	}),
	reader({
		name: 'keyPrefix',
		input: fc.tuple(keyText, fc.boolean()),
		read: ([text, exact]) => keyPrefix(text, exact),
		isRight: isText,
		throws: InvalidInput,
	}),
	reader({
		name: 'resultKey',
		input: fc.tuple(keyText, fc.boolean()),
		read: ([fileid, elsewhere]) => {
			const target = resultKey(fileid, source, elsewhere ? bucketName('b-1') : undefined);
			return { ...target, meant: keyOfFileid(target.fileid, source) };
		},
		isRight: (value) =>
			isRecord(value) &&
			value.key === value.meant &&
			hasFields(value, {
				fileid: isFilledText,
				key: isFilledText,
				bucket: maybe((bucket) => bucket === 'b-1'),
				meant: isFilledText,
			}),
		throws: InvalidInput,
	}),
	reader({
		name: 'imageUrl',
		input: address,
		read: (text) => imageUrl(text, 'imageUrl'),
		isRight: isFilledText,
		throws: InvalidInput,
	}),
	reader({
		name: 'locateBucket',
		input: fc.record({
			bucket: fc.oneof(fc.constant(place.bucket), keyText),
			region: fc.oneof(fc.constant(place.region), keyText),
			endpoint: fc.constantFrom(...ENDPOINTS, 'custom' as const),
			customDomain: domain,
		}),
		read: (given) => {
			const { origin, origins } = locateBucket(given);
			return [origin, ...origins].map((one) => new URL(one).origin === one);
		},
		isRight: listOf((value) => value === true),
		throws: InvalidInput,
	}),
	reader({
		name: 'fillResultKey',
		input: fc.tuple(template, anyText),
		read: ([text, key]) => fillResultKey(text, key),
		isRight: isText,
		throws: InvalidParameter,
	}),
];

/** What a reader does wrong with an input, or undefined. */
export function complaint<Input>(
	{ read, isRight, throws }: Reader<Input>,
	input: Input,
): string | undefined {
	let value: unknown;
	try {
		value = read(input);
	} catch (error) {
		if (throws !== undefined && error instanceof throws) return undefined;
		return `It threw ${String(error)}`;
	}
	return isRight(value) ? undefined : `It gave ${JSON.stringify(value)}`;
}

const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype];
const namesOf = () => prototypes.map((one) => Reflect.ownKeys(one).length).join(' ');
const untouched = namesOf();

/** Whether nothing has been added to what all objects share. */
export function isPrototypeClean(): boolean {
	return namesOf() === untouched;
}
