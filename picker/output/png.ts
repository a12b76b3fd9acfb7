import type { ImageSize } from '../../cos/areas/points';
import { crc32 } from '../image/crc32';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const GREYSCALE_8_BIT = [8, 0, 0, 0, 0];
/** About how many bytes the compressor gets at a time. */
const BATCH_BYTES = 1024 * 1024;

/** Length, name, data, and the checksum of name and data. */
function chunk(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(data.length + 12);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, data.length);
	bytes.set(new TextEncoder().encode(name), 4);
	bytes.set(data, 8);
	view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
	return bytes;
}

function header({ width, height }: ImageSize): Uint8Array {
	const bytes = new Uint8Array(13);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, width);
	view.setUint32(4, height);
	bytes.set(GREYSCALE_8_BIT, 8);
	return bytes;
}

async function feed(
	writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>,
	rows: Iterable<Uint8Array>,
	width: number,
): Promise<void> {
	// Each row begins with a byte for its filter: 0 means none.
	const rowBytes = width + 1;
	const perBatch = Math.max(1, Math.floor(BATCH_BYTES / rowBytes));
	let batch = new Uint8Array(perBatch * rowBytes);
	let filled = 0;
	for (const row of rows) {
		batch.set(row, filled * rowBytes + 1);
		if (++filled < perBatch) continue;
		await writer.write(batch);
		batch = new Uint8Array(perBatch * rowBytes);
		filled = 0;
	}
	await writer.write(batch.subarray(0, filled * rowBytes));
	await writer.close();
}

/**
 * A greyscale PNG, compressed row by row. A large mask then neither blocks the page nor has to be in
 * memory uncompressed; a canvas would do both, and phones limit its size.
 *
 * @param rows one byte per pixel; `size.height` rows of `size.width` bytes
 */
export async function encodeGreyPng(rows: Iterable<Uint8Array>, size: ImageSize): Promise<Blob> {
	const { readable, writable } = new CompressionStream('deflate');
	const packed = new Response(readable).arrayBuffer();
	await feed(writable.getWriter(), rows, size.width);
	const parts = [
		Uint8Array.from(SIGNATURE),
		chunk('IHDR', header(size)),
		chunk('IDAT', new Uint8Array(await packed)),
		chunk('IEND', new Uint8Array()),
	];
	return new Blob(parts, { type: 'image/png' });
}
