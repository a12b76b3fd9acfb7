import {
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type ILoadOptionsFunctions,
	type IPollFunctions,
} from 'n8n-workflow';

import { requestUrl } from '../../cos/location/endpoint';
import { storingCallsPerSecond } from '../../cos/location/regions';
import type { CosRequest } from '../../cos/requests/request';
import { secretsOfRequest } from '../../cos/requests/sentSecrets';
import type { FailureClass } from '../../cos/responses/codes';
import { errNoOf, readFailure } from '../../cos/responses/failure';
import { requestIdOf } from '../../cos/responses/requestId';
import type { Account } from '../../cos/signing/authorize';
import { pauseBefore } from './attempts';
import { nextStep, stateOf, type Evidence } from './callState';
import { DEFAULT_CALL_SETTINGS, type CallSettings } from './callSettings';
import {
	connectionFailed,
	IGNORED_STATUSES,
	proxyRefusal,
	thrownResponse,
	timedOut,
	type StreamedResponse,
} from './connection';
import { Deadline, pause } from './deadline';
import {
	CallFailed,
	Cancelled,
	ConnectionFailed,
	RepairFailed,
	type Asked,
	type RepairFacts,
} from './errors';
import { InvalidParameter } from './invalidParameter';
import type { ConnectionReason } from './messages';
import { RateLimit, ServiceClock, sharedRateLimit } from './pace';
import { readText, type ByteStream, type CosResponse } from './response';
import { Tally } from './tally';

const MAX_FAILURE_BYTES = 64 * 1024;

/** The name that n8n knows the credential by. */
export const CREDENTIAL = 'tencentCloudInfiniteApi';

/** A call whose request left, and of which no complete response came. */
export interface LostCall {
	/** When it was begun, by this machine's clock, in milliseconds since 1970. */
	readonly begunAt: number;
}

/** A call, and what has to be known of it to make it again. */
export interface Call<T> {
	/** Composed anew for each attempt: what it holds may be signed for a short time only. */
	request: () => CosRequest;
	/** The body of an upload, opened anew for each attempt; its length stands in the request's headers. */
	body?: () => Promise<Buffer | ByteStream>;
	/** Takes in the response. What it throws counts as a response that did not come. */
	read: (response: CosResponse) => Promise<T>;
	/** Whether `read` looks at `X-ErrNo` itself. Otherwise it makes any response a refusal. */
	readsErrNo?: boolean;
	/** Told of each attempt of which the request left and no complete response came. */
	onLost?: (lost: LostCall) => void;
	/** Further attempts at most; by default as many as Retries allow. */
	retries?: number;
	/** Whether what is not there yet may come: 404 is asked again then. */
	mayComeLater?: boolean;
	/**
	 * What becomes of it when the user stops the execution: by default, it is broken off. With `finish`, an
	 * attempt under way comes to its end, so that what it stores is there when it is cleaned up; with `goOn`,
	 * for cleaning up, the call is made even so.
	 */
	whenCancelled?: 'finish' | 'goOn';
}

/** A call that the service bills. */
export interface PaidCall<T> extends Call<T> {
	/** Whether it stores results, which the service takes only so many of in a second. */
	stores?: boolean;
	/** Looks for what the call stored, although its response was lost; undefined when it is not found. */
	look?: (lost: LostCall) => Promise<T | undefined>;
	/** Asked before a call that may have been billed is made again: false when it must not be. */
	mayCostAgain?: () => boolean;
}

interface AnyCall<T> extends PaidCall<T> {
	/** What the service bills if the call is done. */
	bills: 'nothing' | 'detection' | 'repair';
}

/** What the attempts at a call have come to so far. */
interface Past {
	/** Whether a request has left this machine. */
	sent: boolean;
	/** Whether one may have been billed although nothing came of it. */
	lost: boolean;
}

type Outcome<T> = { value: T } | { error: unknown; evidence: Evidence };

const LOST: Evidence = { kind: 'lost', retry: 'later' };
const NOT_SENT: Evidence = { kind: 'notSent', passing: false };

/** A response that came in full and is no result: another call would bring the same. */
const COMPLETE: ReadonlySet<ConnectionReason> = new Set([
	'imageTooLarge',
	'imageNotStored',
	'notImage',
	'unknownImage',
]);

/** Reasons that the service found while it worked. */
const AT_WORK: ReadonlySet<FailureClass> = new Set(['internalError', 'unavailable']);

/** What an error says of the request, once the request was handed to the network. */
function evidenceOf(error: unknown, mayComeLater = false): Evidence {
	if (error instanceof CallFailed) {
		const { ofService, hasCode, status, retry, class: kind } = error.failure;
		// 500 and above without a code is what a gateway says that has waited for too long.
		if (!ofService || (status >= 500 && !hasCode)) return { kind: 'lost', retry };
		// A refusal of HEAD has no body, and so no code; it may be for the clock.
		if (status === 403 && !hasCode) return { kind: 'refused', retry: 'afterClock' };
		if (status === 404 && mayComeLater) return { kind: 'refused', retry: 'later' };
		// With a status of success, what was met at work may have been billed.
		return { kind: 'refused', retry: status < 300 && AT_WORK.has(kind) ? 'never' : retry };
	}
	if (!(error instanceof ConnectionFailed)) return LOST;
	if (error.evidence !== 'lost') {
		return { kind: 'notSent', passing: error.evidence === 'notSentPassing' };
	}
	return COMPLETE.has(error.reason) ? { kind: 'lost', retry: 'never' } : LOST;
}

/** Why the file to upload could not be read to its end: the service then cannot have it whole. */
function sourceError(body: Buffer | ByteStream | undefined): InvalidParameter | undefined {
	if (body === undefined || Buffer.isBuffer(body)) return undefined;
	return body.errored instanceof InvalidParameter ? body.errored : undefined;
}

/** What a request asks for, where a refusal of it has advice of its own. */
function askedBy({ key, query }: CosRequest): Asked | undefined {
	const [, process] = query.find(([name]) => name === 'ci-process') ?? [];
	if (process === 'OCR') return 'text';
	if (process === 'RecognizeLogo') return 'logo';
	// Of the bucket itself, nothing but a list is asked for.
	return key === '' && process === undefined ? 'list' : undefined;
}

/** The only place that talks to the service: through n8n's helper, signed by the credential. */
export class Transport {
	private readonly clock = new ServiceClock();
	private readonly rate: RateLimit;
	/** Where all requests go, for messages. */
	private readonly host: string;

	constructor(
		private readonly functions: IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions,
		private readonly account: Account,
		private readonly settings: CallSettings = DEFAULT_CALL_SETTINGS,
		private readonly tally: Tally = new Tally(),
	) {
		this.rate = new RateLimit(settings.requestsPerSecond ?? 0);
		this.host = new URL(account.location.origin).host;
	}

	/** Milliseconds since 1970 by the service's clock, as far as it is known. */
	now(): number {
		return this.clock.now();
	}

	/** Whether a paid call that was lost may be made again. */
	get retriesLostCalls(): boolean {
		return this.settings.retryLostCalls;
	}

	private get cancelSignal(): AbortSignal | undefined {
		return 'getExecutionCancelSignal' in this.functions
			? this.functions.getExecutionCancelSignal()
			: undefined;
	}

	/**
	 * Makes a call that costs nothing, again where that can help, and gives what `read` made of the
	 * response: after a pause that grows, what the service says it did not do for now (429, 500, 503), and
	 * what brought no response; once, at once, what was refused for the clock, after setting it by the
	 * response's `Date`.
	 *
	 * @throws CallFailed when the service refuses
	 * @throws ConnectionFailed, UnreadableResponse when no complete response comes
	 * @throws Cancelled when the user stops the execution
	 */
	async call<T>(call: Call<T>): Promise<T> {
		return await this.make({ ...call, bills: 'nothing' });
	}

	/**
	 * Makes a call that the service bills. One that may have been done already is looked for, and made
	 * again only with Retry Lost Calls (`callState.ts`).
	 *
	 * @throws RepairFailed with what is known of its cost
	 * @throws Cancelled when the user stops the execution before the call is made
	 */
	async pay<T>(call: PaidCall<T>): Promise<T> {
		return await this.make({ ...call, bills: 'repair' });
	}

	/**
	 * Makes a call that looks for text or logos, which the service bills at a price of its own. One that may
	 * have been done already is made again only with Retry Lost Calls.
	 *
	 * @throws RepairFailed, with no repair billed
	 * @throws Cancelled when the user stops the execution before the call is made
	 */
	async detect<T>(call: Call<T>): Promise<T> {
		return await this.make({ ...call, bills: 'detection' });
	}

	private async make<T>(call: AnyCall<T>): Promise<T> {
		const past = { sent: false, lost: false };
		return await this.untilDone(call, past).catch((error: unknown) => {
			if (call.bills === 'nothing') throw error;
			const billed = past.lost ? 'perhaps' : 'no';
			const facts: RepairFacts =
				call.bills === 'repair'
					? { billed }
					: { billed: 'no', ...(past.lost && { detection: 'perhaps' }) };
			throw new RepairFailed(error, facts, past.sent);
		});
	}

	private async untilDone<T>(call: AnyCall<T>, past: Past): Promise<T> {
		const retries = call.retries ?? this.settings.retries;
		const paid = call.bills !== 'nothing';
		let clockWasSet = false;
		for (let attempt = 0; ; attempt++) {
			await this.wait(call, async (signal) => await this.rateOf(call).turn(signal));
			const begunAt = Date.now();
			const sentWith = this.clock.offset;
			const outcome = await this.attempt(call);
			if ('value' in outcome) return this.done(call, outcome.value);
			const { error, evidence } = outcome;
			if (evidence.kind !== 'notSent') past.sent = true;
			const isUnknown = paid && stateOf(evidence) === 'unknown';
			const circumstances = {
				paid,
				attemptsLeft: attempt < retries,
				clockWasSet,
				canLook: call.look !== undefined,
				retryLost: this.settings.retryLostCalls,
			};
			if (isUnknown) past.lost = true;
			if (evidence.kind === 'lost') call.onLost?.({ begunAt });
			let step = error instanceof Cancelled ? 'fail' : nextStep(evidence, circumstances);
			if (step === 'look') {
				const found = await call.look?.({ begunAt });
				if (found !== undefined) return this.done(call, found);
				step = nextStep(evidence, { ...circumstances, canLook: false });
			}
			if (isUnknown) this.tally[call.bills === 'repair' ? 'perhapsBilled' : 'perhapsDetected']++;
			if (step === 'fail') throw error;
			if (step === 'setClock') {
				clockWasSet = true;
				const { serviceTime } = (error as CallFailed).failure;
				if (!this.clock.set(serviceTime, sentWith)) throw error;
			} else {
				if (isUnknown && call.mayCostAgain?.() === false) throw error;
				await this.wait(call, async (signal) => await pause(pauseBefore(attempt, error), signal));
			}
			this.tally.retried++;
		}
	}

	private rateOf<T>({ stores }: AnyCall<T>): RateLimit {
		const { requestsPerSecond } = this.settings;
		if (stores !== true || requestsPerSecond !== undefined) return this.rate;
		const { bucket, region } = this.account.location;
		return sharedRateLimit(bucket, storingCallsPerSecond(region));
	}

	private done<T>({ bills }: AnyCall<T>, value: T): T {
		if (bills === 'repair') this.tally.billed++;
		if (bills === 'detection') this.tally.detections++;
		return value;
	}

	private isCancelled<T>(call: Call<T>): boolean {
		return call.whenCancelled !== 'goOn' && this.cancelSignal?.aborted === true;
	}

	private async wait<T>(
		call: Call<T>,
		until: (cancelled?: AbortSignal) => Promise<void>,
	): Promise<void> {
		await until(call.whenCancelled === 'goOn' ? undefined : this.cancelSignal);
		if (this.isCancelled(call)) throw new Cancelled();
	}

	/** One attempt: what `read` made of the response, or what went wrong and what that proves. */
	private async attempt<T>(call: Call<T>): Promise<Outcome<T>> {
		let body: Buffer | ByteStream | undefined;
		let request: CosRequest;
		try {
			request = call.request();
			body = await call.body?.();
		} catch (error) {
			return { error, evidence: NOT_SENT };
		}
		const cancelled = call.whenCancelled === undefined ? this.cancelSignal : undefined;
		const deadline = new Deadline(this.settings.timeout * 1000, cancelled);
		try {
			// While its file was opened.
			if (this.isCancelled(call)) return { error: new Cancelled(), evidence: NOT_SENT };
			const response = await this.send(request, body, deadline.signal, call.readsErrNo);
			return { value: await call.read(response) };
		} catch (error) {
			const unreadable = sourceError(body);
			if (unreadable) return { error: unreadable, evidence: NOT_SENT };
			const evidence = evidenceOf(error, call.mayComeLater);
			// The service's own words count, whatever happened while they arrived.
			if (evidence.kind === 'refused') return { error, evidence };
			if (this.isCancelled(call)) return { error: new Cancelled(), evidence };
			if (!deadline.passed) return { error, evidence };
			const late = timedOut(this.host, this.settings.timeout, error);
			return { error: late, evidence: evidenceOf(late) };
		} finally {
			deadline.release();
			if (body && !Buffer.isBuffer(body)) body.destroy();
		}
	}

	/** The request as the credential is to sign it. */
	private outgoing({ method, key, query, headers }: CosRequest) {
		const date = new Date(this.now()).toUTCString();
		return {
			method,
			url: requestUrl(this.account.location, key, query),
			headers: { 'Accept-Encoding': 'identity', Date: date, ...headers },
		};
	}

	private options(
		request: ReturnType<Transport['outgoing']>,
		body: Buffer | ByteStream | undefined,
	): IHttpRequestOptions {
		return {
			...request,
			encoding: 'stream',
			returnFullResponse: true,
			// Both as measured of n8n: with redirects the whole body is buffered, and a refusal thrown by the
			// helper arrives with its body unread.
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: IGNORED_STATUSES,
			...(body !== undefined && { body }),
		};
	}

	/** n8n's helper, whose requests end by the signal of their context: this call gets one of its own. */
	private async request(
		options: IHttpRequestOptions,
		signal: AbortSignal,
	): Promise<StreamedResponse> {
		const context = Object.create(this.functions, {
			getExecutionCancelSignal: { value: () => signal },
		}) as IExecuteFunctions;
		try {
			return (await this.functions.helpers.httpRequestWithAuthentication.call(
				context,
				CREDENTIAL,
				options,
			)) as StreamedResponse;
		} catch (error) {
			const response = thrownResponse(error);
			if (response) return response;
			throw connectionFailed(error, this.host);
		}
	}

	/** Sends a request and gives its response, unless it is a refusal, once the headers are there. */
	private async send(
		request: CosRequest,
		body: Buffer | ByteStream | undefined,
		signal: AbortSignal,
		takesErrNo = false,
	): Promise<CosResponse> {
		const outgoing = this.outgoing(request);
		const response = await this.request(this.options(outgoing, body), signal);
		const { statusCode: status, headers, body: stream } = response;
		// A stream that breaks while nobody reads it must not end the process; whoever reads it sees it.
		stream.on('error', () => undefined);
		signal.addEventListener('abort', () => stream.destroy(new Error('The time is up')), {
			once: true,
		});
		const refusal = proxyRefusal(response, outgoing.url);
		if (refusal) {
			stream.destroy();
			throw refusal;
		}
		// Signed for its own date, a request has the same signature each time.
		const secrets = () => secretsOfRequest(this.account, outgoing, this.now());
		const requestId = requestIdOf(headers, secrets);
		const received = { status, headers, body: stream, requestId, host: this.host, secrets };
		const isRefusal = errNoOf(headers) !== undefined && !takesErrNo;
		if (status >= 200 && status < 300 && !isRefusal) return received;
		// The headers alone make it a refusal, even when its body breaks off.
		const text = await readText(received, MAX_FAILURE_BYTES).catch(() => '');
		const failure = readFailure(status, headers, text, secrets());
		throw new CallFailed(failure, askedBy(request));
	}
}
