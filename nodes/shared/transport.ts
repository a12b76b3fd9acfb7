import {
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type ILoadOptionsFunctions,
	type IPollFunctions,
} from 'n8n-workflow';

import { UnreadableAnswer } from '../../cos/responses/xml';
import { checkAccount, type Account } from '../../cos/signing/authorize';
import { requestUrl } from '../../cos/location/endpoint';
import { header, readFailure, type AnswerHeaders } from '../../cos/responses/failure';
import type { CosRequest } from '../../cos/requests/imageRepair';
import { DEFAULT_CALL_SETTINGS, type CallSettings } from './callSettings';
import { Deadline, pause } from './deadline';
import { CallFailed, Cancelled, ConnectionFailed } from './errors';
import { pauseBefore } from './backoff';
import { Tally } from './tally';

/** A stream by the type that n8n's helpers take. None of n8n's has an encoding set: it gives bytes. */
export type ByteStream = Exclude<
	Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0],
	Buffer
> &
	AsyncIterable<Buffer>;

/** A successful answer, its body still to be read. */
export interface CosAnswer {
	status: number;
	headers: AnswerHeaders;
	body: ByteStream;
	requestId?: string;
	/** Where it came from, for messages. */
	host: string;
}

/** Bytes; a page of 1,000 keys of the greatest length stays far below. */
const MAX_TEXT_BYTES = 10 * 1024 * 1024;
const MAX_FAILURE_BYTES = 64 * 1024;

/** What n8n's helper gives for the options of `send`. */
interface StreamedAnswer {
	statusCode: number;
	headers: AnswerHeaders;
	body: ByteStream;
}

/** The code of Node's network layer, wherever n8n's wrappers left it. */
function networkCode(error: unknown): string {
	let current: unknown = error;
	for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
		if ('code' in current && typeof current.code === 'string' && /^E[A-Z_]+$/.test(current.code)) {
			return current.code;
		}
		current = 'cause' in current ? current.cause : undefined;
	}
	return 'ConnectionFailed';
}

const CHECK_NETWORK =
	'Check the network connection of the machine that runs n8n, and the endpoint in the credential. Then run the item again.';

/** Codes that come up before a request has left this machine. */
const NOT_SENT = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND']);

function connectionFailed(error: unknown, host: string): ConnectionFailed {
	const code = networkCode(error);
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
		return new ConnectionFailed(
			`The address ${host} cannot be found`,
			'Check Bucket, Region and Endpoint in the credential, and the network connection of the machine that runs n8n.',
			code,
		);
	}
	if (NOT_SENT.has(code)) {
		return new ConnectionFailed(`${host} does not accept connections`, CHECK_NETWORK, code);
	}
	return new ConnectionFailed(
		`The connection to ${host} ended before the answer came`,
		`${CHECK_NETWORK} The service may have done its work, and billed it, all the same.`,
		code,
	);
}

function timedOut(host: string, seconds: number): ConnectionFailed {
	return new ConnectionFailed(
		`${host} did not answer in full within ${seconds} seconds`,
		'Run the item again, or allow more time under Options, Timeout. The service may have done its work, and billed it, all the same.',
		'Timeout',
	);
}

/**
 * Reads a body to its end, as text.
 *
 * @param limit bytes after which the answer cannot be what was asked for: the rest is left unread
 * @throws ConnectionFailed when the body breaks off
 */
export async function readText({ body, host }: CosAnswer, limit = MAX_TEXT_BYTES): Promise<string> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	try {
		for await (const chunk of body) {
			bytes += chunk.length;
			chunks.push(chunk);
			if (bytes > limit) break;
		}
	} catch (error) {
		throw connectionFailed(error, host);
	}
	return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}

/** What came of looking whether a call whose answer was lost has been done all the same. */
export type Recovery<T> = { done: T } | 'not done' | 'unknown';

/** A call and what has to be known of it to make it again. */
export interface Call<T> {
	request: CosRequest;
	/** The body of an upload, opened anew for each try; its length stands in the request's headers. */
	body?: () => Promise<Buffer | ByteStream>;
	/** Takes in the answer. What it throws counts as an answer that did not come. */
	read: (answer: CosAnswer) => Promise<T>;
	/** Whether the service bills the call. */
	paid?: boolean;
	/**
	 * What to do when the request was sent and no whole answer came back: an unpaid call is made again.
	 * A paid one is looked for first, and is not made again without.
	 */
	recover?: (startedAt: number) => Promise<Recovery<T>>;
	/** For tidying up: goes on when the user has stopped the execution. */
	evenWhenCancelled?: boolean;
}

type Outcome<T> = { value: T } | { error: unknown };

/** 30 s is where Tencent's SDK takes a clock to be off. */
const CLOCK_TOLERANCE_MS = 30_000;

/** The only place that talks to the service: through n8n's helper, signed by the credential. */
export class Transport {
	/** Milliseconds to add to this machine's clock, once the service has shown it to be off. */
	private clockOffset = 0;
	/** When the next request may begin, in milliseconds since 1970. */
	private nextSlot = 0;

	constructor(
		private readonly functions: IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions,
		private readonly account: Account,
		private readonly settings: CallSettings = DEFAULT_CALL_SETTINGS,
		private readonly tally: Tally = new Tally(),
	) {}

	/** Milliseconds since 1970 by the service's clock, as far as it is known. */
	now(): number {
		return Date.now() + this.clockOffset;
	}

	private get cancelSignal(): AbortSignal | undefined {
		return 'getExecutionCancelSignal' in this.functions
			? this.functions.getExecutionCancelSignal()
			: undefined;
	}

	/**
	 * Makes a call, again where that is safe, and gives what `read` made of the answer.
	 *
	 * Made again, after a pause that grows: what the service says it did not do (429, 500, 502, 503,
	 * 504), what was never sent, and an unpaid call whose answer was lost. Once, at once: what was
	 * refused for the clock, after setting it by the answer's `Date`.
	 *
	 * @throws CallFailed when the service refuses
	 * @throws ConnectionFailed, UnreadableAnswer when no whole answer comes
	 * @throws Cancelled when the user stops the execution
	 * @throws InvalidInput when bucket, region or domain of the credential cannot be
	 */
	async call<T>(call: Call<T>): Promise<T> {
		// What the credential would refuse to sign is told here, in its own words, before n8n wraps it.
		checkAccount(this.account);
		let clockWasSet = false;
		for (let attempt = 0; ; attempt++) {
			await this.waitForSlot(call);
			const startedAt = Date.now();
			const sentWith = this.clockOffset;
			const outcome = await this.attempt(call);
			if ('value' in outcome) {
				if (call.paid === true) this.tally.billed++;
				return outcome.value;
			}
			const { error } = outcome;
			if (error instanceof CallFailed && error.failure.retry === 'afterClock' && !clockWasSet) {
				clockWasSet = true;
				if (this.setClock(error.failure.serviceTime, sentWith)) {
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

	/** Tells whether a failed try may be made again, and finds what was done although no answer came. */
	private async recoverLost<T>(
		call: Call<T>,
		error: unknown,
		startedAt: number,
	): Promise<Recovery<T>> {
		if (error instanceof CallFailed) {
			return error.failure.retry === 'later' ? 'not done' : 'unknown';
		}
		if (error instanceof ConnectionFailed && NOT_SENT.has(error.code)) {
			return error.code === 'ENOTFOUND' ? 'unknown' : 'not done';
		}
		if (!(error instanceof ConnectionFailed || error instanceof UnreadableAnswer)) return 'unknown';
		if (call.paid !== true) return 'not done';
		const recovered = call.recover ? await call.recover(startedAt) : 'unknown';
		if (typeof recovered === 'object') {
			this.tally.billed++;
			return recovered;
		}
		this.tally.perhapsBilled++;
		return call.recover === undefined && this.settings.retryLostAnswers ? 'not done' : recovered;
	}

	/** @param sentWith the offset that the refused request was sent with: another item may have set it since */
	private setClock(serviceTime: number | undefined, sentWith: number): boolean {
		if (serviceTime === undefined) return false;
		const offset = serviceTime - Date.now();
		if (Math.abs(offset - sentWith) < CLOCK_TOLERANCE_MS) return false;
		this.clockOffset = offset;
		return true;
	}

	private async waitForSlot<T>(call: Call<T>): Promise<void> {
		const { requestsPerSecond } = this.settings;
		if (requestsPerSecond > 0) {
			const now = Date.now();
			const slot = Math.max(now, this.nextSlot);
			this.nextSlot = slot + 1000 / requestsPerSecond;
			await this.rest(slot - now, call);
		}
		if (this.isCancelled(call)) throw new Cancelled();
	}

	private isCancelled<T>(call: Call<T>): boolean {
		return call.evenWhenCancelled !== true && this.cancelSignal?.aborted === true;
	}

	private async rest<T>(milliseconds: number, call: Call<T>): Promise<void> {
		await pause(milliseconds, call.evenWhenCancelled === true ? undefined : this.cancelSignal);
		if (this.isCancelled(call)) throw new Cancelled();
	}

	private async attempt<T>(call: Call<T>): Promise<Outcome<T>> {
		const url = requestUrl(this.account.location, call.request.key, call.request.query);
		const { host } = new URL(url);
		const cancelled = call.evenWhenCancelled === true ? undefined : this.cancelSignal;
		const body = await call.body?.();
		const deadline = new Deadline(this.settings.timeout * 1000, cancelled);
		try {
			return { value: await call.read(await this.send(call.request, url, body, deadline.signal)) };
		} catch (error) {
			if (this.isCancelled(call)) return { error: new Cancelled() };
			return { error: deadline.passed ? timedOut(host, this.settings.timeout) : error };
		} finally {
			deadline.release();
			if (body && !Buffer.isBuffer(body)) body.destroy();
		}
	}

	/** Sends a request and gives its answer once the headers are there. */
	private async send(
		request: CosRequest,
		url: string,
		body: Buffer | ByteStream | undefined,
		signal: AbortSignal,
	): Promise<CosAnswer> {
		const { host } = new URL(url);
		const options: IHttpRequestOptions = {
			method: request.method,
			url,
			headers: {
				'Accept-Encoding': 'identity',
				Date: new Date(this.now()).toUTCString(),
				...request.headers,
			},
			encoding: 'stream',
			returnFullResponse: true,
			// Both as measured of n8n: with redirects the whole body is buffered, and a refusal thrown by the
			// helper arrives with its body unread.
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: true,
			...(body !== undefined && { body }),
		};
		// n8n's helper ends a request by the signal its context gives it: this call's own.
		const context = Object.create(this.functions, {
			getExecutionCancelSignal: { value: () => signal },
		}) as IExecuteFunctions;
		let answer: StreamedAnswer;
		try {
			answer = (await this.functions.helpers.httpRequestWithAuthentication.call(
				context,
				'tencentCloudInfiniteApi',
				options,
			)) as StreamedAnswer;
		} catch (error) {
			throw connectionFailed(error, host);
		}
		const { statusCode: status, headers, body: stream } = answer;
		// A stream that breaks while nobody reads it must not end the process; whoever reads it, sees it.
		stream.on('error', () => undefined);
		signal.addEventListener('abort', () => stream.destroy(new Error('The time is up')), {
			once: true,
		});
		const requestId = header(headers, 'x-cos-request-id');
		const received: CosAnswer = { status, headers, body: stream, requestId, host };
		if (status >= 200 && status < 300) return received;
		// A refusal stays one by its status, even when its words break off.
		const text = await readText(received, MAX_FAILURE_BYTES).catch(() => '');
		throw new CallFailed(readFailure(status, headers, text));
	}
}
