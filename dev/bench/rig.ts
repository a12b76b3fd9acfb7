import { spawnSandbox } from '../sandbox/spawn';
import type { ContenderName, Job, Measurement } from './contenders/contender';
import { spawnContender, type SpawnedContender } from './contenders/spawn';
import { noise, SMALL } from './images';

/** Key of the small image that every sandbox of the bench has. */
export const SMALL_KEY = 'small.bmp';

/** A sandbox in which repair takes a fixed time, and contenders for it, a process each. */
export interface Rig {
	/** @throws Error unless the service billed exactly the calls of the job */
	run(name: ContenderName, job: Job): Promise<Measurement>;
	putObject(key: string, bytes: Uint8Array): Promise<void>;
	close(): Promise<void>;
}

/** Lets every contender's code become as fast as it gets before anything is measured. */
const WARM_UP_ITEMS = 60;

/**
 * @param delay milliseconds that each repair takes
 * @param call what the contenders are warmed up with
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
		throw new Error(`${name}: ${billed} of ${job.items} calls were done`);
	};
	try {
		await sandbox.putObject(SMALL_KEY, noise(SMALL.width, SMALL.height), 'image/bmp');
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
