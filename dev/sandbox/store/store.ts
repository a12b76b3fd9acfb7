import { createHash, randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Transform, type Readable } from 'node:stream';

import { Clock } from '../clock';
import { isObject, parseJson } from '../http/json';
import { checkKey } from '../http/target';
import { compareKeys, firstIndex } from './keyOrder';
import type { ObjectRecord } from './objectRecord';
import { OlderVersions, versionId, type StoredVersion } from './olderVersions';

/** Metadata for a new object. */
export interface NewObject {
	readonly contentType: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Unix milliseconds */
	readonly lastModified: number;
	/** who writes it: the request ID of a call; by default the control port */
	readonly writer?: string;
	/** milliseconds until reading and listing show it; until then they show what was there before */
	readonly visibleAfterMs?: number;
}

/** The writer of a version that no call to the bucket has written. */
export const CONTROL_PORT = 'control port';

/** One version of an object, or its deletion. */
export interface Version {
	readonly bucket: string;
	readonly key: string;
	/** counts from 1 for each key */
	readonly version: number;
	/** of the bytes, 32 hex digits; null for a deletion */
	readonly md5: string | null;
	/** Unix milliseconds on the sandbox's clock */
	readonly storedAt: number;
	readonly visibleAt: number;
	/** request ID, or `CONTROL_PORT` */
	readonly writer: string;
}

/** A version that a reader can still get: the object itself, an older one or a delete marker. */
export interface RemainingVersion {
	readonly key: string;
	readonly versionId: string;
	/** counts from 1 for each key */
	readonly version: number;
	/** of the bytes, 32 hex digits; null for a delete marker */
	readonly md5: string | null;
	/** whether it is what a reader gets without an ID */
	readonly isLatest: boolean;
}

/** A complete body on disk that is not an object yet: commit it or discard it. */
export interface Draft {
	readonly file: string;
	/** 32 hex digits */
	readonly md5: string;
	/** bytes */
	readonly size: number;
}

/** Which keys a page holds. */
export interface KeyRange {
	readonly prefix: string;
	/** the page begins after it */
	readonly marker: string;
	/** empty for none */
	readonly delimiter: string;
	readonly maxKeys: number;
}

/** One page of keys, in the order of their UTF-8 bytes. */
export interface KeyPage {
	readonly records: readonly ObjectRecord[];
	readonly commonPrefixes: readonly string[];
	/** the last key or prefix of the page, if another page follows */
	readonly nextMarker: string | undefined;
}

/** The objects of one bucket. */
interface BucketIndex {
	readonly folder: string;
	readonly records: Map<string, ObjectRecord>;
	readonly sortedKeys: string[];
	/** the newest version of each key, whether it can be seen or not */
	readonly newest: Map<string, Version>;
	/** how many versions each key has had, those included that were removed by their ID */
	readonly counts: Map<string, number>;
	readonly older: OlderVersions;
	/** versions that cannot be seen yet */
	readonly hidden: HiddenVersion[];
}

interface HiddenVersion {
	readonly record: ObjectRecord;
	/** its bytes; the record is beside them in `<file>.json` */
	readonly file: string;
	/** Unix milliseconds of the system clock */
	readonly visibleAt: number;
}

/** Reads an object's metadata file; undefined if it is invalid. */
function readRecord(file: string): ObjectRecord | undefined {
	const value = parseJson(fs.readFileSync(file, 'utf8'));
	if (!isObject(value) || !isObject(value.headers)) return undefined;
	const { key, contentType, md5, size, lastModified, headers } = value;
	if (typeof key !== 'string' || typeof contentType !== 'string' || typeof md5 !== 'string') {
		return undefined;
	}
	if (typeof size !== 'number' || typeof lastModified !== 'number') return undefined;
	const texts = Object.entries(headers).filter(
		(entry): entry is [string, string] => typeof entry[1] === 'string',
	);
	const version = typeof value.version === 'number' ? value.version : 1;
	return { key, contentType, md5, size, lastModified, headers: Object.fromEntries(texts), version };
}

/**
 * Keeps the objects of several buckets in one folder: the bytes in
 * `objects/<bucket>/<SHA-256 of the key>`, the record beside it in `<SHA-256>.json`. Keys are hashed
 * so that they cannot escape the folder, and so that keys that differ only in case are different
 * files on every file system.
 */
export class Store {
	private readonly indexes = new Map<string, BucketIndex>();
	private readonly draftFolder: string;
	private written: Version[] = [];

	/** Opens a folder, creating it if needed, and indexes the objects in it. */
	constructor(
		folder: string,
		buckets: Iterable<string>,
		private readonly clock = new Clock(),
	) {
		this.draftFolder = path.join(folder, 'drafts');
		// Drafts left by an earlier run were never committed.
		fs.rmSync(this.draftFolder, { recursive: true, force: true });
		fs.mkdirSync(this.draftFolder, { recursive: true });
		for (const bucket of buckets) {
			const older = new OlderVersions(path.join(folder, 'versions', bucket));
			this.indexes.set(bucket, openIndex(bucket, path.join(folder, 'objects', bucket), older));
		}
	}

	/** Turns versioning of all buckets on, or off: then all older versions and delete markers are gone. */
	setVersioned(isVersioned: boolean): void {
		for (const { older } of this.indexes.values()) {
			older.isEnabled = isVersioned;
			if (!isVersioned) older.clear();
		}
	}

	isVersioned(bucket: string): boolean {
		return this.index(bucket).older.isEnabled;
	}

	/** The version with this ID; undefined if there is none, or none any more. */
	findVersion(bucket: string, key: string, id: string): StoredVersion | undefined {
		return this.versionsOf(bucket, key).find(
			({ version }) => versionId(bucket, key, version) === id,
		);
	}

	/** The versions that remain of a key, or of all keys of the bucket; the newest of a key first. */
	remaining(bucket: string, onlyKey?: string): readonly RemainingVersion[] {
		const { sortedKeys, older } = this.index(bucket);
		const all = new Set([...sortedKeys, ...older.keys()]);
		const keys = onlyKey === undefined ? [...all].sort(compareKeys) : [onlyKey];
		return keys.flatMap((key) =>
			this.versionsOf(bucket, key).map(({ version, stored }, position) => ({
				key,
				versionId: versionId(bucket, key, version),
				version,
				md5: stored?.record.md5 ?? null,
				isLatest: position === 0,
			})),
		);
	}

	/**
	 * Removes the version with this ID for good. If it was the newest, the one before it takes its place.
	 * Returns the version; undefined if there is none.
	 */
	deleteVersion(bucket: string, key: string, id: string): StoredVersion | undefined {
		const index = this.index(bucket);
		const removed = this.findVersion(bucket, key, id);
		if (!removed) return undefined;
		if (index.records.get(key)?.version === removed.version) hide(index, key);
		else index.older.take(key, removed.version);
		if (removed.stored) removeFiles(removed.stored.file);

		const [latest] = this.versionsOf(bucket, key);
		if (latest?.stored && !index.records.has(key)) {
			const { record, file } = latest.stored;
			index.older.take(key, latest.version);
			fs.writeFileSync(`${file}.json`, JSON.stringify(record));
			show(index, record, file);
		}
		if (index.newest.get(key)?.version === removed.version) {
			if (latest) index.newest.set(key, reconstructed(bucket, key, latest));
			else index.newest.delete(key);
		}
		return removed;
	}

	/** What can be read of a key, the newest version first. */
	private versionsOf(bucket: string, key: string): readonly StoredVersion[] {
		const current = this.current(bucket, key);
		const older = this.index(bucket).older.of(key).toReversed();
		return current ? [current, ...older] : older;
	}

	/** The record of an object, undefined if there is none. */
	find(bucket: string, key: string): ObjectRecord | undefined {
		return this.index(bucket).records.get(key);
	}

	/** The version of an object that readers see, undefined if there is none. */
	current(bucket: string, key: string): StoredVersion | undefined {
		const record = this.find(bucket, key);
		if (!record) return undefined;
		return { version: record.version, stored: { record, file: this.fileOf(bucket, key) } };
	}

	/** The bytes of an object, undefined if there is none. */
	read(bucket: string, key: string): Buffer | undefined {
		return this.find(bucket, key) && fs.readFileSync(this.fileOf(bucket, key));
	}

	/**
	 * Streams a body into a draft file. If the stream fails, removes the file and rejects.
	 */
	async receive(body: Readable, onBytes?: (count: number) => void): Promise<Draft> {
		const file = path.join(this.draftFolder, randomUUID());
		const hash = createHash('md5');
		let size = 0;
		const measure = new Transform({
			transform(chunk: Buffer, _encoding, done) {
				hash.update(chunk);
				size += chunk.length;
				onBytes?.(chunk.length);
				done(null, chunk);
			},
		});
		// Not opened by the stream: a stream that is destroyed while it opens its file would create the
		// file after it was removed below.
		const fd = fs.openSync(file, 'wx');
		try {
			await pipeline(body, measure, fs.createWriteStream(file, { fd }));
		} catch (error) {
			fs.rmSync(file, { force: true });
			throw error;
		}
		return { file, md5: hash.digest('hex'), size };
	}

	/** Deletes a draft. */
	discard(draft: Draft): void {
		fs.rmSync(draft.file, { force: true });
	}

	/**
	 * Turns a draft into the object with this key, replacing an existing one.
	 * @throws CosFailure if the key is invalid
	 */
	commit(bucket: string, key: string, draft: Draft, about: NewObject): ObjectRecord {
		checkKey(key);
		const index = this.index(bucket);
		const record: ObjectRecord = {
			key,
			contentType: about.contentType,
			md5: draft.md5,
			size: draft.size,
			lastModified: about.lastModified,
			headers: about.headers ?? {},
			version: nextVersion(index, key),
		};
		fs.writeFileSync(`${draft.file}.json`, JSON.stringify(record));
		const { visibleAfterMs = 0, writer = CONTROL_PORT } = about;
		this.note(
			index,
			{ bucket, key, version: record.version, md5: draft.md5, writer },
			visibleAfterMs,
		);
		if (visibleAfterMs > 0) {
			const visibleAt = this.clock.systemMs() + visibleAfterMs;
			index.hidden.push({ record, file: draft.file, visibleAt });
		} else show(index, record, draft.file);
		return record;
	}

	/** Stores bytes from memory. @throws CosFailure if the key is invalid */
	put(bucket: string, key: string, bytes: Uint8Array, about: NewObject): ObjectRecord {
		checkKey(key);
		const file = path.join(this.draftFolder, randomUUID());
		fs.writeFileSync(file, bytes);
		const md5 = createHash('md5').update(bytes).digest('hex');
		return this.commit(bucket, key, { file, md5, size: bytes.length }, about);
	}

	/** Adds objects that can be listed and have no bytes; they replace what is there. */
	addListed(bucket: string, added: Iterable<ObjectRecord>): void {
		const { records, sortedKeys } = this.index(bucket);
		for (const record of added) {
			if (!records.has(record.key)) sortedKeys.push(record.key);
			records.set(record.key, record);
		}
		sortedKeys.sort(compareKeys);
	}

	/**
	 * Deletes an object, also one that cannot be seen yet; does nothing if there is none. In a versioned
	 * bucket, adds a delete marker in any case, and returns its version.
	 */
	delete(bucket: string, key: string, writer = CONTROL_PORT): number | undefined {
		const index = this.index(bucket);
		const { older, records } = index;
		if (!older.isEnabled && this.newest(bucket, key) === undefined) return undefined;
		const version = nextVersion(index, key);
		this.note(index, { bucket, key, version, md5: null, writer });
		const record = records.get(key);
		hide(index, key);
		if (!older.isEnabled) {
			removeFiles(fileIn(index, key));
			return undefined;
		}
		if (record) older.keep(record, fileIn(index, key));
		older.addMarker(key, version);
		return version;
	}

	/** Deletes all objects of a bucket, with all their versions. */
	empty(bucket: string): void {
		const index = this.index(bucket);
		// From the end: each is taken out of the sorted keys.
		for (const key of [...index.sortedKeys].reverse()) {
			// What can only be listed has no version that was ever written.
			if (index.newest.has(key)) this.delete(bucket, key);
			else hide(index, key);
		}
		index.older.clear();
	}

	/** The newest version of a key, even if it cannot be seen yet; undefined if there is none. */
	newest(bucket: string, key: string): Version | undefined {
		const version = this.index(bucket).newest.get(key);
		return version?.md5 === null ? undefined : version;
	}

	/** Every version written since the start or the last reset, in order. */
	versions(): readonly Version[] {
		return this.written;
	}

	/** Forgets who wrote what; the objects and their counts stay. */
	resetVersions(): void {
		this.written = [];
	}

	/** All keys of a bucket, sorted by their UTF-8 bytes. */
	keys(bucket: string): readonly string[] {
		return this.index(bucket).sortedKeys;
	}

	/**
	 * Lists one page of a bucket: keys that start with `prefix` and sort after `marker`. With a
	 * delimiter, keys that contain it after the prefix are grouped into one common prefix, which counts
	 * as one entry.
	 */
	list(bucket: string, range: KeyRange): KeyPage {
		const { prefix, marker, delimiter, maxKeys } = range;
		const { sortedKeys, records } = this.index(bucket);
		if (maxKeys === 0) return { records: [], commonPrefixes: [], nextMarker: undefined };
		const page: ObjectRecord[] = [];
		const commonPrefixes: string[] = [];
		let last: string | undefined;
		let index = firstIndex(
			sortedKeys,
			(key) => compareKeys(key, prefix) >= 0 && compareKeys(key, marker) > 0,
		);
		// If the previous page ended with a common prefix, skip all keys under it.
		if (delimiter !== '' && marker !== '' && marker.endsWith(delimiter)) {
			index = Math.max(index, afterPrefix(sortedKeys, marker));
		}
		while (index < sortedKeys.length) {
			const key = sortedKeys[index] ?? '';
			if (!key.startsWith(prefix)) break;
			if (page.length + commonPrefixes.length === maxKeys) {
				return { records: page, commonPrefixes, nextMarker: last ?? marker };
			}
			const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
			if (end >= 0) {
				last = key.slice(0, end + delimiter.length);
				commonPrefixes.push(last);
				index = afterPrefix(sortedKeys, last);
			} else {
				const record = records.get(key);
				if (record) page.push(record);
				last = key;
				index++;
			}
		}
		return { records: page, commonPrefixes, nextMarker: undefined };
	}

	private index(bucket: string): BucketIndex {
		const index = this.indexes.get(bucket);
		if (!index) throw new Error(`The store has no bucket "${bucket}".`);
		if (index.hidden.length > 0) showDue(index, this.clock.systemMs());
		return index;
	}

	private note(
		index: BucketIndex,
		version: Omit<Version, 'storedAt' | 'visibleAt'>,
		visibleAfterMs = 0,
	): void {
		const storedAt = this.clock.nowMs();
		const noted = { ...version, storedAt, visibleAt: storedAt + visibleAfterMs };
		index.newest.set(version.key, noted);
		index.counts.set(version.key, version.version);
		this.written.push(noted);
	}

	private fileOf(bucket: string, key: string): string {
		return fileIn(this.index(bucket), key);
	}
}

const fileIn = ({ folder }: BucketIndex, key: string) =>
	path.join(folder, createHash('sha256').update(key).digest('hex'));

const nextVersion = ({ counts }: BucketIndex, key: string) => (counts.get(key) ?? 0) + 1;

/** Removes the bytes of a version, and the record beside them. */
function removeFiles(file: string): void {
	for (const name of [`${file}.json`, file]) fs.rmSync(name, { force: true });
}

/** What is known of a version of which only the record is left. */
function reconstructed(bucket: string, key: string, { version, stored }: StoredVersion): Version {
	const { md5 = null, lastModified = 0 } = stored?.record ?? {};
	const times = { storedAt: lastModified, visibleAt: lastModified };
	return { bucket, key, version, md5, ...times, writer: CONTROL_PORT };
}

/** Moves a complete version to its place, so that it is what readers see. */
function show(index: BucketIndex, record: ObjectRecord, file: string): void {
	const shown = index.records.get(record.key);
	if (shown && index.older.isEnabled) index.older.keep(shown, fileIn(index, record.key));
	// Synchronous, so no reader can see the bytes of one object with the record of another.
	fs.renameSync(file, fileIn(index, record.key));
	fs.renameSync(`${file}.json`, `${fileIn(index, record.key)}.json`);
	addToIndex(index, record);
}

/** Shows the hidden versions whose time has come. A version that is older than what is shown is gone. */
function showDue(index: BucketIndex, now: number): void {
	const due = index.hidden.filter(({ visibleAt }) => visibleAt <= now);
	if (due.length === 0) return;
	const rest = index.hidden.filter(({ visibleAt }) => visibleAt > now);
	index.hidden.splice(0, index.hidden.length, ...rest);
	for (const { record, file } of due) {
		const newest = index.newest.get(record.key);
		const deleted = newest?.md5 === null && newest.version > record.version;
		const overtaken = (index.records.get(record.key)?.version ?? 0) > record.version;
		if (!deleted && !overtaken) show(index, record, file);
		else if (index.older.isEnabled) index.older.keep(record, file);
		else removeFiles(file);
	}
}

/** The index after the last key that starts with a prefix. */
const afterPrefix = (keys: readonly string[], prefix: string) =>
	firstIndex(keys, (key) => compareKeys(key, prefix) > 0 && !key.startsWith(prefix));

function openIndex(bucket: string, folder: string, older: OlderVersions): BucketIndex {
	fs.mkdirSync(folder, { recursive: true });
	const records = new Map<string, ObjectRecord>();
	for (const name of fs.readdirSync(folder)) {
		if (!name.endsWith('.json')) continue;
		const record = readRecord(path.join(folder, name));
		const bytes = path.join(folder, name.slice(0, -'.json'.length));
		// A process killed between the two renames of a commit leaves bytes and a record that differ.
		const size = fs.statSync(bytes, { throwIfNoEntry: false })?.size;
		if (record && record.size === size) records.set(record.key, record);
	}
	const all = [...records.values()];
	const newest = all.map((record) => {
		const stored = { record, file: '' };
		const version = reconstructed(bucket, record.key, { version: record.version, stored });
		return [record.key, version] as const;
	});
	return {
		folder,
		records,
		sortedKeys: [...records.keys()].sort(compareKeys),
		newest: new Map(newest),
		counts: new Map(all.map(({ key, version }) => [key, version])),
		older,
		hidden: [],
	};
}

/** Takes a key out of what readers see. */
function hide({ records, sortedKeys }: BucketIndex, key: string): void {
	if (!records.delete(key)) return;
	const position = firstIndex(sortedKeys, (other) => compareKeys(other, key) >= 0);
	sortedKeys.splice(position, 1);
}

function addToIndex({ records, sortedKeys }: BucketIndex, record: ObjectRecord): void {
	if (!records.has(record.key)) {
		const position = firstIndex(sortedKeys, (key) => compareKeys(key, record.key) > 0);
		sortedKeys.splice(position, 0, record.key);
	}
	records.set(record.key, record);
}
