import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import COS from 'cos-nodejs-sdk-v5';
import pLimit from 'p-limit';

import {
	downloadKey,
	emptyFolder,
	picOperations,
	resultKey,
	uploadKey,
	type Bucket,
	type Contender,
	type Job,
} from './contender';

/** The result's key if the response contains it; the SDK's types have no `UploadResult`. */
function keyIn(response: object, item: number): string {
	const key = resultKey(item);
	const result = 'UploadResult' in response ? response.UploadResult : undefined;
	return JSON.stringify(result ?? '').includes(JSON.stringify(key)) ? key : '';
}

/** Tencent's SDK in a plain script, as a JavaScript user would write it. */
export async function tencentSdk(bucket: Bucket): Promise<Contender> {
	const folder = await mkdtemp(join(tmpdir(), 'image-repair-bench-'));
	const place = { Bucket: bucket.bucket, Region: bucket.region };
	const connect = (concurrency: number) =>
		new COS({
			SecretId: bucket.secretId,
			SecretKey: bucket.secretKey,
			Domain: new URL(bucket.url).host,
			Protocol: bucket.url.startsWith('https:') ? 'https:' : 'http:',
			UseRawKey: true,
			// The SDK's default is three uploads at a time.
			FileParallelLimit: concurrency,
		});

	const calls: Record<Job['call'], (cos: COS, job: Job, item: number) => Promise<string>> = {
		async cloud(cos, { source }, item) {
			const response = await cos.request({
				...place,
				Method: 'POST',
				Key: source,
				Action: 'image_process',
				Headers: { 'Pic-Operations': picOperations(item) },
			});
			return keyIn(response, item);
		},
		async upload(cos, { source }, item) {
			const response = await cos.putObject({
				...place,
				Key: uploadKey(item),
				Body: createReadStream(source),
				ContentLength: (await stat(source)).size,
				ContentType: 'image/bmp',
				Headers: { 'Pic-Operations': picOperations(item) },
			});
			return keyIn(response, item);
		},
		async download(cos, { source }, item) {
			const { statusCode } = await cos.getObject({
				...place,
				Key: downloadKey(source, item),
				Query: { 'ci-process': 'ImageRepair' },
				Output: createWriteStream(join(folder, `${item}.bmp`)),
			});
			return statusCode === 200 ? resultKey(item) : '';
		},
	};

	return {
		prepare(job) {
			const cos = connect(job.concurrency);
			const limit = pLimit(job.concurrency);
			const items = Array.from({ length: job.items }, (_, item) => item);
			return Promise.resolve(async () => {
				await limit.map(items, async (item) => {
					const key = await calls[job.call](cos, job, item);
					if (key !== resultKey(item)) throw new Error(`The SDK returned the key "${key}"`);
				});
			});
		},
		async cleanUp() {
			await emptyFolder(folder);
		},
		async close() {
			await rm(folder, { recursive: true, force: true });
		},
	};
}
