import * as http from 'node:http';
import * as net from 'node:net';

/** A request whose target and headers are sent exactly as given. */
export interface RawRequest {
	readonly method: string;
	/** path and query, already encoded */
	readonly target: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: Uint8Array;
}

/** A response with its whole body. */
export interface RawResponse {
	readonly status: number;
	readonly headers: http.IncomingHttpHeaders;
	readonly body: Buffer;
	/** the `Code` of an error document, empty if there is none */
	readonly code: string;
}

/** Sends a request with Node's HTTP client, which normalises nothing. */
export async function send(url: string, raw: RawRequest): Promise<RawResponse> {
	const { hostname, port } = new URL(url);
	return await new Promise((resolve, reject) => {
		const request = http.request(
			{ hostname, port, method: raw.method, path: raw.target, headers: { ...raw.headers } },
			(response) => {
				const chunks: Buffer[] = [];
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.on('error', reject);
				response.on('end', () => {
					const body = Buffer.concat(chunks);
					const code = /<Code>(\w+)<\/Code>/.exec(body.toString('utf8'))?.[1] ?? '';
					resolve({ status: response.statusCode ?? 0, headers: response.headers, body, code });
				});
			},
		);
		request.on('error', reject);
		request.end(raw.body);
	});
}

/**
 * Sends a request and reports how the connection ended: the error of the socket, or `end` when the
 * server closed it normally. Node's HTTP client does not tell these apart reliably: on a busy machine it
 * reports a reset connection as `aborted` now and then, as it does one that was closed.
 */
export async function connectionEnd(url: string, raw: RawRequest): Promise<string> {
	return (await exchangeRaw(url, raw)).end;
}

/** Sends a request without a body. Returns what arrives until the server closes, as Latin-1. */
export async function rawResponse(url: string, raw: RawRequest): Promise<string> {
	return (await exchangeRaw(url, raw)).received;
}

async function exchangeRaw(
	url: string,
	raw: RawRequest,
): Promise<{ received: string; end: string }> {
	const { hostname, port } = new URL(url);
	const lines = Object.entries(raw.headers).map(([name, value]) => `${name}: ${value}`);
	let received = '';
	return await new Promise((resolve) => {
		const socket = net.connect(Number(port), hostname);
		socket.on('error', ({ message }) => resolve({ received, end: message }));
		socket.on('end', () => resolve({ received, end: 'end' }));
		socket.on('data', (chunk) => (received += chunk.toString('latin1')));
		socket.write([`${raw.method} ${raw.target} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
	});
}
