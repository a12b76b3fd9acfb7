import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import type { Bucket, ContenderName, Job, Measurement } from './contender';
import type { Message } from './process';

/** A contender in a process of its own, so that time and memory are its own. */
export interface SpawnedContender {
	/** @throws Error when a call was not answered as it should be */
	run(job: Job): Promise<Measurement>;
	close(): Promise<void>;
}

async function next(child: ChildProcess): Promise<Message> {
	return await new Promise((resolve, reject) => {
		const ended = () => reject(new Error('The process of a contender ended'));
		child.once('exit', ended);
		child.once('message', (message) => {
			child.off('exit', ended);
			resolve(message as Message);
		});
	});
}

/** @param nodeOptions for Node.js, such as `--cpu-prof` */
export async function spawnContender(
	name: ContenderName,
	{ url, bucket, region, secretId, secretKey }: Bucket,
	nodeOptions: readonly string[] = [],
): Promise<SpawnedContender> {
	const argument = JSON.stringify({ url, bucket, region, secretId, secretKey });
	const child = fork(join(__dirname, 'process.ts'), [name, argument], {
		execArgv: ['--import', 'tsx', '--expose-gc', ...nodeOptions],
	});
	await next(child);
	return {
		async run(job) {
			const answer = next(child);
			child.send(job);
			const message = await answer;
			if ('measured' in message) return message.measured;
			throw new Error('failed' in message ? message.failed : 'The process gave no measurement');
		},
		async close() {
			const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
			child.disconnect();
			await ended;
		},
	};
}
