import { createHash } from 'node:crypto';

import type { Exchange } from '../http/exchange';
import { CosFailure } from '../http/failure';
import { readObject } from './objects';
import type { Services } from './services';

export const md5Of = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

/**
 * Checks that a request for `ci-process` names one image.
 * @throws CosFailure `InvalidArgument`
 */
export function checkSource({ key, query }: Pick<Exchange, 'key' | 'query'>): void {
	const hasUrl = query.has('detect-url');
	if (!hasUrl && key === '') {
		throw new CosFailure('InvalidArgument', 'ci-process needs an object key or detect-url.');
	}
	if (hasUrl && key !== '') {
		throw new CosFailure('InvalidArgument', 'Give an object key or detect-url, not both.');
	}
}

/** The image that `ci-process` is for: the object, or what is at `detect-url`. @throws CosFailure */
export async function readSource(exchange: Exchange, services: Services) {
	const url = exchange.query.get('detect-url');
	if (url === undefined) return readObject(exchange, services);
	const bytes = await services.repairs.fetch('detect-url', url);
	return { bytes, source: { url: url.replace(/\?.*$/s, ''), md5: md5Of(bytes) } };
}
