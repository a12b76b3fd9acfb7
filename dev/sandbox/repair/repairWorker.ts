import { parentPort } from 'node:worker_threads';

import { CosFailure } from '../http/failure';
import { repairImage } from './repair';
import type { WorkerResult, WorkerJob } from './repairThread';

async function repair({ number, source, area }: WorkerJob): Promise<WorkerResult> {
	try {
		return { number, repaired: await repairImage(Buffer.from(source), area) };
	} catch (error) {
		if (error instanceof CosFailure) {
			return { number, failure: { code: error.code, message: error.message } };
		}
		const message = error instanceof Error ? error.message : String(error);
		return { number, failure: { code: 'InternalError', message: `The repair failed: ${message}` } };
	}
}

parentPort?.on('message', (job: WorkerJob) => {
	void repair(job).then((result) => parentPort?.postMessage(result));
});
