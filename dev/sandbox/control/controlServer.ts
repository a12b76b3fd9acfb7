import * as http from 'node:http';

import { CosFailure } from '../http/failure';
import { foreignRequest } from '../http/foreignRequest';
import { readTarget } from '../http/target';

/** A parsed request to the control port. */
export interface ControlRequest {
	readonly method: string;
	/** the path after the route's name, decoded; empty if there is none */
	readonly rest: string;
	readonly query: ReadonlyMap<string, string>;
	readonly contentType: string | undefined;
	readonly body: () => Promise<Buffer>;
}

/** A response of the control port: a value sent as JSON, or bytes. */
export type ControlResponse =
	{ readonly json: unknown } | { readonly bytes: Buffer; readonly contentType: string };

/** The handler for `/<name>` on the control port. It returns undefined for an unknown method. */
export interface ControlRoute {
	readonly name: string;
	readonly handle: (
		request: ControlRequest,
	) => Promise<ControlResponse | undefined> | ControlResponse | undefined;
}

async function readBody(request: http.IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
	return Buffer.concat(chunks);
}

/** What a client asks of the control port. */
export interface ControlCall {
	readonly method: string;
	/** `/<name>/<rest>?<query>`, percent-encoded */
	readonly url: string;
	readonly contentType?: string;
	readonly body: () => Promise<Buffer>;
}

/** @throws CosFailure when there is no such route, and whatever a route throws */
export type Control = (call: ControlCall) => Promise<ControlResponse>;

/** What the control port does, without the port. */
export function createControl(routes: readonly ControlRoute[]): Control {
	return async ({ method, url, contentType, body }) => {
		const { key: path, query } = readTarget(url);
		const slash = path.indexOf('/');
		const name = slash < 0 ? path : path.slice(0, slash);
		const route = routes.find((candidate) => candidate.name === name);
		if (!route) {
			const names = routes.map((candidate) => `/${candidate.name}`).join(', ');
			throw new CosFailure('NoSuchKey', `The control port serves ${names}.`);
		}
		const rest = slash < 0 ? '' : path.slice(slash + 1);
		const response = await route.handle({ method, rest, query, contentType, body });
		if (response) return response;
		throw new CosFailure('MethodNotAllowed', `/${name} does not support ${method}.`);
	};
}

function send(response: http.ServerResponse, status: number, content: ControlResponse): void {
	const isJson = 'json' in content;
	response.writeHead(status, { 'Content-Type': isJson ? 'application/json' : content.contentType });
	response.end(isJson ? JSON.stringify(content.json) : content.bytes);
}

/**
 * Creates the server that tests use to control the sandbox. Its requests are not signed, so it takes none from
 * pages of other servers.
 */
export function createControlServer(control: Control): http.Server {
	// Without a host, it is this server that has to say no: Node.js would not say what to do.
	return http.createServer({ requireHostHeader: false }, (request, response) => {
		const { method = '', url = '', headers } = request;
		const refusal = foreignRequest(request);
		if (refusal !== undefined) {
			request.resume();
			send(response, 403, { json: { message: refusal } });
			return;
		}
		const contentType = headers['content-type'];
		control({ method, url, contentType, body: async () => await readBody(request) }).then(
			(content) => send(response, 200, content),
			(error: unknown) => {
				const status = error instanceof CosFailure ? error.status : 500;
				const message = error instanceof Error ? error.message : String(error);
				send(response, status, { json: { message } });
			},
		);
	});
}
