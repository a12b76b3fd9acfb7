import { Worker } from 'node:worker_threads';

import { CosFailure, type FailureCode } from '../http/failure';

/** A job, as sent to a worker thread. */
export interface NumberedJob<Job> {
	readonly number: number;
	readonly job: Job;
}

/** What a worker sends back. */
export type NumberedResult<Result> =
	| { readonly number: number; readonly result: Result }
	| {
			readonly number: number;
			readonly failure: { readonly code: FailureCode; readonly message: string };
	  };

interface Waiting<Result> {
	readonly resolve: (result: Result) => void;
	readonly reject: (error: Error) => void;
}

/** A worker does not inherit the loader for TypeScript, so it is registered first. */
const BOOT = `
	const { workerData } = require('node:worker_threads');
	require(workerData.loader);
	require(workerData.main);
`;

/**
 * Does jobs in a worker thread, one after the other, so that the servers stay responsive. The thread
 * starts with the first job.
 */
export class JobThread<Job, Result> {
	private worker: Worker | undefined;
	private readonly waiting = new Map<number, Waiting<Result>>();
	private count = 0;

	/**
	 * @param main the file that the thread runs, which answers jobs with `answerJobs`
	 * @param task what it does, for error messages
	 */
	constructor(
		private readonly main: string,
		private readonly task: string,
	) {}

	/** @throws CosFailure as the job does; `InternalError` if the thread dies */
	async run(job: Job): Promise<Result> {
		const worker = (this.worker ??= this.start());
		const numbered: NumberedJob<Job> = { number: ++this.count, job };
		return await new Promise((resolve, reject) => {
			this.waiting.set(numbered.number, { resolve, reject });
			// A busy thread keeps the process alive; an idle one must not.
			worker.ref();
			worker.postMessage(numbered);
		});
	}

	async close(): Promise<void> {
		await this.worker?.terminate();
	}

	private start(): Worker {
		const worker = new Worker(BOOT, {
			eval: true,
			execArgv: [],
			workerData: { loader: require.resolve('tsx/cjs'), main: this.main },
		});
		worker.on('message', (result: NumberedResult<Result>) => this.settle(result));
		worker.on('error', (error) => this.fail(worker, error.message));
		worker.on('exit', () => this.fail(worker, 'its thread has exited'));
		worker.unref();
		return worker;
	}

	private settle(result: NumberedResult<Result>): void {
		const waiting = this.waiting.get(result.number);
		this.waiting.delete(result.number);
		if (this.waiting.size === 0) this.worker?.unref();
		if ('result' in result) waiting?.resolve(result.result);
		else waiting?.reject(new CosFailure(result.failure.code, result.failure.message));
	}

	private fail(worker: Worker, reason: string): void {
		// `run` can have started a new thread before the exit of the old one is reported.
		if (this.worker !== worker) return;
		this.worker = undefined;
		for (const { reject } of this.waiting.values()) {
			reject(new CosFailure('InternalError', `The ${this.task} failed: ${reason}.`));
		}
		this.waiting.clear();
	}
}
