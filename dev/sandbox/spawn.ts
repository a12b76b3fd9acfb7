import { spawn, type ChildProcess } from 'node:child_process';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import type { NewObject } from './control/routes';
import type { FaultRule } from './faults/faultRules';
import type { Call } from './ledger/calls';
import type { LedgerEntry } from './ledger/ledger';
import type { PolicyOptions } from './permissions/permissions';
import type { SandboxAddress, SandboxOptions } from './sandbox';
import type { Series } from './store/series';
import type { RemainingVersion, Version } from './store/store';

/** What the sandbox knows of every call, and every version that was written. */
export interface LedgerReport {
	readonly calls: readonly LedgerEntry[];
	readonly versions: readonly Version[];
}

/** A sandbox in a child process. */
export interface SpawnedSandbox extends SandboxAddress {
	/** The requests seen since the start or the last reset. */
	calls(): Promise<readonly Call[]>;
	resetCalls(): Promise<void>;
	/** Waits until the sandbox is at work on no call any more. */
	ledger(): Promise<LedgerReport>;
	resetLedger(): Promise<void>;
	/** Sets the offset of the server's clock from the system clock. */
	setClock(offsetSeconds: number): Promise<void>;
	/** Replaces the fault rules and restarts their counts. */
	setFaults(rules: readonly FaultRule[]): Promise<void>;
	clearFaults(): Promise<void>;
	/** Changes what is given of the account's policy and its reading. */
	setPolicy(policy: PolicyOptions): Promise<void>;
	/** Lets the account do everything. */
	clearPolicy(): Promise<void>;
	/** Refuses new connections to the bucket's port for some milliseconds. */
	refuseConnections(ms: number): Promise<void>;
	/**
	 * Stores an object without a signed request, so it does not appear in the calls.
	 * @param lastModified now by default
	 */
	putObject(
		key: string,
		bytes: Uint8Array,
		contentType: string,
		lastModified?: Date,
	): Promise<void>;
	/** Stores many objects of the same type at once. */
	putObjects(
		objects: ReadonlyArray<{ key: string; bytes: Uint8Array; lastModified?: Date }>,
		contentType: string,
	): Promise<void>;
	/** Adds numbered objects that can be listed, and have no bytes. */
	addSeries(series: readonly Series[]): Promise<void>;
	/** Deletes an object; does nothing if there is none. */
	deleteObject(key: string): Promise<void>;
	/** Deletes all objects of the bucket. */
	deleteObjects(): Promise<void>;
	/** @throws Error if there is no such object */
	getObject(key: string, bucket?: string): Promise<Buffer>;
	/** All object keys in the bucket, sorted by their UTF-8 bytes. */
	keys(bucket?: string): Promise<readonly string[]>;
	/** Turns strict signature mode on or off. */
	setStrictSignature(isStrict: boolean): Promise<void>;
	/** Activates "AI content recognition", as at the start, or not: then detections are refused. */
	setRecognition(isActive: boolean): Promise<void>;
	/** Makes all buckets versioned, or removes all their older versions and delete markers. */
	setVersioned(isVersioned: boolean): Promise<void>;
	/** The versions that remain of a key, the newest first, or of all keys of the bucket. */
	remainingVersions(key?: string, bucket?: string): Promise<readonly RemainingVersion[]>;
	/** Stops the process and waits until it has exited. */
	close(): Promise<void>;
}

function toArguments(options: Omit<SandboxOptions, 'detect'>): string[] {
	const values: ReadonlyArray<[name: string, value: string | number | undefined]> = [
		['port', options.port ?? 0],
		['control-port', options.controlPort ?? 0],
		['data', options.data],
		['import', options.importFrom],
		['bucket', options.bucket],
		['region', options.region],
		['secret-id', options.secretId],
		['secret-key', options.secretKey],
		['token', options.token],
		['delay', options.delay],
		['logos', options.logos],
		...(options.buckets ?? []).map((name): [string, string] => ['extra-bucket', name]),
	];
	return [
		...values.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
		...(options.quick === true ? ['--quick'] : []),
		...(options.versioned === true ? ['--versioned'] : []),
		...(options.strictSignature === true ? ['--strict-signature'] : []),
	];
}

const isAddress = (value: unknown): value is SandboxAddress =>
	typeof value === 'object' &&
	value !== null &&
	['url', 'controlUrl', 'bucket', 'region', 'secretId', 'secretKey', 'folder'].every(
		(name) => typeof Reflect.get(value, name) === 'string',
	);

/** Waits for the line of JSON the child prints when it is ready. */
async function readAddress(child: ChildProcess): Promise<SandboxAddress> {
	const { stdout, stderr } = child;
	if (!stdout || !stderr) throw new Error('The sandbox has no standard output.');
	let errors = '';
	stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
	return await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', () => reject(new Error(`The sandbox did not start. ${errors}`)));
		createInterface({ input: stdout }).once('line', (line) => {
			const address: unknown = JSON.parse(line);
			if (isAddress(address)) resolve(address);
			else reject(new Error(`The sandbox printed an unexpected line: ${line}`));
		});
	});
}

async function stop(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	child.kill('SIGTERM');
	await exited;
}

/** The control server of a running sandbox. */
class ControlClient {
	constructor(private readonly url: string) {}

	async send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
		// A connection of its own: an idle one may be closed in the moment in which it is used again.
		const headers = { Connection: 'close' };
		const response = await fetch(`${this.url}/${path}`, { method, headers, ...init });
		if (response.ok) return response;
		throw new Error(`${method} /${path}: ${await response.text()}`);
	}

	async putJson(path: string, value: unknown): Promise<void> {
		await this.send('PUT', path, { body: JSON.stringify(value) });
	}

	/** Gets a list. Its entries are not checked: both ends belong to this project. */
	async list<Entry>(path: string): Promise<readonly Entry[]> {
		const value: unknown = await (await this.send('GET', path)).json();
		if (!Array.isArray(value)) throw new Error(`GET /${path} did not return a list.`);
		return value as readonly Entry[];
	}
}

/** Milliseconds between two looks at a sandbox that is still at work. */
const LEDGER_INTERVAL = 20;

const inBucket = (bucket: string | undefined) =>
	bucket === undefined ? '' : `?bucket=${encodeURIComponent(bucket)}`;
const objectPath = (key: string) => `objects/${encodeURIComponent(key)}`;

function controlMethods(
	control: ControlClient,
): Omit<SpawnedSandbox, keyof SandboxAddress | 'close'> {
	return {
		async calls() {
			return await control.list<Call>('calls');
		},
		async resetCalls() {
			await control.send('DELETE', 'calls');
		},
		async ledger() {
			for (;;) {
				// Not checked: both ends belong to this project.
				const report = (await (await control.send('GET', 'ledger')).json()) as LedgerReport;
				if (report.calls.every(({ finishedAt }) => finishedAt !== null)) return report;
				await sleep(LEDGER_INTERVAL);
			}
		},
		async resetLedger() {
			await control.send('DELETE', 'ledger');
		},
		async setClock(offsetSeconds) {
			await control.putJson('clock', { offsetSeconds });
		},
		async setFaults(rules) {
			await control.putJson('faults', rules);
		},
		async clearFaults() {
			await control.send('DELETE', 'faults');
		},
		async setPolicy(policy) {
			await control.putJson('policy', policy);
		},
		async clearPolicy() {
			await control.send('DELETE', 'policy');
		},
		async refuseConnections(ms) {
			await control.putJson('listener', { closedForMs: ms });
		},
		async putObject(key, bytes, contentType, lastModified) {
			const body = Uint8Array.from(bytes);
			const time = lastModified?.toISOString();
			const query = time === undefined ? '' : `?last-modified=${encodeURIComponent(time)}`;
			const headers = { 'Content-Type': contentType };
			await control.send('PUT', objectPath(key) + query, { body, headers });
		},
		async putObjects(objects, contentType) {
			const list = objects.map(({ key, bytes, lastModified }): NewObject => {
				const base64 = Buffer.from(bytes).toString('base64');
				return { key, base64, contentType, lastModified: lastModified?.toISOString() };
			});
			await control.putJson('objects', list);
		},
		async addSeries(series) {
			await control.putJson('series', series);
		},
		async deleteObject(key) {
			await control.send('DELETE', objectPath(key));
		},
		async deleteObjects() {
			await control.send('DELETE', 'objects');
		},
		async getObject(key, bucket) {
			const response = await control.send('GET', `${objectPath(key)}${inBucket(bucket)}`);
			return Buffer.from(await response.arrayBuffer());
		},
		async keys(bucket) {
			return await control.list<string>(`objects${inBucket(bucket)}`);
		},
		async setStrictSignature(isStrict) {
			await control.putJson('signatures', { strict: isStrict });
		},
		async setRecognition(isActive) {
			await control.putJson('recognition', { active: isActive });
		},
		async setVersioned(isVersioned) {
			await control.putJson('versioning', { enabled: isVersioned });
		},
		async remainingVersions(key, bucket) {
			const path = key === undefined ? 'versions' : `versions/${encodeURIComponent(key)}`;
			return await control.list<RemainingVersion>(`${path}${inBucket(bucket)}`);
		},
	};
}

/**
 * Starts a sandbox in a child process, on free ports by default. It stops on `close`, and also when
 * this process ends in any way.
 * @throws Error with the sandbox's error output if it cannot start
 */
export async function spawnSandbox(
	options: Omit<SandboxOptions, 'detect'> = {},
): Promise<SpawnedSandbox> {
	const child = spawn(
		process.execPath,
		[
			// For CommonJS alone, tsx starts in a shorter time.
			...['--require', require.resolve('tsx/cjs')],
			path.join(__dirname, 'main.ts'),
			...['--json', '--exit-with-parent'],
			...toArguments(options),
		],
		{ stdio: ['pipe', 'pipe', 'pipe'] },
	);
	try {
		const address = await readAddress(child);
		const methods = controlMethods(new ControlClient(address.controlUrl));
		// As an argument, it would need a file.
		if (options.policy) await methods.setPolicy(options.policy);
		return { ...address, ...methods, close: () => stop(child) };
	} catch (error) {
		await stop(child);
		throw error;
	}
}
