import type { IncomingHttpHeaders } from 'node:http';

/** What tells where a request comes from. */
export interface Asked {
	readonly method?: string | undefined;
	readonly headers: IncomingHttpHeaders;
	/** The server's end of the connection. */
	readonly socket: { readonly localPort?: number | undefined };
}

/** The names by which nothing but this machine is reached, whatever a name server says. */
const OWN_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

const ownHosts = ({ socket }: Asked) => OWN_NAMES.map((name) => `${name}:${socket.localPort}`);

/** Whether a request asks for nothing but to be shown something. */
export const isReading = ({ method }: Pick<Asked, 'method'>) =>
	method === 'GET' || method === 'HEAD';

/**
 * Whether a page of another server sends a request: of another site, of another port of this machine, or of
 * none (`Origin: null`). Programs and the address line of a browser send no `Origin`, and neither does a browser
 * that only fetches what a page shows. `Host` has to be one of the server's names.
 */
export function isOfForeignPage(asked: Asked): boolean {
	const { host = '', origin, 'sec-fetch-site': site } = asked.headers;
	if (origin !== undefined) {
		return ![host.toLowerCase(), ...ownHosts(asked)].some((own) => origin === `http://${own}`);
	}
	if (isReading(asked)) return false;
	return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/**
 * Why a request is not one of this machine, as a sentence that says what to do; undefined for one that is.
 *
 * A server on a loopback address is reached by every page in a browser on the same machine. A page whose own
 * name is made to lead to that address (DNS rebinding) even reads the responses, and only `Host` tells it
 * apart; a page under any other name can still send requests, and `Origin` tells those.
 */
export function foreignRequest(asked: Asked): string | undefined {
	const address = `http://${OWN_NAMES[0]}:${asked.socket.localPort}`;
	if (!ownHosts(asked).includes(asked.headers.host?.toLowerCase() ?? '')) {
		return `This server is for this machine only, and was asked for under another name. Open ${address} instead.`;
	}
	if (isOfForeignPage(asked)) {
		return `A page of another server sent this request, so nothing was done. Open ${address} and do it there.`;
	}
	return undefined;
}
