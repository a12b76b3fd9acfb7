import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import {
	createServer,
	request as requestOf,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectStoreAddress } from '../../dev/engine/objectStore';
import { cached } from '../../dev/playground/cache';
import { startProgram, type Endings } from '../../dev/playground/childProcess';
import { freePort } from '../../dev/playground/machine';
import { untilAnswering } from '../../dev/playground/n8nServer';
import { npm, requireRegistry } from '../../dev/playground/npm';
import { startProgress } from '../../dev/playground/progress';

const PACKAGE = '@20minutes/s3rver';
const VERSION = '5.0.0';
const DISK_BYTES = 50e6;
const BUCKET = 'n8n-files';
/** Name and password of the only account. */
const ACCOUNT = 'S3RVER';

/** The status that a request is answered with, or `cut`: half of a file is sent. */
export type StoreFault = number | 'cut';

export interface ObjectStore {
	readonly address: ObjectStoreAddress;
	/** Makes all requests of a method fail while something is done. */
	whileFailing<Result>(
		method: 'GET' | 'PUT',
		fault: StoreFault,
		work: () => Promise<Result>,
	): Promise<Result>;
}

/** Passes a request on to the store, unless it has to fail. */
function respond(
	request: IncomingMessage,
	response: ServerResponse,
	port: number,
	fault: StoreFault | undefined,
): void {
	if (typeof fault === 'number') {
		request.resume();
		response.writeHead(fault).end();
		return;
	}
	const { method, url: path, headers } = request;
	// A connection for each request, so that none is closed by the store just when it is used again.
	const target = { agent: false, host: '127.0.0.1', port, method, path, headers };
	const upstream = requestOf(target, (answer) => {
		response.writeHead(answer.statusCode ?? 502, answer.headers);
		if (fault === undefined) {
			answer.pipe(response);
			return;
		}
		answer.once('data', (chunk: Buffer) => {
			response.write(chunk.subarray(0, chunk.length / 2), () => response.destroy());
			answer.destroy();
		});
	});
	upstream.on('error', () => response.destroy());
	request.pipe(upstream);
}

async function install(node: string): Promise<string> {
	return await cached(`s3rver-${VERSION}`, DISK_BYTES, async (target) => {
		const progress = startProgress('Installing an S3-compatible store');
		await requireRegistry(target, `${PACKAGE}@${VERSION}`);
		const args = ['install', `${PACKAGE}@${VERSION}`, '--prefix', target, '--ignore-scripts'];
		await npm(target, args, { node, progress });
		progress.done();
	});
}

/**
 * Starts an S3-compatible store on this machine, with a proxy in front of it that can make requests fail.
 *
 * @param node the binary of Node 24, which the store needs
 * @throws SetupFailure when it cannot be installed or does not start
 */
export async function startObjectStore(node: string, endings: Endings): Promise<ObjectStore> {
	const installed = await install(node);
	const folder = await mkdtemp(join(tmpdir(), 'image-repair-s3-'));
	endings.add(async () => await rm(folder, { recursive: true, force: true }));
	const port = await freePort();
	const settings = {
		address: '127.0.0.1',
		port,
		silent: true,
		directory: join(folder, 'objects'),
		configureBuckets: [{ name: BUCKET }],
		// It leaves out the slash at the end of a path when it checks a signature, and Amazon's SDK, which
		// n8n uses, asks for a bucket with one.
		allowMismatchedSignatures: true,
	};
	const script = `new (require(${JSON.stringify(PACKAGE)}))(${JSON.stringify(settings)}).run()`;
	const store = startProgram({
		command: node,
		args: ['--eval', script],
		cwd: installed,
		env: process.env,
		logFile: join(folder, 'store.log'),
	});
	endings.add(async () => await store.stop());
	await untilAnswering(store, `http://127.0.0.1:${port}/${BUCKET}`, 'The S3-compatible store');

	let failing: { method: string; fault: StoreFault } | undefined;
	const proxy = createServer((request, response) => {
		const fault = failing?.method === request.method ? failing?.fault : undefined;
		respond(request, response, port, fault);
	});
	const proxyPort = await freePort();
	proxy.listen(proxyPort, '127.0.0.1');
	await once(proxy, 'listening');
	endings.add(() => {
		proxy.close();
		proxy.closeAllConnections();
	});
	return {
		address: {
			host: `127.0.0.1:${proxyPort}`,
			bucket: BUCKET,
			accessKey: ACCOUNT,
			accessSecret: ACCOUNT,
		},
		async whileFailing(method, fault, work) {
			failing = { method, fault };
			try {
				return await work();
			} finally {
				failing = undefined;
			}
		},
	};
}
