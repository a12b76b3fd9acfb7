import { randomBytes } from 'node:crypto';

import { encodeBmp } from '../sandbox/repair/bmp';
import { spawnSandbox } from '../sandbox/spawn';
import {
	downloadKey,
	type ContenderName,
	type Job,
	type Measurement,
} from './contenders/contender';
import { spawnContender, type SpawnedContender } from './contenders/spawn';
import { openDistance } from './distance';

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
	putObject(key: string, bytes: Buffer): Promise<void>;
	/** How many connections the last run opened, where there is a distance. */
	connections(): Promise<number>;
	close(): Promise<void>;
}

/** Lets the JIT compile every contender's code before anything is measured. */
const WARM_UP_ITEMS = 60;

/**
 * @param delay duration of each repair, in milliseconds
 * @param call used to warm up the contenders
 * @param roundTrip milliseconds: where it is given, the sandbox is behind TLS, at that distance
 */
export async function openRig(
	delay: number,
	names: readonly ContenderName[],
	call: 'cloud' | 'download' = 'cloud',
	roundTrip?: number,
): Promise<Rig> {
	const sandbox = await spawnSandbox({ delay });
	const distance = roundTrip === undefined ? undefined : await openDistance(sandbox.url, roundTrip);
	const contenders = new Map<ContenderName, SpawnedContender>();
	const close = async () => {
		for (const contender of contenders.values()) await contender.close();
		await distance?.close();
		await sandbox.close();
	};
	const stored = new Map<string, Buffer>();
	const copies = new Set<string>();
	const putObject = async (key: string, bytes: Buffer) => {
		stored.set(key, bytes);
		await sandbox.putObject(key, bytes, 'image/bmp');
	};
	/** What the items of a download take, as far as it is not there from an earlier run. */
	const putCopies = async ({ source, items }: Job) => {
		const bytes = stored.get(source);
		if (!bytes) throw new Error(`The rig has no object "${source}"`);
		for (let item = 0; item < items; item++) {
			const key = downloadKey(source, item);
			if (copies.has(key)) continue;
			copies.add(key);
			await sandbox.putObject(key, bytes, 'image/bmp');
		}
	};
	const run: Rig['run'] = async (name, job) => {
		const contender = contenders.get(name);
		if (!contender) throw new Error(`The rig has no contender "${name}"`);
		if (job.call === 'download') await putCopies(job);
		await sandbox.resetCalls();
		await distance?.connections();
		const measured = await contender.run(job);
		const billed = (await sandbox.calls()).filter((one) => one.billed).length;
		if (billed === job.items) return measured;
		throw new Error(`${name}: ${billed} billed calls for ${job.items} items`);
	};
	try {
		await putObject(SMALL_KEY, noise(64, 48));
		const bucket = { ...sandbox, ...(distance && { url: distance.url }) };
		for (const name of names) {
			contenders.set(name, await spawnContender(name, bucket, distance?.certificate));
			await run(name, { call, items: WARM_UP_ITEMS, concurrency: 20, source: SMALL_KEY });
		}
	} catch (error) {
		await close();
		throw error;
	}
	return {
		run,
		putObject,
		connections: async () => (await distance?.connections()) ?? NaN,
		close,
	};
}
