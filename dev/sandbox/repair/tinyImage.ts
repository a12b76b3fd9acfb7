import { createHash } from 'node:crypto';
import { crc32, deflateSync, inflateSync } from 'node:zlib';

import type { Pixels } from './bmp';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const size = Buffer.alloc(4);
	size.writeUInt32BE(data.length);
	const sum = Buffer.alloc(4);
	sum.writeUInt32BE(crc32(body));
	return Buffer.concat([size, body, sum]);
}

const END = chunk('IEND', Buffer.alloc(0));

/** A grey PNG without colour profile or transparency. */
function header(width: number, height: number): Buffer {
	const data = Buffer.alloc(13);
	data.writeUInt32BE(width, 0);
	data.writeUInt32BE(height, 4);
	data[8] = 8;
	return chunk('IHDR', data);
}

/**
 * A whole PNG of a few hundred bytes whose bytes depend on a text: the same text gives the same bytes,
 * another one gives others.
 *
 * @param brightest grey of its brightest pixels, 0 to 255
 */
export function tinyImage(text: string, width = 8, height = 8, brightest = 255): Buffer {
	const digest = createHash('sha256').update(text).digest();
	const rows = Buffer.alloc((width + 1) * height);
	for (let row = 0; row < height; row++) {
		const grey = Math.floor(((digest[row % digest.length] ?? 0) * brightest) / 255);
		rows.fill(grey, row * (width + 1) + 1, (row + 1) * (width + 1));
	}
	return Buffer.concat([
		SIGNATURE,
		header(width, height),
		chunk('tEXt', Buffer.from(`Comment\0${digest.toString('hex')}`, 'latin1')),
		chunk('IDAT', deflateSync(rows, { level: 1 })),
		END,
	]);
}

/** Width and height of a PNG, undefined if the bytes do not begin like one. */
export function pngSize(bytes: Buffer): { width: number; height: number } | undefined {
	if (bytes.length < 24 || !bytes.subarray(0, 8).equals(SIGNATURE)) return undefined;
	return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** The pixels of a tiny image, without any waiting; undefined for every other PNG and what is none. */
export function tinyPixels(bytes: Buffer): Pixels | undefined {
	const size = pngSize(bytes);
	const at = bytes.indexOf('IDAT', 0, 'latin1');
	if (!size || at < 0 || !bytes.includes('tEXtComment', 0, 'latin1')) return undefined;
	const rows = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)));
	const { width, height } = size;
	if (rows.length !== (width + 1) * height) return undefined;
	const data = new Uint8Array(width * height * 3);
	for (let row = 0; row < height; row++) {
		const grey = rows[row * (width + 1) + 1] ?? 0;
		data.fill(grey, row * width * 3, (row + 1) * width * 3);
	}
	return { data, width, height, channels: 3 };
}
