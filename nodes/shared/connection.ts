import { header, type ResponseHeaders } from '../../cos/responses/headers';
import { isRecord } from '../../cos/values';
import type { ByteStream } from './byteStream';
import { ConnectionFailed } from './errors';

/** Whether the request certainly did not reach the service. */
function wasNotSent({ evidence }: ConnectionFailed): boolean {
	return evidence !== 'lost';
}

/** Wrappers around an error of Node's network layer; more of them would be a circle. */
const MAX_DEPTH = 10;

/** An error and its causes, the outermost first. */
function withCauses(error: unknown): Array<Record<string, unknown>> {
	const trail: Array<Record<string, unknown>> = [];
	let current = error;
	while (isRecord(current) && trail.length < MAX_DEPTH) {
		trail.push(current);
		current = current.cause;
	}
	return trail;
}

function texts(value: unknown): string[] {
	const list: unknown[] = Array.isArray(value) ? value : [value];
	return list.filter((one) => typeof one === 'string');
}

/** What is left of an error of Node's network layer when n8n has wrapped it. */
interface Trace {
	/** Such as ECONNREFUSED or CERT_HAS_EXPIRED; '' where there is none. */
	code: string;
	names: string[];
	/** All wordings, n8n's own among them. */
	wording: string;
	/** What the machine was doing, such as `connect`, `read` or `getaddrinfo`; '' where unknown. */
	call: string;
	/** Node's request, where axios kept it. */
	request?: Record<string, unknown>;
}

const CODE = /^E[A-Z\d_]+$|^[A-Z]+(?:_[A-Z\d]+)+$/;
/** How Node words what failed: `connect ETIMEDOUT 192.0.2.1:443`. */
const CALL = /^([a-z]\w*) E[A-Z]/im;

/** The call of all attempts at once: a host with several addresses is tried address by address. */
function callOf(error: Record<string, unknown>): string | undefined {
	if (typeof error.syscall === 'string') return error.syscall;
	if (!Array.isArray(error.errors)) return undefined;
	const calls = new Set(error.errors.filter(isRecord).map(callOf));
	const [call] = calls;
	return calls.size === 1 ? call : undefined;
}

/**
 * n8n 2 keeps the causes of an error. n8n 1 keeps none: there the code is left in `httpCode` and
 * Node's wording in `messages` (measured with 1.123 and 2.40).
 */
function traceOf(error: unknown): Trace {
	const trail = withCauses(error);
	const isCode = (value: unknown): value is string => typeof value === 'string' && CODE.test(value);
	const codes = trail.flatMap(({ code, httpCode }) => [code, httpCode].filter(isCode));
	const wording = trail
		.flatMap(({ message, messages }) => [...texts(messages), ...texts(message)])
		.join('\n');
	const calls = trail.map(callOf).filter((call) => call !== undefined);
	return {
		code: codes.at(-1) ?? '',
		names: trail.flatMap(({ name }) => texts(name)),
		wording,
		call: calls.at(-1) ?? CALL.exec(wording)?.[1] ?? '',
		request: trail.map(({ request }) => request).find(isRecord),
	};
}

/** How far a request got: `unknown` where n8n does not show it. */
type Reach = 'tunnel' | 'handshake' | 'unknown';

/**
 * A request without a socket is still waiting for a proxy's tunnel. What is sent on a TLS socket waits
 * for the handshake. A proxy's refusal of the tunnel is given to the request on a socket that is not
 * encrypted and cannot be written to (https-proxy-agent 7).
 */
function reachOf(request: Record<string, unknown> | undefined): Reach {
	if (request?.protocol !== 'https:' || !('socket' in request)) return 'unknown';
	const { socket } = request;
	if (!isRecord(socket) || socket.encrypted !== true) return 'tunnel';
	return socket.secureConnecting === true ? 'handshake' : 'unknown';
}

const GUARD = 'SsrfBlocked';
/** As Node's file system words it: `ENOENT: no such file or directory, open '…'`. */
const FILE = /^E[A-Z]+: .*, (?:open|read|stat)\b/m;
const CERTIFICATE =
	/CERT|^UNABLE_TO_|^ERR_TLS_CERT|^HOSTNAME_MISMATCH$|^INVALID_(?:CA|PURPOSE)$|^PATH_LENGTH_EXCEEDED$|^CRL_/;
const TLS_CODE = /^(?:EPROTO$|ERR_SSL_)/;
const HANDSHAKE_WORDING =
	/wrong[ _]version[ _]number|unsupported[ _]protocol|protocol[ _]version|handshake[ _]failure|no[ _]protocols[ _]available|packet[ _]length[ _]too[ _]long|http[ _]request|unrecognized[ _]name|no[ _](?:shared[ _]cipher|ciphers)|dh[ _]key[ _]too[ _]small/i;
const BEFORE_TLS = 'before secure TLS connection was established';
/** What https-proxy-agent throws when a proxy does not respond as one. */
const PROXY_WORDING =
	/Proxy connection ended|(?:No header received|Invalid header) from proxy CONNECT/;
const UNKNOWN_NAME = new Set(['ENOTFOUND', 'EAI_NONAME', 'EAI_NODATA', 'ENODATA']);
const NO_SOCKET_LEFT = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL']);
const UNREACHABLE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN']);

/** Reasons that need no more than the host. */
type HostReason =
	| 'unknownHost'
	| 'nameServiceBusy'
	| 'refused'
	| 'unreachable'
	| 'tooManyOpen'
	| 'handshakeEnded'
	| 'wrongProtocol'
	| 'ssrfGuard'
	| 'proxyUnreachable'
	| 'connectionLost';

/** Failures to find the host or to connect to it. */
function beforeConnection({ code, call }: Trace): HostReason | undefined {
	if (UNKNOWN_NAME.has(code)) return 'unknownHost';
	if (code.startsWith('EAI_') || /^(?:getaddrinfo|query)/.test(call)) return 'nameServiceBusy';
	if (code === 'ECONNREFUSED') return 'refused';
	if (call === 'connect' && NO_SOCKET_LEFT.has(code)) return 'tooManyOpen';
	// Without the call, these two are what is left of several attempts to connect.
	const connecting = call === 'connect' || (call === '' && UNREACHABLE.has(code));
	return connecting ? 'unreachable' : undefined;
}

function reasonOf(trace: Trace): HostReason {
	const { code, names, wording, request } = trace;
	if (names.some((name) => name.startsWith(GUARD))) return 'ssrfGuard';
	const reach = reachOf(request);
	if (reach === 'tunnel' || PROXY_WORDING.test(wording)) return 'proxyUnreachable';
	const reason = beforeConnection(trace);
	if (reason) return reason;
	if (wording.includes(BEFORE_TLS)) return 'handshakeEnded';
	const inHandshake = reach === 'handshake' || HANDSHAKE_WORDING.test(wording + code);
	if (TLS_CODE.test(code) && inHandshake) return 'wrongProtocol';
	return reach === 'handshake' ? 'handshakeEnded' : 'connectionLost';
}

/**
 * What n8n's helper or a body that breaks off threw, as a reason. Only evidence that the request never
 * left counts as not sent; everything else is lost.
 *
 * @param host as messages name it, with its port
 */
export function connectionFailed(error: unknown, host: string): ConnectionFailed {
	const trace = traceOf(error);
	const code = trace.code || 'ConnectionFailed';
	if (FILE.test(trace.wording)) return new ConnectionFailed(code, 'fileUnreadable', {});
	if (CERTIFICATE.test(code) && !code.startsWith('ERR_SSL_')) {
		return new ConnectionFailed(code, 'certificate', { host, code });
	}
	return new ConnectionFailed(code, reasonOf(trace), { host });
}

/**
 * A call whose time is up.
 *
 * @param error what ended the call, as `connectionFailed` gave it: a request that never left is not lost
 */
export function timedOut(host: string, seconds: number, error?: unknown): ConnectionFailed {
	if (error instanceof ConnectionFailed && wasNotSent(error)) {
		if (error.code !== 'ERR_CANCELED') return error;
		return new ConnectionFailed('Timeout', 'connectTimedOut', { host, seconds });
	}
	return new ConnectionFailed('Timeout', 'timedOut', { host, seconds });
}

/** What n8n's helper gives for a request with `encoding: 'stream'` and `returnFullResponse`. */
export interface StreamedResponse {
	statusCode: number;
	headers: ResponseHeaders;
	body: ByteStream;
	/** Node's request, where axios shows it. */
	request?: unknown;
}

/**
 * For `ignoreHttpStatusErrors`: responses that a proxy may have given are thrown by n8n 2, because only
 * what it throws shows the socket that they came on. n8n 1 takes any object for `true` and gives the
 * response, with its socket. 401 must not be on this list: n8n repeats a request that is thrown with it.
 */
export const IGNORED_STATUSES = {
	ignore: true as const,
	except: [400, 403, 405, 407, 500, 502, 503, 504],
};

function isStream(value: unknown): value is ByteStream {
	return isRecord(value) && typeof value.pipe === 'function';
}

/** The response in what n8n's helper threw for a status of `IGNORED_STATUSES`, its body still to be read. */
export function thrownResponse(error: unknown): StreamedResponse | undefined {
	for (const { response, request } of withCauses(error)) {
		if (!isRecord(response) || typeof response.status !== 'number') continue;
		const { status: statusCode, headers, data: body } = response;
		if (!isRecord(headers) || !isStream(body)) continue;
		return { statusCode, headers: { ...headers }, body, request };
	}
	return undefined;
}

/** The socket that a response came on, where n8n shows it. */
function socketOf({ body, request }: StreamedResponse): Record<string, unknown> | undefined {
	const owner = isRecord(request) ? request : 'socket' in body ? body : undefined;
	return isRecord(owner?.socket) ? owner.socket : undefined;
}

/**
 * The refusal of a proxy to open a tunnel, which reaches us as the response to the request itself
 * although the request was not sent. The body is left to be destroyed.
 *
 * @param address of the request
 * @returns undefined for a response to the request
 */
export function proxyRefusal(
	response: StreamedResponse,
	address: string,
): ConnectionFailed | undefined {
	const { statusCode: status, headers } = response;
	const { protocol, host } = new URL(address);
	const socket = socketOf(response);
	const isFromProxy = protocol === 'https:' && socket !== undefined && socket.encrypted !== true;
	const isOfService = header(headers, 'x-cos-request-id') !== undefined;
	if (status === 407 && (isFromProxy || !isOfService)) {
		return new ConnectionFailed('HTTP 407', 'proxyLogin', { host });
	}
	return isFromProxy
		? new ConnectionFailed(`HTTP ${status}`, 'proxyRefused', { host, status })
		: undefined;
}
