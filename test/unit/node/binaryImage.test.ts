import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { IBinaryData } from 'n8n-workflow';

import { readBinaryImage } from '../../../nodes/ImageRepair/binaryImage';
import type { Item } from '../../../nodes/ImageRepair/item';
import { InvalidParameter } from '../../../nodes/shared/invalidParameter';

const STORED: IBinaryData = { id: 'filesystem-v2:x', data: 'filesystem-v2', mimeType: 'image/png' };

/** The smallest GIF: it is looked at before it is sent. */
const IMAGE = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=', 'base64');

/** An item whose binary field is in a storage that says one size, and later gives some chunks. */
function itemWith(fileSize: number, open: () => Readable): { item: Item; opened: Readable[] } {
	const opened: Readable[] = [];
	let isLookedAt = false;
	const helpers = {
		assertBinaryData: () => STORED,
		getBinaryMetadata: async () => await Promise.resolve({ fileSize }),
		getBinaryStream: async () => {
			if (!isLookedAt) {
				isLookedAt = true;
				const padding = Buffer.alloc(fileSize - IMAGE.length);
				return await Promise.resolve(Readable.from([Buffer.concat([IMAGE, padding])]));
			}
			const stream = open();
			opened.push(stream);
			return await Promise.resolve(stream);
		},
	};
	const functions = Object.assign(Object.create(null) as Item['functions'], { helpers });
	return { item: { ...(Object.create(null) as Item), functions, index: 0 }, opened };
}

async function openFile(fileSize: number, open: () => Readable) {
	const { item, opened } = itemWith(fileSize, open);
	const { open: openAgain } = await readBinaryImage(item, 'data', 'Input Binary Field');
	const stream = await openAgain();
	if (Buffer.isBuffer(stream)) throw new Error('Expected a stream');
	return { stream, opened };
}

const REST = 'd'.repeat(37);
const chunks = (...parts: string[]) => Readable.from(parts.map((part) => Buffer.from(part)));

async function failureOf(fileSize: number, open: () => Readable): Promise<unknown> {
	const { stream, opened } = await openFile(fileSize, open);
	const failure: unknown = await buffer(stream).catch((error: unknown) => error);
	expect(opened.every(({ destroyed }) => destroyed)).toBe(true);
	// Who sent it can ask the stream what broke it.
	expect(stream.errored).toBe(failure);
	return failure;
}

const unreadable = expect.objectContaining({
	label: 'Input Binary Field',
	reason: 'binaryUnreadable',
	values: { field: 'data' },
}) as unknown;

test.each([
	['image/png', 'a.png', 'a.gif'],
	['application/octet-stream', 'C:\\a', 'a.gif'],
	['image/gif', undefined, 'image.gif'],
])('a GIF declared as %s and called %j is sent as GIF, and stored as %s', async (...given) => {
	const [mimeType, fileName, stored] = given;
	const binary = { data: IMAGE.toString('base64'), mimeType, fileName };
	const helpers = { assertBinaryData: () => binary };
	const functions = Object.assign(Object.create(null) as Item['functions'], { helpers });
	const item = { ...(Object.create(null) as Item), functions, index: 0 };
	expect(await readBinaryImage(item, 'data', 'Input Binary Field')).toMatchObject({
		contentType: 'image/gif',
		fileName: stored,
	});
});

test('a file is sent as it is stored', async () => {
	const { stream } = await openFile(40, () => chunks('abc', REST));
	expect(String(await buffer(stream))).toBe(`abc${REST}`);
});

test('a file that several parameters of an item name in one way is read through once', async () => {
	const { item, opened } = itemWith(40, () => chunks('abc', REST));
	const read = async (label: string) => await readBinaryImage(item, 'data', label);
	const [first, second] = await Promise.all([read('Mask'), read('Mask')]);
	expect(second).toBe(first);
	// Only the first look gives an image.
	expect(opened).toEqual([]);
	await expect(read('Image')).rejects.toMatchObject({ label: 'Image', reason: 'binaryNotImage' });
});

test.each([
	['shorter', 41],
	['longer', 39],
])(
	'a file that is %s than n8n says breaks off instead of waiting for the rest',
	async (_, size) => {
		const failure = await failureOf(size, () => chunks('abc', REST));
		expect(failure).toBeInstanceOf(InvalidParameter);
		expect(failure).toEqual(unreadable);
	},
);

test('a file that can no longer be read halfway is named as that', async () => {
	const failure = await failureOf(40, () => {
		const stream = new PassThrough();
		stream.write('abc');
		setTimeout(() => stream.destroy(new Error('ENOENT')), 10);
		return stream;
	});
	expect(failure).toEqual(unreadable);
});

test('a file that breaks before anybody reads it does not end the process', async () => {
	const { stream } = await openFile(40, () => new PassThrough().destroy(new Error('ENOENT')));
	await new Promise((resolve) => setTimeout(resolve, 10));
	await expect(buffer(stream)).rejects.toEqual(unreadable);
});

test.each([
	['before it was read', false],
	['after its first bytes', true],
])('a file is closed when the request ends %s', async (_, isRead) => {
	const { stream, opened } = await openFile(40, () =>
		new PassThrough().on('error', () => undefined),
	);
	if (isRead) {
		(opened[0] as PassThrough).write('abc');
		await new Promise((resolve) => stream.once('readable', resolve));
		stream.read();
	}
	stream.destroy();
	if (isRead) (opened[0] as PassThrough).write('d');
	await new Promise((resolve) => stream.once('close', resolve));
	expect(opened[0]?.destroyed).toBe(true);
});

test('an end that the request comes to is not taken for one of the file', async () => {
	const { stream } = await openFile(40, () => chunks('abc', REST));
	const reset = new Error('ECONNRESET');
	stream.on('data', () => stream.destroy(reset));
	const seen = await new Promise((resolve) => stream.once('error', resolve));
	expect(seen).toBe(reset);
});
