import { access, mkdir, statfs, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SetupFailure } from './machine';

/** Written last: a folder without it was left half done, and is repaired by doing it again. */
const MARKER = '.complete';

/** Where installations are kept from one checkout to the next. */
export function cacheFolder(): string {
	const home = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
	return join(home, 'n8n-nodes-tencent-image-repair');
}

/**
 * Gives a folder of the cache, filled by `fill` unless it has been before.
 *
 * @param diskBytes that have to be free before it is filled
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

/** Whether something is at a path. */
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
		`The disk of ${folder} has ${gigabytes(free)} left, and ${gigabytes(bytes)} are needed. ` +
			'Make room, or set XDG_CACHE_HOME to a folder on another disk.',
	);
}
