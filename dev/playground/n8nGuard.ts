import { EventEmitter } from 'node:events';
import { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';
import { foreignRequest } from '../sandbox/http/foreignRequest';

/**
 * Loaded into n8n's process before n8n: every HTTP server there, that of the editor and the webhooks and that
 * of the task runners, refuses requests that are not of this machine. n8n itself looks at neither `Host` nor,
 * apart from its push connection, `Origin`. A proxy in front of it would leave its own port as it is.
 */

/** Where n8n serves forms and what workflows respond. Nothing there asks who is signed in. */
const FOR_ALL = /^\/(?:form|webhook)(?:-test|-waiting)?\//;

/**
 * n8n shows forms, and HTML that a workflow responds, in a sandbox of the browser, where a page has no origin. What such
 * a page sends is told from what any other page without an origin sends by `Referer`, which no page can make up.
 */
function withOriginOfForm({ method, url = '', headers, socket }: IncomingMessage) {
	const { origin, referer = '' } = headers;
	const isForm = origin === 'null' && FOR_ALL.test(url) && URL.canParse(referer);
	return {
		method,
		headers: isForm ? { ...headers, origin: new URL(referer).origin } : headers,
		socket,
	};
}

function refuse(request: IncomingMessage, answerer: unknown, refusal: string): void {
	const text = `${refusal}\n`;
	const headers = {
		'Content-Type': 'text/plain; charset=utf-8',
		'Content-Length': Buffer.byteLength(text),
		Connection: 'close',
	};
	if (answerer instanceof ServerResponse) {
		request.resume();
		answerer.writeHead(403, headers).end(text);
	} else if (answerer instanceof Duplex) {
		// For an upgrade there is no response yet, only the connection.
		const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
		answerer.on('error', () => answerer.destroy());
		answerer.end(`HTTP/1.1 403 Forbidden\r\n${lines.join('')}\r\n${text}`);
	}
}

// What comes with a request is one of several events. Not all of them have a listener, and n8n adds its own in
// an order that is its own: here is the place before all of them.
Server.prototype.emit = function (this: Server, event: string | symbol, ...args: unknown[]) {
	const [request, answerer] = args;
	if (request instanceof IncomingMessage) {
		const refusal = foreignRequest(withOriginOfForm(request));
		if (refusal !== undefined) {
			refuse(request, answerer, refusal);
			return true;
		}
	}
	return EventEmitter.prototype.emit.call(this, event, ...args);
};
