import { readFile } from 'node:fs/promises';
import * as path from 'node:path';

import type { Clock } from '../clock';
import type { FaultSelector } from '../faults/faultRules';
import { readFaultRules } from '../faults/readFaultRules';
import { CosFailure } from '../http/failure';
import { isObject, parseJson } from '../http/json';
import type { Listener } from '../http/listener';
import type { CallLog } from '../ledger/calls';
import type { Ledger } from '../ledger/ledger';
import type { Store } from '../store/store';
import type { ControlResponse, ControlRoute } from './controlServer';

const done: ControlResponse = { json: { done: true } };

/** Reads `{"<name>": <number>}`; undefined if the body is anything else. */
function readNumber(body: Buffer, name: string): number | undefined {
	const value = parseJson(body.toString('utf8'));
	const number = isObject(value) ? value[name] : undefined;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** `GET /calls` lists the requests seen, `DELETE /calls` clears the list. */
export function callsRoute(calls: CallLog): ControlRoute {
	return {
		name: 'calls',
		handle({ method }) {
			if (method === 'GET') return { json: calls.list() };
			if (method !== 'DELETE') return undefined;
			calls.reset();
			return done;
		},
	};
}

/**
 * `GET /ledger` tells what every call did and every version that was written, `DELETE /ledger` clears
 * both.
 */
export function ledgerRoute(ledger: Ledger, store: Store): ControlRoute {
	return {
		name: 'ledger',
		handle({ method }) {
			if (method === 'GET') return { json: { calls: ledger.list(), versions: store.versions() } };
			if (method !== 'DELETE') return undefined;
			ledger.reset();
			store.resetVersions();
			return done;
		},
	};
}

/** `PUT /clock` with `{"offsetSeconds": n}` sets the offset of the server's clock, `GET` returns it. */
export function clockRoute(clock: Clock): ControlRoute {
	return {
		name: 'clock',
		async handle({ method, body }) {
			if (method === 'PUT') {
				const offsetSeconds = readNumber(await body(), 'offsetSeconds');
				if (offsetSeconds === undefined) {
					throw new CosFailure('InvalidArgument', 'The clock takes {"offsetSeconds": <number>}.');
				}
				clock.offsetSeconds = offsetSeconds;
			} else if (method !== 'GET') return undefined;
			return { json: { offsetSeconds: clock.offsetSeconds } };
		},
	};
}

/** `PUT /faults` with a list of rules replaces the current rules, `DELETE /faults` removes them. */
export function faultsRoute(faults: FaultSelector): ControlRoute {
	return {
		name: 'faults',
		async handle({ method, body }) {
			if (method === 'PUT') faults.setRules(readFaultRules((await body()).toString('utf8')));
			else if (method === 'DELETE') faults.setRules([]);
			else return undefined;
			return done;
		},
	};
}

/** `PUT /listener` with `{"closedForMs": n}` closes the bucket's port for a time. */
export function listenerRoute(listener: Listener): ControlRoute {
	return {
		name: 'listener',
		async handle({ method, body }) {
			if (method !== 'PUT') return undefined;
			const ms = readNumber(await body(), 'closedForMs');
			if (ms === undefined || ms < 0) {
				throw new CosFailure('InvalidArgument', 'The listener takes {"closedForMs": <number>}.');
			}
			listener.refuseConnections(ms);
			return done;
		},
	};
}

/** Unix milliseconds of `?last-modified=<ISO 8601>`, undefined if it is missing. */
function readLastModified(text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	const time = Date.parse(text);
	if (!Number.isNaN(time)) return time;
	throw new CosFailure('InvalidArgument', `last-modified must be ISO 8601, not "${text}".`);
}

/**
 * Objects, without signatures: `GET /objects` lists the keys; `GET`, `PUT` and `DELETE`
 * `/objects/<percent-encoded key>` access one object. `?bucket=` selects another bucket than the
 * main one, `?last-modified=` sets the time of the object.
 */
export function objectsRoute(store: Store, mainBucket: string, clock: Clock): ControlRoute {
	return {
		name: 'objects',
		async handle({ method, rest: key, query, contentType, body }) {
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
					lastModified: readLastModified(query.get('last-modified')) ?? clock.nowMs(),
				});
			} else return undefined;
			return done;
		},
	};
}

const PICKER = path.join(__dirname, '../../../docs/picker/index.html');

/** `GET /picker` serves the area picker. */
export function pickerRoute(): ControlRoute {
	return {
		name: 'picker',
		async handle({ method, rest }) {
			if (method !== 'GET' || rest !== '') return undefined;
			return { bytes: await readFile(PICKER), contentType: 'text/html; charset=utf-8' };
		},
	};
}
