import {
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type ILoadOptionsFunctions,
	type IPollFunctions,
} from 'n8n-workflow';

import { requestUrl } from '../../cos/location/endpoint';
import type { CosRequest } from '../../cos/requests/request';
import { readFailure } from '../../cos/responses/failure';
import { header } from '../../cos/responses/headers';
import type { Account } from '../../cos/signing/authorize';
import { outlookOf, pauseBefore } from './attempts';
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
import { CallFailed, Cancelled } from './errors';
import { RateLimit, ServiceClock } from './pace';
import { readText, type ByteStream, type CosResponse } from './response';
import { Tally } from './tally';

const MAX_FAILURE_BYTES = 64 * 1024;

/** The name that n8n knows the credential by. */
export const CREDENTIAL = 'tencentCloudInfiniteApi';

/** Result of checking whether a call took effect although its response was lost. */
export type Recovery<T> = { done: T } | 'not done' | 'unknown';

/** A call, and what has to be known of it to make it again. */
export interface Call<T> {
	request: CosRequest;
	/** The body of an upload, opened anew for each attempt; its length stands in the request's headers. */
	body?: () => Promise<Buffer | ByteStream>;
	/** Takes in the response. What it throws counts as a response that did not come. */
	read: (response: CosResponse) => Promise<T>;
	/** Whether the service bills the call. */
	paid?: boolean;
	/**
	 * Checks whether a paid call took effect although its response was lost. Without it, such a call is
	 * not made again.
	 */
	recover?: (startedAt: number) => Promise<Recovery<T>>;
	/** For cleaning up: goes on when the user has stopped the execution. */
	evenWhenCancelled?: boolean;
}

type Outcome<T> = { value: T } | { error: unknown };

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
		this.rate = new RateLimit(settings.requestsPerSecond);
		this.host = new URL(account.location.origin).host;
	}

	/** Milliseconds since 1970 by the service's clock, as far as it is known. */
	now(): number {
		return this.clock.now();
	}

	private get cancelSignal(): AbortSignal | undefined {
		return 'getExecutionCancelSignal' in this.functions
			? this.functions.getExecutionCancelSignal()
			: undefined;
	}

	/**
	 * Makes a call, again where that is safe, and gives what `read` made of the response.
	 *
	 * Made again, after a pause that grows: what the service says it did not do (429, 500, 502, 503,
	 * 504), what was never sent, and an unpaid call whose response was lost. Once, at once: what was
	 * refused for the clock, after setting it by the response's `Date`.
	 *
	 * @throws CallFailed when the service refuses
	 * @throws ConnectionFailed, UnreadableResponse when no complete response comes
	 * @throws Cancelled when the user stops the execution
	 */
	async call<T>(call: Call<T>): Promise<T> {
		let clockWasSet = false;
		for (let attempt = 0; ; attempt++) {
			await this.waitForSlot(call);
			const startedAt = Date.now();
			const sentWith = this.clock.offset;
			const outcome = await this.attempt(call);
			if ('value' in outcome) {
				if (call.paid === true) this.tally.billed++;
				return outcome.value;
			}
			const { error } = outcome;
			if (error instanceof CallFailed && error.failure.retry === 'afterClock' && !clockWasSet) {
				clockWasSet = true;
				if (this.clock.set(error.failure.serviceTime, sentWith)) {
					this.tally.retried++;
					continue;
				}
			}
			const recovered = await this.recoverLost(call, error, startedAt);
			if (typeof recovered === 'object') return recovered.done;
			if (recovered === 'unknown' || attempt >= this.settings.retries) throw error;
			this.tally.retried++;
			await this.rest(pauseBefore(attempt, error), call);
		}
	}

	/** Whether a failed attempt may be repeated, or its result if it took effect without a response. */
	private async recoverLost<T>(
		call: Call<T>,
		error: unknown,
		startedAt: number,
	): Promise<Recovery<T>> {
		const outlook = outlookOf(error);
		if (outlook !== 'lost') return outlook === 'again' ? 'not done' : 'unknown';
		if (call.paid !== true) return 'not done';
		const recovered = call.recover ? await call.recover(startedAt) : 'unknown';
		if (typeof recovered === 'object') {
			this.tally.billed++;
			return recovered;
		}
		this.tally.perhapsBilled++;
		return call.recover === undefined && this.settings.retryLostAnswers ? 'not done' : recovered;
	}

	private async waitForSlot<T>(call: Call<T>): Promise<void> {
		await this.rest(this.rate.take(), call);
	}

	private isCancelled<T>(call: Call<T>): boolean {
		return call.evenWhenCancelled !== true && this.cancelSignal?.aborted === true;
	}

	private async rest<T>(milliseconds: number, call: Call<T>): Promise<void> {
		await pause(milliseconds, call.evenWhenCancelled === true ? undefined : this.cancelSignal);
		if (this.isCancelled(call)) throw new Cancelled();
	}

	private async attempt<T>(call: Call<T>): Promise<Outcome<T>> {
		const cancelled = call.evenWhenCancelled === true ? undefined : this.cancelSignal;
		const body = await call.body?.();
		const deadline = new Deadline(this.settings.timeout * 1000, cancelled);
		try {
			return { value: await call.read(await this.send(call.request, body, deadline.signal)) };
		} catch (error) {
			if (this.isCancelled(call)) return { error: new Cancelled() };
			return { error: deadline.passed ? timedOut(this.host, this.settings.timeout, error) : error };
		} finally {
			deadline.release();
			if (body && !Buffer.isBuffer(body)) body.destroy();
		}
	}

	private options(
		{ method, key, query, headers }: CosRequest,
		body: Buffer | ByteStream | undefined,
	): IHttpRequestOptions {
		return {
			method,
			url: requestUrl(this.account.location, key, query),
			headers: {
				'Accept-Encoding': 'identity',
				Date: new Date(this.now()).toUTCString(),
				...headers,
			},
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

	/** Sends a request and gives its response once the headers are there. */
	private async send(
		request: CosRequest,
		body: Buffer | ByteStream | undefined,
		signal: AbortSignal,
	): Promise<CosResponse> {
		const options = this.options(request, body);
		const sent = await this.request(options, signal);
		const { statusCode: status, headers, body: stream } = sent;
		// A stream that breaks while nobody reads it must not end the process; whoever reads it sees it.
		stream.on('error', () => undefined);
		signal.addEventListener('abort', () => stream.destroy(new Error('The time is up')), {
			once: true,
		});
		const refusal = proxyRefusal(sent, options.url);
		if (refusal) {
			stream.destroy();
			throw refusal;
		}
		const requestId = header(headers, 'x-cos-request-id');
		const received: CosResponse = { status, headers, body: stream, requestId, host: this.host };
		if (status >= 200 && status < 300) return received;
		// The status alone makes it a refusal, even when its body breaks off.
		const text = await readText(received, MAX_FAILURE_BYTES).catch(() => '');
		throw new CallFailed(readFailure(status, headers, text));
	}
}
