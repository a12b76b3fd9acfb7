import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { spoilXml, type XmlShape } from './brokenXml';
import {
	beginAnswer,
	newId,
	sendAnswer,
	sendFailure,
	type AnswerSink,
	type Exchange,
} from '../http/exchange';
import { toFailure } from '../http/failure';
import { errorXml, uploadResultXml } from '../http/xml';

/**
 * Something that goes wrong with one request. `processed` says whether the service does its work,
 * and bills it, before that.
 */
export type Fault =
	/** the answer comes late; unprocessed: the work begins late, and not at all once nobody waits */
	| { readonly fault: 'delay'; readonly ms: number; readonly processed?: boolean }
	/** another answer */
	| {
			readonly fault: 'status';
			readonly status: number;
			/** of the `<Error>`; by default what usually comes with the status */
			readonly code?: string;
			readonly message?: string;
			/**
			 * `cut`: the `<Error>` ends halfway, and with it the connection; `echo`: the request's own
			 * signature, line and headers, as some proxies answer
			 */
			readonly body?: 'xml' | 'html' | 'empty' | 'cut' | 'echo';
			readonly contentType?: string;
			/** `Retry-After`, in seconds or as a date */
			readonly retryAfter?: number | string;
			readonly processed?: boolean;
	  }
	| {
			readonly fault: 'redirect';
			readonly status?: 301 | 302 | 307;
			readonly location: string;
	  }
	/** the connection is reset when half of the request's body was read, or all of it */
	| {
			readonly fault: 'reset';
			readonly at?: 'request' | 'answer';
			readonly processed?: boolean;
	  }
	/** half of the answer's body arrives: then the connection is reset, or ends as if all were well */
	| { readonly fault: 'cut'; readonly by?: 'reset' | 'end' }
	/** the answer's body a byte at a time, without an end */
	| { readonly fault: 'drip'; readonly everyMs?: number; readonly processed?: boolean }
	/** the right answer under the wrong name */
	| { readonly fault: 'contentType'; readonly contentType: string }
	/** the answer's XML, spoilt; in the place of an image an `UploadResult` is */
	| {
			readonly fault: 'xml';
			readonly shape: XmlShape;
			readonly node?: string;
			readonly processed?: boolean;
	  };

/** An exchange whose answer goes to the client. */
export interface LiveExchange extends Exchange {
	readonly response: ServerResponse;
}

/** Does what was asked for, and answers. */
export type Operate = (exchange: Exchange) => Promise<void> | void;

interface Answer {
	readonly status: number;
	readonly headers: OutgoingHttpHeaders;
	readonly body: Buffer;
}

/** Takes an answer and keeps it, so that a fault decides what becomes of it. */
class HeldAnswer extends Writable implements AnswerSink {
	headersSent = false;
	private status = 0;
	private headers: OutgoingHttpHeaders = {};
	private readonly chunks: Buffer[] = [];

	writeHead(status: number, headers: OutgoingHttpHeaders): void {
		this.headersSent = true;
		this.status = status;
		this.headers = headers;
	}

	override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
		this.chunks.push(chunk);
		done();
	}

	answer(): Answer {
		return { status: this.status, headers: this.headers, body: Buffer.concat(this.chunks) };
	}
}

/** Long enough for bytes that were sent to be read before a reset overtakes them; milliseconds. */
const READING_TIME = 20;

/** What usually comes with a status. */
const CODES: Readonly<Record<number, string>> = {
	200: 'InternalError',
	400: 'InvalidArgument',
	403: 'AccessDenied',
	404: 'NoSuchKey',
	429: 'TooManyRequests',
	500: 'InternalError',
	501: 'NotImplemented',
	502: 'BadGateway',
	503: 'ServiceUnavailable',
	504: 'GatewayTimeout',
};

/** Does the work with the answer held back. */
async function work(exchange: Exchange, operate: Operate): Promise<Answer> {
	const held = new HeldAnswer();
	const inside = { ...exchange, response: held };
	try {
		await operate(inside);
	} catch (error) {
		sendFailure(inside, toFailure(error));
	}
	return held.answer();
}

/**
 * Reads the request's body and throws it away.
 * @param share of its `Content-Length` after which to stop
 */
async function readRequest({ request, call }: Exchange, share = 1): Promise<void> {
	const enough = Number(request.headers['content-length'] ?? 0) * share;
	try {
		const chunks: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
		for await (const chunk of chunks) {
			call.bytesIn += chunk.length;
			if (share < 1 && call.bytesIn >= enough) return;
		}
	} catch {
		// The client has gone; the fault it was to meet does not matter any more.
	}
}

/** Processes the request, or only reads it. */
async function processIf(
	processed: boolean,
	exchange: Exchange,
	operate: Operate,
): Promise<Answer | undefined> {
	if (processed) return await work(exchange, operate);
	await readRequest(exchange);
	return undefined;
}

/** Marks in the log that the client was told nothing. */
function tellNothing({ call }: Exchange): void {
	Object.assign(call, { status: 0, code: '', bytesOut: 0 });
}

function reset(exchange: LiveExchange): void {
	exchange.response.socket?.resetAndDestroy();
}

/** Waits; false when the client goes meanwhile. */
async function clientWaits({ response }: LiveExchange, ms: number): Promise<boolean> {
	const gone = new AbortController();
	const leave = () => gone.abort();
	response.once('close', leave);
	if (response.destroyed) leave();
	return await sleep(ms, true, { signal: gone.signal })
		.catch(() => false)
		.finally(() => response.off('close', leave));
}

/** Headers of an answer with some changed; undefined leaves one out. */
function withHeaders(
	headers: OutgoingHttpHeaders,
	changes: Readonly<Record<string, string | number | undefined>>,
): OutgoingHttpHeaders {
	const names = Object.keys(changes).map((name) => name.toLowerCase());
	const kept = Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase()));
	const set = Object.entries(changes).filter(([, value]) => value !== undefined);
	return Object.fromEntries([...kept, ...set]);
}

function deliver(exchange: LiveExchange, { status, headers, body }: Answer): void {
	const { call, response } = exchange;
	call.bytesOut = body.length;
	beginAnswer(exchange, status, headers);
	response.end(body);
}

/** Sends the first half of an answer that announces the whole. */
async function deliverHalf(
	exchange: LiveExchange,
	{ status, headers, body }: Answer,
	by: 'reset' | 'end',
): Promise<void> {
	const { call, response } = exchange;
	const half = body.subarray(0, Math.ceil(body.length / 2));
	call.bytesOut = half.length;
	beginAnswer(exchange, status, withHeaders(headers, { 'Content-Length': body.length }));
	await new Promise((resolve) => {
		response.once('close', resolve);
		response.write(half, resolve);
	});
	await sleep(READING_TIME);
	if (by === 'reset') reset(exchange);
	else response.socket?.end();
}

async function delay(
	{ ms, processed = true }: Extract<Fault, { fault: 'delay' }>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	const answer = processed ? await work(exchange, operate) : undefined;
	if (!(await clientWaits(exchange, ms))) tellNothing(exchange);
	else if (answer) deliver(exchange, answer);
	else await operate(exchange);
}

function refusal(
	{ request, call }: Exchange,
	code: string,
	message: string,
	details?: Readonly<Record<string, string>>,
): Buffer {
	const resource = `${call.host}${(request.url ?? '/').replace(/\?.*$/s, '')}`;
	const about = { resource, requestId: call.requestId, traceId: newId() };
	return Buffer.from(errorXml({ code, message, details }, about));
}

/** A body that is no `<Error>`, as proxies and load balancers send. */
function page(kind: 'html' | 'empty' | 'echo', { request }: Exchange, status: number): Buffer {
	if (kind === 'empty') return Buffer.alloc(0);
	if (kind === 'html') {
		const title = `${status} from a gateway`;
		return Buffer.from(
			`<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
		);
	}
	// What matters first: clients tend to show the beginning of what they cannot read.
	const { authorization = '', ...others } = request.headers;
	const headers = Object.entries(others).map(([name, value]) => `${name}: ${String(value)}`);
	return Buffer.from([authorization, `${request.method} ${request.url}`, ...headers].join('\n'));
}

async function status(
	fault: Extract<Fault, { fault: 'status' }>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	await processIf(fault.processed ?? false, exchange, operate);
	const { call } = exchange;
	const code = fault.code ?? CODES[fault.status] ?? 'InternalError';
	const message = fault.message ?? `The fault desk answers with ${code}.`;
	const { body: kind = 'xml' } = fault;
	const isXml = kind === 'xml' || kind === 'cut';
	const body = isXml ? refusal(exchange, code, message) : page(kind, exchange, fault.status);
	call.code = isXml ? code : '';
	const headers = withHeaders(
		{},
		{
			'Content-Type': fault.contentType ?? (isXml ? 'application/xml' : 'text/html'),
			'Retry-After': fault.retryAfter,
		},
	);
	if (kind === 'cut') await deliverHalf(exchange, { status: fault.status, headers, body }, 'end');
	else sendAnswer(exchange, fault.status, headers, body);
}

async function redirect(
	{ status = 307, location }: Extract<Fault, { fault: 'redirect' }>,
	exchange: LiveExchange,
): Promise<void> {
	await readRequest(exchange);
	const { host } = new URL(location);
	const code = status === 301 ? 'PermanentRedirect' : 'TemporaryRedirect';
	exchange.call.code = code;
	const body = refusal(exchange, code, 'Please use the specified endpoint.', { Endpoint: host });
	sendAnswer(exchange, status, { 'Content-Type': 'application/xml', Location: location }, body);
}

async function resetBeforeAnswer(
	{ at = 'answer', processed = false }: Extract<Fault, { fault: 'reset' }>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	if (at === 'request') await readRequest(exchange, 0.5);
	else await processIf(processed, exchange, operate);
	tellNothing(exchange);
	reset(exchange);
}

async function drip(
	{ everyMs = 50, processed = true }: Extract<Fault, { fault: 'drip' }>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	const answer = await processIf(processed, exchange, operate);
	const { body, headers, status } = answer ?? { body: Buffer.alloc(0), headers: {}, status: 200 };
	const { call, response } = exchange;
	call.bytesOut = 0;
	beginAnswer(exchange, status, withHeaders(headers, { 'Content-Length': undefined }));
	response.flushHeaders();
	while (await clientWaits(exchange, everyMs)) {
		response.write(Buffer.of(body[call.bytesOut] ?? 0x20));
		call.bytesOut++;
	}
}

async function contentType(
	{ contentType }: Extract<Fault, { fault: 'contentType' }>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	const answer = await work(exchange, operate);
	const headers = withHeaders(answer.headers, { 'Content-Type': contentType });
	deliver(exchange, { ...answer, headers });
}

async function spoiltXml(
	{ shape, node = 'Key', processed = true }: Extract<Fault, { fault: 'xml' }>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	const answer = await processIf(processed, exchange, operate);
	const text = answer?.body.toString('utf8', 0, 5) === '<?xml' ? answer.body.toString('utf8') : '';
	const empty = { original: { key: exchange.key, location: '', etag: '' }, results: [] };
	const xml = spoilXml(text === '' ? uploadResultXml(empty) : text, shape, node);
	sendAnswer(exchange, 200, { 'Content-Type': 'application/xml' }, xml);
}

/** Lets a request meet its fault. */
export async function answerWithFault(
	fault: Fault,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	exchange.call.fault = fault.fault;
	switch (fault.fault) {
		case 'delay': {
			await delay(fault, exchange, operate);
			return;
		}
		case 'status': {
			await status(fault, exchange, operate);
			return;
		}
		case 'redirect': {
			await redirect(fault, exchange);
			return;
		}
		case 'reset': {
			await resetBeforeAnswer(fault, exchange, operate);
			return;
		}
		case 'cut': {
			await deliverHalf(exchange, await work(exchange, operate), fault.by ?? 'reset');
			return;
		}
		case 'drip': {
			await drip(fault, exchange, operate);
			return;
		}
		case 'contentType': {
			await contentType(fault, exchange, operate);
			return;
		}
		case 'xml': {
			await spoiltXml(fault, exchange, operate);
			return;
		}
	}
}
