import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip, gzipSync } from 'node:zlib';

import type { Item } from '../../../nodes/ImageRepair/item';
import { receiveImage } from '../../../nodes/ImageRepair/results/receivedImage';
import type { ByteStream } from '../../../nodes/shared/response';
import { bmp } from '../cos/images/images';

const file = bmp();

/** What n8n stored, or why the image was refused. */
async function receive(body: ByteStream): Promise<Buffer | string> {
	const stored: Buffer[] = [];
	const helpers = {
		prepareBinaryData: async (stream: ByteStream) => {
			stored.push(await buffer(stream));
			return { data: '', mimeType: '' };
		},
	};
	const functions = Object.assign(Object.create(null) as Item['functions'], { helpers });
	const item = { ...(Object.create(null) as Item), functions };
	const response = { status: 200, headers: {}, body, host: 'host', secrets: () => [] };
	return await receiveImage(item, response, 'a.bmp').then(
		() => Buffer.concat(stored),
		(error: unknown) => String(error),
	);
}

/** The kinds of streams that n8n's helper gives, by version and by how the body was encoded. */
const bodies: Array<[string, (bytes: Buffer) => ByteStream]> = [
	['a stream of its own', (bytes) => new PassThrough().end(bytes)],
	['a decoder', (bytes) => createGunzip().end(gzipSync(bytes))],
	['a stream of chunks', (bytes) => Readable.from([bytes.subarray(0, 5), bytes.subarray(5)])],
	['a stream of bytes', (bytes) => Readable.from([...bytes].map((byte) => Buffer.from([byte])))],
];

test.each(bodies)('an image in %s of n8n is stored whole', async (_, bodyOf) => {
	expect(await receive(bodyOf(file))).toEqual(file);
});

test.each(bodies)('half an image in %s of n8n is not stored', async (_, bodyOf) => {
	const body = bodyOf(file.subarray(0, 2000));
	expect(await receive(body)).toBe('ConnectionFailed: imageCutShort');
	expect(body.destroyed).toBe(true);
});

test.each([
	['at once', 0],
	['after the first bytes', 8],
	['in the middle', 2000],
])('an image whose connection is lost %s is not stored', async (_, length) => {
	const body = new PassThrough();
	body.on('error', () => undefined);
	body.write(file.subarray(0, length));
	setTimeout(() => body.destroy(new Error('ECONNRESET')), 10);
	expect(await receive(body)).toBe('ConnectionFailed: imageCutShort');
});
