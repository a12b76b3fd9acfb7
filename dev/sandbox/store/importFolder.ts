import * as fs from 'node:fs';
import * as path from 'node:path';

import { MIME_TYPES } from '../repair/formats';
import type { Store } from './store';

const MIME_TYPE_BY_EXTENSION = new Map(
	Object.entries({ ...MIME_TYPES, jpg: MIME_TYPES.jpeg }).map(([name, type]) => [`.${name}`, type]),
);

/**
 * Copies every image file in a folder and its subfolders into a bucket. The key is the path relative
 * to the folder, with `/` as separator.
 * @throws Error if the folder cannot be read
 */
export function importFolder(folder: string, store: Store, bucket: string): void {
	for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
		const contentType = MIME_TYPE_BY_EXTENSION.get(path.extname(entry.name).toLowerCase());
		if (!entry.isFile() || contentType === undefined) continue;
		const file = path.join(entry.parentPath, entry.name);
		const key = path.relative(folder, file).split(path.sep).join('/');
		const lastModified = fs.statSync(file).mtimeMs;
		store.put(bucket, key, fs.readFileSync(file), { contentType, lastModified });
	}
}
