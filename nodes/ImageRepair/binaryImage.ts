import { createHash } from 'crypto';

import { imageSize } from 'image-size';
import type { IBinaryData } from 'n8n-workflow';

import type { ImageSize } from '../../cos/areas/points';
import { MAX_SOURCE_BYTES } from '../../cos/limits';
import { formatOfBytes, formatOfFileName, formatOfMimeType } from '../../cos/responses/imageFormat';
import { InvalidParameter } from '../shared/invalidParameter';
import type { ByteStream } from '../shared/response';
import { findBinary, openBinary, sizeOfBinary, type Item } from './item';

/** A binary field of the item that can be sent as an image. */
export interface BinaryImage {
	/** Name of the binary field. */
	field: string;
	/** Label of the parameter that names the field. */
	label: string;
	/** Bytes. */
	size: number;
	contentType: string;
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

async function contentTypeOf(item: Item, binary: IBinaryData): Promise<string> {
	if (formatOfMimeType(binary.mimeType)) return binary.mimeType;
	const bytes = await head(await openBinary(item.functions, binary), 12);
	const format = formatOfBytes(bytes) ?? formatOfFileName(binary.fileName ?? '');
	return format?.mimeType ?? (binary.mimeType || 'application/octet-stream');
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
 * @throws InvalidParameter for a field that is missing, empty or too large
 */
export async function readBinaryImage(
	item: Item,
	field: string,
	label: string,
): Promise<BinaryImage> {
	const binary = requireBinary(item, field, label);
	const size = await sizeOfBinary(item.functions, binary);
	if (size === 0) throw new InvalidParameter(label, 'binaryEmpty', { field });
	if (size > MAX_SOURCE_BYTES) {
		throw new InvalidParameter(label, 'binaryTooLarge', {
			field,
			megabytes: (size / MEGABYTE).toFixed(1),
			limit: MAX_SOURCE_BYTES / MEGABYTE,
		});
	}
	const open = async () => await openBinary(item.functions, binary);
	let digest: Promise<string> | undefined;
	const md5 = async () => await (digest ??= open().then(md5Of));
	return {
		identity: binary.id ?? (await md5()),
		md5,
		field,
		label,
		size,
		contentType: await contentTypeOf(item, binary),
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
