import * as path from 'node:path';

import { JobThread } from './jobThread';
import type { Area, Repaired } from './repair';

/** An image to repair, as sent to the worker thread. */
export interface RepairJob {
	readonly source: Uint8Array;
	readonly area: Area;
}

/** Repairs images in a worker thread. */
export class RepairThread {
	private readonly thread = new JobThread<RepairJob, Repaired>(
		path.join(__dirname, 'repairWorker.ts'),
		'repair',
	);

	/** @throws CosFailure as `repairImage` does; `InternalError` if the thread dies */
	async repair(source: Uint8Array, area: Area): Promise<Repaired> {
		return await this.thread.run({ source, area });
	}

	async close(): Promise<void> {
		await this.thread.close();
	}
}
