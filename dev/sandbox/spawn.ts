import { spawn, type ChildProcess } from 'node:child_process';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

import type { Call } from './ledger/calls';
import type { FaultRule } from './faults/faultDesk';
import type { SandboxAddress, SandboxOptions } from './sandbox';

/** A sandbox in a process of its own. */
export interface SpawnedSandbox extends SandboxAddress {
	/** The requests seen since the start or the last reset. */
	calls(): Promise<readonly Call[]>;
	resetCalls(): Promise<void>;
	/** Moves the server's clock away from the machine's. */
	setClock(offsetSeconds: number): Promise<void>;
	/** Replaces the rules by which requests meet faults, and their counts. */
	setFaults(rules: readonly FaultRule[]): Promise<void>;
	clearFaults(): Promise<void>;
	/** Lets nobody connect to the bucket's port for so many milliseconds. */
	refuseConnections(ms: number): Promise<void>;
	/**
	 * Stores an object without a signature and without an entry in the calls.
	 * @param lastModified another time of storing than now
	 */
	putObject(
		key: string,
		bytes: Uint8Array,
		contentType: string,
		lastModified?: Date,
	): Promise<void>;
	/** Deletes an object; nothing happens when there is none. */
	deleteObject(key: string): Promise<void>;
	/** @throws Error when there is no such object */
	getObject(key: string, bucket?: string): Promise<Buffer>;
	/** All keys of the bucket, sorted by their UTF-8 bytes. */
	keys(bucket?: string): Promise<readonly string[]>;
	/** Ends the process and waits for it. */
	close(): Promise<void>;
}

function toArguments(options: SandboxOptions): string[] {
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
		...(options.buckets ?? []).map((name): [string, string] => ['extra-bucket', name]),
	];
	return values.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
}

const isAddress = (value: unknown): value is SandboxAddress =>
	typeof value === 'object' &&
	value !== null &&
	['url', 'controlUrl', 'bucket', 'region', 'secretId', 'secretKey', 'folder'].every(
		(name) => typeof Reflect.get(value, name) === 'string',
	);

/** Waits for the line a child prints when it is ready. */
async function readAddress(child: ChildProcess): Promise<SandboxAddress> {
	const { stdout, stderr } = child;
	if (!stdout || !stderr) throw new Error('The sandbox has no standard output.');
	let complaint = '';
	stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
	return await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', () => reject(new Error(`The sandbox did not start. ${complaint}`)));
		createInterface({ input: stdout }).once('line', (line) => {
			const address: unknown = JSON.parse(line);
			if (isAddress(address)) resolve(address);
			else reject(new Error(`The sandbox printed something else: ${line}`));
		});
	});
}

async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	child.kill('SIGTERM');
	await ended;
}

/**
 * Starts a sandbox in a process of its own, at free ports unless told. It ends with `close`, and
 * also when this process does, however that ends.
 * @throws Error with what the sandbox said when it cannot start
 */
export async function spawnSandbox(options: SandboxOptions = {}): Promise<SpawnedSandbox> {
	const child = spawn(
		process.execPath,
		[
			...['--import', pathToFileURL(require.resolve('tsx')).href],
			path.join(__dirname, 'main.ts'),
			...['--json', '--exit-with-parent'],
			...toArguments(options),
		],
		{ stdio: ['pipe', 'pipe', 'pipe'] },
	);
	const address = await readAddress(child).catch(async (error: unknown) => {
		await end(child);
		throw error;
	});

	const ask = async (method: string, desk: string, init: RequestInit = {}): Promise<Response> => {
		const response = await fetch(`${address.controlUrl}/${desk}`, { method, ...init });
		if (response.ok) return response;
		throw new Error(`${method} /${desk}: ${await response.text()}`);
	};
	/** A list the control server gives; it is this project's own, so its entries are not checked. */
	const list = async <Entry>(desk: string): Promise<readonly Entry[]> => {
		const value: unknown = await (await ask('GET', desk)).json();
		if (!Array.isArray(value)) throw new Error(`GET /${desk} did not give a list.`);
		return value as readonly Entry[];
	};
	const inBucket = (bucket: string | undefined) =>
		bucket === undefined ? '' : `?bucket=${encodeURIComponent(bucket)}`;
	const objectPath = (key: string) => `objects/${encodeURIComponent(key)}`;

	return {
		...address,
		async calls() {
			return await list<Call>('calls');
		},
		async resetCalls() {
			await ask('DELETE', 'calls');
		},
		async setClock(offsetSeconds) {
			await ask('PUT', 'clock', { body: JSON.stringify({ offsetSeconds }) });
		},
		async setFaults(rules) {
			await ask('PUT', 'faults', { body: JSON.stringify(rules) });
		},
		async clearFaults() {
			await ask('DELETE', 'faults');
		},
		async refuseConnections(ms) {
			await ask('PUT', 'listener', { body: JSON.stringify({ closedForMs: ms }) });
		},
		async putObject(key, bytes, contentType, lastModified) {
			const body = Uint8Array.from(bytes);
			const time = lastModified?.toISOString();
			const stored = time === undefined ? '' : `?last-modified=${encodeURIComponent(time)}`;
			const headers = { 'Content-Type': contentType };
			await ask('PUT', objectPath(key) + stored, { body, headers });
		},
		async deleteObject(key) {
			await ask('DELETE', objectPath(key));
		},
		async getObject(key, bucket) {
			const response = await ask('GET', `${objectPath(key)}${inBucket(bucket)}`);
			return Buffer.from(await response.arrayBuffer());
		},
		async keys(bucket) {
			return await list<string>(`objects${inBucket(bucket)}`);
		},
		close: () => end(child),
	};
}
