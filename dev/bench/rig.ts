import { randomBytes } from 'node:crypto';

import { encodeBmp } from '../sandbox/repair/bmp';
import { spawnSandbox } from '../sandbox/spawn';
import type { ContenderName, Job, Measurement } from './contenders/contender';
import { spawnContender, type SpawnedContender } from './contenders/spawn';

/** Key of the small image in every sandbox of the bench. */
export const SMALL_KEY = 'small.bmp';

/** A BMP of noise, which cannot be compressed: about `3 × width × height` bytes. */
export function noise(width: number, height: number): Buffer {
	const data = randomBytes(width * height * 3);
	return encodeBmp({ data, width, height, channels: 3 });
}

/** A sandbox with a fixed repair time, and contenders that use it, each in its own process. */
export interface Rig {
	/** @throws Error unless the sandbox has billed exactly one call per item */
	run(name: ContenderName, job: Job): Promise<Measurement>;
	putObject(key: string, bytes: Uint8Array): Promise<void>;
	close(): Promise<void>;
}

/** Lets the JIT compile every contender's code before anything is measured. */
const WARM_UP_ITEMS = 60;

/**
 * @param delay duration of each repair, in milliseconds
 * @param call used to warm up the contenders
 */
export async function openRig(
	delay: number,
	names: readonly ContenderName[],
	call: 'cloud' | 'download' = 'cloud',
): Promise<Rig> {
	const sandbox = await spawnSandbox({ delay });
	const contenders = new Map<ContenderName, SpawnedContender>();
	const close = async () => {
		for (const contender of contenders.values()) await contender.close();
		await sandbox.close();
	};
	const run: Rig['run'] = async (name, job) => {
		const contender = contenders.get(name);
		if (!contender) throw new Error(`The rig has no contender "${name}"`);
		await sandbox.resetCalls();
		const measured = await contender.run(job);
		const billed = (await sandbox.calls()).filter((one) => one.billed).length;
		if (billed === job.items) return measured;
		throw new Error(`${name}: ${billed} billed calls for ${job.items} items`);
	};
	try {
		await sandbox.putObject(SMALL_KEY, noise(64, 48), 'image/bmp');
		for (const name of names) {
			contenders.set(name, await spawnContender(name, sandbox));
			await run(name, { call, items: WARM_UP_ITEMS, concurrency: 20, source: SMALL_KEY });
		}
	} catch (error) {
		await close();
		throw error;
	}
	return {
		run,
		putObject: async (key, bytes) => await sandbox.putObject(key, bytes, 'image/bmp'),
		close,
	};
}
