import type { IDataObject } from 'n8n-workflow';

import type { KnownImage } from '../../../cos/images/limits';
import { requestUrl } from '../../../cos/location/endpoint';
import type { ForResult, Results } from '../../../cos/location/resultKey';
import type { CosRequest } from '../../../cos/requests/request';
import type { LocatedArea } from '../area/locate';
import type { Masks } from '../area/masks';
import { warningsOf } from '../imageCheck';
import type { Item } from '../item';

function show(placed: LocatedArea, masks: Masks): IDataObject {
	if (placed.isUnknown) return { area: 'notDetected' };
	const { polygons, maskUrl } = masks.area(placed);
	if (polygons === undefined && maskUrl === undefined) return { area: 'automatic' };
	return { ...(polygons && { polygons }), ...(maskUrl !== undefined && { maskUrl }) };
}

/** The image as far as it is known, and what is questioned about its areas. */
export interface Questioned extends KnownImage {
	readonly questions: readonly string[];
}

function describe(item: Item, { method, key }: CosRequest, image: Questioned): IDataObject {
	const { location } = item.account;
	const warnings = [...image.questions, ...warningsOf(image)];
	return {
		dryRun: true,
		method,
		bucket: location.bucket,
		key,
		url: requestUrl(location, key),
		...(warnings.length > 0 && { warnings }),
	};
}

/** What the call would bill, noted for the line above the output. */
function wouldBill({ tally }: Item): IDataObject {
	tally.wouldBill++;
	return { billedCalls: 1 };
}

/** What Dry Run shows of an image in which nothing is found. */
export function dryUnrepaired(item: Item, source: IDataObject): IDataObject {
	const { bucket } = item.account.location;
	return { dryRun: true, bucket, ...source, repaired: false, areas: [], billedCalls: 0 };
}

/** What Dry Run shows of a download. */
export function dryDownload(
	item: Item,
	request: CosRequest,
	placed: LocatedArea,
	masks: Masks,
	image: Questioned,
): IDataObject {
	return {
		...describe(item, request, image),
		...show(placed, masks),
		...wouldBill(item),
	};
}

/** What Dry Run shows of an upload, or of a repair in the bucket. */
export function dryStoring(
	item: Item,
	request: CosRequest,
	results: Results<ForResult & { area: LocatedArea }>,
	masks: Masks,
	image: Questioned,
): IDataObject {
	return {
		...describe(item, request, image),
		results: results.map(({ target: { key, fileid, bucket }, area }) => ({
			key,
			bucket: bucket ?? item.account.location.bucket,
			fileid,
			...show(area, masks),
		})),
		...wouldBill(item),
	};
}

/** An item that Max Billed Calls leaves out. */
export function leftOut(item: Item, source: IDataObject): IDataObject {
	const { bucket } = item.account.location;
	return { ...source, bucket, skipped: true, reason: 'maxBilledCalls' };
}

/** An item without a repair, for each item that asked for the same: only the first would be billed. */
export function withoutRepair(json: IDataObject, sameAs: number | undefined): IDataObject {
	if (sameAs === undefined) return json;
	return { ...json, ...('billedCalls' in json && { billedCalls: 0 }), sameAs };
}
