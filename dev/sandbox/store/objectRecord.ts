import { createHash } from 'node:crypto';

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
	/** counts from 1 for each key, deletions included */
	readonly version: number;
}

const NO_BYTES = { md5: '0'.repeat(32), size: 1, headers: {}, version: 1 } as const;

/** An object that can be listed and has no bytes. */
export function listedRecord(key: string, contentType: string, lastModified: number): ObjectRecord {
	return { key, contentType, lastModified, ...NO_BYTES };
}

/**
 * The ETag, without quotes: the MD5 of the bytes, unless a key of KMS encrypts them. In the examples of "PUT
 * Object" (436/7749), SSE-COS leaves the ETag as it is, and SSE-KMS has another one.
 */
export function etagOf({
	md5,
	headers,
	version,
}: Pick<ObjectRecord, 'md5' | 'headers' | 'version'>): string {
	if (headers['x-cos-server-side-encryption'] !== 'cos/kms') return md5;
	return createHash('md5').update(`${md5} ${version}`).digest('hex');
}
