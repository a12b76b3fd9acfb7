import type { IBinaryData } from 'n8n-workflow';

import { UnreadableAnswer } from '../../../cos/responses/xml';
import { header } from '../../../cos/responses/failure';
import {
	formatOfBytes,
	formatOfMimeType,
	withExtensionOf,
	type ImageFormat,
} from '../../../cos/responses/imageFormat';
import { sizeOfBinary, type Item } from '../item';
import { ConnectionFailed } from '../../shared/errors';
import type { ByteStream, CosAnswer } from '../../shared/transport';

/** An image that arrived whole and is stored in n8n. */
export interface ReceivedImage {
	binary: IBinaryData;
	/** Bytes. */
	size: number;
	contentType: string;
}

/** The last part of a key or path, or a name for what has none. */
export function fileNameOf(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1) || 'image';
}

/** Enough to tell every format by. */
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
 * Looks at the first bytes and puts them back. What is there is always taken out before waiting for
 * more: a stream that holds something reports itself readable at once, again and again.
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
			// Too short for an image, and an ended stream takes nothing back.
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
	return new ConnectionFailed(
		'The image arrived incomplete and was thrown away',
		'Check the network connection of the machine that runs n8n, then run the item again. The call may have been billed.',
		'IncompleteImage',
	);
}

/** HTML, XML or JSON under whatever name. */
function looksLikeText(bytes: Buffer): boolean {
	return /^\uFEFF?\s*[<{]/.test(bytes.toString('utf8'));
}

/** The answer's own type where it is an image's, else what the bytes say. */
function formatOf(
	declared: string | undefined,
	bytes: Buffer,
): { type: string; format?: ImageFormat } {
	const bare = declared?.split(';')[0]?.trim().toLowerCase() ?? '';
	if (bare.startsWith('image/') && !looksLikeText(bytes))
		return { type: bare, format: formatOfMimeType(bare) };
	const format = formatOfBytes(bytes);
	if (format) return { type: format.mimeType, format };
	throw new UnreadableAnswer(
		`The service answered with ${bare === '' ? 'something' : bare} instead of an image`,
	);
}

/**
 * Streams the answer's image into n8n's binary storage.
 *
 * @param fileName of the source; its extension is corrected when the image is of another format
 * @throws UnreadableAnswer when the answer is no image
 * @throws ConnectionFailed when it does not arrive whole
 */
export async function receiveImage(
	item: Item,
	answer: CosAnswer,
	fileName: string,
): Promise<ReceivedImage> {
	const { helpers } = item.functions;
	let binary: IBinaryData;
	let contentType: string;
	try {
		const bytes = await peek(answer.body, SIGNATURE_BYTES);
		const { type, format } = formatOf(header(answer.headers, 'content-type'), bytes);
		contentType = type;
		// The name has to be given: without one n8n stores the address of the request, signature included.
		binary = await helpers.prepareBinaryData(
			answer.body,
			format ? withExtensionOf(fileName, format) : fileName,
			type,
		);
	} catch (error) {
		answer.body.destroy();
		throw error instanceof UnreadableAnswer ? error : cutShort();
	}
	const size = await sizeOfBinary(item.functions, binary);
	const announced = header(answer.headers, 'content-length');
	if (size === 0 || (announced !== undefined && Number(announced) !== size)) throw cutShort();
	return { binary, size, contentType };
}
