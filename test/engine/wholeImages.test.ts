import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';

import { startEngine, type Engine } from '../../dev/engine/engine';
import { byKey, named, image, LOGO_POLYGON, NODE, workflowOf } from './bucketAndEngine';
import { serve } from './localServer';

/** An image is output whole or not at all, and sent whole or not at all. */

const OK = 'HTTP/1.1 200 OK\r\n';
const OLD = 'HTTP/1.0 200 OK\r\n\r\n';
const CUT = /^The image arrived incomplete and was discarded \(a\.png\) \[item 0\]$/;

let server: Server;
let host: string;
let respond: RequestListener;
let requests: number;
let methods: Array<string | undefined>;
/** Files as an image processor would write them, by format. */
let files: Record<'png' | 'jpeg' | 'webp' | 'gif' | 'avif' | 'tiff', Buffer>;

beforeAll(async () => {
	const local = await serve((request, response) => {
		requests++;
		methods.push(request.method);
		request.resume();
		respond(request, response);
	});
	({ server } = local);
	host = new URL(local.url).host;
	const png = await image();
	const as = async (format: 'gif' | 'avif' | 'tiff') =>
		await sharp(png).toFormat(format).toBuffer();
	files = {
		png,
		jpeg: await image('jpeg'),
		webp: await image('webp'),
		gif: await as('gif'),
		avif: await as('avif'),
		tiff: await as('tiff'),
	};
});
afterAll(() => {
	server.close();
});
beforeEach(() => {
	requests = 0;
	methods = [];
});

const credential = () => ({
	secretId: 'AKIDexample',
	secretKey: 'example',
	bucket: 'examplebucket-1250000000',
	region: 'ap-guangzhou',
	endpoint: 'custom',
	customDomain: `http://${host}`,
});

/** Sends bytes as they are, header lines included, and closes the connection. */
const raw =
	(head: string, body: Buffer = Buffer.alloc(0)): RequestListener =>
	({ socket }) => {
		socket.end(Buffer.concat([Buffer.from(head, 'latin1'), body]));
	};

const withHeaders =
	(headers: Record<string, string | number>, body: Buffer, status = 200): RequestListener =>
	(_, response) => {
		response.writeHead(status, headers).end(body);
	};

/** Sends a body in chunks, ended as it should be. */
const chunked =
	(body: Buffer, headers: Record<string, string> = {}): RequestListener =>
	(_, response) => {
		response.writeHead(200, headers);
		response.write(body.subarray(0, 10));
		response.write(body.subarray(10, 400));
		response.end(body.subarray(400));
	};

/** Sends a beginning, and zeros until the client has had enough. */
function endless(response: ServerResponse, start: Buffer): void {
	const zeros = Buffer.alloc(256 * 1024);
	response.write(start);
	const more = () => {
		while (!response.destroyed && response.write(zeros));
	};
	response.on('drain', more);
	more();
}

const half = (file: Buffer) => file.subarray(0, Math.floor(file.length / 2));

describe.each(['default', 'filesystem'] as const)('with binary data in %s mode', (binaryMode) => {
	let engine: Engine;
	let userFolder: string;

	beforeAll(async () => {
		userFolder = await mkdtemp(join(tmpdir(), 'whole-images-'));
		engine = await startEngine({ binaryMode, userFolder });
	});
	afterAll(async () => {
		await engine.close();
		await rm(userFolder, { recursive: true, force: true });
	});

	async function run(operation: string, json: IDataObject = {}) {
		const parameters = {
			operation,
			...named('a.png'),
			area: 'polygons',
			polygons: LOGO_POLYGON,
			options: { checkAreaFirst: false, retries: 0, timeout: 20 },
		};
		// Files within the JSON can be given as they are.
		const settings = { binaryMode: json._files === undefined ? 'separate' : 'combined' };
		return await engine.run(workflowOf(parameters, { settings }), {
			credentials: { bucket: credential() },
			input: [{ json }],
		});
	}

	async function received(): Promise<{ bytes: Buffer; mimeType: string; json: IDataObject }> {
		const result = await run('download');
		expect(result.error).toBeUndefined();
		const [item] = result.output(NODE);
		if (!item?.binary?.data) throw new Error('The output item has no file');
		const { data } = item.binary;
		return { bytes: await engine.readBinary(data), mimeType: data.mimeType, json: item.json };
	}

	async function storedFiles(): Promise<string[]> {
		const storage = join(userFolder, 'storage');
		const names = await readdir(storage, { recursive: true, withFileTypes: true }).catch(() => []);
		return names.filter((entry) => entry.isFile()).map(({ name }) => name);
	}

	async function expectRefused(message: RegExp) {
		const before = await storedFiles();
		const result = await run('download');
		expect(result.error?.message).toMatch(message);
		expect(result.error?.description).toMatch(/billed/);
		expect(requests).toBe(1);
		expect(await storedFiles()).toEqual(before);
	}

	describe('a whole image is output, byte for byte,', () => {
		test.each<[string, keyof typeof files, (file: Buffer) => RequestListener]>([
			['with its length', 'jpeg', (file) => withHeaders({ 'content-length': file.length }, file)],
			['in chunks', 'webp', (file) => chunked(file)],
			['in chunks, as a format that does not tell its end', 'tiff', (file) => chunked(file)],
			[
				'with its length, as a format that does not tell its end',
				'tiff',
				(file) => withHeaders({ 'content-length': file.length }, file),
			],
			[
				'until the connection is closed',
				'png',
				(file) => raw(`${OK}Connection: close\r\n\r\n`, file),
			],
			['over HTTP/1.0', 'avif', (file) => raw(OLD, file)],
			['declared as text', 'gif', (file) => withHeaders({ 'content-type': 'text/plain' }, file)],
			[
				'said to be encoded as itself',
				'png',
				(file) => chunked(file, { 'content-encoding': 'identity' }),
			],
			['with X-ErrNo 0', 'png', (file) => withHeaders({ 'X-ErrNo': '0' }, file)],
		])('that comes %s', async (_, format, listener) => {
			respond = listener(files[format]);
			const { bytes, mimeType, json } = await received();
			expect(bytes).toEqual(files[format]);
			expect(mimeType).toBe(`image/${format}`);
			expect(json).toMatchObject({ size: files[format].length, contentType: `image/${format}` });
		});

		test('with what stands behind its end', async () => {
			const file = Buffer.concat([files.jpeg, Buffer.from('trailing bytes')]);
			respond = chunked(file);
			expect((await received()).bytes).toEqual(file);
		});

		test.each([
			['gzip', gzipSync],
			['x-gzip', gzipSync],
			['deflate', deflateSync],
			['br', brotliCompressSync],
		])(
			'that comes as %s although nobody asked, with the length of that',
			async (encoding, encode) => {
				const encoded = encode(files.png);
				expect(encoded.length).not.toBe(files.png.length);
				respond = withHeaders(
					{ 'content-encoding': encoding, 'content-length': encoded.length },
					encoded,
				);
				const { bytes, json } = await received();
				expect(bytes).toEqual(files.png);
				expect(json.size).toBe(files.png.length);
			},
		);
	});

	describe('nothing is output or stored of', () => {
		test.each<[string, () => RequestListener]>([
			['an image in too short a body', () => withHeaders({}, half(files.png))],
			['an image in too few chunks', () => chunked(half(files.jpeg))],
			[
				'a connection that is closed early',
				() => raw(`${OK}Connection: close\r\n\r\n`, half(files.gif)),
			],
			['HTTP/1.0 that is closed early', () => raw(OLD, half(files.webp))],
			['an image without its last byte', () => raw(OLD, files.avif.subarray(0, -1))],
			['too small a length', () => raw(`${OK}Content-Length: 300\r\n\r\n`, files.jpeg)],
			['too large a length', () => raw(`${OK}Content-Length: 99999\r\n\r\n`, files.png)],
			[
				'too large a length of a format that does not tell its end',
				() => raw(`${OK}Content-Length: 99999\r\n\r\n`, files.tiff),
			],
			[
				'chunks that break off',
				() => raw(`${OK}Transfer-Encoding: chunked\r\n\r\n4\r\n`, files.png),
			],
			[
				'half an image, well compressed',
				() => withHeaders({ 'content-encoding': 'gzip' }, gzipSync(half(files.jpeg))),
			],
			[
				'an image whose compression breaks off',
				() => withHeaders({ 'content-encoding': 'gzip' }, half(gzipSync(files.jpeg))),
			],
			['nothing at all', () => withHeaders({ 'content-type': 'image/png' }, Buffer.alloc(0))],
		])('%s', async (_, listener) => {
			respond = listener();
			await expectRefused(CUT);
		});

		test('a format without an end when the connection is all that ends it', async () => {
			respond = raw(OLD, files.tiff);
			await expectRefused(/^The response does not show whether the image is complete/);
		});

		test.each([
			[
				201,
				/^The service responded with status 201 instead of a complete image \(a\.png\) \[item 0\]$/,
			],
			[
				203,
				/^The service responded with status 203 instead of a complete image \(a\.png\) \[item 0\]$/,
			],
			[
				206,
				/^The service responded with status 206 instead of a complete image \(a\.png\) \[item 0\]$/,
			],
		])('a response with status %d', async (status, message) => {
			respond = withHeaders({ 'content-range': 'bytes 0-9/99' }, files.png, status);
			await expectRefused(message);
		});

		test.each([
			['24 bytes of text', Buffer.from('These are not any image.'), 'image/png'],
			['a page', Buffer.from('<html>Sign in</html>'), 'image/jpeg'],
			['one byte', Buffer.from('B'), 'image/bmp'],
		])('%s declared as an image', async (_, content, type) => {
			respond = withHeaders({ 'content-type': type }, content);
			await expectRefused(
				new RegExp(
					`^The service responded with ${type}, but the bytes are not an image of a known`,
				),
			);
		});

		test('an image compressed in a way that n8n cannot decode, which is named', async () => {
			respond = withHeaders(
				{ 'content-type': 'image/png', 'content-encoding': 'compress-9' },
				gzipSync(files.png),
			);
			await expectRefused(/^The service responded with image\/png \(compress-9\), but/);
		});

		test('an image that says that it is larger than 64 MB, which is not waited for', async () => {
			const closed = new Promise<number>((resolve) => {
				respond = (_, response) => {
					const { socket } = response;
					response.on('close', () => resolve(socket?.bytesWritten ?? 0));
					response.writeHead(200, { 'content-length': 65 * 1024 * 1024 });
					endless(response, files.png);
				};
			});
			await expectRefused(
				/^The image is larger than 64 MB and was discarded \(a\.png\) \[item 0\]$/,
			);
			expect(await closed).toBeLessThan(32 * 1024 * 1024);
		});

		test('an image without an end, which is broken off', async () => {
			const closed = new Promise<void>((resolve) => {
				respond = (_, response) => {
					response.on('close', resolve);
					endless(response, files.jpeg.subarray(0, -2));
				};
			});
			await expectRefused(
				/^The image is larger than 64 MB and was discarded \(a\.png\) \[item 0\]$/,
			);
			await closed;
		});
	});

	test.each([
		['-901', 'The service took too long over this image', '-901'],
		['-46619', 'The signature was no longer valid when the request arrived', '-46619'],
		['-12345', 'The service refused the request', '-12345'],
		['broken', 'The service refused the request', 'broken'],
	])('a placeholder with X-ErrNo %s is a refusal, not a result', async (code, message, shown) => {
		respond = withHeaders({ 'x-errno': code, 'x-cos-request-id': 'NjQ=' }, files.png);
		const before = await storedFiles();
		const result = await run('download');
		expect(result.error?.message).toBe(`${message} (a.png) [item 0]`);
		expect(result.error?.description).toContain(`The service says: ${shown}. Request ID: NjQ=.`);
		expect(await storedFiles()).toEqual(before);
	});

	describe('Base64 in a binary field', () => {
		let uploaded: { length?: string; bytes: Buffer } | undefined;

		beforeEach(() => {
			uploaded = undefined;
			respond = (request, response) => {
				const chunks: Buffer[] = [];
				request.on('data', (chunk: Buffer) => chunks.push(chunk));
				request.on('end', () => {
					uploaded = { length: request.headers['content-length'], bytes: Buffer.concat(chunks) };
					response.writeHead(400).end('<Error><Code>InvalidArgument</Code></Error>');
				});
			};
		});

		const upload = async (data: IDataObject[string]) =>
			await run('upload', { _files: { data: { data, mimeType: 'image/png' } } });

		test.each<[string, (base64: string) => string]>([
			['as it is', (base64) => base64],
			['in lines', (base64) => `${base64.replace(/.{76}/g, '$&\r\n')}\n`],
			['with a data URL before it', (base64) => `data:image/png;base64,${base64}`],
			['without padding', (base64) => base64.replace(/=+$/, '')],
			['in the alphabet of URLs', (base64) => base64.replaceAll('+', '-').replaceAll('/', '_')],
		])('%s is uploaded as the file that it stands for', async (_, write) => {
			const file = Buffer.concat([files.png, Buffer.from([0xfb, 0xff, 0xbf, 0xfe])]);
			await upload(write(file.toString('base64')));
			expect(uploaded).toEqual({ length: String(file.length), bytes: file });
		});

		test.each(['Not an image!', 'https://example.com/a.png', 'abcde', 'ab=c', undefined])(
			'that is none, such as %j, is refused before anything is sent',
			async (data) => {
				const result = await upload(data ?? 7);
				expect(result.error?.message).toBe(
					'Input Binary Field "data" holds text that is not Base64 [item 0]',
				);
				expect(result.error?.description).toMatch(/Convert to File/);
				expect(requests).toBe(0);
			},
		);

		test('that is empty is an empty file', async () => {
			const result = await upload('data:image/png;base64,');
			expect(result.error?.message).toBe('Input Binary Field "data" holds an empty file [item 0]');
			expect(requests).toBe(0);
		});
	});
});

describe('a file in the storage of n8n', () => {
	let engine: Engine;
	let userFolder: string;
	const folder = 'workflows/other/executions/1/binary_data';

	beforeAll(async () => {
		userFolder = await mkdtemp(join(tmpdir(), 'whole-images-'));
		engine = await startEngine({ binaryMode: 'filesystem', userFolder });
		await mkdir(join(userFolder, 'storage', folder), { recursive: true });
	});
	afterAll(async () => {
		await engine.close();
		await rm(userFolder, { recursive: true, force: true });
	});
	beforeEach(() => {
		respond = (_, response) => response.writeHead(400).end();
	});

	async function run(id: string, more: INodeParameters) {
		return await engine.run(
			workflowOf(
				{
					objectKey: byKey('a.png'),
					options: { checkAreaFirst: false, retries: 0, timeout: 20 },
					...more,
				},
				{ settings: { binaryMode: 'combined' } },
			),
			{
				credentials: { bucket: credential() },
				input: [
					{
						json: {
							_files: {
								data: { id: `filesystem-v2:${folder}/${id}`, data: '', mimeType: 'image/png' },
							},
						},
					},
				],
			},
		);
	}

	const uses: Array<[string, string, INodeParameters]> = [
		['to upload', 'Input Binary Field', { operation: 'upload' }],
		[
			'used as a mask',
			'Mask Binary Field',
			{ operation: 'cloud', area: 'mask', maskSource: 'binary', maskBinaryPropertyName: 'data' },
		],
	];

	/** An upload has no name yet when its file is read, and this file has none either. */
	const named = (label: string) => (label === 'Mask Binary Field' ? ' (a.png)' : '');

	test.each(uses)(
		'%s that n8n has deleted is named, and nothing is sent',
		async (_, label, use) => {
			const result = await run('deleted', use);
			expect(result.error?.message).toBe(
				`${label} "data" holds a file that cannot be read from the storage of n8n${named(label)} [item 0]`,
			);
			expect(result.error?.description).toMatch(/Run the workflow again/);
			// A temporary mask is deleted even when it may not be there.
			expect(methods.filter((method) => method !== 'DELETE')).toEqual([]);
		},
	);

	test.each(uses)('%s of which only the description is left is named', async (_, label, use) => {
		const metadata = JSON.stringify({ fileSize: 9, mimeType: 'image/png' });
		await writeFile(join(userFolder, 'storage', folder, 'left.metadata'), metadata);
		const result = await run('left', use);
		expect(result.error?.message).toBe(
			`${label} "data" holds a file that cannot be read from the storage of n8n${named(label)} [item 0]`,
		);
		// A temporary mask is deleted even when it may not be there.
		expect(methods.filter((method) => method !== 'DELETE')).toEqual([]);
	});
});

test('an image that n8n cannot store is said to have arrived', async () => {
	const userFolder = await mkdtemp(join(tmpdir(), 'whole-images-'));
	const engine = await startEngine({ binaryMode: 'filesystem', userFolder });
	try {
		// A file where n8n wants a folder.
		await writeFile(join(userFolder, 'storage', 'workflows'), '');
		respond = chunked(files.png);
		const result = await engine.run(
			workflowOf({
				operation: 'download',
				objectKey: byKey('a.png'),
				options: { retries: 0 },
			}),
			{
				credentials: { bucket: credential() },
				input: [{ json: {} }],
			},
		);
		expect(result.error?.message).toBe('n8n could not store the image (a.png) [item 0]');
		expect(result.error?.description).toMatch(/disk space.*may have been billed/);
	} finally {
		await engine.close();
		await rm(userFolder, { recursive: true, force: true });
	}
});
