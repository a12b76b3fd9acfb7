import type { SignaturePlace } from '../http/signature';

/** What a request can ask for. */
export const CALL_KINDS = [
	'get',
	'put',
	'head',
	'delete',
	'list',
	'head-bucket',
	'image-info',
	'repair-download',
	'repair-upload',
	'repair-cloud',
] as const;

/** What a request asked for. `unknown`: refused before that was clear. */
export type CallKind = (typeof CALL_KINDS)[number] | 'unknown';

/** One request the bucket's port has seen. Signatures, keys and tokens are left out. */
export interface Call {
	/** counts from 1 since the sandbox started, also across a reset */
	readonly number: number;
	/** ISO 8601, the real clock and not the one a test has set */
	readonly at: string;
	readonly method: string;
	readonly host: string;
	bucket: string;
	key: string;
	/** decoded; signing parameters left out */
	query: Record<string, string>;
	kind: CallKind;
	/** what the client was told: 0 until then, and for good when a fault let it know nothing */
	status: number;
	/** the error code, empty when there is none */
	code: string;
	/** whether an Image Repair rule was processed, which the service charges for */
	billed: boolean;
	/** keys that Image Repair wrote */
	results: string[];
	/** bytes of the request's body */
	bytesIn: number;
	/** bytes of the answer's body */
	bytesOut: number;
	readonly requestId: string;
	authorization: SignaturePlace;
	/** the fault that met it, empty for none; `billed` and `results` tell what was done all the same */
	fault: string;
}

/** The requests seen since the last reset, in the order they arrived. */
export class CallLog {
	private calls: Call[] = [];
	private count = 0;

	/** Opens an entry for a request that has just arrived; its fields are filled on the way. */
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

/** The server's clock: the machine's, moved by as many seconds as a test wants. */
export class Clock {
	offsetSeconds = 0;

	/** Unix seconds, with a fraction */
	now(): number {
		return Date.now() / 1000 + this.offsetSeconds;
	}
}
