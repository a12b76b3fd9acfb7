import { readFile } from 'node:fs/promises';
import * as path from 'node:path';

import type { Clock } from '../clock';
import type { DetectionService } from '../detect/detectionService';
import type { FaultSelector } from '../faults/faultRules';
import { readFaultRules } from '../faults/readFaultRules';
import { CosFailure } from '../http/failure';
import { isObject, parseJson } from '../http/json';
import type { Listener } from '../http/listener';
import type { SignatureSettings } from '../http/signature';
import type { CallLog } from '../ledger/calls';
import type { Ledger } from '../ledger/ledger';
import type { Permissions } from '../permissions/permissions';
import { readSeries, recordsOf } from '../store/series';
import type { Store } from '../store/store';
import type { ControlResponse, ControlRoute } from './controlServer';
import { switchRoute } from './switchRoute';

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

/**
 * `PUT /policy` with `{"reading", "document"}` changes what is given of the two, `DELETE /policy` lets the
 * account do everything, `GET /policy` returns both.
 */
export function policyRoute(permissions: Permissions): ControlRoute {
	return {
		name: 'policy',
		async handle({ method, body }) {
			if (method === 'PUT') permissions.set(parseJson((await body()).toString('utf8')));
			else if (method === 'DELETE') permissions.clear();
			else if (method !== 'GET') return undefined;
			return { json: permissions.show() };
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

/** An object of `PUT /objects`. */
export interface NewObject {
	readonly key: string;
	readonly base64: string;
	readonly contentType?: string;
	/** ISO 8601 */
	readonly lastModified?: string;
}

function readNewObjects(body: Buffer): NewObject[] {
	const value = parseJson(body.toString('utf8'));
	const isNew = (one: unknown) =>
		isObject(one) && typeof one.key === 'string' && typeof one.base64 === 'string';
	if (Array.isArray(value) && value.every(isNew)) return value as NewObject[];
	throw new CosFailure('InvalidArgument', 'The objects are a list of {"key": …, "base64": …}.');
}

/**
 * Objects, without signatures: `GET /objects` lists the keys, `PUT /objects` stores a list of objects,
 * `DELETE /objects` empties the bucket; `GET`, `PUT` and `DELETE`
 * `/objects/<percent-encoded key>` access one object. `?bucket=` selects another bucket than the
 * main one, `?last-modified=` sets the time of the object.
 */
export function objectsRoute(store: Store, mainBucket: string, clock: Clock): ControlRoute {
	return {
		name: 'objects',
		async handle({ method, rest: key, query, contentType, body }) {
			const bucket = query.get('bucket') ?? mainBucket;
			const put = (
				place: string,
				bytes: Buffer,
				type = 'application/octet-stream',
				lastModified?: string,
			) =>
				store.put(bucket, place, bytes, {
					contentType: type,
					lastModified: readLastModified(lastModified) ?? clock.nowMs(),
				});
			if (key === '') {
				if (method === 'GET') return { json: store.keys(bucket) };
				if (method === 'DELETE') store.empty(bucket);
				else if (method === 'PUT') {
					for (const one of readNewObjects(await body())) {
						const bytes = Buffer.from(one.base64, 'base64');
						put(one.key, bytes, one.contentType, one.lastModified);
					}
				} else return undefined;
				return done;
			}
			if (method === 'GET') {
				const bytes = store.read(bucket, key);
				if (!bytes) throw new CosFailure('NoSuchKey', 'The specified key does not exist.');
				return { bytes, contentType: store.find(bucket, key)?.contentType ?? '' };
			}
			if (method === 'DELETE') store.delete(bucket, key);
			else if (method === 'PUT') {
				put(key, await body(), contentType, query.get('last-modified'));
			} else return undefined;
			return done;
		},
	};
}

/** `PUT /series` adds numbered objects that can be listed, and have no bytes. */
export function seriesRoute(store: Store, mainBucket: string): ControlRoute {
	return {
		name: 'series',
		async handle({ method, query, body }) {
			if (method !== 'PUT') return undefined;
			const all = readSeries(parseJson((await body()).toString('utf8')));
			for (const series of all) {
				store.addListed(query.get('bucket') ?? mainBucket, recordsOf(series));
			}
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

/** `PUT /signatures` with `{"strict": true}` turns strict signature mode on, `GET` tells whether it is. */
export function signaturesRoute(settings: SignatureSettings): ControlRoute {
	return switchRoute('signatures', 'strict', {
		get: () => settings.strict,
		set: (isOn) => (settings.strict = isOn),
	});
}

/**
 * `PUT /recognition` with `{"active": false}` makes CI refuse detections, as without "AI content recognition";
 * `GET` tells whether it is activated.
 */
export function recognitionRoute(detections: DetectionService): ControlRoute {
	return switchRoute('recognition', 'active', {
		get: () => detections.isActivated,
		set: (isOn) => (detections.isActivated = isOn),
	});
}
