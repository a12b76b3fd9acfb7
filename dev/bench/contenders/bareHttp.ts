import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';

import type { OutgoingRequest } from '../../../cos/signing/authorize';
import { emptyFolder, type Bucket, type Contender, type Job } from './contender';
import { isExpected, signedRequests } from './signedRequests';

/**
 * The floor: requests signed in advance, sent with Node's own `http` over keep-alive connections.
 * Nothing can make the same calls with less work.
 */
export async function bareHttp(bucket: Bucket): Promise<Contender> {
	const folder = await mkdtemp(join(tmpdir(), 'image-repair-bench-'));
	const agent = new Agent({ keepAlive: true });

	const send = async ({ method, url, headers }: OutgoingRequest, file?: string) =>
		await new Promise<IncomingMessage>((resolve, reject) => {
			const outgoing = request(url, { method, headers, agent }, resolve).on('error', reject);
			if (file === undefined) outgoing.end();
			else pipeline(createReadStream(file), outgoing).catch(reject);
		});

	const call = async (outgoing: OutgoingRequest, job: Job, item: number) => {
		const response = await send(outgoing, job.call === 'upload' ? job.source : undefined);
		let body = '';
		if (job.call !== 'download') body = await text(response);
		else await pipeline(response, createWriteStream(join(folder, `${item}.bmp`)));
		if (isExpected(job.call, item, response.statusCode ?? 0, body)) return;
		throw new Error(`Status ${response.statusCode ?? 0}. ${body}`);
	};

	return {
		async prepare(job) {
			const requests = await signedRequests(bucket, job);
			const limit = pLimit(job.concurrency);
			return async () => {
				await limit.map(requests, async (outgoing, item) => await call(outgoing, job, item));
			};
		},
		async cleanUp() {
			await emptyFolder(folder);
		},
		async close() {
			agent.destroy();
			await rm(folder, { recursive: true, force: true });
		},
	};
}
