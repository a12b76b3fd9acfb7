import type { OutgoingHttpHeaders } from 'node:http';
import { Writable } from 'node:stream';

import { sendFailure, type Exchange, type ResponseSink } from '../http/exchange';
import { toFailure } from '../http/failure';

/** A complete response that has not been sent. */
export interface PendingResponse {
	readonly status: number;
	readonly headers: OutgoingHttpHeaders;
	readonly body: Buffer;
}

/** Runs an operation, which sends its response to the exchange it is given. */
export type Operate = (exchange: Exchange) => Promise<void> | void;

/** Collects a response in memory instead of sending it. */
class BufferedResponse extends Writable implements ResponseSink {
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

	take(): PendingResponse {
		return { status: this.status, headers: this.headers, body: Buffer.concat(this.chunks) };
	}
}

/** Runs an operation and returns its response, also when the operation fails. */
export async function runBuffered(exchange: Exchange, operate: Operate): Promise<PendingResponse> {
	const response = new BufferedResponse();
	const buffered = { ...exchange, response };
	try {
		await operate(buffered);
	} catch (error) {
		sendFailure(buffered, toFailure(error));
	}
	return response.take();
}

/** Copies headers with some changed; undefined removes one. */
export function withHeaders(
	headers: OutgoingHttpHeaders,
	changes: Readonly<Record<string, string | number | undefined>>,
): OutgoingHttpHeaders {
	const names = Object.keys(changes).map((name) => name.toLowerCase());
	const kept = Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase()));
	const set = Object.entries(changes).filter(([, value]) => value !== undefined);
	return Object.fromEntries([...kept, ...set]);
}
