import * as fs from 'node:fs';

import { sendResponse, sendXml, type Exchange } from '../http/exchange';
import { CosFailure } from '../http/failure';
import { bucketHost } from '../http/host';
import { encodeKey } from '../http/target';
import { uploadResultXml, type ImageInfo, type StoredResult } from '../http/xml';
import { fetchImage } from '../repair/fetchImage';
import { MIME_TYPES, reportedQuality } from '../repair/formats';
import { averageColour, checkBytes, readHeader } from '../repair/image';
import { readMaskParameters } from '../repair/maskParameters';
import { readPicOperations, type PicOperations, type RepairRule } from '../repair/picOperations';
import type { Repaired } from '../repair/repair';
import type { Draft } from '../store/store';
import { commitUpload, contentLength, noSuchKey, quoted, receiveBody } from './objects';
import type { Services } from './services';

function readImage({ bucket, key }: Exchange, { store }: Services): Buffer {
	const record = store.find(bucket, key);
	if (record) checkBytes('The image', record.size);
	const bytes = record && store.read(bucket, key);
	if (!bytes) throw noSuchKey();
	return bytes;
}

export async function imageInfo(exchange: Exchange, services: Services): Promise<void> {
	const source = readImage(exchange, services);
	const { format, width, height, frames } = await readHeader('The image', source);
	const info = {
		format,
		width: String(width),
		height: String(height),
		size: String(source.length),
		md5: services.store.find(exchange.bucket, exchange.key)?.md5 ?? '',
		photo_rgb: await averageColour('The image', source),
		frame_count: String(frames),
	};
	sendResponse(exchange, 200, { 'Content-Type': 'application/json' }, JSON.stringify(info));
}

export async function repairDownload(exchange: Exchange, services: Services): Promise<void> {
	const { key, query, call } = exchange;
	const detectUrl = query.get('detect-url');
	if (detectUrl === undefined && key === '') {
		throw new CosFailure('InvalidArgument', 'ci-process needs an object key or detect-url.');
	}
	if (detectUrl !== undefined && key !== '') {
		throw new CosFailure('InvalidArgument', 'Give an object key or detect-url, not both.');
	}
	const mask = readMaskParameters(query);
	const source =
		detectUrl === undefined
			? readImage(exchange, services)
			: await fetchImage('detect-url', detectUrl);
	const { image, format } = await services.repairs.repair(source, mask);
	call.billed = true;
	const headers = { 'Content-Type': MIME_TYPES[format], Server: 'tencent-ci' };
	sendResponse(exchange, 200, headers, image);
}

/** Image Repair on upload: `PUT` with `Pic-Operations`. */
export async function repairUpload(exchange: Exchange, services: Services): Promise<void> {
	// Everything that can be rejected early is checked before the body is read.
	const operations = readOperations(exchange, services);
	checkBytes('The image', contentLength(exchange));
	const draft = await receiveBody(exchange, services);
	try {
		await processImage(exchange, services, operations, fs.readFileSync(draft.file), draft);
	} finally {
		services.store.discard(draft);
	}
}

/** Image Repair of a stored object: `POST ?image_process` with `Pic-Operations`. */
export async function repairStored(exchange: Exchange, services: Services): Promise<void> {
	if (exchange.request.headers['pic-operations'] === undefined) {
		throw new CosFailure('InvalidArgument', 'image_process needs the header Pic-Operations.');
	}
	if (contentLength(exchange) !== 0) {
		throw new CosFailure(
			'InvalidArgument',
			'image_process takes no body: Content-Length must be 0.',
		);
	}
	const operations = readOperations(exchange, services);
	await processImage(exchange, services, operations, readImage(exchange, services));
}

function readOperations({ request, bucket, key }: Exchange, { buckets }: Services): PicOperations {
	const header = String(request.headers['pic-operations']);
	return readPicOperations(header, { bucket, key, buckets: buckets.all });
}

/**
 * Repairs an image by all rules, then stores the results and sends the response. Nothing is stored
 * until every rule has succeeded, so a failed request leaves the bucket unchanged.
 * @param draft the image, if it is to be stored. It is stored before the results, as a result can
 * overwrite it.
 */
async function processImage(
	exchange: Exchange,
	services: Services,
	{ isPicInfo, rules }: PicOperations,
	source: Buffer,
	draft?: Draft,
): Promise<void> {
	const { bucket, key, call } = exchange;
	const imageInfo = isPicInfo ? await readImageInfo(source) : undefined;
	const repaired: Array<[rule: RepairRule, image: Repaired]> = [];
	for (const rule of rules) {
		repaired.push([rule, await services.repairs.repair(source, rule.mask)]);
		call.billed = true;
	}
	if (draft) commitUpload(exchange, services, draft);
	// Looked up before the results are stored: one of them can overwrite the original.
	const original = services.store.find(bucket, key);
	const results = repaired.map(([rule, image]) => storeResult(exchange, services, rule, image));
	call.results = results.map((result) => result.key);
	const location = locationOf(bucket, key, services);
	const etag = quoted(original?.md5 ?? '');
	sendXml(exchange, uploadResultXml({ original: { key, location, etag, imageInfo }, results }));
}

function storeResult(
	{ now }: Exchange,
	services: Services,
	{ bucket, key }: RepairRule,
	{ image, format, width, height, quality }: Repaired,
): StoredResult {
	const { md5, size } = services.store.put(bucket, key, image, {
		contentType: MIME_TYPES[format],
		lastModified: now * 1000,
	});
	const location = locationOf(bucket, key, services);
	return { key, location, format, width, height, size, quality, etag: quoted(md5) };
}

const locationOf = (bucket: string, key: string, { buckets }: Services) =>
	`${bucketHost(bucket, buckets.region)}/${encodeKey(key)}`;

async function readImageInfo(source: Buffer): Promise<ImageInfo> {
	const { format, width, height, orientation } = await readHeader('The image', source);
	const average = await averageColour('The image', source);
	return { format, width, height, quality: reportedQuality(format), average, orientation };
}
