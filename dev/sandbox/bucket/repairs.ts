import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { sendResponse, sendXml, type Exchange, type FailingRules } from '../http/exchange';
import { CosFailure, toFailure } from '../http/failure';
import { bucketHost } from '../http/host';
import { headerText } from '../http/signature';
import { encodeKey } from '../http/target';
import { uploadResultXml, type FailedResult, type ImageInfo, type StoredResult } from '../http/xml';
import type { LedgerResult, LedgerRule } from '../ledger/ledger';
import { MIME_TYPES, reportedQuality } from '../repair/formats';
import { checkBytes } from '../repair/image';
import { readMaskParameters, type MaskParameters } from '../repair/maskParameters';
import { readPicOperations, type PicOperations, type RepairRule } from '../repair/picOperations';
import type { Repaired } from '../repair/repair';
import { areaText, type NamedArea, type RepairService } from '../repair/repairService';
import { wrongResult } from '../repair/wrongResult';
import { etagOf } from '../store/objectRecord';
import {
	commitUpload,
	contentLength,
	quoted,
	readObject,
	receiveBody,
	versionHeader,
} from './objects';
import type { Services } from './services';
import { checkSource, md5Of, readSource } from './sources';

export async function repairDownload(exchange: Exchange, services: Services): Promise<void> {
	const { query, call, entry, work } = exchange;
	checkSource(exchange);
	const mask = readMaskParameters(query);
	const { bytes, source } = await readSource(exchange, services);
	entry.source = source;
	const repaired = await repairByRule(exchange, services, bytes, { bucket: '', key: '', mask });
	if (work.ms > 0) await sleep(work.ms);
	call.billed = true;
	const { image, format } = repaired;
	entry.results = [{ ...noResult, area: repaired.area.text, md5: md5Of(image) }];
	const headers = { 'Content-Type': MIME_TYPES[format], Server: 'tencent-ci' };
	sendResponse(exchange, 200, headers, image);
}

/** Image Repair on upload: `PUT` with `Pic-Operations`. */
export async function repairUpload(exchange: Exchange, services: Services): Promise<void> {
	// Everything that can be rejected early is checked before the body is read.
	const operations = readOperations(exchange, services);
	checkBytes('The image', contentLength(exchange));
	const draft = await receiveBody(exchange, services);
	const bytes = fs.readFileSync(draft.file);
	// The original is stored first and stays, whatever becomes of its repair.
	const record = commitUpload(exchange, services, draft);
	const { version, md5 } = record;
	const headers = versionHeader(exchange.bucket, { key: exchange.key, version }, services.store);
	if (exchange.work.onlyOriginal) return;
	const { bucket, key } = exchange;
	const xml = await processImage(exchange, services, operations, {
		bytes,
		source: { bucket, key, version, md5 },
		etag: etagOf(record),
	});
	sendResponse(exchange, 200, { 'Content-Type': 'application/xml', ...headers }, xml);
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
	sendXml(
		exchange,
		await processImage(exchange, services, operations, readObject(exchange, services)),
	);
}

function readOperations({ request, bucket, key }: Exchange, { buckets }: Services): PicOperations {
	const sent = String(request.headers['pic-operations']);
	// Its bytes are UTF-8: other ones have been refused with the signature.
	return readPicOperations(headerText(sent) ?? sent, { bucket, key, buckets: buckets.all });
}

/** What a repair asks for, before anything else is known of it; empty where that cannot be read. */
export function rulesAsked(exchange: Exchange, services: Services): LedgerRule[] {
	const areaOf = (mask: MaskParameters) => (mask.kind === 'url' ? '' : areaText(mask));
	try {
		if (exchange.call.kind === 'repair-download') {
			return [{ bucket: '', key: '', area: areaOf(readMaskParameters(exchange.query)) }];
		}
		const { rules } = readOperations(exchange, services);
		return rules.map(({ bucket, key, mask }) => ({ bucket, key, area: areaOf(mask) }));
	} catch {
		return [];
	}
}

const noResult: LedgerResult = {
	bucket: '',
	key: '',
	area: '',
	md5: '',
	storedAt: null,
	visibleAt: null,
	version: null,
	overwrote: null,
	failed: '',
};

/** An area that every image has: of a result that is to be the original, nobody sees it. */
const CORNER: NamedArea = {
	text: 'corner',
	area: {
		kind: 'polygons',
		polygons: [
			[
				[0, 0],
				[2, 0],
				[2, 2],
				[0, 2],
			],
		],
	},
};

type RepairedByRule = Repaired & { readonly rule: RepairRule; readonly area: NamedArea };

/** Repairs an image by one rule. What keeps it from being repaired goes to the ledger. */
async function repairByRule(
	{ entry, work }: Exchange,
	{ repairs }: Services,
	source: Buffer,
	rule: RepairRule,
): Promise<RepairedByRule> {
	let area: NamedArea | undefined;
	try {
		area = await repairs.readArea(rule.mask);
		const isUnchanged = work.wrongResult === 'original';
		const right = await repairs.repair(source, isUnchanged ? CORNER : area);
		const repaired = work.wrongResult ? await wrongResult(source, right, work.wrongResult) : right;
		return { ...repaired, rule, area };
	} catch (error) {
		const { code, message } = toFailure(error);
		const { bucket, key } = rule;
		const failed = `${code}: ${message}`;
		entry.results.push({ ...noResult, bucket, key, area: area?.text ?? '', failed });
		throw error;
	}
}

/**
 * Repairs an image by all rules, then stores the results. Returns the `UploadResult`. No result is stored
 * until every rule has succeeded, unless a fault makes some of them fail by themselves.
 */
async function processImage(
	exchange: Exchange,
	services: Services,
	{ isPicInfo, rules }: PicOperations,
	{ bytes, source, etag }: ReturnType<typeof readObject>,
): Promise<string> {
	const { bucket, key, call, entry, work } = exchange;
	const { shape } = work;
	const { repairs } = services;
	entry.source = source;
	const imageInfo = isPicInfo ? imageInfoOf(await repairs.readInfo(bytes)) : undefined;
	const repaired: Array<RepairedByRule | FailingRule> = [];
	for (const [index, rule] of rules.entries()) {
		repaired.push(
			work.failing?.rules.includes(index + 1)
				? { rule, area: await repairs.readArea(rule.mask), failing: work.failing }
				: await repairByRule(exchange, services, bytes, rule),
		);
	}
	if (work.ms > 0) await sleep(work.ms);
	call.billed = rules.length > 0;
	const results = repaired.map((each, index) => {
		if ('failing' in each) return failedResult(exchange, each);
		const stored = storeResult(exchange, services, each);
		return shape.withoutLocation.includes(index + 1) ? { ...stored, location: undefined } : stored;
	});
	call.results = entry.results.filter(({ failed }) => failed === '').map((result) => result.key);
	const location = shape.originalWithoutLocation ? undefined : locationOf(bucket, key, services);
	const original = { key, location, etag: quoted(etag), imageInfo };
	const shown = results.filter((result) => result !== undefined);
	if (shape.isReversed) shown.reverse();
	return uploadResultXml({ original, results: shown });
}

interface FailingRule {
	readonly rule: RepairRule;
	readonly area: NamedArea;
	readonly failing: FailingRules;
}

/** Undefined if the response does not mention the rule. */
function failedResult(
	{ entry }: Exchange,
	{ rule: { bucket, key }, area, failing: { code, message, report } }: FailingRule,
): FailedResult | undefined {
	const failed = `${code}: ${message}`;
	entry.results.push({ ...noResult, bucket, key, area: area.text, failed });
	return report === 'object' ? { key, code, message } : undefined;
}

function storeResult(
	{ work, call, entry }: Exchange,
	services: Services,
	{ rule: { bucket, key }, area, image, format, width, height, quality }: RepairedByRule,
): StoredResult {
	const { store, clock } = services;
	const overwrote = store.newest(bucket, key)?.version ?? null;
	const storedAt = clock.nowMs();
	const { md5, size, version } = store.put(bucket, key, image, {
		contentType: MIME_TYPES[format],
		lastModified: storedAt,
		writer: call.requestId,
		visibleAfterMs: work.visibleAfterMs,
	});
	const visibleAt = storedAt + work.visibleAfterMs;
	const stored = { bucket, key, area: area.text, md5, storedAt, visibleAt, version, overwrote };
	entry.results.push({ ...stored, failed: '' });
	const location = locationOf(bucket, key, services);
	return { key, location, format, width, height, size, quality, etag: quoted(md5) };
}

const locationOf = (bucket: string, key: string, { buckets }: Services) =>
	`${bucketHost(bucket, buckets.region)}/${encodeKey(key)}`;

function imageInfoOf(info: Awaited<ReturnType<RepairService['readInfo']>>): ImageInfo {
	const { format, width, height, orientation, average } = info;
	return { format, width, height, quality: reportedQuality(format), average, orientation };
}
