import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';

import { CosFailure } from '../http/failure';
import { isThisMachine } from '../http/host';
import { MAX_IMAGE_BYTES } from './formats';

/** For the whole image: a server that sends a byte now and then never falls silent. */
const TIMEOUT_MS = 10_000;

/** Resolves every name to the loopback address: not every resolver knows names under `localhost`. */
const lookupLoopback: LookupFunction = (_name, options, done) => {
	if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }]);
	else done(null, '127.0.0.1', 4);
};

/** The sandbox's own buckets, which it reaches under the service's host names too. */
export interface OwnBuckets {
	readonly isOwnHost: (hostname: string) => boolean;
	/** the port of the buckets on this machine */
	readonly port: number;
}

/** Where to connect to, and the `Host` that the request is for. */
function target(url: URL, own: OwnBuckets | undefined): { url: URL; headers: { Host: string } } {
	const headers = { Host: url.host };
	if (!own?.isOwnHost(url.hostname)) return { url, headers };
	return { url: new URL(url.pathname + url.search, `http://127.0.0.1:${own.port}`), headers };
}

/**
 * Fetches the image a request refers to (`MaskPic`, `detect-url`). The sandbox connects to this
 * machine only: it rejects any other host and does not follow redirects.
 * @param name the parameter, for error messages
 * @param own also reached, without TLS, under the service's host names
 * @throws CosFailure `InvalidArgument` with the reason
 */
export async function fetchImage(name: string, address: string, own?: OwnBuckets): Promise<Buffer> {
	const invalid = (message: string) => new CosFailure('InvalidArgument', `${name}: ${message}`);
	const given = URL.canParse(address) ? new URL(address) : undefined;
	if (given?.protocol !== 'http:' && given?.protocol !== 'https:') {
		throw invalid('it must be an http or https URL.');
	}
	const { url, headers } = target(given, own);
	if (!isThisMachine(url.hostname)) {
		throw invalid(`the sandbox fetches from this machine only, not from "${url.hostname}".`);
	}
	const client = url.protocol === 'https:' ? https : http;
	const signal = AbortSignal.timeout(TIMEOUT_MS);
	return await new Promise<Buffer>((resolve, reject) => {
		const fail = (error: Error) => {
			const reason = signal.aborted
				? 'the image does not come in time.'
				: 'its server cannot be reached.';
			reject(error instanceof CosFailure ? error : invalid(reason));
		};
		const options = { lookup: lookupLoopback, signal, agent: false, headers };
		const request = client.get(url, options, (response) => {
			const chunks: Buffer[] = [];
			let size = 0;
			response.on('data', (chunk: Buffer) => {
				size += chunk.length;
				if (size > MAX_IMAGE_BYTES) request.destroy(invalid('the image is larger than 32 MB.'));
				else chunks.push(chunk);
			});
			response.on('error', fail);
			response.on('end', () => {
				const body = Buffer.concat(chunks);
				if (response.statusCode === 200) {
					const isCompressed = response.headers['content-encoding'] !== undefined;
					if (isCompressed) reject(invalid('the image is compressed, which was not asked for.'));
					else resolve(body);
					return;
				}
				const code = /<Code>(\w+)<\/Code>/.exec(body.toString('utf8'))?.[1];
				const status = [response.statusCode, code].filter(Boolean).join(' ');
				reject(invalid(`the image could not be fetched, its server returned ${status}.`));
			});
		});
		request.on('error', fail);
	});
}
