import { createHash } from 'crypto';

import { sleep, type IBinaryData } from 'n8n-workflow';

import { KIND_BYTES } from '../../cos/images/fileKind';
import { formatOfBytes } from '../../cos/images/format';
import { ImageReader, readImage, type ImageFacts } from '../../cos/images/readImage';
import { chunksOf, streamFrom } from '../shared/byteStream';
import { InvalidParameter } from '../shared/invalidParameter';
import type { ByteStream } from '../shared/response';
import { decodeBase64 } from './base64';
import { printableName, storedFileName } from './fileName';
import { checkFile, checkSize } from './imageCheck';
import { findBinary, type Item } from './item';
import { Answers } from './run/answers';

/** A binary field of the item that can be sent as an image. */
export interface BinaryImage {
	/** Name of the binary field. */
	field: string;
	/** Label of the parameter that names the field. */
	label: string;
	/** Bytes. */
	size: number;
	/** By the bytes, whatever the file was said to be. */
	contentType: string;
	/** What the file says of its image. */
	facts: ImageFacts;
	/** The name that it has in the bucket, with the extension of its bytes. */
	fileName: string;
	/** The bytes, as often as wanted. Throws InvalidParameter, or breaks with it, when they are not there. */
	open: () => Promise<Buffer | ByteStream>;
	/** Two images with the same one are the same file; the same file may have several. */
	identity: string;
	/** MD5 of the bytes, as hexadecimal digits: the ETag that the bucket would give it. */
	md5: () => Promise<string>;
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

/** Bytes that are read without giving way to other work: they take milliseconds, whatever they are. */
const SLICE = 1024 * 1024;

async function* slicesOf(source: Buffer | ByteStream): AsyncGenerator<Buffer, void> {
	if (!Buffer.isBuffer(source)) {
		for await (const chunk of source) yield chunk;
		return;
	}
	for (let at = 0; at < source.length; at += SLICE) {
		if (at > 0) await sleep(0);
		yield source.subarray(at, at + SLICE);
	}
}

/** Reads a file through to the end of its image; gives its first bytes where it is none. */
async function readThrough(source: Buffer | ByteStream): Promise<ImageFacts | Buffer> {
	let start: Buffer = Buffer.alloc(0);
	let reader: ImageReader | undefined;
	for await (const bytes of slicesOf(source)) {
		if (reader) {
			reader.push(bytes);
		} else {
			start = Buffer.concat([start, bytes]);
			if (start.length < KIND_BYTES) continue;
			const format = formatOfBytes(start);
			if (!format) return start;
			reader = new ImageReader(format);
			reader.push(start);
		}
		// Leaving the loop ends the stream.
		if (reader.isOver) break;
	}
	return reader?.facts ?? readImage(start) ?? start;
}

/** The name of a file as part of a sentence. */
function named({ fileName = '' }: IBinaryData): string {
	const name = printableName(fileName);
	return name === '' ? '' : ` named "${name}"`;
}

async function md5Of(source: Buffer | ByteStream): Promise<string> {
	const hash = createHash('md5');
	if (Buffer.isBuffer(source)) return hash.update(source).digest('hex');
	for await (const chunk of source) hash.update(chunk);
	return hash.digest('hex');
}

async function readField(item: Item, field: string, label: string): Promise<BinaryImage> {
	const binary = requireBinary(item, field, label);
	const file = await fileOf(item, binary, field, label);
	const { size, open } = file;
	checkSize(label, field, size);
	const facts = checkFile(label, field, await readThrough(await open()), named(binary));
	let digest: Promise<string> | undefined;
	const md5 = async () => await (digest ??= file.open().then(md5Of));
	return {
		identity: binary.id ?? (await md5()),
		md5,
		field,
		label,
		size,
		contentType: facts.format.mimeType,
		facts,
		fileName: storedFileName(binary.fileName, facts.format),
		open,
	};
}

/** The files of each item, by parameter and field. */
const ofItem = new WeakMap<Item, Answers<BinaryImage>>();

/**
 * Reads a binary field, and refuses what cannot be an image to repair. Nothing is sent. The file is read
 * through once, however many results have it as their mask.
 *
 * @param label of the parameter that names the field
 * @throws InvalidParameter for a field that is missing, empty or cannot be read, and for a file that is no
 * image, is cut short, or is beyond the limits of the service
 */
export async function readBinaryImage(
	item: Item,
	field: string,
	label: string,
): Promise<BinaryImage> {
	const files = ofItem.get(item) ?? new Answers<BinaryImage>();
	ofItem.set(item, files);
	return await files.of(`${label}: ${field}`, async () => await readField(item, field, label));
}
