import { once } from 'node:events';
import { STATUS_CODES, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import {
	COMMON_HEADERS,
	errorDocument,
	sendResponse,
	startResponse,
	type Exchange,
	type Work,
} from '../http/exchange';
import { encodeKey } from '../http/target';
import { uploadResultXml } from '../http/xml';
import { tinyImage } from '../repair/tinyImage';
import { breakXml } from './brokenXml';
import { runBuffered, withHeaders, type Operate, type PendingResponse } from './bufferedResponse';
import type { Fault, Processed } from './faultRules';

/** An exchange whose response goes to the client. */
interface LiveExchange extends Exchange {
	readonly response: ServerResponse;
}

type FaultNamed<Name extends Fault['fault']> = Extract<Fault, { readonly fault: Name }>;

/** Time for the client to read what was sent before a reset discards it; milliseconds. */
const READING_TIME = 20;

/** The usual error code for a status. */
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

/**
 * Reads the request body and discards it.
 * @param share of its `Content-Length` after which to stop
 */
async function discardBody({ request, call }: Exchange, share = 1): Promise<void> {
	const enough = Number(request.headers['content-length'] ?? 0) * share;
	try {
		const chunks: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
		for await (const chunk of chunks) {
			call.bytesIn += chunk.length;
			if (share < 1 && call.bytesIn >= enough) return;
		}
	} catch {
		// The client has disconnected, so the fault no longer matters.
	}
}

/** Time that work goes on after a response that did not wait for it; milliseconds. */
const LATER = 1000;

/** Does the work while another response is sent: only what was done goes to the log. */
async function workLater(exchange: Exchange, operate: Operate): Promise<void> {
	const { call, work } = exchange;
	const ms = work.ms > 0 ? work.ms : LATER;
	const done = { ...call };
	await runBuffered({ ...exchange, call: done, work: { ...work, ms } }, operate);
	const { billed, detected, results, bytesIn } = done;
	Object.assign(call, { billed, detected, results, bytesIn });
}

/** Processes the request as far as `processed` says, or only reads its body. */
async function runIfProcessed(
	processed: Processed,
	exchange: Exchange,
	operate: Operate,
): Promise<PendingResponse | undefined> {
	const { work, call, request } = exchange;
	const isUpload = call.kind === 'repair-upload';
	if (processed === true) return await runBuffered(exchange, operate);
	if (processed === 'later') {
		void workLater(exchange, operate);
		if (isUpload && !request.closed) await once(request, 'close').catch(() => undefined);
	} else if (processed === 'original' && isUpload) {
		await runBuffered({ ...exchange, work: { ...work, onlyOriginal: true } }, operate);
	} else await discardBody(exchange);
	return undefined;
}

/** Records that the client got no response. */
function logNoResponse({ call }: Exchange): void {
	Object.assign(call, { status: 0, code: '', bytesOut: 0 });
}

function resetConnection(exchange: LiveExchange): void {
	exchange.response.socket?.resetAndDestroy();
}

/** Waits; returns false if the client disconnects meanwhile. */
async function waitWithClient({ response }: LiveExchange, ms: number): Promise<boolean> {
	const disconnected = new AbortController();
	const abort = () => disconnected.abort();
	response.once('close', abort);
	if (response.destroyed) abort();
	return await sleep(ms, true, { signal: disconnected.signal })
		.catch(() => false)
		.finally(() => response.off('close', abort));
}

function sendPending(exchange: LiveExchange, { status, headers, body }: PendingResponse): void {
	const { call, response } = exchange;
	call.bytesOut = body.length;
	startResponse(exchange, status, headers);
	response.end(body);
}

/** Sends the first half of a response with the `Content-Length` of the whole. */
async function sendHalf(
	exchange: LiveExchange,
	{ status, headers, body }: PendingResponse,
	by: 'reset' | 'end',
): Promise<void> {
	const { call, response } = exchange;
	const half = body.subarray(0, Math.ceil(body.length / 2));
	call.bytesOut = half.length;
	startResponse(exchange, status, withHeaders(headers, { 'Content-Length': body.length }));
	await new Promise((resolve) => {
		response.once('close', resolve);
		response.write(half, resolve);
	});
	await sleep(READING_TIME);
	if (by === 'reset') resetConnection(exchange);
	else response.socket?.end();
}

async function delay(
	{ ms, processed = true }: FaultNamed<'delay'>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	const pending = processed ? await runBuffered(exchange, operate) : undefined;
	if (!(await waitWithClient(exchange, ms))) logNoResponse(exchange);
	else if (pending) sendPending(exchange, pending);
	else await operate(exchange);
}

/** A body that is not an `<Error>`, as proxies and load balancers send. */
function proxyBody(kind: 'html' | 'empty' | 'echo', { request }: Exchange, status: number): string {
	if (kind === 'empty') return '';
	if (kind === 'html') {
		const title = `${status} from a gateway`;
		return `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
	}
	// The signature comes first because clients tend to show the start of a body they cannot parse.
	const { authorization = '', ...others } = request.headers;
	const headers = Object.entries(others).map(([name, value]) => `${name}: ${String(value)}`);
	return [authorization, `${request.method} ${request.url}`, ...headers].join('\n');
}

async function status(
	fault: FaultNamed<'status'>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	await runIfProcessed(fault.processed ?? false, exchange, operate);
	const code = fault.code ?? CODES[fault.status] ?? 'InternalError';
	const message = fault.message ?? `Injected fault: ${code}.`;
	const { body: kind = 'xml' } = fault;
	const isXml = kind === 'xml' || kind === 'cut';
	const body = Buffer.from(
		isXml ? errorDocument(exchange, { code, message }) : proxyBody(kind, exchange, fault.status),
	);
	exchange.call.code = isXml ? code : '';
	// CI refuses with an error document or, of itself, with the header X-ErrNo alone.
	const isNamed = isXml || (fault.errNo !== undefined && fault.requestId !== false);
	if (isNamed && kind !== 'cut' && fault.status >= 300) exchange.entry.answered = 'refused';
	if (fault.requestId === false) exchange.response.removeHeader('x-cos-request-id');
	const headers = withHeaders(
		{},
		{
			'Content-Type': fault.contentType ?? (isXml ? 'application/xml' : 'text/html'),
			'Retry-After': fault.retryAfter,
			'X-ErrNo': fault.errNo,
		},
	);
	if (kind === 'cut') await sendHalf(exchange, { status: fault.status, headers, body }, 'end');
	else sendResponse(exchange, fault.status, headers, body);
}

/** The address of the image that a request is about, without parameters and signature. */
function addressOfOriginal({ call: { host }, key, query }: Exchange): string {
	return query.get('detect-url') ?? `http://${host}/${encodeKey(key)}`;
}

async function redirect(fault: FaultNamed<'redirect'>, exchange: LiveExchange): Promise<void> {
	await discardBody(exchange);
	const errNo = { 'X-ErrNo': fault.errNo };
	if ('to' in fault) {
		const headers = { Location: addressOfOriginal(exchange), ...errNo };
		sendResponse(exchange, fault.status ?? 302, withHeaders({}, headers));
		return;
	}
	const { status = 307, location } = fault;
	const code = status === 301 ? 'PermanentRedirect' : 'TemporaryRedirect';
	exchange.call.code = code;
	const message = 'Please use the specified endpoint.';
	const details = { Endpoint: new URL(location).host };
	const body = errorDocument(exchange, { code, message, details });
	const headers = { 'Content-Type': 'application/xml', Location: location, ...errNo };
	sendResponse(exchange, status, withHeaders({}, headers), body);
}

async function reset(
	{ at = 'answer', processed = false }: FaultNamed<'reset'>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	if (at === 'request') await discardBody(exchange, 0.5);
	else await runIfProcessed(processed, exchange, operate);
	logNoResponse(exchange);
	resetConnection(exchange);
}

async function cut(
	{ by = 'reset' }: FaultNamed<'cut'>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	await sendHalf(exchange, await runBuffered(exchange, operate), by);
}

/** What a response begins with that has nothing to say, because nothing was done. */
const NOTHING: PendingResponse = { body: Buffer.alloc(0), headers: {}, status: 200 };

async function drip(
	{ everyMs = 50, processed = true }: FaultNamed<'drip'>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	const pending = await runIfProcessed(processed, exchange, operate);
	const { body, headers, status } = pending ?? NOTHING;
	const { call, response } = exchange;
	call.bytesOut = 0;
	startResponse(exchange, status, withHeaders(headers, { 'Content-Length': undefined }));
	response.flushHeaders();
	while (await waitWithClient(exchange, everyMs)) {
		response.write(Buffer.of(body[call.bytesOut] ?? 0x20));
		call.bytesOut++;
	}
}

const FLOOD_CHUNK = Buffer.alloc(64 * 1024, ' ');

async function flood(
	{ processed = true }: FaultNamed<'flood'>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	const pending = await runIfProcessed(processed, exchange, operate);
	const { body, headers, status } = pending ?? NOTHING;
	const { call, response } = exchange;
	// The response to a deletion has no body; to HEAD there can be none.
	const withBody = status === 204 ? 200 : status;
	if (call.method === 'HEAD') {
		sendResponse(exchange, withBody, headers);
		return;
	}
	call.bytesOut = 0;
	startResponse(exchange, withBody, withHeaders(headers, { 'Content-Length': undefined }));
	const chunks = function* () {
		for (let chunk = body; ; chunk = FLOOD_CHUNK) {
			call.bytesOut += chunk.length;
			yield chunk;
		}
	};
	// Ends by the error that the client has left.
	await pipeline(Readable.from(chunks()), response).catch(() => undefined);
}

async function contentType(
	{ contentType }: FaultNamed<'contentType'>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	const pending = await runBuffered(exchange, operate);
	const headers = withHeaders(pending.headers, { 'Content-Type': contentType });
	sendPending(exchange, { ...pending, headers });
}

async function brokenXml(
	{ shape, node = 'Key', processed = true }: FaultNamed<'xml'>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	const pending = await runIfProcessed(processed, exchange, operate);
	const isXml = pending?.body.toString('utf8', 0, 5) === '<?xml';
	const original = { key: exchange.key, location: '', etag: '' };
	const xml = isXml ? pending.body.toString('utf8') : uploadResultXml({ original, results: [] });
	const body = breakXml(xml, shape, node);
	sendResponse(exchange, 200, { 'Content-Type': 'application/xml' }, body);
}

async function placeholder(
	{ errNo = -6101, processed = false }: FaultNamed<'placeholder'>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	await runIfProcessed(processed, exchange, operate);
	const headers = { 'Content-Type': 'image/png', 'X-ErrNo': String(errNo) };
	sendResponse(exchange, 200, headers, tinyImage('placeholder'));
}

async function otherHeaders(
	{ headers: changes = {}, dateOffsetSeconds = 0 }: FaultNamed<'headers'>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	const pending = await runBuffered(exchange, operate);
	const { response } = exchange;
	const date = Date.parse(String(response.getHeader('Date'))) + dateOffsetSeconds * 1000;
	response.setHeader('Date', new Date(date).toUTCString());
	for (const [name, value] of Object.entries(changes)) {
		if (value !== null) continue;
		response.removeHeader(name);
		// Without it, Node would add one of its own.
		if (name.toLowerCase() === 'date') response.sendDate = false;
	}
	const set: Array<[string, string | undefined]> = Object.entries(changes).map(([name, value]) => [
		name,
		value ?? undefined,
	]);
	const headers = withHeaders(pending.headers, Object.fromEntries(set));
	sendPending(exchange, { ...pending, headers });
}

async function gzip(
	_: FaultNamed<'gzip'>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	const pending = await runBuffered(exchange, operate);
	const body = gzipSync(pending.body);
	const encoding = { 'Content-Encoding': 'gzip', 'Content-Length': body.length };
	const headers = withHeaders(pending.headers, encoding);
	sendPending(exchange, { ...pending, headers, body });
}

/** The status line and the headers as sent, for a response that Node's server would not send. */
function headText(version: string, status: number, headers: OutgoingHttpHeaders): string {
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
	return [`HTTP/${version} ${status} ${STATUS_CODES[status]}`, ...lines, '', ''].join('\r\n');
}

async function framing(
	{ as, cut: isCut = false }: FaultNamed<'framing'>,
	exchange: LiveExchange,
	operate: Operate,
): Promise<void> {
	const pending = await runBuffered(exchange, operate);
	const { call, entry, response } = exchange;
	const whole = pending.body.length;
	const half = Math.ceil(whole / 2);
	const body = isCut ? pending.body.subarray(0, half) : pending.body;
	const lengths = { 'http1.0': undefined, close: undefined, short: half, '206': body.length };
	call.status = as === '206' ? 206 : pending.status;
	call.bytesOut = body.length;
	// Not `getHeaders`, which gives the names in lower case.
	const common: OutgoingHttpHeaders = Object.fromEntries(
		COMMON_HEADERS.map((name) => [name, response.getHeader(name)]),
	);
	const headers = withHeaders(
		{ ...common, ...pending.headers },
		{
			'Content-Length': lengths[as],
			'Content-Range': as === '206' ? `bytes 0-${body.length - 1}/${whole}` : undefined,
			Connection: 'close',
		},
	);
	const head = headText(as === 'http1.0' ? '1.0' : '1.1', call.status, headers);
	if (entry.answered === 'pending') entry.answered = call.status >= 300 ? 'refused' : 'changed';
	response.socket?.end(Buffer.concat([Buffer.from(head, 'latin1'), body]));
}

/** The work as a fault changes it. */
function changedWork(fault: Fault, work: Work): Work {
	const { workMs = work.ms, visibleAfterMs = work.visibleAfterMs } = fault;
	const changed = { ...work, ms: workMs, visibleAfterMs };
	if (fault.fault === 'list') return { ...changed, endlessList: fault.as };
	if (fault.fault === 'original') return { ...changed, givesOriginal: true };
	if (fault.fault === 'result') return { ...changed, wrongResult: fault.as };
	if (fault.fault === 'detection') return { ...changed, detection: fault };
	return fault.fault === 'rules' ? { ...changed, ...changedResults(fault) } : changed;
}

/** What becomes of the rules, and what is said of them. */
function changedResults(fault: FaultNamed<'rules'>): Pick<Work, 'failing' | 'shape'> {
	const { rules, report = 'missing', code = 'InternalError', message = 'Injected fault.' } = fault;
	const shape = {
		isReversed: fault.order === 'reversed',
		originalWithoutLocation: fault.originalWithoutLocation ?? false,
	};
	return report === 'withoutLocation'
		? { failing: undefined, shape: { ...shape, withoutLocation: rules } }
		: {
				failing: { rules, report, code, message },
				shape: { ...shape, withoutLocation: [] },
			};
}

/** Faults after which the client gets the response that the work gave. */
const RIGHT_RESPONSE: ReadonlySet<string> = new Set([
	...['work', 'delay', 'rules', 'result', 'list', 'detection'],
]);

/** Whether the client gets the response that the work gave, by the name of its fault; empty for none. */
export const isUnchanged = (fault: string) => fault === '' || RIGHT_RESPONSE.has(fault);

/** Whether the client gets all that the work gave, in another form or with other headers. */
function changesFormOnly(fault: Fault): boolean {
	switch (fault.fault) {
		case 'headers':
		case 'gzip':
		case 'contentType':
			return true;
		case 'framing':
			return fault.cut !== true && (fault.as === 'http1.0' || fault.as === 'close');
		default:
			return false;
	}
}

/** Responds to a request with a fault. */
export async function injectFault(
	fault: Fault,
	usual: LiveExchange,
	operate: Operate,
): Promise<void> {
	usual.call.fault = fault.fault;
	usual.entry.fault = fault.fault;
	const isWhole = isUnchanged(fault.fault) || changesFormOnly(fault);
	if (!isWhole) usual.entry.answered = 'fault';
	const exchange = { ...usual, work: changedWork(fault, usual.work) };
	switch (fault.fault) {
		case 'work':
		case 'rules':
		case 'result':
		case 'list':
		case 'detection':
		case 'original':
			sendPending(exchange, await runBuffered(exchange, operate));
			return;
		case 'placeholder':
			await placeholder(fault, exchange, operate);
			return;
		case 'headers':
			await otherHeaders(fault, exchange, operate);
			return;
		case 'gzip':
			await gzip(fault, exchange, operate);
			return;
		case 'framing':
			await framing(fault, exchange, operate);
			return;
		case 'delay':
			await delay(fault, exchange, operate);
			return;
		case 'status':
			await status(fault, exchange, operate);
			return;
		case 'redirect':
			await redirect(fault, exchange);
			return;
		case 'reset':
			await reset(fault, exchange, operate);
			return;
		case 'cut':
			await cut(fault, exchange, operate);
			return;
		case 'drip':
			await drip(fault, exchange, operate);
			return;
		case 'flood':
			await flood(fault, exchange, operate);
			return;
		case 'contentType':
			await contentType(fault, exchange, operate);
			return;
		case 'xml':
			await brokenXml(fault, exchange, operate);
			return;
	}
}
