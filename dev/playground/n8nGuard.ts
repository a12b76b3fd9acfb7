import { EventEmitter } from 'node:events';
import { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';
import { foreignRequest } from '../sandbox/http/foreignRequest';

/**
 * Loaded into n8n's process before n8n: every HTTP server there, that of the editor and the webhooks and that
 * of the task runners, refuses requests that are not of this machine. n8n itself looks at neither `Host` nor,
 * apart from its push connection, `Origin`. A proxy in front of it would leave its own port as it is.
 */

/** Where n8n shows forms, and takes what is entered. An execution that waits is known by a signature in its address. */
const FORMS = /^\/(?:form(?:-test|-waiting)?|webhook-waiting)\//;

/**
 * Forms are made to be answered by anybody, and nothing there asks who is signed in. n8n shows them in a sandbox of the
 * browser, in which a page has no origin and sends neither cookies nor `Referer`. So what it sends cannot be told from
 * what any other page without an origin sends, and both are taken.
 */
function refusalOf(request: IncomingMessage): string | undefined {
	const { method, url = '', headers, socket } = request;
	const isAnswer = headers.origin === 'null' && FORMS.test(url);
	return foreignRequest(isAnswer ? { method, headers: { host: headers.host }, socket } : request);
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
		const refusal = refusalOf(request);
		if (refusal !== undefined) {
			refuse(request, answerer, refusal);
			return true;
		}
	}
	return EventEmitter.prototype.emit.call(this, event, ...args);
};
