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
