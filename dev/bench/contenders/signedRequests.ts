import { stat } from 'node:fs/promises';

import { authorize, createAccount, type OutgoingRequest } from '../../../cos/signing/authorize';
import {
	downloadKey,
	uploadKey,
	picOperations,
	resultKey,
	type Bucket,
	type Job,
} from './contender';

/** @param contentLength size of an upload's body, in bytes */
function unsigned(url: string, job: Job, item: number, contentLength: number): OutgoingRequest {
	const operations = { 'Pic-Operations': picOperations(item) };
	const length = { 'Content-Length': String(contentLength) };
	switch (job.call) {
		case 'download':
			return {
				method: 'GET',
				url: `${url}/${downloadKey(job.source, item)}?ci-process=ImageRepair`,
				headers: {},
			};
		case 'upload':
			return {
				method: 'PUT',
				url: `${url}/${uploadKey(item)}`,
				headers: { ...operations, ...length, 'Content-Type': 'image/bmp' },
			};
		case 'cloud':
			return {
				method: 'POST',
				url: `${url}/${job.source}?image_process`,
				headers: { ...operations, ...length, 'Content-Type': 'application/octet-stream' },
			};
	}
}

/** A signed request for each item, so that sending it takes nothing but HTTP. */
export async function signedRequests(bucket: Bucket, job: Job): Promise<OutgoingRequest[]> {
	const contentLength = job.call === 'upload' ? (await stat(job.source)).size : 0;
	const account = createAccount(
		{ secretId: bucket.secretId, secretKey: bucket.secretKey },
		{
			bucket: bucket.bucket,
			region: bucket.region,
			endpoint: 'custom',
			customDomain: bucket.url,
		},
	);
	return Array.from({ length: job.items }, (_, item) =>
		authorize(account, unsigned(bucket.url, job, item, contentLength), Date.now()),
	);
}

/** Whether a response is the expected one. */
export function isExpected(call: Job['call'], item: number, status: number, text: string): boolean {
	if (status !== 200) return false;
	return call === 'download' || text.includes(`<Key>${resultKey(item)}</Key>`);
}
