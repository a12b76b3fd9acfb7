import { parentPort } from 'node:worker_threads';

import { CosFailure } from '../http/failure';
import type { NumberedJob, NumberedResult } from './jobThread';

/**
 * Answers the jobs of a `JobThread`, inside its thread.
 * @param task what it does, for error messages
 */
export function answerJobs<Job, Result>(
	task: string,
	work: (job: Job) => Promise<Result> | Result,
): void {
	const answer = async ({ number, job }: NumberedJob<Job>): Promise<NumberedResult<Result>> => {
		try {
			return { number, result: await work(job) };
		} catch (error) {
			if (error instanceof CosFailure) {
				return { number, failure: { code: error.code, message: error.message } };
			}
			const message = error instanceof Error ? error.message : String(error);
			return {
				number,
				failure: { code: 'InternalError', message: `The ${task} failed: ${message}` },
			};
		}
	};
	parentPort?.on('message', (job: NumberedJob<Job>) => {
		void answer(job).then((result) => parentPort?.postMessage(result));
	});
}
