import { ConnectionFailed } from './errors';

/** Codes of failures before a request has left this machine. */
const NOT_SENT = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND']);

/** Whether the request certainly did not reach the service. */
export function wasNotSent({ code }: ConnectionFailed): boolean {
	return NOT_SENT.has(code);
}

/** The code of Node's network layer, wherever n8n's wrappers left it. */
function networkCode(error: unknown): string {
	let current: unknown = error;
	for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
		if ('code' in current && typeof current.code === 'string' && /^E[A-Z_]+$/.test(current.code)) {
			return current.code;
		}
		current = 'cause' in current ? current.cause : undefined;
	}
	return 'ConnectionFailed';
}

/** What n8n's helper or a body that breaks off threw, as a reason. */
export function connectionFailed(error: unknown, host: string): ConnectionFailed {
	const code = networkCode(error);
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
		return new ConnectionFailed(code, 'unknownHost', { host });
	}
	if (NOT_SENT.has(code)) return new ConnectionFailed(code, 'refused', { host });
	return new ConnectionFailed(code, 'connectionLost', { host });
}

export function timedOut(host: string, seconds: number): ConnectionFailed {
	return new ConnectionFailed('Timeout', 'timedOut', { host, seconds });
}
