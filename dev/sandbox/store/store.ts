import { createHash, randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Transform, type Readable } from 'node:stream';

import { compareKeys, firstIndex } from './keyOrder';
import { checkKey } from '../http/target';

/** What is known of a stored object besides its bytes. */
export interface ObjectRecord {
	readonly key: string;
	readonly contentType: string;
	/** MD5 of the bytes, 32 hex digits, without quotes */
	readonly md5: string;
	/** bytes */
	readonly size: number;
	/** Unix milliseconds */
	readonly lastModified: number;
	/** further headers that were stored with it and come back with it, names in lower case */
	readonly headers: Readonly<Record<string, string>>;
}

/** What a new object is given besides its bytes. */
export interface NewObject {
	readonly contentType: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Unix milliseconds */
	readonly lastModified: number;
}

/** Bytes that arrived completely and wait to become an object, or to be thrown away. */
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
	/** the last key or prefix of the page, when another page follows */
	readonly nextMarker: string | undefined;
}

interface Shelf {
	readonly folder: string;
	readonly records: Map<string, ObjectRecord>;
	readonly sortedKeys: string[];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;

function readSidecar(file: string): ObjectRecord | undefined {
	let value: unknown;
	try {
		value = JSON.parse(fs.readFileSync(file, 'utf8'));
	} catch {
		return undefined;
	}
	if (!isRecord(value) || !isRecord(value.headers)) return undefined;
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
 * The objects of a few buckets in one folder: `objects/<bucket>/<SHA-256 of the key>` holds the
 * bytes, the same name with `.json` the record. A key is never part of a path, so it cannot leave
 * the folder, and keys that differ by case are different files on every file system.
 */
export class Store {
	private readonly shelves = new Map<string, Shelf>();
	private readonly draftFolder: string;

	/** Opens a folder, creating it when needed, and finds the objects it already holds. */
	constructor(folder: string, buckets: Iterable<string>) {
		this.draftFolder = path.join(folder, 'drafts');
		// What an earlier run had not finished receiving was never an object.
		fs.rmSync(this.draftFolder, { recursive: true, force: true });
		fs.mkdirSync(this.draftFolder, { recursive: true });
		for (const bucket of buckets) {
			this.shelves.set(bucket, openShelf(path.join(folder, 'objects', bucket)));
		}
	}

	/** The record of an object, undefined when there is none. */
	find(bucket: string, key: string): ObjectRecord | undefined {
		return this.shelf(bucket).records.get(key);
	}

	/**
	 * Opens an object for reading. The record and the bytes belong together even when the object is
	 * replaced meanwhile. The caller closes the descriptor.
	 */
	open(bucket: string, key: string): { record: ObjectRecord; descriptor: number } | undefined {
		const record = this.find(bucket, key);
		if (!record) return undefined;
		return { record, descriptor: fs.openSync(this.fileOf(bucket, key), 'r') };
	}

	/** All bytes of an object, undefined when there is none. */
	read(bucket: string, key: string): Buffer | undefined {
		return this.find(bucket, key) && fs.readFileSync(this.fileOf(bucket, key));
	}

	/**
	 * Receives bytes into a file beside the objects without holding them in memory.
	 * Rejects, leaving nothing behind, when the stream does.
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
		// Opened here and not by the stream: a stream that is ended while it still opens its file makes the
		// file after it has been removed below.
		const fd = fs.openSync(file, 'wx');
		try {
			await pipeline(body, measure, fs.createWriteStream(file, { fd }));
		} catch (error) {
			fs.rmSync(file, { force: true });
			throw error;
		}
		return { file, md5: hash.digest('hex'), size };
	}

	/** Throws a draft away. */
	discard(draft: Draft): void {
		fs.rmSync(draft.file, { force: true });
	}

	/**
	 * Makes a draft the object of a key, replacing what was there.
	 * @throws CosFailure when no object can have this key
	 */
	commit(bucket: string, key: string, draft: Draft, about: NewObject): ObjectRecord {
		checkKey(key);
		const shelf = this.shelf(bucket);
		const record: ObjectRecord = {
			key,
			contentType: about.contentType,
			md5: draft.md5,
			size: draft.size,
			lastModified: about.lastModified,
			headers: about.headers ?? {},
		};
		const sidecar = `${draft.file}.json`;
		fs.writeFileSync(sidecar, JSON.stringify(record));
		// Nothing else runs between these lines, so no reader meets bytes of one object and the
		// record of another.
		fs.renameSync(draft.file, this.fileOf(bucket, key));
		fs.renameSync(sidecar, `${this.fileOf(bucket, key)}.json`);
		addToShelf(shelf, record);
		return record;
	}

	/** Stores bytes that are in memory. @throws CosFailure when no object can have this key */
	put(bucket: string, key: string, bytes: Uint8Array, about: NewObject): ObjectRecord {
		checkKey(key);
		const file = path.join(this.draftFolder, randomUUID());
		fs.writeFileSync(file, bytes);
		const md5 = createHash('md5').update(bytes).digest('hex');
		return this.commit(bucket, key, { file, md5, size: bytes.length }, about);
	}

	/** Deletes an object; nothing happens when there is none. */
	delete(bucket: string, key: string): void {
		const shelf = this.shelf(bucket);
		if (!shelf.records.delete(key)) return;
		const index = firstIndex(shelf.sortedKeys, (other) => compareKeys(other, key) >= 0);
		shelf.sortedKeys.splice(index, 1);
		fs.rmSync(`${this.fileOf(bucket, key)}.json`, { force: true });
		fs.rmSync(this.fileOf(bucket, key), { force: true });
	}

	/** All keys of a bucket, sorted by their UTF-8 bytes. */
	keys(bucket: string): readonly string[] {
		return this.shelf(bucket).sortedKeys;
	}

	/**
	 * One page of a bucket: keys that begin with `prefix` and come after `marker`. With a delimiter,
	 * keys that hold it after the prefix are rolled up into one common prefix, which counts as one.
	 */
	list(
		bucket: string,
		range: { prefix: string; marker: string; delimiter: string; maxKeys: number },
	): KeyPage {
		const { prefix, marker, delimiter, maxKeys } = range;
		const { sortedKeys, records } = this.shelf(bucket);
		if (maxKeys === 0) return { records: [], commonPrefixes: [], nextMarker: undefined };
		const page: ObjectRecord[] = [];
		const commonPrefixes: string[] = [];
		let last: string | undefined;
		let index = firstIndex(
			sortedKeys,
			(key) => compareKeys(key, prefix) >= 0 && compareKeys(key, marker) > 0,
		);
		// A marker that is a common prefix of the page before stands for all keys under it.
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

	private shelf(bucket: string): Shelf {
		const shelf = this.shelves.get(bucket);
		if (!shelf) throw new Error(`The store has no bucket "${bucket}".`);
		return shelf;
	}

	private fileOf(bucket: string, key: string): string {
		return path.join(this.shelf(bucket).folder, createHash('sha256').update(key).digest('hex'));
	}
}

/** The position after all keys that begin with a prefix. */
const afterPrefix = (keys: readonly string[], prefix: string) =>
	firstIndex(keys, (key) => compareKeys(key, prefix) > 0 && !key.startsWith(prefix));

function openShelf(folder: string): Shelf {
	fs.mkdirSync(folder, { recursive: true });
	const records = new Map<string, ObjectRecord>();
	for (const name of fs.readdirSync(folder)) {
		if (!name.endsWith('.json')) continue;
		const record = readSidecar(path.join(folder, name));
		const bytes = path.join(folder, name.slice(0, -'.json'.length));
		// A run that was killed between two renames leaves a pair that does not belong together.
		const size = fs.statSync(bytes, { throwIfNoEntry: false })?.size;
		if (record && record.size === size) records.set(record.key, record);
	}
	return { folder, records, sortedKeys: [...records.keys()].sort(compareKeys) };
}

function addToShelf(shelf: Shelf, record: ObjectRecord): void {
	if (!shelf.records.has(record.key)) {
		const index = firstIndex(shelf.sortedKeys, (key) => compareKeys(key, record.key) > 0);
		shelf.sortedKeys.splice(index, 0, record.key);
	}
	shelf.records.set(record.key, record);
}
