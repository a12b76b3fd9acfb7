import { randomBytes } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';

import type { Call, Clock } from '../ledger/calls';
import type { CosFailure } from './failure';
import { errorXml } from './xml';

/** Where an answer goes: out to the client, or into the hands of a fault. */
export interface AnswerSink extends Writable {
	readonly headersSent: boolean;
	writeHead(status: number, headers: OutgoingHttpHeaders): unknown;
}

/** One request and its answer on the way through the bucket. */
export interface Exchange {
	readonly request: IncomingMessage;
	readonly response: AnswerSink;
	/** the log's entry, filled on the way */
	readonly call: Call;
	readonly bucket: string;
	/** empty for the bucket itself */
	readonly key: string;
	/** decoded, signing parameters left out */
	readonly query: ReadonlyMap<string, string>;
	/** Unix seconds, the server's clock when the request arrived */
	readonly now: number;
}

/** An id as the service shapes them: Base64 of a few hexadecimal numbers. */
export function newId(): string {
	const parts = [4, 4, 2, 3].map((bytes) => randomBytes(bytes).toString('hex'));
	return Buffer.from(parts.join('_')).toString('base64');
}

/** Begins an answer whose body the caller sends. */
export function beginAnswer(
	{ response, call }: Pick<Exchange, 'response' | 'call'>,
	status: number,
	headers: OutgoingHttpHeaders,
): void {
	call.status = status;
	response.writeHead(status, headers);
}

/** Sends a whole answer. A HEAD request gets the headers of it. */
export function sendAnswer(
	exchange: Pick<Exchange, 'response' | 'call'>,
	status: number,
	headers: OutgoingHttpHeaders,
	body: Uint8Array | string = '',
): void {
	const bytes = Buffer.from(body);
	const silent = exchange.call.method === 'HEAD' || status === 204;
	if (!silent) exchange.call.bytesOut = bytes.length;
	beginAnswer(exchange, status, {
		...headers,
		...(!silent && { 'Content-Length': bytes.length }),
	});
	exchange.response.end(silent ? undefined : bytes);
}

/** Sends an XML document with status 200. */
export function sendXml(exchange: Exchange, xml: string): void {
	sendAnswer(exchange, 200, { 'Content-Type': 'application/xml' }, xml);
}

/** Sends a refusal. Once an answer has begun, all that is left is to cut it off. */
export function sendFailure(
	exchange: Pick<Exchange, 'request' | 'response' | 'call'>,
	failure: CosFailure,
): void {
	const { request, response, call } = exchange;
	if (response.headersSent) {
		response.destroy();
		return;
	}
	call.code = failure.code;
	const traceId = newId();
	const resource = `${call.host}${(request.url ?? '/').replace(/\?.*$/s, '')}`;
	const endpoint = failure.details.Endpoint;
	sendAnswer(
		exchange,
		failure.status,
		{
			'Content-Type': 'application/xml',
			'x-cos-trace-id': traceId,
			...(endpoint !== undefined && { Location: `http://${endpoint}${request.url ?? '/'}` }),
		},
		errorXml(failure, { resource, requestId: call.requestId, traceId }),
	);
}

/** Headers every answer of the bucket carries, before anything else is known of it. */
export function setCommonHeaders(response: ServerResponse, requestId: string, clock: Clock): void {
	response.setHeader('x-cos-request-id', requestId);
	response.setHeader('Server', 'tencent-cos');
	// Not Node's own: a client corrects its clock by this, so it must follow the sandbox's.
	response.setHeader('Date', new Date(clock.now() * 1000).toUTCString());
}
