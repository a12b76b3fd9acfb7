import { createHash, randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Transform, type Readable } from 'node:stream';

import { isObject, parseJson } from '../http/json';
import { checkKey } from '../http/target';
import { compareKeys, firstIndex } from './keyOrder';

/** The metadata of a stored object. */
export interface ObjectRecord {
	readonly key: string;
	readonly contentType: string;
	/** MD5 of the bytes, 32 hex digits, without quotes */
	readonly md5: string;
	/** bytes */
	readonly size: number;
	/** Unix milliseconds */
	readonly lastModified: number;
	/** further headers stored and returned with the object, names in lower case */
	readonly headers: Readonly<Record<string, string>>;
}

/** Metadata for a new object. */
export interface NewObject {
	readonly contentType: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Unix milliseconds */
	readonly lastModified: number;
}

/** A complete body on disk that is not an object yet: commit it or discard it. */
export interface Draft {
	readonly file: string;
	/** 32 hex digits */
	readonly md5: string;
	/** bytes */
	readonly size: number;
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
	return { key, contentType, md5, size, lastModified, headers: Object.fromEntries(texts) };
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

	/** Opens a folder, creating it if needed, and indexes the objects in it. */
	constructor(folder: string, buckets: Iterable<string>) {
		this.draftFolder = path.join(folder, 'drafts');
		// Drafts left by an earlier run were never committed.
		fs.rmSync(this.draftFolder, { recursive: true, force: true });
		fs.mkdirSync(this.draftFolder, { recursive: true });
		for (const bucket of buckets) {
			this.indexes.set(bucket, openIndex(path.join(folder, 'objects', bucket)));
		}
	}

	/** The record of an object, undefined if there is none. */
	find(bucket: string, key: string): ObjectRecord | undefined {
		return this.index(bucket).records.get(key);
	}

	/**
	 * Opens an object for reading. Record and bytes match even if the object is replaced while it is
	 * read. The caller must close the descriptor.
	 */
	open(bucket: string, key: string): { record: ObjectRecord; descriptor: number } | undefined {
		const record = this.find(bucket, key);
		if (!record) return undefined;
		return { record, descriptor: fs.openSync(this.fileOf(bucket, key), 'r') };
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
		};
		const recordFile = `${draft.file}.json`;
		fs.writeFileSync(recordFile, JSON.stringify(record));
		// Synchronous, so no reader can see the bytes of one object with the record of another.
		fs.renameSync(draft.file, this.fileOf(bucket, key));
		fs.renameSync(recordFile, `${this.fileOf(bucket, key)}.json`);
		addToIndex(index, record);
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

	/** Deletes an object; does nothing if there is none. */
	delete(bucket: string, key: string): void {
		const { records, sortedKeys } = this.index(bucket);
		if (!records.delete(key)) return;
		const position = firstIndex(sortedKeys, (other) => compareKeys(other, key) >= 0);
		sortedKeys.splice(position, 1);
		fs.rmSync(`${this.fileOf(bucket, key)}.json`, { force: true });
		fs.rmSync(this.fileOf(bucket, key), { force: true });
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
	list(
		bucket: string,
		range: { prefix: string; marker: string; delimiter: string; maxKeys: number },
	): KeyPage {
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
		return index;
	}

	private fileOf(bucket: string, key: string): string {
		return path.join(this.index(bucket).folder, createHash('sha256').update(key).digest('hex'));
	}
}

/** The index after the last key that starts with a prefix. */
const afterPrefix = (keys: readonly string[], prefix: string) =>
	firstIndex(keys, (key) => compareKeys(key, prefix) > 0 && !key.startsWith(prefix));

function openIndex(folder: string): BucketIndex {
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
	return { folder, records, sortedKeys: [...records.keys()].sort(compareKeys) };
}

function addToIndex({ records, sortedKeys }: BucketIndex, record: ObjectRecord): void {
	if (!records.has(record.key)) {
		const position = firstIndex(sortedKeys, (key) => compareKeys(key, record.key) > 0);
		sortedKeys.splice(position, 0, record.key);
	}
	records.set(record.key, record);
}
