import { access, mkdir, statfs, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SetupFailure } from './machine';

/** Written last. A folder without it is incomplete and is filled again. */
const MARKER = '.complete';

/** Where installations are kept, shared by all checkouts. */
export function cacheFolder(): string {
	const home = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
	return join(home, 'n8n-nodes-tencent-image-repair');
}

/**
 * Returns a folder of the cache, filled by `fill` the first time.
 *
 * @param diskBytes free space that filling it takes
 * @throws SetupFailure when the disk is too full
 */
export async function cached(
	name: string,
	diskBytes: number,
	fill: (folder: string) => Promise<void>,
): Promise<string> {
	const folder = join(cacheFolder(), name);
	if (await exists(join(folder, MARKER))) return folder;
	await mkdir(folder, { recursive: true });
	await requireSpace(folder, diskBytes);
	await fill(folder);
	await writeFile(join(folder, MARKER), `${new Date().toISOString()}\n`);
	return folder;
}

/** Whether a file or folder exists. */
export async function exists(path: string): Promise<boolean> {
	return await access(path).then(
		() => true,
		() => false,
	);
}

async function requireSpace(folder: string, bytes: number): Promise<void> {
	const { bavail, bsize } = await statfs(folder);
	const free = bavail * bsize;
	if (free >= bytes) return;
	const gigabytes = (count: number) => `${(count / 1e9).toFixed(1)} GB`;
	throw new SetupFailure(
		`The disk of ${folder} has ${gigabytes(free)} left, but ${gigabytes(bytes)} are needed. ` +
			'Free some space, or set XDG_CACHE_HOME to a folder on another disk.',
	);
}
