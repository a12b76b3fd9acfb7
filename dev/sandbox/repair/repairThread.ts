import * as path from 'node:path';
import { Worker } from 'node:worker_threads';

import { CosFailure, type FailureCode } from '../http/failure';
import type { Area, Repaired } from './repair';

/** An image to repair, as sent to the worker thread. */
export interface WorkerJob {
	readonly number: number;
	readonly source: Uint8Array;
	readonly area: Area;
}

/** The result the worker sends back. */
export type WorkerResult =
	| { readonly number: number; readonly repaired: Repaired }
	| {
			readonly number: number;
			readonly failure: { readonly code: FailureCode; readonly message: string };
	  };

interface Waiting {
	readonly resolve: (repaired: Repaired) => void;
	readonly reject: (error: Error) => void;
}

/** A worker does not inherit the loader for TypeScript, so it is registered first. */
const BOOT = `
	const { workerData } = require('node:worker_threads');
	require(workerData.loader);
	require(workerData.main);
`;

/**
 * Repairs images in a worker thread, one after the other, so that the servers stay responsive. The
 * thread starts with the first image.
 */
export class RepairThread {
	private worker: Worker | undefined;
	private readonly waiting = new Map<number, Waiting>();
	private count = 0;

	/** @throws CosFailure as `repairImage` does; `InternalError` if the thread dies */
	async repair(source: Uint8Array, area: Area): Promise<Repaired> {
		const worker = (this.worker ??= this.start());
		const job: WorkerJob = { number: ++this.count, source, area };
		return await new Promise((resolve, reject) => {
			this.waiting.set(job.number, { resolve, reject });
			// A busy thread keeps the process alive; an idle one must not.
			worker.ref();
			worker.postMessage(job);
		});
	}

	async close(): Promise<void> {
		await this.worker?.terminate();
	}

	private start(): Worker {
		const worker = new Worker(BOOT, {
			eval: true,
			execArgv: [],
			workerData: {
				loader: require.resolve('tsx/cjs'),
				main: path.join(__dirname, 'repairWorker.ts'),
			},
		});
		worker.on('message', (result: WorkerResult) => this.settle(result));
		worker.on('error', (error) => this.fail(worker, error.message));
		worker.on('exit', () => this.fail(worker, 'its thread has exited'));
		worker.unref();
		return worker;
	}

	private settle(result: WorkerResult): void {
		const waiting = this.waiting.get(result.number);
		this.waiting.delete(result.number);
		if (this.waiting.size === 0) this.worker?.unref();
		if ('repaired' in result) waiting?.resolve(result.repaired);
		else waiting?.reject(new CosFailure(result.failure.code, result.failure.message));
	}

	private fail(worker: Worker, reason: string): void {
		// `repair` can have started a new thread before the exit of the old one is reported.
		if (this.worker !== worker) return;
		this.worker = undefined;
		for (const { reject } of this.waiting.values()) {
			reject(new CosFailure('InternalError', `The repair failed: ${reason}.`));
		}
		this.waiting.clear();
	}
}
