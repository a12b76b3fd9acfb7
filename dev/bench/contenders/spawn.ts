import { fork } from 'node:child_process';
import { join } from 'node:path';

import { nextMessage } from '../../nextMessage';
import type { Bucket, ContenderName, Job, Measurement } from './contender';
import type { Message } from './process';

/** A contender in its own process, so that time and memory can be measured separately. */
export interface SpawnedContender {
	/** @throws Error when a response is not as expected */
	run(job: Job): Promise<Measurement>;
	close(): Promise<void>;
}

/** @param certificate a PEM file with the certificate that it trusts, of a bucket behind TLS */
export async function spawnContender(
	name: ContenderName,
	{ url, bucket, region, secretId, secretKey }: Bucket,
	certificate?: string,
): Promise<SpawnedContender> {
	const argument = JSON.stringify({ url, bucket, region, secretId, secretKey });
	const child = fork(join(__dirname, 'process.ts'), [name, argument], {
		execArgv: ['--import', 'tsx', '--expose-gc'],
		// Read by Node when it starts.
		...(certificate !== undefined && {
			env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate },
		}),
	});
	await nextMessage(child);
	return {
		async run(job) {
			const response = nextMessage(child);
			child.send(job);
			const message = (await response) as Message;
			if ('measured' in message) return message.measured;
			throw new Error(
				'failed' in message ? message.failed : 'The contender returned no measurement',
			);
		},
		async close() {
			const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
			child.disconnect();
			await ended;
		},
	};
}
