import { header } from '../../cos/responses/failure';
import { CallFailed } from './errors';
import type { CosAnswer, Transport } from './transport';

/** What HEAD tells of an object. */
export interface StoredObject {
	key: string;
	/** Bytes. */
	size?: number;
	etag?: string;
	/** When it was stored, in milliseconds since 1970 by the service's own clock. */
	storedAt: number;
	/** Milliseconds since then, by the same clock. */
	age: number;
}

function read(key: string, { headers, body }: CosAnswer): StoredObject {
	body.destroy();
	const time = (name: string) => Date.parse(header(headers, name) ?? '');
	const size = Number(header(headers, 'content-length') ?? NaN);
	const storedAt = time('last-modified');
	const age = time('date') - storedAt;
	return {
		key,
		size: Number.isNaN(size) ? undefined : size,
		etag: header(headers, 'etag')?.replace(/^"(.*)"$/, '$1'),
		storedAt,
		age: Number.isNaN(age) ? Infinity : age,
	};
}

/**
 * Looks an object up; undefined when there is none.
 *
 * @throws CallFailed when the account may not look
 * @throws ConnectionFailed when no answer comes
 */
export async function headObject(
	transport: Transport,
	key: string,
): Promise<StoredObject | undefined> {
	return await transport
		.call({
			request: { method: 'HEAD', key, query: [], headers: {} },
			read: async (answer) => await Promise.resolve(read(key, answer)),
		})
		.catch((error: unknown) => {
			if (error instanceof CallFailed && error.failure.status === 404) return undefined;
			throw error;
		});
}
