import { request, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a server responds. */
export interface Response {
	readonly status: number;
	readonly body: string;
}

/** Sends a request with these very headers; fetch would not let a caller choose `Host` and `Origin`. */
export async function ask(
	url: string,
	{
		method = 'GET',
		headers = {},
		body = '',
	}: { method?: string; headers?: OutgoingHttpHeaders; body?: string | Buffer } = {},
): Promise<Response> {
	const asked = request(url, { method, headers, agent: false });
	const answered = new Promise<Response>((resolve, reject) => {
		asked.once('error', reject);
		asked.once('response', (response) => {
			text(response).then(
				(all) => resolve({ status: response.statusCode ?? 0, body: all }),
				reject,
			);
		});
	});
	asked.end(body);
	return await answered;
}

/**
 * Sends bytes, and reads until the server closes the connection.
 * @param until where to stop before that
 */
export async function exchange(
	port: string | number,
	sent: string,
	until?: RegExp,
): Promise<string> {
	const socket = connect(Number(port), '127.0.0.1');
	socket.write(sent);
	let received = '';
	for await (const bytes of socket as AsyncIterable<Buffer>) {
		received += bytes.toString('utf8');
		// Leaving the loop closes the connection.
		if (until?.test(received)) break;
	}
	return received;
}
