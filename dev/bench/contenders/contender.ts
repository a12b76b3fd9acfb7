/** One run of many calls, the same for every contender. */
export interface Job {
	/** Mode of Image Repair. */
	call: 'cloud' | 'download' | 'upload';
	items: number;
	/** Calls under way at a time. */
	concurrency: number;
	/** Object to repair; in upload mode, the file that is sent. */
	source: string;
}

/** Who can be measured, each in a process of its own. */
export type ContenderName = 'node' | 'sdk' | 'floor' | 'n8n';

/** What a contender is called in tables and charts. */
export const CONTENDERS: Readonly<Record<ContenderName, string>> = {
	node: 'this node in n8n',
	sdk: "Tencent's SDK",
	floor: 'bare http loop',
	n8n: 'n8n alone',
};

/** A bucket as its clients know it. */
export interface Bucket {
	/** `http://127.0.0.1:<port>`. */
	url: string;
	bucket: string;
	region: string;
	secretId: string;
	secretKey: string;
}

/** Somebody who makes calls. */
export interface Contender {
	/**
	 * Gets everything ready that is not to be measured, and gives what is: it makes all calls of the
	 * job, and rejects unless every one of them was answered as it should be.
	 */
	prepare(job: Job): Promise<() => Promise<void>>;
	/** Removes what the calls left on this side, so that it does not weigh on the next job. */
	tidyUp(): Promise<void>;
	close(): Promise<void>;
}

/** What a job took, of the contender's own process. */
export interface Measurement {
	/** Wall clock. */
	seconds: number;
	/** User and system time, all threads. */
	cpuSeconds: number;
	/** Resident memory before the job, garbage collected, in bytes. */
	idleBytes: number;
	/** Highest resident memory during the job, in bytes. */
	peakBytes: number;
}

/** Keys are few, so that a long run of large images does not fill the disk. */
const KEYS = 100;

/** Where an upload goes. */
export function uploadKey(item: number): string {
	return `uploads/${item % KEYS}.bmp`;
}

/** Where the result of an upload or cloud call goes, from the top of the bucket. */
export function resultKey(item: number): string {
	return `results/${item % KEYS}.bmp`;
}

/** The `Pic-Operations` header that repairs into one result. */
export function picOperations(item: number): string {
	const rule = 'ci-process=ImageRepair';
	return JSON.stringify({ rules: [{ fileid: `/${resultKey(item)}`, rule }] });
}
