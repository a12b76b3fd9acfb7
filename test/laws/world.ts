import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';

import type { ControlResponse } from '../../dev/sandbox/control/controlServer';
import type { Detect } from '../../dev/sandbox/detect/detectionService';
import type { FaultRule } from '../../dev/sandbox/faults/faultRules';
import type { LedgerReport } from '../../dev/sandbox/spawn';
import { startSandbox, type Sandbox } from '../../dev/sandbox/sandbox';
import { credentialOf } from '../engine/bucketAndEngine';
import { AREAS, foundIn, WIDTH, type Refused } from './history';
import { wait } from './virtualTime';

/** Which execution a request belongs to: the ledger cannot know. */
export const runningExecution = new AsyncLocalStorage<number>();

/** Not signed, and of no meaning to the service. */
const HEADER = 'x-execution';

/** Nothing listens there. */
const CLOSED_PORT = 1;

/** By port of the sandbox: what it does not take, and how many connections were tried. */
const refusals = new Map<number, { rules: readonly Refused[]; tried: number }>();

/** Whether the next request of an execution to this port does not reach it. */
function isRefused(port: number): boolean {
	const known = refusals.get(port);
	if (!known) return false;
	const nth = ++known.tried;
	return known.rules.some((rule) => nth >= rule.nth && nth < rule.nth + rule.times);
}

const request = http.request.bind(http) as (...values: readonly unknown[]) => ClientRequest;
const named = (options: RequestOptions, ...values: readonly unknown[]): ClientRequest => {
	const execution = runningExecution.getStore();
	if (execution === undefined) return request(options, ...values);
	if (isRefused(Number(options.port))) return request({ ...options, port: CLOSED_PORT }, ...values);
	const made = request(options, ...values);
	made.setHeader(HEADER, execution);
	return made;
};
Object.assign(http, { request: named });

/** By port of the sandbox: the execution of each request, in order of arrival. */
const arrivals = new Map<number, Array<number | null>>();
subscribe('http.server.request.start', (message) => {
	const { request: arrived } = message as { request: IncomingMessage };
	const value = arrived.headers[HEADER];
	const port = arrived.socket.localPort ?? 0;
	arrivals.get(port)?.push(typeof value === 'string' ? Number(value) : null);
});

/** Virtual seconds; no fault makes a call last longer. */
const LONGEST_WORK = 600;

/** Part of the credential: it must not leave the node either. */
const TOKEN = 'token-that-must-not-leave/+=';

/** Where a PNG tells its width. */
const WIDTH_AT = 16;

/** What is found in a picture, known beforehand. In results of a quick sandbox, which are tiny, it is nothing. */
function detect(image: Buffer): ReturnType<Detect> {
	if (image.readUInt32BE(WIDTH_AT) !== WIDTH) return {};
	const [area] = AREAS[foundIn(createHash('md5').update(image).digest('hex'))] ?? [];
	const [a, b, c, d] = area ?? [];
	return {
		texts: a && b && c && d ? [{ text: 'mark', confidence: 90, corners: [a, b, c, d] }] : [],
	};
}

/** A sandbox in this process, used for one history after the other. */
export class World {
	private readonly port: number;

	private constructor(readonly sandbox: Sandbox) {
		this.port = Number(new URL(sandbox.url).port);
	}

	static async open(): Promise<World> {
		return new World(await startSandbox({ quick: true, token: TOKEN, detect }));
	}

	get secrets(): readonly string[] {
		return [this.sandbox.secretKey, TOKEN];
	}

	get credential() {
		return { ...credentialOf(this.sandbox), securityToken: TOKEN };
	}

	async reset(clockOffsetSeconds: number): Promise<void> {
		await this.settle();
		await this.control('DELETE', 'faults');
		await this.control('DELETE', 'ledger');
		await this.control('DELETE', 'calls');
		await this.control('PUT', 'clock', JSON.stringify({ offsetSeconds: clockOffsetSeconds }));
		arrivals.set(this.port, []);
		this.refuse([]);
	}

	async setFaults(rules: readonly FaultRule[]): Promise<void> {
		await this.control('PUT', 'faults', JSON.stringify(rules));
	}

	/** Refuses connections of executions from now on. */
	refuse(rules: readonly Refused[]): void {
		refusals.set(this.port, { rules, tried: 0 });
	}

	async put(key: string, bytes: Buffer, lastModified?: number): Promise<void> {
		const query =
			lastModified === undefined ? '' : `?last-modified=${new Date(lastModified).toISOString()}`;
		await this.control('PUT', `objects/${encodeURIComponent(key)}${query}`, bytes, 'image/png');
	}

	async delete(key: string): Promise<void> {
		await this.control('DELETE', `objects/${encodeURIComponent(key)}`);
	}

	/** Deletes all objects. */
	async empty(): Promise<void> {
		await this.control('DELETE', 'objects');
	}

	async keys(): Promise<string[]> {
		return await this.read('objects');
	}

	/** Waits until the sandbox is at work on nothing, and everything stored can be seen. */
	async settle(): Promise<LedgerReport> {
		for (let seconds = 0; seconds < LONGEST_WORK; seconds++) {
			const report = await this.read<LedgerReport>('ledger');
			if (report.calls.every(({ finishedAt }) => finishedAt !== null)) return report;
			await wait(1000);
		}
		throw new Error(`The sandbox is still at work after ${LONGEST_WORK} s`);
	}

	/** The execution that each call of a ledger belongs to, in its order. */
	executionsOf({ calls }: LedgerReport): Array<number | null> {
		const arrived = arrivals.get(this.port) ?? [];
		if (arrived.length !== calls.length) {
			throw new Error(`${calls.length} calls in the ledger, ${arrived.length} arrived`);
		}
		return arrived;
	}

	async close(): Promise<void> {
		await this.sandbox.close();
	}

	private async control(
		method: string,
		path: string,
		body: string | Buffer = '',
		contentType = 'application/json',
	): Promise<ControlResponse> {
		return await this.sandbox.control({
			method,
			url: `/${path}`,
			contentType,
			body: async () => await Promise.resolve(Buffer.from(body)),
		});
	}

	private async read<Value>(path: string): Promise<Value> {
		const response = await this.control('GET', path);
		if (!('json' in response)) throw new Error(`${path} is not JSON`);
		return structuredClone(response.json) as Value;
	}
}
