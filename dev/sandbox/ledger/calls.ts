/** The operations a request can ask for. */
export const CALL_KINDS = [
	'get',
	'put',
	'copy',
	'head',
	'delete',
	'list',
	'head-bucket',
	'image-info',
	'image-mogr',
	'repair-download',
	'repair-upload',
	'repair-cloud',
	'detect-text',
	'detect-logo',
] as const;

/** The operation a request asked for. `unknown`: rejected before that was clear. */
export type CallKind = (typeof CALL_KINDS)[number] | 'unknown';

/** Requests for what CI makes of an image, where a plain GET gives the image itself. */
const CI_DOWNLOADS: ReadonlySet<CallKind> = new Set([
	'image-info',
	'image-mogr',
	'repair-download',
	'detect-text',
	'detect-logo',
]);

export const isCiDownload = (kind: CallKind) => CI_DOWNLOADS.has(kind);

/**
 * One request to the bucket's port, as `GET /calls` returns it. Signatures, keys and tokens are
 * never recorded.
 */
export interface Call {
	/** counts from 1 since the sandbox started; a reset does not restart it */
	readonly number: number;
	/** ISO 8601; the system clock, not the one a test has set */
	readonly at: string;
	readonly method: string;
	readonly host: string;
	bucket: string;
	key: string;
	/** decoded; signing parameters left out */
	query: Record<string, string>;
	kind: CallKind;
	/** the status sent to the client; 0 before that, and when a fault sends no response */
	status: number;
	/** the error code, empty if there is none */
	code: string;
	/** whether an Image Repair rule was processed, which the service charges for */
	billed: boolean;
	/** whether text or logos were looked for, which the service charges for by itself */
	detected: boolean;
	/** keys of the objects that Image Repair stored */
	results: string[];
	/** bytes of the request body */
	bytesIn: number;
	/** bytes of the response body */
	bytesOut: number;
	readonly requestId: string;
	/** where the request carried its signature */
	authorization: 'header' | 'query' | 'none';
	/** the fault injected, empty for none; `billed`, `detected` and `results` say what was done regardless */
	fault: string;
}

/** The requests seen since the last reset, in order of arrival. */
export class CallLog {
	private calls: Call[] = [];
	private count = 0;

	/** Adds an entry for a request that has just arrived; handlers fill in the other fields. */
	begin(request: { method: string; host: string; requestId: string }): Call {
		const call: Call = {
			number: ++this.count,
			at: new Date().toISOString(),
			...request,
			bucket: '',
			key: '',
			query: {},
			kind: 'unknown',
			status: 0,
			code: '',
			billed: false,
			detected: false,
			results: [],
			bytesIn: 0,
			bytesOut: 0,
			authorization: 'none',
			fault: '',
		};
		this.calls.push(call);
		return call;
	}

	list(): readonly Call[] {
		return this.calls;
	}

	reset(): void {
		this.calls = [];
	}
}
