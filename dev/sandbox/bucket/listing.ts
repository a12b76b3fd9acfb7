import { sendResponse, sendXml, type Exchange } from '../http/exchange';
import { CosFailure } from '../http/failure';
import { percentEncode } from '../http/target';
import { listBucketXml } from '../http/xml';
import type { KeyRange } from '../store/store';
import { endlessPage } from './endlessList';
import { etagOf } from '../store/objectRecord';
import { quoted } from './objects';
import type { Services } from './services';

const MAX_KEYS = 1000;

function readMaxKeys(text: string): number {
	const maxKeys = /^\d{1,9}$/.test(text) ? Number(text) : -1;
	if (maxKeys < 0 || maxKeys > MAX_KEYS) {
		throw new CosFailure('InvalidArgument', `max-keys must be a number from 0 to ${MAX_KEYS}.`);
	}
	return maxKeys;
}

export function listObjects(exchange: Exchange, { store, clock }: Services): void {
	const { bucket, query, work } = exchange;
	const encodingType = query.get('encoding-type');
	if (encodingType !== undefined && encodingType !== 'url') {
		throw new CosFailure('InvalidArgument', 'encoding-type must be "url".');
	}
	const prefix = query.get('prefix') ?? '';
	const marker = query.get('marker') ?? '';
	const delimiter = query.get('delimiter');
	const maxKeys = readMaxKeys(query.get('max-keys') ?? String(MAX_KEYS));
	const range = { prefix, marker, delimiter: delimiter ?? '', maxKeys };
	const list = (part: KeyRange) => store.list(bucket, part);
	const page = work.endlessList
		? endlessPage(work.endlessList, range, list, clock.nowMs())
		: list(range);
	const encode = encodingType === 'url' ? percentEncode : (text: string) => text;
	const xml = listBucketXml({
		bucket,
		prefix: encode(prefix),
		marker: encode(marker),
		delimiter: delimiter === undefined ? undefined : encode(delimiter),
		maxKeys,
		encodingType,
		nextMarker: page.nextMarker === undefined ? undefined : encode(page.nextMarker),
		commonPrefixes: page.commonPrefixes.map(encode),
		objects: page.records.map((record) => ({
			key: encode(record.key),
			lastModified: new Date(record.lastModified),
			etag: quoted(etagOf(record)),
			size: record.size,
		})),
	});
	sendXml(exchange, xml);
}

export function headBucket(exchange: Exchange, { buckets }: Services): void {
	sendResponse(exchange, 200, { 'x-cos-bucket-region': buckets.region });
}
