import * as path from 'node:path';
import { Worker } from 'node:worker_threads';

import { CosFailure, type FailureCode } from '../http/failure';
import type { Area, Repaired } from './repair';

/** An image on its way to the worker. */
export interface WorkerJob {
	readonly number: number;
	readonly source: Uint8Array;
	readonly area: Area;
}

/** What the worker made of it. */
export type WorkerAnswer =
	| { readonly number: number; readonly repaired: Repaired }
	| {
			readonly number: number;
			readonly failure: { readonly code: FailureCode; readonly message: string };
	  };

interface Waiting {
	readonly resolve: (repaired: Repaired) => void;
	readonly reject: (error: Error) => void;
}

/** A worker begins without the loader that reads TypeScript: it is registered first. */
const BOOT = `
	const { workerData } = require('node:worker_threads');
	require(workerData.loader);
	require(workerData.main);
`;

/**
 * Repairs images in one thread of their own, so that the servers answer meanwhile. The thread
 * begins with the first image and takes images in the order they come.
 */
export class RepairPool {
	private worker: Worker | undefined;
	private readonly waiting = new Map<number, Waiting>();
	private count = 0;

	/** @throws CosFailure what `repairImage` throws; `InternalError` when the thread dies */
	async repair(source: Uint8Array, area: Area): Promise<Repaired> {
		const worker = (this.worker ??= this.start());
		const job: WorkerJob = { number: ++this.count, source, area };
		return await new Promise((resolve, reject) => {
			this.waiting.set(job.number, { resolve, reject });
			// An idle thread lets the process end; one at work does not.
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
		worker.on('message', (answer: WorkerAnswer) => this.settle(answer));
		worker.on('error', (error) => this.fail(worker, error.message));
		worker.on('exit', () => this.fail(worker, 'its thread has ended'));
		worker.unref();
		return worker;
	}

	private settle(answer: WorkerAnswer): void {
		const waiting = this.waiting.get(answer.number);
		this.waiting.delete(answer.number);
		if (this.waiting.size === 0) this.worker?.unref();
		if ('repaired' in answer) waiting?.resolve(answer.repaired);
		else waiting?.reject(new CosFailure(answer.failure.code, answer.failure.message));
	}

	private fail(worker: Worker, reason: string): void {
		// The next image may have started another thread before this one has said that it ended.
		if (this.worker !== worker) return;
		this.worker = undefined;
		for (const { reject } of this.waiting.values()) {
			reject(new CosFailure('InternalError', `The repair failed: ${reason}.`));
		}
		this.waiting.clear();
	}
}
