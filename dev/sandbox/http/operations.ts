import * as fs from 'node:fs';
import { pipeline } from 'node:stream/promises';

import type { CallKind } from '../ledger/calls';
import { beginAnswer, sendAnswer, sendXml, type Exchange } from './exchange';
import { CosFailure } from './failure';
import { bucketHost, type Buckets } from './host';
import { fetchImage } from './loopback';
import { readMaskParameters } from '../repair/maskParameters';
import { averageColour, checkBytes, MIME_TYPES, readHeader, QUALITY } from '../repair/image';
import { readPicOperations, type PicOperations } from '../repair/picOperations';
import type { Repaired } from '../repair/repair';
import type { RepairService } from '../repair/repairService';
import type { Draft, ObjectRecord, Store } from '../store/store';
import { encodeKey, percentEncode } from './target';
import { listBucketXml, uploadResultXml, type ImageInfo, type StoredResult } from './xml';

/** What the operations work with. */
export interface Room {
	readonly store: Store;
	readonly repairs: RepairService;
	readonly buckets: Buckets;
}

/** One thing a request can ask of the bucket. */
export interface Operation {
	readonly kind: CallKind;
	/** query parameters it understands; any other is refused */
	readonly parameters: readonly string[];
	readonly run: (exchange: Exchange, room: Room) => Promise<void> | void;
}

const quoted = (md5: string) => `"${md5}"`;

/** Response headers a request may set by `response-<name>`. */
const OVERRIDES = [
	'content-type',
	'content-language',
	'expires',
	'cache-control',
	'content-disposition',
	'content-encoding',
] as const;

/** Headers that are stored with an object and come back with it. */
const KEPT_HEADERS = OVERRIDES.filter((name) => name !== 'content-type');

function objectHeaders(
	record: ObjectRecord,
	query: ReadonlyMap<string, string>,
): Record<string, string> {
	const headers: Record<string, string> = {
		'content-type': record.contentType,
		etag: quoted(record.md5),
		'last-modified': new Date(record.lastModified).toUTCString(),
		'accept-ranges': 'bytes',
		...record.headers,
	};
	for (const name of OVERRIDES) {
		const value = query.get(`response-${name}`);
		if (value !== undefined) headers[name] = value;
	}
	return headers;
}

function noSuchKey(): CosFailure {
	return new CosFailure('NoSuchKey', 'The specified key does not exist.');
}

function requireObject({ bucket, key }: Exchange, { store }: Room): Buffer {
	const record = store.find(bucket, key);
	if (record) checkBytes('The image', record.size);
	const bytes = record && store.read(bucket, key);
	if (!bytes) throw noSuchKey();
	return bytes;
}

/** A single byte range, both ends included; undefined: the whole object is meant. */
function readRange(
	header: string | undefined,
	size: number,
): [first: number, last: number] | undefined {
	const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
	if (from === '' && to === '') return undefined;
	const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
	const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
	if (first > last) {
		throw new CosFailure('InvalidRange', `The object has ${size} bytes: ${header} is not in it.`);
	}
	return [first, last];
}

async function getObject(exchange: Exchange, { store }: Room): Promise<void> {
	const { request, response, bucket, key, query, call } = exchange;
	const opened = store.open(bucket, key);
	if (!opened) throw noSuchKey();
	const { record, descriptor } = opened;
	try {
		const range = readRange(request.headers.range, record.size);
		const [first, last] = range ?? [0, record.size - 1];
		const headers = {
			...objectHeaders(record, query),
			'content-length': last - first + 1,
			...(range && { 'content-range': `bytes ${first}-${last}/${record.size}` }),
		};
		beginAnswer(exchange, range ? 206 : 200, headers);
		if (record.size === 0) {
			response.end();
			return;
		}
		const bytes = fs.createReadStream('', {
			fd: descriptor,
			autoClose: false,
			start: first,
			end: last,
		});
		bytes.on('data', (chunk) => (call.bytesOut += chunk.length));
		await pipeline(bytes, response);
	} finally {
		fs.closeSync(descriptor);
	}
}

function headObject(exchange: Exchange, { store }: Room): void {
	const record = store.find(exchange.bucket, exchange.key);
	if (!record) throw noSuchKey();
	const headers = objectHeaders(record, exchange.query);
	sendAnswer(exchange, 200, { ...headers, 'content-length': record.size });
}

function deleteObject(exchange: Exchange, { store }: Room): void {
	store.delete(exchange.bucket, exchange.key);
	sendAnswer(exchange, 204, {});
}

function contentLength({ request }: Exchange): number {
	const header = request.headers['content-length'];
	if (header === undefined) {
		throw new CosFailure('MissingContentLength', 'You must provide the Content-Length header.');
	}
	return Number(header);
}

/** Receives a request's whole body, checked against its `Content-Length` and `Content-MD5`. */
async function receiveBody(exchange: Exchange, { store }: Room): Promise<Draft> {
	const { request, call } = exchange;
	const expected = contentLength(exchange);
	const claimed = request.headers['content-md5'];
	if (claimed !== undefined && !/^[A-Za-z0-9+/]{22}==$/.test(String(claimed))) {
		throw new CosFailure('InvalidDigest', 'Content-MD5 is not the Base64 of an MD5 digest.');
	}
	const draft = await store
		.receive(request, (count) => (call.bytesIn += count))
		.catch((error: unknown) => {
			throw request.readableAborted
				? new CosFailure('IncompleteBody', 'The body ended before its Content-Length.')
				: error;
		});
	const digest = Buffer.from(draft.md5, 'hex').toString('base64');
	const failure =
		draft.size !== expected
			? new CosFailure('IncompleteBody', 'The body is not as long as its Content-Length.')
			: claimed !== undefined && claimed !== digest
				? new CosFailure('BadDigest', 'The Content-MD5 does not match the body that arrived.')
				: undefined;
	if (!failure) return draft;
	store.discard(draft);
	throw failure;
}

function storedHeaders({ request }: Exchange): Record<string, string> {
	const kept = Object.entries(request.headers).filter(
		(entry): entry is [string, string] =>
			typeof entry[1] === 'string' &&
			(entry[0].startsWith('x-cos-meta-') || KEPT_HEADERS.some((name) => name === entry[0])),
	);
	return Object.fromEntries(kept);
}

function picOperationsHeader({ request }: Exchange): string | undefined {
	const header = request.headers['pic-operations'];
	return typeof header === 'string' ? header : undefined;
}

function readOperations(
	header: string,
	{ bucket, key }: Exchange,
	{ buckets }: Room,
): PicOperations {
	return readPicOperations(header, { bucket, key, buckets: buckets.all });
}

async function putObject(exchange: Exchange, room: Room): Promise<void> {
	const header = picOperationsHeader(exchange);
	if (header === undefined) {
		const record = commit(exchange, room, await receiveBody(exchange, room));
		sendAnswer(exchange, 200, { ETag: quoted(record.md5) });
		return;
	}
	// Everything that can be refused is refused before the body is read: nothing is stored then.
	const operations = readOperations(header, exchange, room);
	checkBytes('The image', contentLength(exchange));
	const draft = await receiveBody(exchange, room);
	try {
		await processImage(exchange, room, operations, fs.readFileSync(draft.file), draft);
	} finally {
		room.store.discard(draft);
	}
}

function commit(exchange: Exchange, { store }: Room, draft: Draft): ObjectRecord {
	const { bucket, key, request, now } = exchange;
	return store.commit(bucket, key, draft, {
		contentType: request.headers['content-type'] ?? 'application/octet-stream',
		headers: storedHeaders(exchange),
		lastModified: now * 1000,
	});
}

async function processStored(exchange: Exchange, room: Room): Promise<void> {
	const header = picOperationsHeader(exchange);
	if (header === undefined) {
		throw new CosFailure('InvalidArgument', 'image_process needs the header Pic-Operations.');
	}
	if (contentLength(exchange) !== 0) {
		throw new CosFailure(
			'InvalidArgument',
			'image_process takes no body: Content-Length must be 0.',
		);
	}
	const operations = readOperations(header, exchange, room);
	await processImage(exchange, room, operations, requireObject(exchange, room));
}

/**
 * Processes an image by its rules and answers. All rules succeed before anything is stored, so a
 * refusal leaves the bucket as it was.
 * @param draft the image itself when it is to be stored: before the results, as one may
 * overwrite it
 */
async function processImage(
	exchange: Exchange,
	room: Room,
	{ isPicInfo, rules }: PicOperations,
	source: Buffer,
	draft?: Draft,
): Promise<void> {
	const { bucket, key, now, call } = exchange;
	const imageInfo = isPicInfo ? await readImageInfo(source) : undefined;
	const repaired: Repaired[] = [];
	for (const rule of rules) {
		repaired.push(await room.repairs.repair(source, rule.mask));
		call.billed = true;
	}
	if (draft) commit(exchange, room, draft);
	const original = room.store.find(bucket, key);
	const results = rules.map((rule, index): StoredResult => {
		const image = repaired[index];
		if (!image) throw new CosFailure('InternalError', 'A rule has no result.');
		const record = room.store.put(rule.bucket, rule.key, image.image, {
			contentType: MIME_TYPES[image.format],
			lastModified: now * 1000,
		});
		return {
			key: rule.key,
			location: locationOf(rule.bucket, rule.key, room),
			format: image.format,
			width: image.width,
			height: image.height,
			size: record.size,
			quality: image.quality,
			etag: quoted(record.md5),
			frameCount: 1,
		};
	});
	call.results = results.map((result) => result.key);
	const location = locationOf(bucket, key, room);
	const etag = quoted(original?.md5 ?? '');
	sendXml(exchange, uploadResultXml({ original: { key, location, etag, imageInfo }, results }));
}

const locationOf = (bucket: string, key: string, { buckets }: Room) =>
	`${bucketHost(bucket, buckets.region)}/${encodeKey(key)}`;

async function readImageInfo(source: Buffer): Promise<ImageInfo> {
	const { format, width, height, orientation } = await readHeader('The image', source);
	const average = await averageColour('The image', source);
	return {
		format,
		width,
		height,
		quality: format === 'jpeg' ? QUALITY : 100,
		average,
		orientation,
	};
}

async function imageInfo(exchange: Exchange, room: Room): Promise<void> {
	const source = requireObject(exchange, room);
	const { format, width, height, frames } = await readHeader('The image', source);
	const info = {
		format,
		width: String(width),
		height: String(height),
		size: String(source.length),
		md5: room.store.find(exchange.bucket, exchange.key)?.md5 ?? '',
		photo_rgb: await averageColour('The image', source),
		frame_count: String(frames),
	};
	sendAnswer(exchange, 200, { 'Content-Type': 'application/json' }, JSON.stringify(info));
}

async function repairDownload(exchange: Exchange, room: Room): Promise<void> {
	const { key, query, call } = exchange;
	const detectUrl = query.get('detect-url');
	if (detectUrl === undefined && key === '') {
		throw new CosFailure('InvalidArgument', 'ci-process needs an object key, or detect-url.');
	}
	if (detectUrl !== undefined && key !== '') {
		throw new CosFailure('InvalidArgument', 'Give an object key or detect-url, not both.');
	}
	const mask = readMaskParameters(query);
	const source =
		detectUrl === undefined
			? requireObject(exchange, room)
			: await fetchImage('detect-url', detectUrl);
	const { image, format } = await room.repairs.repair(source, mask);
	call.billed = true;
	const headers = { 'Content-Type': MIME_TYPES[format], Server: 'tencent-ci' };
	sendAnswer(exchange, 200, headers, image);
}

const MAX_KEYS = 1000;

function readMaxKeys(text: string): number {
	const maxKeys = /^\d{1,9}$/.test(text) ? Number(text) : -1;
	if (maxKeys < 0 || maxKeys > MAX_KEYS) {
		throw new CosFailure('InvalidArgument', `max-keys must be a number from 0 to ${MAX_KEYS}.`);
	}
	return maxKeys;
}

function listObjects(exchange: Exchange, { store }: Room): void {
	const { bucket, query } = exchange;
	const encodingType = query.get('encoding-type');
	if (encodingType !== undefined && encodingType !== 'url') {
		throw new CosFailure('InvalidArgument', 'encoding-type must be "url".');
	}
	const prefix = query.get('prefix') ?? '';
	const marker = query.get('marker') ?? '';
	const delimiter = query.get('delimiter');
	const maxKeys = readMaxKeys(query.get('max-keys') ?? String(MAX_KEYS));
	const page = store.list(bucket, { prefix, marker, delimiter: delimiter ?? '', maxKeys });
	const write = encodingType === 'url' ? percentEncode : (text: string) => text;
	const xml = listBucketXml({
		bucket,
		prefix: write(prefix),
		marker: write(marker),
		delimiter: delimiter === undefined ? undefined : write(delimiter),
		maxKeys,
		encodingType,
		nextMarker: page.nextMarker === undefined ? undefined : write(page.nextMarker),
		commonPrefixes: page.commonPrefixes.map(write),
		objects: page.records.map((record) => ({
			key: write(record.key),
			lastModified: new Date(record.lastModified),
			etag: quoted(record.md5),
			size: record.size,
		})),
	});
	sendXml(exchange, xml);
}

function headBucket(exchange: Exchange, { buckets }: Room): void {
	sendAnswer(exchange, 200, { 'x-cos-bucket-region': buckets.region });
}

const OBJECT_PARAMETERS = OVERRIDES.map((name) => `response-${name}`);
const REPAIR_PARAMETERS = ['ci-process', 'MaskPic', 'MaskPoly', 'detect-url'];
const LIST_PARAMETERS = ['prefix', 'marker', 'delimiter', 'max-keys', 'encoding-type'];

const OPERATIONS = {
	get: { kind: 'get', parameters: OBJECT_PARAMETERS, run: getObject },
	head: { kind: 'head', parameters: OBJECT_PARAMETERS, run: headObject },
	put: { kind: 'put', parameters: [], run: putObject },
	repairUpload: { kind: 'repair-upload', parameters: [], run: putObject },
	delete: { kind: 'delete', parameters: [], run: deleteObject },
	repairCloud: { kind: 'repair-cloud', parameters: ['image_process'], run: processStored },
	repairDownload: { kind: 'repair-download', parameters: REPAIR_PARAMETERS, run: repairDownload },
	imageInfo: { kind: 'image-info', parameters: ['imageInfo'], run: imageInfo },
	list: { kind: 'list', parameters: LIST_PARAMETERS, run: listObjects },
	headBucket: { kind: 'head-bucket', parameters: [], run: headBucket },
} satisfies Record<string, Operation>;

/**
 * The operation a request means, by its method, its key and the parameter that selects one.
 * Undefined when there is none.
 */
export function findOperation(exchange: {
	readonly method: string;
	readonly key: string;
	readonly query: ReadonlyMap<string, string>;
	readonly hasPicOperations: boolean;
}): Operation | undefined {
	const { method, key, query, hasPicOperations } = exchange;
	switch (method) {
		case 'GET':
			if (query.has('ci-process')) return OPERATIONS.repairDownload;
			if (key === '') return OPERATIONS.list;
			return query.has('imageInfo') ? OPERATIONS.imageInfo : OPERATIONS.get;
		case 'HEAD':
			return key === '' ? OPERATIONS.headBucket : OPERATIONS.head;
		case 'PUT':
			if (key === '') return undefined;
			return hasPicOperations ? OPERATIONS.repairUpload : OPERATIONS.put;
		case 'POST':
			return key !== '' && query.has('image_process') ? OPERATIONS.repairCloud : undefined;
		case 'DELETE':
			return key === '' ? undefined : OPERATIONS.delete;
		default:
			return undefined;
	}
}
