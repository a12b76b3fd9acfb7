import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

import { createBucketServer } from './bucket/bucketServer';
import type { Services } from './bucket/services';
import { Clock } from './clock';
import { createControl, createControlServer, type Control } from './control/controlServer';
import {
	callsRoute,
	clockRoute,
	faultsRoute,
	ledgerRoute,
	listenerRoute,
	objectsRoute,
	pickerRoute,
	recognitionRoute,
	seriesRoute,
	signaturesRoute,
	policyRoute,
} from './control/routes';
import { versioningRoute, versionsRoute } from './control/versionRoutes';
import { DetectionService, type Detect } from './detect/detectionService';
import { FaultSelector } from './faults/faultRules';
import { isBucketName, isServiceHost } from './http/host';
import { Listener } from './http/listener';
import { CallLog } from './ledger/calls';
import { Ledger } from './ledger/ledger';
import { Permissions, type PolicyOptions } from './permissions/permissions';
import { RepairService } from './repair/repairService';
import { importFolder } from './store/importFolder';
import { Store } from './store/store';

export interface SandboxOptions {
	/** the bucket's port; 0, the default, means any free port */
	readonly port?: number;
	/** the control server's port; 0, the default, means any free port */
	readonly controlPort?: number;
	/** the folder for objects; by default a temporary one that `close` removes */
	readonly data?: string;
	/** a folder whose images are copied into the bucket at the start */
	readonly importFrom?: string;
	/** `<name>-<APPID>` */
	readonly bucket?: string;
	/** further buckets of the same account and region */
	readonly buckets?: readonly string[];
	readonly region?: string;
	readonly secretId?: string;
	readonly secretKey?: string;
	/** if set, the credentials are temporary and every request must carry this token */
	readonly token?: string;
	/** what the account may do; by default everything */
	readonly policy?: PolicyOptions;
	/** milliseconds; if set, images are returned unchanged after this time, and detections are made up */
	readonly delay?: number;
	/** whether the buckets keep older versions and delete markers */
	readonly versioned?: boolean;
	/** strict signature mode: what describes a body must be signed */
	readonly strictSignature?: boolean;
	/**
	 * do not repair; return a tiny image whose bytes depend on the source's bytes and the area, and find one text
	 * and one logo in the middle of every image
	 */
	readonly quick?: boolean;
	/** a folder with an image of each logo that is found; the name of its file is the logo's */
	readonly logos?: string;
	/** used in place of any detection, for sandboxes in the same process */
	readonly detect?: Detect;
}

/** What a client needs to use a running sandbox. */
export interface SandboxAddress {
	/** `http://127.0.0.1:<port>`, without a trailing slash */
	readonly url: string;
	readonly controlUrl: string;
	readonly bucket: string;
	readonly region: string;
	readonly secretId: string;
	readonly secretKey: string;
	/** where the objects are kept */
	readonly folder: string;
}

/** A running sandbox. Its control server changes it and shows what it did. */
export interface Sandbox extends SandboxAddress {
	/** The control server, for callers in the same process. */
	readonly control: Control;
	/** Stops both servers and all threads, and removes a temporary folder. */
	close(): Promise<void>;
}

/** The default account and bucket. The keys are made up and valid only here. */
export const DEFAULTS = {
	bucket: 'examplebucket-1250000000',
	region: 'ap-guangzhou',
	secretId: 'AKIDSANDBOXEXAMPLE0000000000000000000',
	secretKey: 'sandboxExampleSecretKey000000000',
} as const;

function checkOptions(buckets: ReadonlySet<string>, region: string): void {
	for (const name of buckets) {
		if (isBucketName(name)) continue;
		throw new Error(`The bucket "${name}" is not <name>-<APPID> in lower-case letters and digits.`);
	}
	if (!/^[a-z0-9-]+$/.test(region)) throw new Error(`"${region}" is not a region name.`);
}

interface Servers {
	readonly bucket: Listener;
	readonly control: Control;
}

function createServers(services: Services): Servers {
	const { store, buckets, permissions, clock, calls, ledger, faults } = services;
	const bucket = new Listener(createBucketServer(services));
	const control = createControl([
		callsRoute(calls),
		ledgerRoute(ledger, store),
		clockRoute(clock),
		faultsRoute(faults),
		policyRoute(permissions),
		signaturesRoute(services.signatures),
		listenerRoute(bucket),
		objectsRoute(store, buckets.main, clock),
		seriesRoute(store, buckets.main),
		versioningRoute(store, buckets.main),
		versionsRoute(store, buckets.main),
		recognitionRoute(services.detections),
		pickerRoute(),
	]);
	return { bucket, control };
}

/** Opens both ports. If the second cannot be opened, closes the first. */
async function openBoth(
	{ bucket, control }: Readonly<Record<'bucket' | 'control', Listener>>,
	{ port = 0, controlPort = 0 }: SandboxOptions,
): Promise<Pick<SandboxAddress, 'url' | 'controlUrl'>> {
	const url = await bucket.open(port);
	try {
		return { url, controlUrl: await control.open(controlPort) };
	} catch (error) {
		await bucket.close();
		throw error;
	}
}

/**
 * Starts a COS bucket with Image Repair on this machine, on the loopback address only.
 * @throws Error if an option is invalid, a folder cannot be used or a port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { bucket = DEFAULTS.bucket, region = DEFAULTS.region } = options;
	const { secretId = DEFAULTS.secretId, secretKey = DEFAULTS.secretKey, token } = options;
	const allBuckets = new Set([bucket, ...(options.buckets ?? [])]);
	checkOptions(allBuckets, region);
	const permissions = new Permissions(region);
	permissions.set(options.policy ?? {});

	const temporary = options.data === undefined;
	const folder = path.resolve(
		options.data ?? fs.mkdtempSync(path.join(os.tmpdir(), 'image-repair-sandbox-')),
	);
	const removeTemporary = () => {
		if (temporary) fs.rmSync(folder, { recursive: true, force: true });
	};
	try {
		const clock = new Clock();
		const store = new Store(folder, allBuckets, clock);
		store.setVersioned(options.versioned ?? false);
		if (options.importFrom !== undefined) importFolder(options.importFrom, store, bucket);
		const services: Services = {
			store,
			repairs: new RepairService(options),
			detections: new DetectionService(options),
			buckets: { main: bucket, all: allBuckets, region },
			account: { secretId, secretKey, ...(token !== undefined && { token }) },
			signatures: { strict: options.strictSignature ?? false },
			permissions,
			clock,
			calls: new CallLog(),
			ledger: new Ledger(),
			faults: new FaultSelector(),
		};
		const { bucket: bucketListener, control } = createServers(services);
		const listeners = {
			bucket: bucketListener,
			control: new Listener(createControlServer(control)),
		};
		const urls = await openBoth(listeners, options);
		services.repairs.reachOwnBuckets({
			isOwnHost: (hostname) => isServiceHost(hostname, services.buckets),
			port: Number(new URL(urls.url).port),
		});
		return {
			...urls,
			control,
			bucket,
			region,
			secretId,
			secretKey,
			folder,
			async close() {
				await Promise.all([
					listeners.bucket.close(),
					listeners.control.close(),
					services.repairs.close(),
					services.detections.close(),
				]);
				removeTemporary();
			},
		};
	} catch (error) {
		removeTemporary();
		throw error;
	}
}
