import { Readable } from 'node:stream';

import {
	connectionFailed,
	proxyRefusal,
	thrownResponse,
	timedOut,
	type StreamedResponse,
} from '../../../nodes/shared/connection';
import type { ByteStream } from '../../../nodes/shared/response';

const HOST = 'images.example.com';
const ADDRESS = `https://${HOST}/a.png`;

interface NodeError {
	code?: string;
	syscall?: string;
	errors?: readonly unknown[];
	name?: string;
}

/** An error of Node's network layer. */
const fromNode = (message: string, fields: NodeError) => Object.assign(new Error(message), fields);

/** As n8n 2 throws it: its own error around that of axios around that of Node. */
function n8n2(cause: Error & NodeError, request?: object) {
	const axios = Object.assign(new Error(cause.message, { cause }), { code: cause.code, request });
	return Object.assign(new Error('n8n has words of its own', { cause: axios }), {
		httpCode: cause.code ?? null,
		messages: [cause.message],
	});
}

/** As n8n 1 throws it: without any cause. */
function n8n1({ message, code }: Error & NodeError) {
	return Object.assign(new Error('n8n has words of its own'), {
		httpCode: code ?? null,
		messages: [message, message],
	});
}

const connecting = (code: string) =>
	fromNode(`connect ${code} 192.0.2.1:443`, { code, syscall: 'connect' });
const lookingUp = (code: string) =>
	fromNode(`getaddrinfo ${code} ${HOST}`, { code, syscall: 'getaddrinfo' });
const reading = (code: string) => fromNode(`read ${code}`, { code, syscall: 'read' });

const NOT_SENT: Array<[reason: string, evidence: string, error: Error & NodeError]> = [
	['refused', 'notSentPassing', connecting('ECONNREFUSED')],
	['unreachable', 'notSentPassing', connecting('EHOSTUNREACH')],
	['unreachable', 'notSentPassing', connecting('ENETUNREACH')],
	['unreachable', 'notSentPassing', connecting('ETIMEDOUT')],
	['tooManyOpen', 'notSentPassing', connecting('EMFILE')],
	['tooManyOpen', 'notSentPassing', connecting('EADDRNOTAVAIL')],
	['nameServiceBusy', 'notSentPassing', lookingUp('EAI_AGAIN')],
	['nameServiceBusy', 'notSentPassing', lookingUp('EAI_FAIL')],
	['unknownHost', 'notSentLasting', lookingUp('ENOTFOUND')],
	[
		'handshakeEnded',
		'notSentPassing',
		fromNode('Client network socket disconnected before secure TLS connection was established', {
			code: 'ECONNRESET',
		}),
	],
	[
		'wrongProtocol',
		'notSentLasting',
		fromNode('write EPROTO 80:error:0A00010B:SSL routines:ssl3_get_record:wrong version number', {
			code: 'EPROTO',
			syscall: 'write',
		}),
	],
	[
		'wrongProtocol',
		'notSentLasting',
		fromNode('SSL routines::tlsv1 alert protocol version', {
			code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
		}),
	],
	...[
		'CERT_HAS_EXPIRED',
		'CERT_NOT_YET_VALID',
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'SELF_SIGNED_CERT_IN_CHAIN',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'UNABLE_TO_GET_ISSUER_CERT',
		'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
		'ERR_TLS_CERT_ALTNAME_INVALID',
		'CERT_UNTRUSTED',
	].map((code): [string, string, Error & NodeError] => [
		'certificate',
		'notSentLasting',
		fromNode('not trusted', { code }),
	]),
	[
		'proxyUnreachable',
		'notSentPassing',
		fromNode('Proxy connection ended before receiving CONNECT response', {}),
	],
	[
		'fileUnreadable',
		'notSentLasting',
		fromNode("ENOENT: no such file or directory, open '/storage/1'", {
			code: 'ENOENT',
			syscall: 'open',
		}),
	],
];

const LOST: Array<Error & NodeError> = [
	reading('ECONNRESET'),
	reading('ETIMEDOUT'),
	reading('EHOSTUNREACH'),
	reading('ENETUNREACH'),
	fromNode('write EPIPE', { code: 'EPIPE', syscall: 'write' }),
	fromNode('socket hang up', { code: 'ECONNRESET' }),
	fromNode('aborted', { code: 'ECONNRESET' }),
	fromNode('canceled', { code: 'ERR_CANCELED' }),
	fromNode('timeout of 300000ms exceeded', { code: 'ECONNABORTED' }),
	fromNode('SSL routines::decryption failed or bad record mac', {
		code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
	}),
	fromNode('Parse Error: Expected HTTP/', { code: 'HPE_INVALID_CONSTANT' }),
	fromNode('something new', {}),
];

describe.each([
	['n8n 1', n8n1],
	['n8n 2', n8n2],
	['Node itself', (error: Error) => error],
])('what %s throws', (_, wrap) => {
	const named = NOT_SENT.map(([reason, evidence, error]) => {
		return { reason, evidence, error, name: error.code ?? error.message };
	});
	test.each(named)('$name is $reason: $evidence', ({ reason, evidence, error }) => {
		const failed = connectionFailed(wrap(error), HOST);
		expect(failed).toMatchObject({ reason, evidence });
		expect(failed.code).toBe(error.code ?? 'ConnectionFailed');
	});

	test.each(LOST.map((error) => ({ error })))(
		'may have taken effect: $error.message',
		({ error }) => {
			expect(connectionFailed(wrap(error), HOST)).toMatchObject({
				reason: 'connectionLost',
				evidence: 'lost',
				values: { host: HOST },
			});
		},
	);
});

test.each([undefined, null, 'ECONNREFUSED', {}, { cause: null }, { code: 7, messages: 'x' }])(
	'%j that is thrown counts as a lost connection',
	(thrown) => {
		expect(connectionFailed(thrown, HOST)).toMatchObject({
			code: 'ConnectionFailed',
			evidence: 'lost',
		});
	},
);

test('causes that go round in a circle are read once', () => {
	const error = new Error('a');
	error.cause = error;
	expect(connectionFailed(error, HOST).evidence).toBe('lost');
});

test('a certificate is named with its host and code', () => {
	const error = n8n2(fromNode('expired', { code: 'CERT_HAS_EXPIRED' }));
	expect(connectionFailed(error, HOST).values).toEqual({ host: HOST, code: 'CERT_HAS_EXPIRED' });
});

test.each(['SsrfBlockedIpError', 'SsrfBlockedHostnameError'])('%s is n8n’s guard', (name) => {
	expect(connectionFailed(n8n2(fromNode('blocked', { name })), HOST)).toMatchObject({
		reason: 'ssrfGuard',
		evidence: 'notSentLasting',
	});
});

describe('several addresses of a host, tried one after the other', () => {
	const all = (...errors: Error[]) =>
		n8n2(Object.assign(new AggregateError(errors, ''), { code: 'ETIMEDOUT' }));

	test('nothing was sent if no connection came about', () => {
		expect(
			connectionFailed(all(connecting('ETIMEDOUT'), connecting('ENETUNREACH')), HOST),
		).toMatchObject({ reason: 'unreachable', evidence: 'notSentPassing' });
	});

	test('one that was connected may have been sent', () => {
		expect(
			connectionFailed(all(connecting('ETIMEDOUT'), reading('ETIMEDOUT')), HOST).evidence,
		).toBe('lost');
		expect(connectionFailed(all(), HOST).evidence).toBe('lost');
	});
});

describe('how far the request got, where n8n shows it', () => {
	const handshake = { protocol: 'https:', socket: { encrypted: true, secureConnecting: true } };
	const established = { protocol: 'https:', socket: { encrypted: true, secureConnecting: false } };
	const waiting = { protocol: 'https:', socket: null };
	const refused = { protocol: 'https:', socket: { encrypted: undefined } };
	const plain = { protocol: 'http:', socket: {} };

	test.each<[string, object, string, Error & NodeError]>([
		['handshakeEnded', handshake, 'notSentPassing', reading('ECONNRESET')],
		['handshakeEnded', handshake, 'notSentPassing', reading('ETIMEDOUT')],
		[
			'wrongProtocol',
			handshake,
			'notSentLasting',
			fromNode('write EPROTO x', { code: 'EPROTO', syscall: 'write' }),
		],
		['proxyUnreachable', waiting, 'notSentPassing', connecting('ECONNREFUSED')],
		['proxyUnreachable', waiting, 'notSentPassing', reading('ECONNRESET')],
		['proxyUnreachable', refused, 'notSentPassing', fromNode('write EPIPE', { code: 'EPIPE' })],
		['connectionLost', established, 'lost', reading('ECONNRESET')],
		['connectionLost', plain, 'lost', reading('ECONNRESET')],
		['connectionLost', { protocol: 'https:' }, 'lost', reading('ECONNRESET')],
	])('%s', (reason, request, evidence, error) => {
		expect(connectionFailed(n8n2(error, request), HOST)).toMatchObject({ reason, evidence });
	});

	test('a call whose time is up was not sent if it never was connected', () => {
		const canceled = fromNode('canceled', { code: 'ERR_CANCELED' });
		for (const request of [handshake, waiting]) {
			const error = connectionFailed(n8n2(canceled, request), HOST);
			expect(timedOut(HOST, 7, error)).toMatchObject({
				reason: 'connectTimedOut',
				evidence: 'notSentPassing',
				values: { host: HOST, seconds: 7 },
			});
		}
		for (const error of [
			undefined,
			new Error('x'),
			connectionFailed(n8n2(canceled, established), HOST),
			connectionFailed(n8n1(canceled), HOST),
		]) {
			expect(timedOut(HOST, 7, error)).toMatchObject({ reason: 'timedOut', evidence: 'lost' });
		}
	});

	test('a reason that is known already is kept when the time is up', () => {
		const error = connectionFailed(lookingUp('ENOTFOUND'), HOST);
		expect(timedOut(HOST, 7, error)).toBe(error);
	});
});

describe('the response of a proxy', () => {
	const body = (socket?: object) => Object.assign(Readable.from(['no']), { socket }) as ByteStream;
	const response = (statusCode: number, more: Partial<StreamedResponse> = {}) => ({
		statusCode,
		headers: {},
		body: body(),
		...more,
	});
	const encrypted = { encrypted: true };
	const id = { 'x-cos-request-id': 'NWU4' };

	test.each([403, 500, 502, 503, 204])(
		'%i without encryption to an https address: it refused the tunnel',
		(status) => {
			for (const refused of [
				response(status, { body: body({}) }),
				response(status, { request: { socket: {} } }),
			]) {
				expect(proxyRefusal(refused, ADDRESS)).toMatchObject({
					code: `HTTP ${status}`,
					reason: 'proxyRefused',
					evidence: 'notSentLasting',
					values: { host: HOST, status },
				});
			}
		},
	);

	test.each([
		response(407),
		response(407, { body: body({}) }),
		response(407, { request: { socket: {} }, headers: id }),
	])('407 asks for a login', (refused) => {
		expect(proxyRefusal(refused, ADDRESS)).toMatchObject({
			reason: 'proxyLogin',
			evidence: 'notSentLasting',
		});
	});

	test('407 of a proxy that forwards plain requests asks for a login too', () => {
		const refused = response(407, { body: body({}) });
		expect(proxyRefusal(refused, 'http://127.0.0.1:9/')?.reason).toBe('proxyLogin');
	});

	test.each<[string, StreamedResponse, string]>([
		['came over an encrypted connection', response(502, { body: body(encrypted) }), ADDRESS],
		[
			'came over an encrypted connection, as n8n 2 throws it',
			response(403, { request: { socket: encrypted } }),
			ADDRESS,
		],
		['shows no connection', response(502), ADDRESS],
		['was not to be encrypted', response(502, { body: body({}) }), 'http://127.0.0.1:9/'],
		['is a 407 of the service', response(407, { headers: id }), ADDRESS],
	])('a response that %s is none', (_, given, address) => {
		expect(proxyRefusal(given, address)).toBeUndefined();
	});

	test('what n8n throws for a status holds the response, with its connection', () => {
		const data = body();
		const request = { socket: encrypted };
		const thrown = Object.assign(new Error('words'), {
			cause: Object.assign(new Error('status'), {
				request,
				response: { status: 403, headers: { 'x-cos-request-id': 'a' }, data },
			}),
		});
		expect(thrownResponse(thrown)).toEqual({
			statusCode: 403,
			headers: { 'x-cos-request-id': 'a' },
			body: data,
			request,
		});
	});

	test.each([
		undefined,
		new Error('x'),
		{ cause: { response: { status: 403, headers: {}, data: 'text' } } },
		{ response: { status: '403', headers: {}, data: body() } },
		{ response: { status: 403, data: body() } },
	])('%s holds no response', (thrown) => {
		expect(thrownResponse(thrown)).toBeUndefined();
	});
});
