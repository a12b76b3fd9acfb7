import fc from 'fast-check';

import {
	parseErrorBody,
	parseImageInfo,
	parseListBucketResult,
	parseUploadResult,
	UnreadableAnswer,
} from '../../../cos/responses/xml';
import { parsePolygons } from '../../../cos/areas/areas';
import { keyOfUrl } from '../../../cos/location/endpoint';
import { readFailure } from '../../../cos/responses/failure';
import { InvalidInput } from '../../../cos/invalidInput';
import { isRecord } from '../../../cos/values';
import { formatOfBytes } from '../../../cos/responses/imageFormat';
import { fillResultKey } from '../../../nodes/shared/resultKey';
import vectors from './vectors/responses.json';

/**
 * Input that nobody means, for everything in `cos/` that reads what comes from outside: answers of
 * the service, and what people and other nodes enter. The tests run some of it, the bench a lot.
 */

/** Names that mean something in an answer, and names that objects have of themselves. */
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

/** One piece again and again: what makes a careless pattern take for ever. */
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
			fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'true', '%', '1')),
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
	fc.string({ unit: 'binary', maxLength: 20 }).map(escape),
);

/** A node that is there, mostly; or missing, or there twice. */
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

/** Documents as the service writes them, whose values nobody expects. */
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

/** Real answers with something put in, cut out or changed. */
const changed = fc
	.tuple(
		fc.constantFrom(...vectors.uploadResults.map(({ xml }) => xml.join('\n'))),
		fc.nat(1000),
		fc.nat(40),
		fc.constantFrom(...PIECES, ''),
	)
	.map(([xml, at, length, piece]) => xml.slice(0, at) + piece + xml.slice(at + length));

const anyText = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 200 }),
	fc.string({ unit: 'binary-ascii', maxLength: 200 }),
);

const xml = fc.oneof(
	{ weight: 3, arbitrary: fc.oneof(anyText, soup, wellFormed, changed) },
	{ weight: 3, arbitrary: nearlyRight },
	{ weight: 1, arbitrary: repeated },
);

const objectNames = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'length');

/** JSON whose objects bear names that objects have of themselves, as JSON.parse gives them. */
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

const headerNames = ['x-errno', 'date', 'retry-after', 'x-cos-request-id', 'x-cos-trace-id'];
const headers = fc.dictionary(
	fc.oneof(fc.constantFrom(...headerNames), objectNames),
	fc.oneof(anyText, fc.array(anyText, { maxLength: 2 }), fc.constantFrom('-447', '1e9', undefined)),
);
const refusal = fc.tuple(fc.integer({ min: 100, max: 999 }), headers, xml);

const location = {
	bucket: 'examplebucket-1250000000',
	region: 'ap-guangzhou',
	endpoint: 'default' as const,
};
const ownAddress = `https://${location.bucket}.cos.${location.region}.myqcloud.com/`;
const address = fc.oneof(
	fc.oneof(soup, anyText, repeated).map((text) => ownAddress + text),
	fc.webUrl({ withQueryParameters: true, withFragments: true }),
	fc.oneof(soup, anyText),
);

const template = fc
	.array(
		fc.oneof(fc.constantFrom('{folder}', '{name}', '{extension}', '{', '}', '/', '.'), anyText),
	)
	.map((parts) => parts.join(''));

const isText = (value: unknown): value is string => typeof value === 'string';
const maybe = (isRight: (value: unknown) => boolean) => (value: unknown) =>
	value === undefined || isRight(value);
const isCount = (value: unknown) => Number.isFinite(value) && Number(value) >= 0;

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

const isProcessed = (value: unknown) =>
	hasFields(value, {
		key: isText,
		location: isText,
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
		storageClass: maybe(isText),
	});

const listOf = (isRight: (value: unknown) => boolean) => (value: unknown) =>
	Array.isArray(value) && value.every(isRight);

const isErrorBody = (value: unknown) =>
	hasFields(value, {
		code: (code) => isText(code) && code !== '',
		message: isText,
		resource: maybe(isText),
		requestId: maybe(isText),
		traceId: maybe(isText),
		endpoint: maybe(isText),
	});

const isWholePoint = (value: unknown) =>
	Array.isArray(value) &&
	value.length === 2 &&
	value.every((side) => Number.isInteger(side) && side >= 0 && side <= 50_000);

/** Something that reads, and what may come of it whatever it is given. */
export interface Reader<Input> {
	name: string;
	input: fc.Arbitrary<Input>;
	read: (input: Input) => unknown;
	/** Whether a value is of the type that the reader promises. */
	isRight: (value: unknown) => boolean;
	/** The one class it may throw. */
	throws?: typeof UnreadableAnswer | typeof InvalidInput;
}

type Visitor<Result> = <Input>(reader: Reader<Input>) => Result;

/** A reader whose input type only it knows. */
export type AnyReader = <Result>(visit: Visitor<Result>) => Result;

const reader =
	<Input>(one: Reader<Input>): AnyReader =>
	(visit) =>
		visit(one);

/** Everything in `cos/` that reads what comes from outside. */
export const READERS: readonly AnyReader[] = [
	reader({
		name: 'parseUploadResult',
		input: xml,
		read: parseUploadResult,
		isRight: (value) =>
			hasFields(value, {
				originalInfo: (original) =>
					hasFields(original, {
						key: isText,
						location: isText,
						etag: maybe(isText),
						imageInfo: maybe(isImage),
					}),
				results: listOf(isProcessed),
			}),
		throws: UnreadableAnswer,
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
		throws: UnreadableAnswer,
	}),
	reader({ name: 'parseErrorBody', input: xml, read: parseErrorBody, isRight: maybe(isErrorBody) }),
	reader({
		name: 'readFailure',
		input: refusal,
		read: ([status, given, body]) => readFailure(status, given, body),
		isRight: (value) =>
			hasFields(value, {
				what: isText,
				advice: isText,
				retry: (retry) => retry === 'never' || retry === 'later' || retry === 'afterClock',
				status: isCount,
				code: (code) => isText(code) && code !== '',
				serviceMessage: isText,
				requestId: maybe(isText),
				traceId: maybe(isText),
				retryAfter: maybe(isCount),
				serviceTime: maybe((time) => Number.isFinite(time)),
			}),
	}),
	reader({
		name: 'parseImageInfo',
		input: json,
		read: parseImageInfo,
		isRight: (value) =>
			hasFields(value, {
				width: isCount,
				height: isCount,
				format: maybe(isText),
			}),
		throws: UnreadableAnswer,
	}),
	reader({
		name: 'parsePolygons',
		input: polygons,
		read: parsePolygons,
		isRight: (value) => listOf((polygon) => listOf(isWholePoint)(polygon))(value),
		throws: InvalidInput,
	}),
	reader({
		name: 'keyOfUrl',
		input: address,
		read: (text) => keyOfUrl(location, text),
		isRight: isText,
		throws: InvalidInput,
	}),
	reader({
		name: 'fillResultKey',
		input: fc.tuple(template, anyText),
		read: ([text, key]) => fillResultKey(text, key),
		isRight: isText,
		throws: InvalidInput,
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
		isRight: maybe((value) => isRecord(value) && isText(value.mimeType)),
	}),
];

/** What is wrong with what a reader makes of an input; nothing when all is well. */
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
