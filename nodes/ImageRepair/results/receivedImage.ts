import { MAX_SOURCE_BYTES } from '../../../cos/limits';
import { contentLength, header, type ResponseHeaders } from '../../../cos/responses/headers';
import { ImageReader } from '../../../cos/images/readImage';
import {
	FORMAT_BYTES,
	formatOfBytes,
	withExtensionOf,
	type ImageFormat,
} from '../../../cos/images/format';
import { withoutSecrets } from '../../../cos/responses/secrets';
import { chunksOf, streamFrom } from '../../shared/byteStream';
import { ConnectionFailed } from '../../shared/errors';
import type { CosResponse } from '../../shared/response';
import type { Item } from '../item';
import type { ReceivedImage } from '../run/outcome';

/** The last part of a key or path, or `image` when it has none. */
export function fileNameOf(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1) || 'image';
}

/** Results have at most 32 MB, like sources: what is twice as large is none. */
const MAX_BYTES = 2 * MAX_SOURCE_BYTES;

function cutShort(): ConnectionFailed {
	return new ConnectionFailed('IncompleteImage', 'imageCutShort', {});
}

function tooLarge(): ConnectionFailed {
	const limit = MAX_BYTES / (1024 * 1024);
	return new ConnectionFailed('ImageTooLarge', 'imageTooLarge', { limit });
}

/** Refuses what cannot be a whole image, whatever its bytes. */
function checkHead({ status, headers }: CosResponse): void {
	if (status !== 200) throw new ConnectionFailed('UnreadableResponse', 'partialImage', { status });
	if ((contentLength(headers) ?? 0) > MAX_BYTES) throw tooLarge();
}

/** The format that the bytes have, whatever the response declares. */
function formatOf(bytes: Uint8Array, { headers, secrets }: CosResponse): ImageFormat {
	const format = formatOfBytes(bytes);
	if (format) return format;
	const declared = header(headers, 'content-type')?.split(';')[0]?.trim() ?? '';
	// What n8n can decode it does, and takes the header away.
	const encoding = header(headers, 'content-encoding');
	const encoded = encoding === undefined ? '' : ` (${encoding})`;
	const shown = withoutSecrets(declared + encoded, secrets()).toLowerCase();
	const type = declared === '' ? `something${shown}` : shown || 'something';
	const reason = /^image\//i.test(declared) && bytes.length > 0 ? 'unknownImage' : 'notImage';
	throw new ConnectionFailed('UnreadableResponse', reason, { type });
}

/** Follows an image while it arrives. */
class Arrival {
	/** Bytes so far. */
	size = 0;
	private readonly end: ImageReader;

	constructor(
		format: ImageFormat,
		private readonly headers: ResponseHeaders,
	) {
		this.end = new ImageReader(format);
	}

	/** @throws ConnectionFailed when it is larger than any result */
	add(chunk: Uint8Array): void {
		this.size += chunk.length;
		if (this.size > MAX_BYTES) throw tooLarge();
		this.end.push(chunk);
	}

	/**
	 * To be called when the body ended without breaking off, which is at its `Content-Length` if it has
	 * one: Node.js sees to that. As a number it is of no use, because n8n decodes a body that came
	 * compressed and leaves the length of the compressed one.
	 *
	 * @throws ConnectionFailed unless the image is whole
	 */
	finish(): void {
		const { end } = this.end;
		if (end === 'reached') return;
		if (end === 'missing') throw cutShort();
		const length = contentLength(this.headers);
		if (length === undefined) {
			if (/chunked/i.test(header(this.headers, 'transfer-encoding') ?? '')) return;
			throw new ConnectionFailed('IncompleteImage', 'imageEndUnknown', {});
		}
		if (length !== this.size) throw cutShort();
	}
}

/** Enough bytes to recognize every format, or fewer when there are no more. */
async function firstBytes(chunks: AsyncIterator<Buffer, void>): Promise<Buffer> {
	let bytes: Buffer = Buffer.alloc(0);
	while (bytes.length < FORMAT_BYTES) {
		const next = await chunks.next();
		if (next.done === true) break;
		bytes = Buffer.concat([bytes, next.value]);
	}
	return bytes;
}

async function* wholeImage(first: Buffer, rest: AsyncIterable<Buffer>, arrival: Arrival) {
	arrival.add(first);
	yield first;
	for await (const chunk of rest) {
		arrival.add(chunk);
		yield chunk;
	}
	arrival.finish();
}

/**
 * Streams the image in a response into n8n's binary storage, whole or not at all.
 *
 * @param fileName of the source; its extension is corrected when the image is of another format
 * @throws ConnectionFailed when the response is not an image, or does not arrive whole
 */
export async function receiveImage(
	item: Item,
	response: CosResponse,
	fileName: string,
): Promise<ReceivedImage> {
	const { body, headers } = response;
	try {
		const chunks = chunksOf(body[Symbol.asyncIterator](), cutShort);
		// Before anything else: as n8n 2 wraps it, a body that was never read keeps its connection open.
		const arriving = firstBytes(chunks);
		await arriving.catch(() => undefined);
		checkHead(response);
		const first = await arriving;
		if (first.length === 0) throw cutShort();
		const format = formatOf(first, response);
		const arrival = new Arrival(format, headers);
		// Without a name, n8n stores the address of the request, signature included.
		const binary = await item.functions.helpers.prepareBinaryData(
			streamFrom(body, wholeImage(first, chunks, arrival)),
			withExtensionOf(fileName, format),
			format.mimeType,
		);
		return { binary, size: arrival.size, contentType: format.mimeType };
	} catch (error) {
		body.destroy();
		throw error instanceof ConnectionFailed
			? error
			: new ConnectionFailed('ImageNotStored', 'imageNotStored', {});
	}
}
