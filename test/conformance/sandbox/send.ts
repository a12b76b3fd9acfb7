import * as http from 'node:http';

/** A request whose target and headers go out exactly as given. */
export interface RawRequest {
	readonly method: string;
	/** path and query, already encoded */
	readonly target: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: Uint8Array;
}

/** An answer, read completely. */
export interface RawAnswer {
	readonly status: number;
	readonly headers: http.IncomingHttpHeaders;
	readonly body: Buffer;
	/** the `Code` of an error document, empty when there is none */
	readonly code: string;
}

/** Sends a request to a server at this machine's own address. */
export async function send(url: string, raw: RawRequest): Promise<RawAnswer> {
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
