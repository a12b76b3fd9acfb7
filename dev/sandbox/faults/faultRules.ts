import { createHash } from 'node:crypto';

import type { EndlessList } from '../http/exchange';
import type { DetectionChange } from '../http/found';
import type { Call, CallKind } from '../ledger/calls';
import type { WrongResult } from '../repair/wrongResult';
import type { XmlShape } from './brokenXml';

/**
 * Whether the service does the work, and bills it, although something goes wrong with the response.
 * `later`: the response is sent while the work goes on for another second, or `workMs`; `original`: of
 * an upload, only the original is stored.
 */
export type Processed = boolean | 'later' | 'original';

/** How the service works; every fault can have these fields. */
export interface WorkChange {
	/** milliseconds that a repair, or storing an object, takes, whether or not the client waits */
	readonly workMs?: number;
	/** milliseconds until stored results can be seen */
	readonly visibleAfterMs?: number;
}

/**
 * To another address: 307, with an `<Error>` that names the endpoint. `to: 'original'`: 302 to the plain
 * address of the object itself, without a body, as for an image that is too large to be processed.
 */
export type Redirect = {
	readonly fault: 'redirect';
	readonly status?: 301 | 302 | 307;
	/** `X-ErrNo`, CI's own code */
	readonly errNo?: number;
} & ({ readonly location: string } | { readonly to: 'original' });

/**
 * Something that goes wrong with one request. `processed` says whether the service first does the
 * work, and bills it.
 */
export type Fault = WorkChange &
	(
		| /** Nothing goes wrong with the response: only the work is as the other fields say. */
		  { readonly fault: 'work' }
		  /**
		   * The response is late. If not processed, the work starts late, and only if the client still
		   * waits.
		   */
		| { readonly fault: 'delay'; readonly ms: number; readonly processed?: boolean }
		/** A different response. */
		| {
				readonly fault: 'status';
				readonly status: number;
				/** of the `<Error>`; by default the usual one for the status */
				readonly code?: string;
				readonly message?: string;
				/**
				 * `cut`: the `<Error>` ends halfway, and the connection closes; `echo`: the request's own
				 * signature, request line and headers, as some proxies respond
				 */
				readonly body?: 'xml' | 'html' | 'empty' | 'cut' | 'echo';
				readonly contentType?: string;
				/** `X-ErrNo`, CI's own code, whatever the body says */
				readonly errNo?: number;
				/** `Retry-After`, in seconds or as a date */
				readonly retryAfter?: number | string;
				/** false: without `x-cos-request-id`, as from a gateway in between */
				readonly requestId?: boolean;
				readonly processed?: Processed;
		  }
		| Redirect
		/** The connection is reset after half of the request body, or instead of a response. */
		| {
				readonly fault: 'reset';
				readonly at?: 'request' | 'answer';
				readonly processed?: Processed;
		  }
		/** Half of the response body arrives, then the connection is reset or closed normally. */
		| { readonly fault: 'cut'; readonly by?: 'reset' | 'end' }
		/** The response body arrives byte by byte and never ends. */
		| { readonly fault: 'drip'; readonly everyMs?: number; readonly processed?: boolean }
		/** The response never ends: after the right body, chunk follows chunk, as fast as they are read. */
		| { readonly fault: 'flood'; readonly processed?: boolean }
		/** A list of objects that never ends. Other requests get the right response. */
		| { readonly fault: 'list'; readonly as: EndlessList }
		/** The right body with the wrong content type. */
		| { readonly fault: 'contentType'; readonly contentType: string }
		/** Broken XML. In place of an image, a broken `UploadResult`. */
		| {
				readonly fault: 'xml';
				readonly shape: XmlShape;
				readonly node?: string;
				readonly processed?: boolean;
		  }
		/** Some rules fail while the others are done, and billed; or only the `UploadResult` is unusual. */
		| {
				readonly fault: 'rules';
				/** counted from 1; none if only the order or the original is unusual */
				readonly rules: readonly number[];
				/**
				 * whether the `Object` of such a rule is missing, or names the failure; `withoutLocation`: the
				 * rule is done, but its `Object` has no `Location`
				 */
				readonly report?: 'missing' | 'object' | 'withoutLocation';
				readonly code?: string;
				readonly message?: string;
				/** the last rule's `Object` comes first */
				readonly order?: 'reversed';
				/** `OriginalInfo` has no `Location` */
				readonly originalWithoutLocation?: boolean;
		  }
		/** Other results than the right ones, done and billed as usual. */
		| { readonly fault: 'result'; readonly as: WrongResult }
		/** What a detector finds, and how the document that says so is written. Others get the right response. */
		| ({ readonly fault: 'detection' } & DetectionChange)
		/** Status 200 and a picture that stands for a refusal, which only `X-ErrNo` tells. */
		| {
				readonly fault: 'placeholder';
				readonly errNo?: number;
				readonly processed?: boolean;
		  }
		/** The stored image, with status 200, in place of what CI makes of it. Nothing is billed. */
		| { readonly fault: 'original' }
		/** The right body with other headers, as from a cache. */
		| {
				readonly fault: 'headers';
				/** null removes a header */
				readonly headers?: Readonly<Record<string, string | null>>;
				/** added to the `Date` of the response */
				readonly dateOffsetSeconds?: number;
		  }
		/** The right body with `Content-Encoding: gzip`. */
		| { readonly fault: 'gzip' }
		/**
		 * The right body, told to be something else. `http1.0` and `close`: no length, the connection
		 * ends; `short`: half of the length; `206`: as a part of the body.
		 */
		| {
				readonly fault: 'framing';
				readonly as: 'http1.0' | 'close' | 'short' | '206';
				/** only half of the body is sent */
				readonly cut?: boolean;
		  }
	);

/**
 * Selects the requests that get a fault. A request matches if it meets all conditions given. Of the
 * matching requests, `times` of them get the fault, starting with the `nth`; with a `rate`, only
 * that share of those.
 */
export interface FaultRule {
	readonly method?: string;
	readonly kind?: CallKind | readonly CallKind[];
	readonly keyPrefix?: string;
	/** a regular expression that matches anywhere in the key */
	readonly keyPattern?: string;
	/** counted from 1, the default */
	readonly nth?: number;
	/** no limit by default */
	readonly times?: number;
	/** `nth` and `times` count the requests for each key separately */
	readonly perKey?: boolean;
	/** 0 to 1 */
	readonly rate?: number;
	/** for the rate: the same seed selects the same requests, in whatever order they arrive */
	readonly seed?: string;
	/** several faults are used in turn or, with a rate, at random by the seed */
	readonly fault: Fault | readonly Fault[];
}

/** A rule and how many requests it has matched so far. */
class CountedRule {
	private readonly counts = new Map<string, number>();
	private readonly faults: readonly Fault[];
	private readonly pattern: RegExp | undefined;

	constructor(private readonly rule: FaultRule) {
		this.faults = [rule.fault].flat();
		this.pattern = rule.keyPattern === undefined ? undefined : new RegExp(rule.keyPattern, 'u');
	}

	/** Counts the request if it matches, and returns its fault, if any. */
	select(call: Call): Fault | undefined {
		if (!this.matches(call)) return undefined;
		const { nth = 1, times = Infinity, perKey, rate, seed = '' } = this.rule;
		// With a rate, selection must not depend on the order of arrival, so each key is counted by
		// itself.
		const name = rate !== undefined || perKey ? `${call.kind} ${call.key}` : '';
		const count = (this.counts.get(name) ?? 0) + 1;
		this.counts.set(name, count);
		const turn = count - nth;
		if (turn < 0 || turn >= times) return undefined;
		if (rate === undefined) return this.faults[turn % this.faults.length];
		const hash = createHash('sha256').update(`${seed}\n${name}\n${count}`).digest();
		if (hash.readUInt32BE(0) / 2 ** 32 >= rate) return undefined;
		return this.faults[hash.readUInt32BE(4) % this.faults.length];
	}

	private matches({ method, kind, key }: Call): boolean {
		const { rule, pattern } = this;
		const kinds = rule.kind === undefined ? undefined : [rule.kind].flat();
		return (
			(rule.method === undefined || rule.method === method) &&
			(!kinds || kinds.includes(kind)) &&
			(rule.keyPrefix === undefined || key.startsWith(rule.keyPrefix)) &&
			(!pattern || pattern.test(key))
		);
	}
}

/** Selects the fault for each request, by the current rules. */
export class FaultSelector {
	private rules: readonly CountedRule[] = [];

	/** Replaces the rules and restarts all counts. */
	setRules(rules: readonly FaultRule[]): void {
		this.rules = rules.map((rule) => new CountedRule(rule));
	}

	/** Returns the first fault that a rule has for this request; later rules do not count it. */
	select(call: Call): Fault | undefined {
		for (const rule of this.rules) {
			const fault = rule.select(call);
			if (fault) return fault;
		}
		return undefined;
	}
}
