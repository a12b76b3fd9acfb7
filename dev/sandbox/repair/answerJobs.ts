import { parentPort } from 'node:worker_threads';

import { CosFailure } from '../http/failure';
import type { NumberedJob, NumberedResult } from './jobThread';

/**
 * Answers the jobs of a `JobThread`, inside its thread.
 * @param task what it does, for error messages
 * @param work is given jobs of the thread's type: both ends belong together
 */
export function answerJobs(task: string, work: (job: unknown) => Promise<unknown>): void {
	const answer = async ({
		number,
		job,
	}: NumberedJob<unknown>): Promise<NumberedResult<unknown>> => {
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
	parentPort?.on('message', (job: NumberedJob<unknown>) => {
		void answer(job).then((result) => parentPort?.postMessage(result));
	});
}
