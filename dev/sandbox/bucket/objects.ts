import * as fs from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { bucketOfHost } from '../http/host';
import { writeXml } from '../http/xml';
import { sendResponse, startResponse, type Exchange } from '../http/exchange';
import { CosFailure } from '../http/failure';
import type { LedgerSource } from '../ledger/ledger';
import { checkBytes } from '../repair/image';
import { versionId } from '../store/olderVersions';
import { etagOf, type ObjectRecord } from '../store/objectRecord';
import type { Draft, Store } from '../store/store';
import type { Services } from './services';
import { checkUploadHeaders, isKept, tagCount } from './uploadHeaders';

export const quoted = (md5: string) => `"${md5}"`;

/** Response headers that a request can override with `response-<name>`. */
export const RESPONSE_OVERRIDES = [
	'content-type',
	'content-language',
	'expires',
	'cache-control',
	'content-disposition',
	'content-encoding',
] as const;

/** Headers that are stored and returned with an object. */
const STORED_HEADERS = RESPONSE_OVERRIDES.filter((name) => name !== 'content-type');

/** A header's name as the service writes it: some clients hand names on as they come. */
function asWritten(name: string): string {
	if (name.startsWith('x-')) return name;
	return name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

function objectHeaders(
	record: ObjectRecord,
	query: ReadonlyMap<string, string>,
): Record<string, string> {
	const headers: Record<string, string> = {
		'content-type': record.contentType,
		...record.headers,
		...tagCount(record.headers),
	};
	for (const name of RESPONSE_OVERRIDES) {
		const value = query.get(`response-${name}`);
		if (value !== undefined) headers[name] = value;
	}
	const written = Object.entries(headers).map(([name, value]) => [asWritten(name), value]);
	return {
		ETag: quoted(etagOf(record)),
		'Last-Modified': new Date(record.lastModified).toUTCString(),
		'Accept-Ranges': 'bytes',
		...(Object.fromEntries(written) as Record<string, string>),
	};
}

function noSuchKey(): CosFailure {
	return new CosFailure('NoSuchKey', 'The specified key does not exist.');
}

const VERSION_ID = 'x-cos-version-id';
const DELETE_MARKER = { 'x-cos-delete-marker': 'true' };

/** The header that names a version; none unless the bucket is versioned. */
export function versionHeader(
	bucket: string,
	{ key, version }: Pick<ObjectRecord, 'key' | 'version'>,
	store: Store,
): Record<string, string> {
	return store.isVersioned(bucket) ? { [VERSION_ID]: versionId(bucket, key, version) } : {};
}

/** The object, or the version of it that the request asks for. */
function requestedVersion(
	{ bucket, key, query }: Exchange,
	store: Store,
): { record: ObjectRecord; file: string } {
	const id = query.get('versionId');
	const found = id === undefined ? store.current(bucket, key) : store.findVersion(bucket, key, id);
	if (id !== undefined && !found) {
		throw new CosFailure('NoSuchVersion', 'The specified version does not exist.');
	}
	// A delete marker cannot be read.
	if (!found?.stored) throw noSuchKey();
	return found.stored;
}

/** Parses a single byte range, both ends included. Undefined means the whole object. */
function readRange(
	header: string | undefined,
	size: number,
): [first: number, last: number] | undefined {
	const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
	if (from === '' && to === '') return undefined;
	const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
	const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
	if (first > last) {
		throw new CosFailure('InvalidRange', `${header} is outside the object's ${size} bytes.`);
	}
	return [first, last];
}

export async function getObject(exchange: Exchange, { store }: Services): Promise<void> {
	const { request, response, bucket, query, call } = exchange;
	const { record, file } = requestedVersion(exchange, store);
	// Record and bytes match even if the object is replaced while it is read.
	const descriptor = fs.openSync(file, 'r');
	try {
		const range = readRange(request.headers.range, record.size);
		const [start, end] = range ?? [0, record.size - 1];
		startResponse(exchange, range ? 206 : 200, {
			...objectHeaders(record, query),
			...versionHeader(bucket, record, store),
			'Content-Length': end - start + 1,
			...(range && { 'Content-Range': `bytes ${start}-${end}/${record.size}` }),
		});
		if (record.size === 0) {
			response.end();
			return;
		}
		const bytes = fs.createReadStream('', { fd: descriptor, autoClose: false, start, end });
		bytes.on('data', (chunk) => (call.bytesOut += chunk.length));
		await pipeline(bytes, response);
	} finally {
		fs.closeSync(descriptor);
	}
}

/**
 * The bytes of an image that is to be processed, and which version of the object they are.
 * @throws CosFailure `NoSuchKey`, `ImageTooLarge`
 */
export function readObject(
	{ bucket, key }: Exchange,
	{ store }: Services,
): { bytes: Buffer; source: LedgerSource & { md5: string }; etag: string } {
	const record = store.find(bucket, key);
	if (record) checkBytes('The image', record.size);
	const bytes = record && store.read(bucket, key);
	if (!bytes) throw noSuchKey();
	const { version, md5 } = record;
	return { bytes, source: { bucket, key, version, md5 }, etag: etagOf(record) };
}

export function headObject(exchange: Exchange, { store }: Services): void {
	const { record } = requestedVersion(exchange, store);
	sendResponse(exchange, 200, {
		...objectHeaders(record, exchange.query),
		...versionHeader(exchange.bucket, record, store),
		'Content-Length': record.size,
	});
}

export function deleteObject(exchange: Exchange, { store }: Services): void {
	const { bucket, key, query, call } = exchange;
	const id = query.get('versionId');
	if (id !== undefined) {
		const removed = store.deleteVersion(bucket, key, id);
		const isMarker = removed !== undefined && removed.stored === undefined;
		sendResponse(exchange, 204, { [VERSION_ID]: id, ...(isMarker && DELETE_MARKER) });
		return;
	}
	const marker = store.delete(bucket, key, call.requestId);
	const headers = marker !== undefined && {
		[VERSION_ID]: versionId(bucket, key, marker),
		...DELETE_MARKER,
	};
	sendResponse(exchange, 204, { ...headers });
}

export async function putObject(exchange: Exchange, services: Services): Promise<void> {
	const draft = await receiveBody(exchange, services);
	if (exchange.work.ms > 0) await sleep(exchange.work.ms);
	const record = commitUpload(exchange, services, draft);
	const version = versionHeader(exchange.bucket, record, services.store);
	sendResponse(exchange, 200, { ETag: quoted(etagOf(record)), ...version });
}

/**
 * The object that `x-cos-copy-source` names, by its host and its encoded key ("PUT Object - Copy").
 * @throws CosFailure `InvalidArgument`, and as for the host of a request
 */
export function copySource(
	{ request }: Exchange,
	{ buckets }: Services,
): { bucket: string; key: string } {
	const source = String(request.headers['x-cos-copy-source']);
	const [, host, path] = /^([^/]+)\/(.+)$/s.exec(source) ?? [];
	if (host === undefined || path === undefined) {
		throw new CosFailure('InvalidArgument', 'x-cos-copy-source is not <host>/<key>.');
	}
	return { bucket: bucketOfHost(host, buckets), key: decodeURIComponent(path) };
}

/** Copies an object with its type and its headers, as a copy without a directive does. */
export async function copyObject(exchange: Exchange, services: Services): Promise<void> {
	const { bucket, key, call } = exchange;
	const { store, clock } = services;
	const source = copySource(exchange, services);
	if (source.bucket === bucket && source.key === key) {
		throw new CosFailure('InvalidArgument', 'An object cannot be copied onto itself as it is.');
	}
	const original = store.find(source.bucket, source.key);
	const bytes = store.read(source.bucket, source.key);
	if (!original || !bytes) throw noSuchKey();
	const draft = await store.receive(Readable.from([bytes]));
	const record = store.commit(bucket, key, draft, {
		contentType: original.contentType,
		headers: original.headers,
		lastModified: clock.nowMs(),
		writer: call.requestId,
	});
	const LastModified = new Date(record.lastModified).toISOString();
	const xml = writeXml({ CopyObjectResult: { ETag: quoted(etagOf(record)), LastModified } });
	sendResponse(exchange, 200, { 'Content-Type': 'application/xml' }, xml);
}

/** @throws CosFailure `MissingContentLength` */
export function contentLength({ request }: Exchange): number {
	const header = request.headers['content-length'];
	if (header === undefined) {
		throw new CosFailure('MissingContentLength', 'You must provide the Content-Length header.');
	}
	return Number(header);
}

/** Receives the request body and checks it against `Content-Length` and `Content-MD5`. */
export async function receiveBody(exchange: Exchange, { store }: Services): Promise<Draft> {
	const { request, call } = exchange;
	checkUploadHeaders(request.headers);
	const expectedSize = contentLength(exchange);
	const expectedMd5 = request.headers['content-md5'];
	if (expectedMd5 !== undefined && !/^[A-Za-z0-9+/]{22}==$/.test(String(expectedMd5))) {
		throw new CosFailure('InvalidDigest', 'Content-MD5 is not the Base64 of an MD5 digest.');
	}
	const draft = await store
		.receive(request, (count) => (call.bytesIn += count))
		.catch((error: unknown) => {
			throw request.readableAborted
				? new CosFailure('IncompleteBody', 'The body ended before its Content-Length.')
				: error;
		});
	const md5 = Buffer.from(draft.md5, 'hex').toString('base64');
	const failure =
		draft.size !== expectedSize
			? new CosFailure('IncompleteBody', 'The body is not as long as its Content-Length.')
			: expectedMd5 !== undefined && expectedMd5 !== md5
				? new CosFailure('BadDigest', 'The Content-MD5 does not match the body that arrived.')
				: undefined;
	if (!failure) return draft;
	store.discard(draft);
	throw failure;
}

/**
 * Whether the upload may not take the place of an object ("PUT Object", 436/7749). That a versioned bucket
 * ignores the header is taken from what others have read on Tencent's pages.
 */
function forbidsOverwrite({ request, bucket }: Exchange, store: Store): boolean {
	return request.headers['x-cos-forbid-overwrite'] === 'true' && !store.isVersioned(bucket);
}

/**
 * Stores an uploaded body under the request's key, with the request's headers.
 * @throws CosFailure `FileAlreadyExists`
 */
export function commitUpload(
	exchange: Exchange,
	{ store, clock }: Services,
	draft: Draft,
): ObjectRecord {
	const { bucket, key, request, call } = exchange;
	if (forbidsOverwrite(exchange, store) && store.newest(bucket, key)) {
		store.discard(draft);
		throw new CosFailure('FileAlreadyExists', 'There is an object with this key already.');
	}
	return store.commit(bucket, key, draft, {
		contentType: request.headers['content-type'] ?? 'application/octet-stream',
		headers: storedHeaders(exchange),
		lastModified: clock.nowMs(),
		writer: call.requestId,
	});
}

function storedHeaders({ request }: Exchange): Record<string, string> {
	const stored = Object.entries(request.headers).filter(
		(entry): entry is [string, string] =>
			typeof entry[1] === 'string' &&
			(isKept(entry[0], entry[1]) || STORED_HEADERS.some((name) => name === entry[0])),
	);
	return Object.fromEntries(stored);
}
