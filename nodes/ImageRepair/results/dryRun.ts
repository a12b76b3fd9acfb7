import type { IDataObject } from 'n8n-workflow';

import type { KnownImage } from '../../../cos/images/limits';
import { requestUrl } from '../../../cos/location/endpoint';
import type { Results } from '../../../cos/location/resultKey';
import type { RepairArea, RepairResult } from '../../../cos/requests/imageRepair';
import type { CosRequest } from '../../../cos/requests/request';
import { warningsOf } from '../imageCheck';
import type { Item } from '../item';

function show({ polygons, maskUrl }: RepairArea): IDataObject {
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

/** What Dry Run shows of a download. */
export function dryDownload(
	item: Item,
	request: CosRequest,
	area: RepairArea,
	image: Questioned,
): IDataObject {
	return { ...describe(item, request, image), ...show(area), billedCalls: 1 };
}

/** What Dry Run shows of an upload, or of a repair in the bucket. */
export function dryStoring(
	item: Item,
	request: CosRequest,
	results: Results<RepairResult>,
	image: Questioned,
): IDataObject {
	return {
		...describe(item, request, image),
		results: results.map(({ target: { key, fileid, bucket }, area }) => ({
			key,
			bucket: bucket ?? item.account.location.bucket,
			fileid,
			...show(area),
		})),
		billedCalls: 1,
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
