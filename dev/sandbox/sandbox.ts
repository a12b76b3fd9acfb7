import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

import { createBucketServer } from './http/bucketServer';
import { CallLog, Clock, type Call } from './ledger/calls';
import { callsDesk, clockDesk, createControlServer, objectsDesk, pickerDesk } from './http/control';
import { FaultDesk, faultsDesk, type FaultRule } from './faults/faultDesk';
import { isBucketName } from './http/host';
import { importFolder } from './store/importFolder';
import { Listener, listenerDesk } from './http/listener';
import { RepairService } from './repair/repairService';
import { Store } from './store/store';

/** What a sandbox can be told; everything has a default. */
export interface SandboxOptions {
	/** the bucket's port; 0, the default: any free one */
	readonly port?: number;
	/** the control server's port; 0, the default: any free one */
	readonly controlPort?: number;
	/** where objects are kept; by default a temporary folder that `close` removes */
	readonly data?: string;
	/** a folder whose images become objects at the start */
	readonly importFrom?: string;
	/** `<name>-<APPID>` */
	readonly bucket?: string;
	/** further buckets of the same account and region */
	readonly buckets?: readonly string[];
	readonly region?: string;
	readonly secretId?: string;
	readonly secretKey?: string;
	/** given: the credentials are temporary, and every request must carry this token */
	readonly token?: string;
	/** milliseconds; given: images come back unchanged after this time */
	readonly delay?: number;
}

/** What a client needs to know of a running sandbox. */
export interface SandboxAddress {
	/** `http://127.0.0.1:<port>`, without a trailing slash */
	readonly url: string;
	readonly controlUrl: string;
	readonly bucket: string;
	readonly region: string;
	readonly secretId: string;
	readonly secretKey: string;
	readonly folder: string;
}

/** A running sandbox. */
export interface Sandbox extends SandboxAddress {
	calls(): readonly Call[];
	resetCalls(): void;
	setClock(offsetSeconds: number): void;
	/** Replaces the rules by which requests meet faults; none: all goes well. */
	setFaults(rules: readonly FaultRule[]): void;
	/** Ends both servers and the repair thread, and removes a temporary folder. */
	close(): Promise<void>;
}

/** What a sandbox is without options. The keys are no one's: they only open a sandbox. */
export const DEFAULTS = {
	bucket: 'examplebucket-1250000000',
	region: 'ap-guangzhou',
	secretId: 'AKIDSANDBOXEXAMPLE0000000000000000000',
	secretKey: 'sandboxExampleSecretKey000000000',
} as const;

function checkOptions(buckets: readonly string[], region: string): void {
	const wrong = buckets.find((name) => !isBucketName(name));
	if (wrong !== undefined) {
		throw new Error(
			`The bucket "${wrong}" is not <name>-<APPID> in lower-case letters and digits.`,
		);
	}
	if (!/^[a-z0-9-]+$/.test(region)) throw new Error(`"${region}" is not the name of a region.`);
}

/**
 * Starts a COS bucket with Image Repair on this machine, at loopback addresses only.
 * @throws Error when an option makes no sense, a folder cannot be used or a port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { bucket = DEFAULTS.bucket, region = DEFAULTS.region } = options;
	const { secretId = DEFAULTS.secretId, secretKey = DEFAULTS.secretKey, token } = options;
	const allBuckets = new Set([bucket, ...(options.buckets ?? [])]);
	checkOptions([...allBuckets], region);

	const temporary = options.data === undefined;
	const folder = path.resolve(
		options.data ?? fs.mkdtempSync(path.join(os.tmpdir(), 'image-repair-sandbox-')),
	);
	const removeTemporary = () => {
		if (temporary) fs.rmSync(folder, { recursive: true, force: true });
	};
	const repairs = new RepairService(options.delay);
	const calls = new CallLog();
	const clock = new Clock();
	const faults = new FaultDesk();
	try {
		const store = new Store(folder, allBuckets);
		if (options.importFrom !== undefined) importFolder(options.importFrom, store, bucket);
		const account = { secretId, secretKey, ...(token !== undefined && { token }) };
		const buckets = { main: bucket, all: allBuckets, region };
		const server = createBucketServer({
			store,
			repairs,
			buckets,
			account,
			clock,
			calls,
			faults,
		});
		const listener = new Listener(server);
		const control = createControlServer([
			callsDesk(calls),
			clockDesk(clock),
			faultsDesk(faults),
			listenerDesk(listener),
			objectsDesk(store, bucket, clock),
			pickerDesk(),
		]);
		const controlListener = new Listener(control);
		const url = await listener.open(options.port ?? 0);
		const controlUrl = await controlListener
			.open(options.controlPort ?? 0)
			.catch(async (error: unknown) => {
				await listener.close();
				throw error;
			});
		return {
			url,
			controlUrl,
			bucket,
			region,
			secretId,
			secretKey,
			folder,
			calls: () => calls.list(),
			resetCalls: () => calls.reset(),
			setClock: (offsetSeconds) => {
				clock.offsetSeconds = offsetSeconds;
			},
			setFaults: (rules) => faults.set(rules),
			async close() {
				await Promise.all([listener.close(), controlListener.close(), repairs.close()]);
				removeTemporary();
			},
		};
	} catch (error) {
		removeTemporary();
		throw error;
	}
}
