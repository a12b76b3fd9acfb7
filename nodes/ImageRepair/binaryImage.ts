import { createHash } from 'crypto';

import { imageSize } from 'image-size';
import type { IBinaryData } from 'n8n-workflow';

import type { ImageSize } from '../../cos/areas/points';
import { MAX_SOURCE_BYTES } from '../../cos/limits';
import { formatOfBytes, formatOfFileName, formatOfMimeType } from '../../cos/images/format';
import { chunksOf, streamFrom } from '../shared/byteStream';
import { InvalidParameter } from '../shared/invalidParameter';
import type { ByteStream } from '../shared/response';
import { decodeBase64 } from './base64';
import { findBinary, type Item } from './item';

/** A binary field of the item that can be sent as an image. */
export interface BinaryImage {
	/** Name of the binary field. */
	field: string;
	/** Label of the parameter that names the field. */
	label: string;
	/** Bytes. */
	size: number;
	contentType: string;
	/** The bytes, as often as wanted. Throws InvalidParameter, or breaks with it, when they are not there. */
	open: () => Promise<Buffer | ByteStream>;
	/** Two images with the same one are the same file; the same file may have several. */
	identity: string;
	/** MD5 of the bytes, as hexadecimal digits: the ETag that the bucket would give it. */
	md5: () => Promise<string>;
	/** Reads the size of the image from the head of the file; undefined when it is not there. */
	measure: () => Promise<ImageSize | undefined>;
}

/** Bytes: most formats have the size in the first 64 kB; the largest metadata ends within 1 MB. */
const HEAD_BYTES = [64 * 1024, 1024 * 1024];

async function head(source: Buffer | ByteStream, bytes: number): Promise<Buffer> {
	if (Buffer.isBuffer(source)) return source.subarray(0, bytes);
	const chunks: Buffer[] = [];
	let length = 0;
	// Leaving the loop ends the stream: no more is read than is needed.
	for await (const chunk of source) {
		chunks.push(chunk);
		length += chunk.length;
		if (length >= bytes) break;
	}
	return Buffer.concat(chunks).subarray(0, bytes);
}

function sizeFromHead(bytes: Buffer): ImageSize | undefined {
	try {
		const { width, height } = imageSize(bytes);
		return width > 0 && height > 0 ? { width, height } : undefined;
	} catch {
		return undefined;
	}
}

function requireBinary(item: Item, field: string, label: string): IBinaryData {
	if (field === '') throw new InvalidParameter(label, 'binaryUnnamed', {});
	const binary = findBinary(item, field);
	if (binary) return binary;
	throw new InvalidParameter(label, 'binaryMissing', { field });
}

/** The bytes of a binary field, in whichever of n8n's storages they are. */
type File = Pick<BinaryImage, 'size' | 'open'>;

/** The chunks of a file, which has to be exactly as long as it was said to be: that is announced. */
async function* exactly(size: number, source: ByteStream, unreadable: () => Error) {
	let left = size;
	for await (const chunk of chunksOf(source[Symbol.asyncIterator](), unreadable)) {
		left -= chunk.length;
		if (left < 0) break;
		yield chunk;
	}
	if (left !== 0) throw unreadable();
}

async function storedFile({ functions }: Item, id: string, unreadable: () => Error): Promise<File> {
	const { helpers } = functions;
	const readable = async <T>(read: () => Promise<T>) =>
		await read().catch(() => {
			throw unreadable();
		});
	const { fileSize: size } = await readable(async () => await helpers.getBinaryMetadata(id));
	return {
		size,
		open: async () => {
			const source: ByteStream = await readable(async () => await helpers.getBinaryStream(id));
			return streamFrom(source, exactly(size, source, unreadable));
		},
	};
}

async function fileOf(
	item: Item,
	{ id, data }: IBinaryData,
	field: string,
	label: string,
): Promise<File> {
	if (id) {
		const unreadable = () => new InvalidParameter(label, 'binaryUnreadable', { field });
		return await storedFile(item, id, unreadable);
	}
	const bytes = decodeBase64(data);
	if (!bytes) throw new InvalidParameter(label, 'binaryNotBase64', { field });
	return { size: bytes.length, open: async () => await Promise.resolve(bytes) };
}

async function contentTypeOf({ mimeType, fileName }: IBinaryData, { open }: File): Promise<string> {
	if (formatOfMimeType(mimeType)) return mimeType;
	const format = formatOfBytes(await head(await open(), 12)) ?? formatOfFileName(fileName ?? '');
	return format?.mimeType ?? (mimeType || 'application/octet-stream');
}

async function md5Of(source: Buffer | ByteStream): Promise<string> {
	const hash = createHash('md5');
	if (Buffer.isBuffer(source)) return hash.update(source).digest('hex');
	for await (const chunk of source) hash.update(chunk);
	return hash.digest('hex');
}

const MEGABYTE = 1024 * 1024;

/**
 * Reads a binary field, and refuses what cannot be an image to repair. Nothing is sent.
 *
 * @param label of the parameter that names the field
 * @throws InvalidParameter for a field that is missing, empty, too large or cannot be read
 */
export async function readBinaryImage(
	item: Item,
	field: string,
	label: string,
): Promise<BinaryImage> {
	const binary = requireBinary(item, field, label);
	const file = await fileOf(item, binary, field, label);
	const { size, open } = file;
	if (size === 0) throw new InvalidParameter(label, 'binaryEmpty', { field });
	if (size > MAX_SOURCE_BYTES) {
		throw new InvalidParameter(label, 'binaryTooLarge', {
			field,
			megabytes: (size / MEGABYTE).toFixed(1),
			limit: MAX_SOURCE_BYTES / MEGABYTE,
		});
	}
	let digest: Promise<string> | undefined;
	const md5 = async () => await (digest ??= file.open().then(md5Of));
	return {
		identity: binary.id ?? (await md5()),
		md5,
		field,
		label,
		size,
		contentType: await contentTypeOf(binary, file),
		open,
		measure: async () => {
			for (const bytes of HEAD_BYTES) {
				const measured = sizeFromHead(await head(await open(), bytes));
				if (measured) return measured;
				if (size <= bytes) break;
			}
			return undefined;
		},
	};
}
