import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { formatOfFileName, type ImageFormat } from '../../../cos/images/format';
import { neighbourOf, requestUrl } from '../../../cos/location/endpoint';
import { bucketName } from '../../../cos/location/bucket';
import { objectKey } from '../../../cos/location/objectKey';
import { getRequest } from '../../../cos/requests/object';
import { header } from '../../../cos/responses/headers';
import { assignResults, type AssignedResult } from '../../../cos/responses/assignResults';
import type { ProcessedObject, UploadResult } from '../../../cos/responses/uploadResult';
import { withoutQuotes } from '../../../cos/responses/xml';
import { present } from '../../../cos/values';
import {
	ConnectionFailed,
	RepairFailed,
	ResultsMissing,
	type ResultFact,
} from '../../shared/errors';
import { shownAreas, toldOf } from '../area/locate';
import type { StoredSource } from '../area/source';
import { outputJson, outputWithFiles, type Item } from '../item';
import type { ItemOptions } from '../parameters/options';
import type { ResultOutput } from '../parameters/results';
import type { ResultPlace, StoredResults, Told } from '../run/outcome';
import { formatChange } from './formatChange';
import { linksOf, type Linked } from './links';
import { fileNameOf, receiveImage } from './receivedImage';
import { refuseOdd, worstOf } from './verifyResults';

type Asked = AssignedResult<ResultPlace>;

function addressOf({ account: { location } }: Item, { key, bucket }: ResultPlace): string {
	const isOwn = bucket === location.bucket;
	return requestUrl(isOwn ? location : neighbourOf(location, bucketName(bucket)), key);
}

function factOf({ place, object, failed }: Asked): ResultFact {
	if (object) {
		const { etag, size } = object;
		return present({ ...place, status: 'stored' as const, etag, size });
	}
	const reason = failed && [failed.code, failed.message].filter(Boolean).join(': ');
	return present({ ...place, status: 'missing' as const, reason });
}

async function downloaded(
	item: Item,
	asked: readonly Asked[],
	field: string,
): Promise<IBinaryKeyData> {
	const binary: IBinaryKeyData = {};
	for (const [index, { place, object }] of asked.entries()) {
		// The credential signs for its own bucket only.
		if (!object || place.bucket !== item.account.location.bucket) continue;
		const { key = place.key, etag } = object;
		const received = await item.transport.call({
			request: () => getRequest(objectKey(key)),
			read: async (response) => {
				const image = await receiveImage(item, response, fileNameOf(key));
				const other = withoutQuotes(header(response.headers, 'etag'));
				if (etag === undefined || other === undefined || other === etag) return image;
				throw new ConnectionFailed('OtherVersion', 'otherVersion', { key });
			},
			mayComeLater: true,
		});
		binary[index === 0 ? field : `${field}${index + 1}`] = received.binary;
	}
	return binary;
}

/** The format of the source: by the bytes of an upload, and by the name of what is stored. */
function formatOf(source: StoredSource): ImageFormat | undefined {
	return source.kind === 'upload' ? source.image.facts.format : formatOfFileName(source.key);
}

function listed(
	item: Item,
	place: ResultPlace,
	object: ProcessedObject,
	simplify: boolean,
	from: ImageFormat | undefined,
): IDataObject {
	const { bucket } = place;
	const { key = place.key } = object;
	const url = addressOf(item, { bucket, key });
	const formatChanged = formatChange(from, formatOfFileName(`.${object.format ?? ''}`));
	if (!simplify) return present({ ...object, key, bucket, url, formatChanged });
	const { size, width, height, format, etag } = object;
	return present({ key, bucket, url, size, width, height, format, formatChanged, etag });
}

/** What the output says of an image in which nothing was found: it is in the bucket as it is. */
export function unrepairedJson(item: Item, source: StoredSource): IDataObject {
	const { key } = source;
	const { bucket } = item.account.location;
	const upload = source.kind === 'upload' ? source : undefined;
	const url = addressOf(item, { bucket, key });
	return present({
		key,
		bucket,
		url,
		contentType: upload?.image.contentType,
		size: upload?.image.size,
		results: [],
		requestedKey: upload?.requestedKey,
		repaired: false,
		areas: [],
	});
}

/** Unless a result has taken its place, the original is where it was. */
function linkedOf({ key }: StoredSource, { places }: StoredResults, bucket: string): Linked {
	const own = places.filter((place) => place.bucket === bucket);
	const isReplaced = own.some((place) => place.key === key);
	return present({ original: isReplaced ? undefined : key, result: own[0]?.key });
}

/** What the response says of the original, as far as the user has asked for it. */
function shownOriginal(
	{ imageInfo, ...original }: UploadResult['originalInfo'],
	{ returnImageInformation, verifyResult }: OutputOptions,
): UploadResult['originalInfo'] {
	const isForVerifying = verifyResult !== 'off' && !returnImageInformation;
	return present({ ...original, imageInfo: isForVerifying ? undefined : imageInfo });
}

/** How the results are put out. */
type OutputOptions = ResultOutput &
	Pick<ItemOptions, 'simplify' | 'temporaryLinks' | 'verifyResult' | 'returnImageInformation'>;

/**
 * Makes the output item of an upload, or of a repair in the bucket.
 *
 * @throws RepairFailed with all results when one is missing, or could not be downloaded
 */
export async function resultsItem(
	item: Item,
	source: StoredSource,
	stored: StoredResults,
	{ sameAs, temporaryMasks }: Told,
	options: OutputOptions,
): Promise<INodeExecutionData> {
	const { download, field, simplify } = options;
	const { key } = source;
	const upload = source.kind === 'upload' ? source : undefined;
	const { result, requestId, skipped, sourceChanged, overwritten, leftOut } = stored;
	const originalInfo = shownOriginal(result.originalInfo, options);
	const { verifications = [] } = stored;
	const verification = worstOf(verifications);
	const { bucket } = item.account.location;
	const asked = assignResults(stored.places, result);
	const facts = present({
		billed: skipped === true ? ('no' as const) : ('yes' as const),
		requestId,
		results: asked.map(factOf),
		original: upload && { key, bucket, status: 'stored' as const },
		temporaryMasks,
		verification,
	});
	const failed = (reason: unknown) => new RepairFailed(reason, facts);
	const missing = asked.filter(({ object }) => !object).length;
	if (missing > 0) throw failed(new ResultsMissing(missing, asked.length));

	refuseOdd(verification, options, facts);

	const results = asked.flatMap(({ place, object }, index) => {
		if (!object) return [];
		const shown = listed(item, place, object, simplify, formatOf(source));
		const own = verifications.length > 1 ? verifications[index] : undefined;
		return [present({ ...shown, verification: own && { ...own } })];
	});
	const told = {
		requestedKey: upload?.requestedKey,
		requestId,
		skipped,
		overwritten,
		sourceChanged,
		sameAs,
		temporaryMasks,
		...(skipped === true ? shownAreas(stored) : toldOf(stored)),
		leftOut: leftOut?.map((place) => ({ ...place, reason: 'nothingFound' })),
		verification: verification && { ...verification },
		...linksOf(item, linkedOf(source, stored, bucket), options),
	};
	const original = { contentType: upload?.image.contentType, size: upload?.image.size };
	const shownFacts: IDataObject = simplify
		? {
				key,
				bucket,
				url: addressOf(item, { bucket, key }),
				...original,
				results,
				imageInfo: originalInfo.imageInfo,
				...told,
			}
		: {
				bucket,
				originalInfo: present({ ...originalInfo, key: originalInfo.key ?? key, ...original }),
				results,
				...told,
			};
	const json = present(shownFacts);
	if (!download) return outputJson(item, json);
	const files = await downloaded(item, asked, field).catch((error: unknown) => {
		throw failed(error);
	});
	return outputWithFiles(item, json, files);
}
