import { randomBytes } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';

import type { Clock } from '../clock';
import { isCiDownload, type Call } from '../ledger/calls';
import type { LedgerEntry } from '../ledger/ledger';
import { ERR_NO, type CosFailure } from './failure';
import type { DetectionChange } from './found';
import type { WrongResult } from '../repair/wrongResult';
import { errorXml } from './xml';

/** Where a response is written: to the client, or to a buffer when a fault is to change it. */
export interface ResponseSink extends Writable {
	readonly headersSent: boolean;
	writeHead(status: number, headers: OutgoingHttpHeaders): unknown;
}

/** How CI works on a request; a fault can change it. */
export interface Work {
	/** milliseconds that a repair or a detection takes, whether or not the client waits */
	readonly ms: number;
	/** milliseconds until the stored results can be seen */
	readonly visibleAfterMs: number;
	/** an upload stores the original and then stops: nothing is repaired */
	readonly onlyOriginal: boolean;
	/** rules that fail while the others are done */
	readonly failing: FailingRules | undefined;
	/** what is unusual about the `UploadResult` of rules that are done */
	readonly shape: ResultShape;
	/** how a list of objects never ends */
	readonly endlessList: EndlessList | undefined;
	/** the stored image is sent in place of what is asked of it */
	readonly givesOriginal: boolean;
	/** what is made in place of the right results */
	readonly wrongResult: WrongResult | undefined;
	/** what is unusual about a detection */
	readonly detection: DetectionChange;
}

export interface FailingRules {
	/** counted from 1 */
	readonly rules: readonly number[];
	/** whether their `Object` names the failure, or is missing */
	readonly report: 'missing' | 'object';
	readonly code: string;
	readonly message: string;
}

export interface ResultShape {
	/** rules whose `Object` has no `Location`, counted from 1 */
	readonly withoutLocation: readonly number[];
	readonly originalWithoutLocation: boolean;
	/** whether the `Object` of the last rule comes first */
	readonly isReversed: boolean;
}

/**
 * The ways in which every page of a list says that another follows. Its `NextMarker` is that of the
 * request again, or an earlier one; or the pages go on for ever with made-up keys, or without any.
 */
export const ENDLESS_LISTS = ['sameMarker', 'pastMarker', 'endless', 'emptyPages'] as const;

export type EndlessList = (typeof ENDLESS_LISTS)[number];

export const USUAL_WORK: Work = {
	ms: 0,
	visibleAfterMs: 0,
	onlyOriginal: false,
	failing: undefined,
	shape: { withoutLocation: [], originalWithoutLocation: false, isReversed: false },
	endlessList: undefined,
	givesOriginal: false,
	wrongResult: undefined,
	detection: {},
};

/** One request to the bucket and its response. */
export interface Exchange {
	readonly request: IncomingMessage;
	readonly response: ResponseSink;
	/** the log entry, filled in as the request is processed */
	readonly call: Call;
	/** what the call does, filled in as it is done */
	readonly entry: LedgerEntry;
	readonly work: Work;
	readonly bucket: string;
	/** empty for the bucket itself */
	readonly key: string;
	/** decoded, signing parameters left out */
	readonly query: ReadonlyMap<string, string>;
	/** Unix seconds on the server's clock when the request arrived */
	readonly now: number;
}

/** An ID in the service's format: Base64 of hexadecimal numbers joined by `_`. */
export function newId(): string {
	const parts = [4, 4, 2, 3].map((bytes) => randomBytes(bytes).toString('hex'));
	return Buffer.from(parts.join('_')).toString('base64');
}

/** Sends status and headers; the caller sends the body. */
export function startResponse(
	{ response, call }: Pick<Exchange, 'response' | 'call'>,
	status: number,
	headers: OutgoingHttpHeaders,
): void {
	call.status = status;
	response.writeHead(status, headers);
}

/** Sends a complete response; for a HEAD request the headers only. */
export function sendResponse(
	exchange: Pick<Exchange, 'response' | 'call'>,
	status: number,
	headers: OutgoingHttpHeaders,
	body: Uint8Array | string = '',
): void {
	const bytes = Buffer.from(body);
	const hasBody = exchange.call.method !== 'HEAD' && status !== 204;
	if (hasBody) exchange.call.bytesOut = bytes.length;
	startResponse(exchange, status, {
		...headers,
		...(hasBody && { 'Content-Length': bytes.length }),
	});
	exchange.response.end(hasBody ? bytes : undefined);
}

/** Sends an XML document with status 200. */
export function sendXml(exchange: Exchange, xml: string): void {
	sendResponse(exchange, 200, { 'Content-Type': 'application/xml' }, xml);
}

/** The `<Error>` document for a request, which names the resource and the IDs. */
export function errorDocument(
	{ request, call }: Pick<Exchange, 'request' | 'call'>,
	error: Pick<CosFailure, 'message'> & {
		readonly code: string;
		readonly details?: Readonly<Record<string, string>>;
	},
	traceId = newId(),
): string {
	const resource = `${call.host}${(request.url ?? '/').replace(/\?.*$/s, '')}`;
	return errorXml(error, { resource, requestId: call.requestId, traceId });
}

/** Sends an error. If a response has already started, the connection is closed instead. */
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
	const endpoint = failure.details.Endpoint;
	const errNo = isCiDownload(call.kind) ? ERR_NO[failure.code] : undefined;
	sendResponse(
		exchange,
		failure.status,
		{
			'Content-Type': 'application/xml',
			'x-cos-trace-id': traceId,
			...(errNo !== undefined && { 'X-ErrNo': errNo }),
			...(endpoint !== undefined && { Location: `http://${endpoint}${request.url ?? '/'}` }),
		},
		errorDocument(exchange, failure, traceId),
	);
}

/** The headers that every response of the bucket carries. */
export const COMMON_HEADERS = ['x-cos-request-id', 'Server', 'Date'] as const;

/** Sets the headers that every response of the bucket carries. */
export function setCommonHeaders(response: ServerResponse, requestId: string, clock: Clock): void {
	response.setHeader('x-cos-request-id', requestId);
	response.setHeader('Server', 'tencent-cos');
	// Not Node's own Date: clients correct their clock by it, so it must show the sandbox's clock.
	response.setHeader('Date', new Date(clock.now() * 1000).toUTCString());
}
