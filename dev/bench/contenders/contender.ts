import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** One run of many calls, the same for every contender. */
export interface Job {
	/** Mode of Image Repair. */
	call: 'cloud' | 'download' | 'upload';
	items: number;
	/** Number of concurrent calls. */
	concurrency: number;
	/** Object to repair, of which a download takes a copy for each item; for an upload, the file to send. */
	source: string;
}

/** All contenders, in the order of tables and charts. Each runs in its own process. */
export const CONTENDER_NAMES = ['floor', 'sdk', 'n8n', 'node'] as const;

export type ContenderName = (typeof CONTENDER_NAMES)[number];

/** The name of each contender in tables and charts. */
export const CONTENDERS: Readonly<Record<ContenderName, string>> = {
	floor: 'bare http loop',
	sdk: "Tencent's SDK",
	n8n: 'n8n alone',
	node: 'this node in n8n',
};

/** Address and keys of a bucket. */
export interface Bucket {
	/** `http://127.0.0.1:<port>`. */
	url: string;
	bucket: string;
	region: string;
	secretId: string;
	secretKey: string;
}

/** A client that makes calls. */
export interface Contender {
	/**
	 * Does everything that is not measured, and returns the function to measure: it makes all calls of
	 * the job, and rejects unless every response is as expected.
	 */
	prepare(job: Job): Promise<() => Promise<void>>;
	/** Deletes files left by the calls, so that they do not affect the next job. */
	cleanUp(): Promise<void>;
	close(): Promise<void>;
}

/** Time and memory of a job, in the contender's process. */
export interface Measurement {
	/** Wall clock. */
	seconds: number;
	/** User and system time, all threads. */
	cpuSeconds: number;
	/** Resident memory before the job, after a garbage collection, in bytes. */
	idleBytes: number;
	/** Highest resident memory during the job, in bytes. */
	peakBytes: number;
}

// Each item has keys of its own: two items that ask for the same are one repair for this node.

/** Key of the object that an item downloads. */
export function downloadKey(source: string, item: number): string {
	return `downloads/${item}/${source}`;
}

/** Key of an upload. */
export function uploadKey(item: number): string {
	return `uploads/${item}.bmp`;
}

/** Key of the result of an upload or cloud call. */
export function resultKey(item: number): string {
	return `results/${item}.bmp`;
}

/** The `Pic-Operations` header for a repair with one result. */
export function picOperations(item: number): string {
	const rule = 'ci-process=ImageRepair';
	return JSON.stringify({ rules: [{ fileid: `/${resultKey(item)}`, rule }] });
}

/** Deletes everything in a folder. */
export async function emptyFolder(folder: string): Promise<void> {
	for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
}
