import { createServer, type RequestListener, type Server } from 'node:http';
import { gzipSync } from 'node:zlib';

import { fetchImage } from '../../../dev/sandbox/repair/fetchImage';
import { listen } from '../../engine/localServer';

const IMAGE = Buffer.from('an image');

let server: Server | undefined;
afterEach(() => server?.close());

/** Fetches the image that a server of this machine gives. */
async function fetchFrom(respond: RequestListener): Promise<Buffer> {
	server = createServer(respond);
	const port = await listen(server);
	return await fetchImage('MaskPic', `http://127.0.0.1:${port}/mask.png`);
}

describe('an image that a request refers to', () => {
	test('is fetched', async () => {
		expect(await fetchFrom((_, response) => response.end(IMAGE))).toEqual(IMAGE);
	});

	test.each<[what: string, respond: RequestListener, message: string]>([
		[
			'it is compressed, because that was not asked for',
			(_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(IMAGE)),
			'MaskPic: the image is compressed, which was not asked for.',
		],
		[
			'its server refuses it, with the code',
			(_, response) => response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>'),
			'MaskPic: the image could not be fetched, its server returned 403 AccessDenied.',
		],
		[
			'it breaks off',
			(_, response) => {
				response.writeHead(200, { 'content-length': IMAGE.length + 1 });
				response.write(IMAGE, () => response.destroy());
			},
			'MaskPic: its server cannot be reached.',
		],
	])('is refused when %s', async (_, respond, message) => {
		await expect(fetchFrom(respond)).rejects.toMatchObject({ code: 'InvalidArgument', message });
	});

	test('is refused when it is on another machine', async () => {
		await expect(fetchImage('MaskPic', 'http://example.com/mask.png')).rejects.toThrow(
			'the sandbox fetches from this machine only, not from "example.com".',
		);
	});
});
