import type { Call } from './calls';

/** The bytes that were repaired or looked at: a version of an object, or the image at a public URL. */
export type LedgerSource =
	| {
			readonly bucket: string;
			readonly key: string;
			/** counted by the store for each key, from 1 */
			readonly version: number;
			/** 32 hex digits */
			readonly md5: string;
	  }
	| { readonly url: string; readonly md5: string };

/** One rule, as the request asks for it. */
export interface LedgerRule {
	/** both empty for a download */
	readonly bucket: string;
	readonly key: string;
	/** as in `LedgerResult`; empty for a mask, which has not been fetched */
	readonly area: string;
}

/** What became of one rule. */
export interface LedgerResult {
	/** where the result is stored; both empty for an image that is only sent (download) */
	readonly bucket: string;
	readonly key: string;
	/** `automatic`, `polygons <JSON>` or `mask <MD5 of its bytes>`, see `areaText` */
	readonly area: string;
	/** of the result's bytes, its ETag without the quotes; empty if there is no result */
	readonly md5: string;
	/** Unix milliseconds on the sandbox's clock; null if it is not stored */
	readonly storedAt: number | null;
	/** when HEAD, GET and lists begin to show it */
	readonly visibleAt: number | null;
	/** the version that this result is; null if it is not stored */
	readonly version: number | null;
	/** the version that it took the place of; null if there was none */
	readonly overwrote: number | null;
	/** why there is no result; empty if there is one */
	readonly failed: string;
}

/**
 * What the client was sent. `whole`: the response as the work gave it; `changed`: all of it, in another
 * form or with other headers; `refused`: a complete response of the service that refuses; `fault`:
 * anything else; `left`: the client left before it was complete.
 */
export type Answered = 'pending' | 'whole' | 'changed' | 'refused' | 'fault' | 'left';

/**
 * What one call did, independent of what was answered. Times are Unix milliseconds on the sandbox's
 * clock.
 */
export interface LedgerEntry {
	/** as in `Call` */
	readonly number: number;
	/** made up by the sandbox, also when a fault hides it from the client */
	readonly requestId: string;
	kind: Call['kind'];
	readonly method: string;
	bucket: string;
	key: string;
	readonly arrivedAt: number;
	/** when the work was finished; null while the sandbox is at work */
	finishedAt: number | null;
	/** null for a call that neither repairs nor detects, and before the source is read */
	source: LedgerSource | null;
	/** one for each rule of a repair, whatever comes of it; empty where it cannot be read */
	asked: readonly LedgerRule[];
	/** one for each rule that the sandbox has worked on */
	results: LedgerResult[];
	/** whether the service charges for Image Repair */
	billed: boolean;
	/** whether the service charges for a detection, which it does even where nothing is found */
	detected: boolean;
	answered: Answered;
	/** the status sent, 0 for none */
	status: number;
	/** the code in the `<Error>` that was sent, empty for none */
	code: string;
	/** whether the response carried `x-cos-request-id` */
	named: boolean;
	/** the name of the fault, empty for none */
	fault: string;
}

/** What every call did since the last reset, in order of arrival. */
export class Ledger {
	private written: LedgerEntry[] = [];

	/** Adds an entry for a call that has just arrived; handlers fill in the other fields. */
	begin({ number, requestId, method }: Call, arrivedAt: number): LedgerEntry {
		const entry: LedgerEntry = {
			number,
			requestId,
			kind: 'unknown',
			method,
			bucket: '',
			key: '',
			arrivedAt,
			finishedAt: null,
			source: null,
			asked: [],
			results: [],
			billed: false,
			detected: false,
			answered: 'pending',
			status: 0,
			code: '',
			named: false,
			fault: '',
		};
		this.written.push(entry);
		return entry;
	}

	list(): readonly LedgerEntry[] {
		return this.written;
	}

	reset(): void {
		this.written = [];
	}
}
