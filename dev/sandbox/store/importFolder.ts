import * as fs from 'node:fs';
import * as path from 'node:path';

import type { Store } from './store';

const MIME_BY_EXTENSION: Readonly<Record<string, string>> = {
	'.jpg': 'image/jpeg',
	'.jpeg': 'image/jpeg',
	'.png': 'image/png',
	'.webp': 'image/webp',
	'.gif': 'image/gif',
	'.bmp': 'image/bmp',
};

/**
 * Copies every image file of a folder and its subfolders into a bucket; the key is the path
 * relative to the folder, with `/` between its parts.
 * @returns how many objects it made
 * @throws Error when the folder cannot be read
 */
export function importFolder(folder: string, store: Store, bucket: string): number {
	let count = 0;
	for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
		const contentType = MIME_BY_EXTENSION[path.extname(entry.name).toLowerCase()];
		if (!entry.isFile() || contentType === undefined) continue;
		const file = path.join(entry.parentPath, entry.name);
		const key = path.relative(folder, file).split(path.sep).join('/');
		const lastModified = fs.statSync(file).mtimeMs;
		store.put(bucket, key, fs.readFileSync(file), { contentType, lastModified });
		count++;
	}
	return count;
}
