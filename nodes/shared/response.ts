import type { ResponseHeaders } from '../../cos/responses/headers';
import type { ByteStream } from './byteStream';
import { connectionFailed } from './connection';

export type { ByteStream };

/** A successful response, its body still to be read. */
export interface CosResponse {
	status: number;
	headers: ResponseHeaders;
	body: ByteStream;
	requestId?: string;
	/** Where it came from, for messages. */
	host: string;
	/** What was sent and nobody may see, for whoever shows something of the response. */
	secrets: () => readonly string[];
}

/** Bytes; a page of 1,000 keys of the greatest length stays far below. */
const MAX_TEXT_BYTES = 10 * 1024 * 1024;

/**
 * Reads a body to its end.
 *
 * @param limit bytes after which the response cannot be the expected one: the rest is left unread
 * @throws ConnectionFailed when the body breaks off
 */
export async function readBytes({ body, host }: CosResponse, limit: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	try {
		for await (const chunk of body) {
			bytes += chunk.length;
			chunks.push(chunk);
			if (bytes > limit) break;
		}
	} catch (error) {
		throw connectionFailed(error, host);
	}
	return Buffer.concat(chunks).subarray(0, limit);
}

/**
 * Reads a body to its end, as text.
 *
 * @param limit bytes after which the response cannot be the expected one: the rest is left unread
 * @throws ConnectionFailed when the body breaks off
 */
export async function readText(response: CosResponse, limit = MAX_TEXT_BYTES): Promise<string> {
	return (await readBytes(response, limit)).toString('utf8');
}
