import type { IBinaryData } from 'n8n-workflow';

import { header } from '../../../cos/responses/headers';
import {
	formatOfBytes,
	formatOfMimeType,
	withExtensionOf,
	type ImageFormat,
} from '../../../cos/responses/imageFormat';
import { ConnectionFailed } from '../../shared/errors';
import type { ByteStream, CosResponse } from '../../shared/response';
import { sizeOfBinary, type Item } from '../item';
import type { ReceivedImage } from '../run/outcome';

/** The last part of a key or path, or `image` when it has none. */
export function fileNameOf(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1) || 'image';
}

/** Enough to recognize every format. */
const SIGNATURE_BYTES = 12;

async function untilReadable(stream: ByteStream): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const settle = (error?: Error) => {
			stream.off('readable', settle);
			stream.off('end', settle);
			stream.off('close', settle);
			stream.off('error', settle);
			if (error instanceof Error) reject(error);
			else resolve();
		};
		stream.on('readable', settle);
		stream.on('end', settle);
		stream.on('close', settle);
		stream.on('error', settle);
	});
}

/**
 * Reads the first bytes and puts them back. Buffered data is always taken out before waiting for more:
 * a stream that holds data reports itself readable at once, again and again.
 */
async function peek(stream: ByteStream, count: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let length = 0;
	while (length < count) {
		const chunk: unknown = stream.read();
		if (Buffer.isBuffer(chunk)) {
			chunks.push(chunk);
			length += chunk.length;
		} else if (stream.readableEnded || stream.destroyed) {
			// Too short for an image; an ended stream does not take data back.
			return Buffer.concat(chunks);
		} else {
			await untilReadable(stream);
		}
	}
	const bytes = Buffer.concat(chunks);
	stream.unshift(bytes);
	return bytes;
}

function cutShort(): ConnectionFailed {
	return new ConnectionFailed('IncompleteImage', 'imageCutShort', {});
}

/** HTML, XML or JSON, whatever its declared type. */
function looksLikeText(bytes: Buffer): boolean {
	return /^\uFEFF?\s*[<{]/.test(bytes.toString('utf8'));
}

/** The type that the response declares if it is an image's, otherwise what the bytes say. */
function formatOf(
	declared: string | undefined,
	bytes: Buffer,
): { type: string; format?: ImageFormat } {
	const bare = declared?.split(';')[0]?.trim().toLowerCase() ?? '';
	if (bare.startsWith('image/') && !looksLikeText(bytes))
		return { type: bare, format: formatOfMimeType(bare) };
	const format = formatOfBytes(bytes);
	if (format) return { type: format.mimeType, format };
	const said = bare === '' ? 'something' : bare;
	throw new ConnectionFailed('UnreadableResponse', 'notImage', { type: said });
}

/**
 * Streams the image in a response into n8n's binary storage.
 *
 * @param fileName of the source; its extension is corrected when the image is of another format
 * @throws ConnectionFailed when the response is not an image, or does not arrive whole
 */
export async function receiveImage(
	item: Item,
	response: CosResponse,
	fileName: string,
): Promise<ReceivedImage> {
	const { helpers } = item.functions;
	let binary: IBinaryData;
	let contentType: string;
	try {
		const bytes = await peek(response.body, SIGNATURE_BYTES);
		const { type, format } = formatOf(header(response.headers, 'content-type'), bytes);
		contentType = type;
		// Without a name, n8n stores the address of the request, signature included.
		binary = await helpers.prepareBinaryData(
			response.body,
			format ? withExtensionOf(fileName, format) : fileName,
			type,
		);
	} catch (error) {
		response.body.destroy();
		throw error instanceof ConnectionFailed ? error : cutShort();
	}
	const size = await sizeOfBinary(item.functions, binary);
	const announced = header(response.headers, 'content-length');
	if (size === 0 || (announced !== undefined && Number(announced) !== size)) throw cutShort();
	return { binary, size, contentType };
}
