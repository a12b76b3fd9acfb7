import { imageSize } from 'image-size';
import type { IBinaryData } from 'n8n-workflow';

import type { ImageSize } from '../../cos/areas/areas';
import { InvalidInput, type InputField } from '../../cos/invalidInput';
import { MAX_SOURCE_BYTES } from '../../cos/limits';
import { formatOfBytes, formatOfFileName, formatOfMimeType } from '../../cos/responses/imageFormat';
import { findBinary, openBinary, sizeOfBinary, type Item } from './item';
import type { ByteStream } from '../shared/transport';

/** A binary field of the item that can be sent as an image. */
export interface BinaryImage {
	/** Bytes. */
	size: number;
	contentType: string;
	open: () => Promise<Buffer | ByteStream>;
	/** Read from the head of the file; undefined when the file does not tell. */
	imageSize: () => Promise<ImageSize | undefined>;
}

/** Bytes: most images tell their size in the first, the largest metadata blocks end in the second. */
const HEAD_BYTES = [64 * 1024, 1024 * 1024];

async function head(source: Buffer | ByteStream, bytes: number): Promise<Buffer> {
	if (Buffer.isBuffer(source)) return source.subarray(0, bytes);
	const chunks: Buffer[] = [];
	let length = 0;
	// Leaving the loop ends the stream: nothing more is read than what is looked at.
	for await (const chunk of source) {
		chunks.push(chunk);
		length += chunk.length;
		if (length >= bytes) break;
	}
	return Buffer.concat(chunks).subarray(0, bytes);
}

function measure(bytes: Buffer): ImageSize | undefined {
	try {
		const { width, height } = imageSize(bytes);
		return width > 0 && height > 0 ? { width, height } : undefined;
	} catch {
		return undefined;
	}
}

function requireBinary(item: Item, field: string, name: InputField): IBinaryData {
	const advice =
		'Enter the name of the field that holds the image. The input panel shows it under Binary; most nodes call it "data".';
	if (field === '') throw new InvalidInput(name, 'is empty', advice);
	const binary = findBinary(item, field);
	if (binary) return binary;
	throw new InvalidInput(name, `"${field}" is not a binary field of this item`, advice);
}

async function contentTypeOf(item: Item, binary: IBinaryData): Promise<string> {
	if (formatOfMimeType(binary.mimeType)) return binary.mimeType;
	const bytes = await head(await openBinary(item.functions, binary), 12);
	const format = formatOfBytes(bytes) ?? formatOfFileName(binary.fileName ?? '');
	return format?.mimeType ?? (binary.mimeType || 'application/octet-stream');
}

/**
 * Looks at a binary field and refuses what cannot be an image to repair. Nothing is sent.
 *
 * @param field name of the binary field
 * @param name which parameter the field was named in
 * @throws InvalidInput for a field that is missing, empty or too large
 */
export async function readBinaryImage(
	item: Item,
	field: string,
	name: 'binaryField' | 'maskBinaryField',
): Promise<BinaryImage> {
	const binary = requireBinary(item, field, name);
	const size = await sizeOfBinary(item.functions, binary);
	if (size === 0) {
		throw new InvalidInput(
			name,
			`"${field}" holds an empty file`,
			'Check the node before: it gave a file without content.',
		);
	}
	if (size > MAX_SOURCE_BYTES) {
		throw new InvalidInput(
			name,
			`"${field}" holds a file of ${(size / 1024 / 1024).toFixed(1)} MB`,
			`The service takes images of up to ${MAX_SOURCE_BYTES / 1024 / 1024} MB. Make the image smaller first.`,
		);
	}
	const open = async () => await openBinary(item.functions, binary);
	return {
		size,
		contentType: await contentTypeOf(item, binary),
		open,
		imageSize: async () => {
			for (const bytes of HEAD_BYTES) {
				const measured = measure(await head(await open(), bytes));
				if (measured) return measured;
				if (size <= bytes) break;
			}
			return undefined;
		},
	};
}
