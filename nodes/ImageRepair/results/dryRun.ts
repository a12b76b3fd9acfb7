import type { IDataObject } from 'n8n-workflow';

import { requestUrl } from '../../../cos/location/endpoint';
import type { CosRequest, RepairArea, RepairResult } from '../../../cos/requests/imageRepair';
import type { Item } from '../item';
import type { ResultChoice } from './targets';

function show({ polygons, maskUrl }: RepairArea): IDataObject {
	if (polygons === undefined && maskUrl === undefined) return { area: 'automatic' };
	return { ...(polygons && { polygons }), ...(maskUrl !== undefined && { maskUrl }) };
}

function describe(item: Item, { method, key }: CosRequest): IDataObject {
	const { location } = item.account;
	return { dryRun: true, method, bucket: location.bucket, key, url: requestUrl(location, key) };
}

/** What Dry Run shows of a download. */
export function dryDownload(item: Item, request: CosRequest, area: RepairArea): IDataObject {
	return { ...describe(item, request), ...show(area), billedCalls: 1 };
}

/** What Dry Run shows of an upload or cloud call. */
export function dryStoring(
	item: Item,
	request: CosRequest,
	choices: readonly ResultChoice[],
	results: readonly RepairResult[],
): IDataObject {
	return {
		...describe(item, request),
		results: results.map(({ fileid, bucket, area }, index) => ({
			key: choices[index]?.key,
			bucket: bucket ?? item.account.location.bucket,
			fileid,
			...show(area),
		})),
		billedCalls: 1,
	};
}
