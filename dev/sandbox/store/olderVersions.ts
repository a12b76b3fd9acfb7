import { createHash, randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

import type { ObjectRecord } from './objectRecord';

/** A version of an object and where its bytes are; without them it is a delete marker. */
export interface StoredVersion {
	readonly version: number;
	readonly stored: { readonly record: ObjectRecord; readonly file: string } | undefined;
}

/**
 * The ID of a version, in the service's format: Base64 of a number, without padding. Versions of
 * different keys have different IDs.
 */
export function versionId(bucket: string, key: string, version: number): string {
	const hash = createHash('sha256')
		.update(JSON.stringify([bucket, key, version]))
		.digest();
	const number = String(hash.readBigUInt64BE()).padStart(20, '0');
	return Buffer.from(number).toString('base64').replace(/=+$/, '');
}

/**
 * What a versioned bucket keeps beside the objects that readers see: the versions before them, and
 * delete markers. It is kept until the sandbox stops.
 */
export class OlderVersions {
	/** whether the bucket is versioned */
	isEnabled = false;
	/** sorted by version */
	private readonly byKey = new Map<string, readonly StoredVersion[]>();

	/** @param folder for the bytes; what an earlier run has left there is removed */
	constructor(private readonly folder: string) {
		fs.rmSync(folder, { recursive: true, force: true });
	}

	/** Keeps a version that readers do not see any more, and moves its bytes here. */
	keep(record: ObjectRecord, from: string): void {
		fs.mkdirSync(this.folder, { recursive: true });
		const file = path.join(this.folder, randomUUID());
		fs.renameSync(from, file);
		fs.rmSync(`${from}.json`, { force: true });
		this.add(record.key, { version: record.version, stored: { record, file } });
	}

	addMarker(key: string, version: number): void {
		this.add(key, { version, stored: undefined });
	}

	of(key: string): readonly StoredVersion[] {
		return this.byKey.get(key) ?? [];
	}

	keys(): Iterable<string> {
		return this.byKey.keys();
	}

	/** Forgets a version. Its bytes stay where they are. */
	take(key: string, version: number): void {
		const rest = this.of(key).filter((older) => older.version !== version);
		if (rest.length === 0) this.byKey.delete(key);
		else this.byKey.set(key, rest);
	}

	clear(): void {
		this.byKey.clear();
		fs.rmSync(this.folder, { recursive: true, force: true });
	}

	private add(key: string, version: StoredVersion): void {
		const all = [...this.of(key), version];
		this.byKey.set(
			key,
			all.sort((a, b) => a.version - b.version),
		);
	}
}
