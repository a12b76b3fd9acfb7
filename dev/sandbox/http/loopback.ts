import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';

import { CosFailure } from './failure';

const LOOPBACK = /^(localhost|[^.]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const MAX_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MS = 10_000;

/** Names under `localhost` mean this machine whether or not its resolver knows them. */
const lookupHere: LookupFunction = (_name, options, done) => {
	if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }]);
	else done(null, '127.0.0.1', 4);
};

/**
 * Fetches an image a request points to (`MaskPic`, `detect-url`). The sandbox talks to its own
 * machine only, so any other host is refused, and redirects are not followed.
 * @param name the parameter, for the message
 * @throws CosFailure `InvalidArgument` saying why there is no image
 */
export async function fetchImage(name: string, address: string): Promise<Buffer> {
	const invalid = (message: string) => new CosFailure('InvalidArgument', `${name}: ${message}`);
	const url = URL.canParse(address) ? new URL(address) : undefined;
	if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
		throw invalid('it must be an http or https URL.');
	}
	if (!LOOPBACK.test(url.hostname)) {
		throw invalid(`the sandbox fetches from this machine only, not from "${url.hostname}".`);
	}
	const client = url.protocol === 'https:' ? https : http;
	return await new Promise<Buffer>((resolve, reject) => {
		const options = { lookup: lookupHere, timeout: TIMEOUT_MS, agent: false };
		const request = client.get(url, options, (response) => {
			const chunks: Buffer[] = [];
			let size = 0;
			response.on('data', (chunk: Buffer) => {
				size += chunk.length;
				if (size > MAX_BYTES) request.destroy(invalid('the image is larger than 32 MB.'));
				else chunks.push(chunk);
			});
			response.on('error', reject);
			response.on('end', () => {
				if (response.statusCode === 200) {
					resolve(Buffer.concat(chunks));
					return;
				}
				const code = /<Code>(\w+)<\/Code>/.exec(Buffer.concat(chunks).toString('utf8'))?.[1];
				const answer = [response.statusCode, code].filter(Boolean).join(' ');
				reject(invalid(`the image could not be fetched, its server answers ${answer}.`));
			});
		});
		request.on('timeout', () => request.destroy(invalid('its server does not answer.')));
		request.on('error', (error) => {
			reject(error instanceof CosFailure ? error : invalid(`its server cannot be reached.`));
		});
	});
}
