import { readFile } from 'node:fs/promises';
import * as http from 'node:http';
import * as path from 'node:path';

import type { CallLog, Clock } from '../ledger/calls';
import { CosFailure } from './failure';
import type { Store } from '../store/store';
import { readTarget } from './target';

/** A request to the control port, read. */
export interface ControlRequest {
	readonly method: string;
	/** the first segment of the path */
	readonly desk: string;
	/** what follows it, decoded; empty when nothing does */
	readonly rest: string;
	readonly query: ReadonlyMap<string, string>;
	readonly contentType: string | undefined;
	readonly body: () => Promise<Buffer>;
}

/** An answer of the control port: a value as JSON, or bytes. */
export type ControlAnswer =
	{ readonly json: unknown } | { readonly bytes: Buffer; readonly contentType: string };

/**
 * One subject of the control port, answering at `/<name>`. Undefined: it does not know the method.
 * A new subject is a new desk in the list that `startSandbox` gives to `createControlServer`.
 */
export interface ControlDesk {
	readonly name: string;
	readonly answer: (
		request: ControlRequest,
	) => Promise<ControlAnswer | undefined> | ControlAnswer | undefined;
}

const done: ControlAnswer = { json: { done: true } };

/** `GET /calls` lists the requests seen, `DELETE /calls` forgets them. */
export function callsDesk(calls: CallLog): ControlDesk {
	return {
		name: 'calls',
		answer({ method }) {
			if (method === 'GET') return { json: calls.list() };
			if (method !== 'DELETE') return undefined;
			calls.reset();
			return done;
		},
	};
}

/** Undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function readOffset(body: string): number {
	const value = parseJson(body);
	const isObject = typeof value === 'object' && value !== null && 'offsetSeconds' in value;
	const offset = isObject ? value.offsetSeconds : undefined;
	if (typeof offset === 'number' && Number.isFinite(offset)) return offset;
	throw new CosFailure('InvalidArgument', 'The clock takes {"offsetSeconds": <number>}.');
}

/** `PUT /clock` with `{"offsetSeconds": n}` moves the server's clock, `GET /clock` tells it. */
export function clockDesk(clock: Clock): ControlDesk {
	return {
		name: 'clock',
		async answer({ method, body }) {
			if (method === 'PUT') clock.offsetSeconds = readOffset((await body()).toString('utf8'));
			else if (method !== 'GET') return undefined;
			return { json: { offsetSeconds: clock.offsetSeconds } };
		},
	};
}

/** Unix milliseconds of `?last-modified=<ISO 8601>`; undefined: not given. */
function readLastModified(text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	const time = Date.parse(text);
	if (!Number.isNaN(time)) return time;
	throw new CosFailure('InvalidArgument', `last-modified takes ISO 8601, not "${text}".`);
}

/**
 * The objects without signatures: `GET /objects` lists the keys, `GET`, `PUT` and `DELETE`
 * `/objects/<percent-encoded key>` one object. `?bucket=` names another bucket than the main one,
 * `?last-modified=` another time of storing than now.
 */
export function objectsDesk(store: Store, mainBucket: string, clock: Clock): ControlDesk {
	return {
		name: 'objects',
		async answer({ method, rest: key, query, contentType, body }) {
			const bucket = query.get('bucket') ?? mainBucket;
			if (key === '') return method === 'GET' ? { json: store.keys(bucket) } : undefined;
			if (method === 'GET') {
				const bytes = store.read(bucket, key);
				if (!bytes) throw new CosFailure('NoSuchKey', 'The specified key does not exist.');
				return { bytes, contentType: store.find(bucket, key)?.contentType ?? '' };
			}
			if (method === 'DELETE') store.delete(bucket, key);
			else if (method === 'PUT') {
				store.put(bucket, key, await body(), {
					contentType: contentType ?? 'application/octet-stream',
					lastModified: readLastModified(query.get('last-modified')) ?? clock.now() * 1000,
				});
			} else return undefined;
			return done;
		},
	};
}

const PICKER = path.join(__dirname, '../../../docs/picker/index.html');

/** `GET /picker` is the page that tells the coordinates of what is drawn on an image. */
export function pickerDesk(): ControlDesk {
	return {
		name: 'picker',
		async answer({ method, rest }) {
			if (method !== 'GET' || rest !== '') return undefined;
			return { bytes: await readFile(PICKER), contentType: 'text/html; charset=utf-8' };
		},
	};
}

async function readBody(request: http.IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
	return Buffer.concat(chunks);
}

async function answer(
	request: http.IncomingMessage,
	desks: readonly ControlDesk[],
): Promise<ControlAnswer> {
	const { key: path, query } = readTarget(request.url ?? '');
	const slash = path.indexOf('/');
	const name = slash < 0 ? path : path.slice(0, slash);
	const desk = desks.find((candidate) => candidate.name === name);
	if (!desk) {
		const names = desks.map((candidate) => `/${candidate.name}`).join(', ');
		throw new CosFailure('NoSuchKey', `The control port answers at ${names}.`);
	}
	const found = await desk.answer({
		method: request.method ?? '',
		desk: name,
		rest: slash < 0 ? '' : path.slice(slash + 1),
		query,
		contentType: request.headers['content-type'],
		body: () => readBody(request),
	});
	if (found) return found;
	throw new CosFailure('MethodNotAllowed', `/${name} does not take ${request.method}.`);
}

function send(response: http.ServerResponse, status: number, found: ControlAnswer): void {
	const isJson = 'json' in found;
	response.writeHead(status, { 'Content-Type': isJson ? 'application/json' : found.contentType });
	response.end(isJson ? JSON.stringify(found.json) : found.bytes);
}

/** The server tests and people steer the sandbox with; it asks for no signature. */
export function createControlServer(desks: readonly ControlDesk[]): http.Server {
	return http.createServer((request, response) => {
		answer(request, desks).then(
			(found) => send(response, 200, found),
			(error: unknown) => {
				const status = error instanceof CosFailure ? error.status : 500;
				const message = error instanceof Error ? error.message : String(error);
				send(response, status, { json: { message } });
			},
		);
	});
}
