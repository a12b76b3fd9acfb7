import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';

import COS from 'cos-nodejs-sdk-v5';

import { spawnSandbox, type SpawnedSandbox } from '../../../dev/sandbox/spawn';
import { boxPolygon, countChanges, markedImage, onlyTheBox } from './image';
import { send } from './send';

let sandbox: SpawnedSandbox;
let cos: COS;
let place: { Bucket: string; Region: string };
let image: Buffer;

/** `UseRawKey`: otherwise the SDK removes one leading slash from a key. */
const connect = (to: SpawnedSandbox, token?: string): COS => {
	const domain = { Domain: new URL(to.url).host, Protocol: 'http:', UseRawKey: true } as const;
	const keys = { SecretId: to.secretId, SecretKey: to.secretKey };
	return new COS(
		token === undefined ? { ...keys, ...domain } : { ...keys, SecurityToken: token, ...domain },
	);
};

/** Presigns with the SDK's asynchronous interface. */
const presign = async (
	client: COS,
	params: Omit<COS.GetObjectUrlParams, 'Sign'>,
): Promise<string> =>
	await new Promise((resolve, reject) => {
		client.getObjectUrl({ ...params, Sign: true }, (error, data) => {
			if (error) reject(new Error(error.message));
			else resolve(data.Url);
		});
	});

/** Presigns with the SDK's synchronous interface, which encodes the URL slightly differently. */
const presignSync = (client: COS, params: Omit<COS.GetObjectUrlParams, 'Sign'>): string =>
	client.getObjectUrl({ ...params, Sign: true }, () => undefined);

beforeAll(async () => {
	sandbox = await spawnSandbox({ buckets: ['other-1250000000'] });
	cos = connect(sandbox);
	place = { Bucket: sandbox.bucket, Region: sandbox.region };
	image = await markedImage();
});
afterAll(() => sandbox.close());

const rules = (...list: Array<Record<string, string>>) =>
	JSON.stringify({ is_pic_info: 1, rules: list });
const rule = `ci-process=ImageRepair&MaskPoly=${boxPolygon}`;

const KEYS = [
	'plain.png',
	'folder/deep/a b.png',
	'a+b%20c&d=e?f#g.png',
	`!'()*"quotes".png`,
	'水印/腾讯云.png',
	'😀.png',
	'two//double.png',
	'dots..in...name.png',
	' space at both ends ',
	'0012',
	'a\\b',
	'trailing/',
];

it.each(KEYS)('PUT, HEAD, GET and DELETE work for the key %j', async (Key) => {
	const body = Buffer.from(`bytes of ${Key}`);
	const put = await cos.putObject({ ...place, Key, Body: body, ContentType: 'image/png' });
	const head = await cos.headObject({ ...place, Key });
	expect(head.headers?.['content-length']).toBe(String(body.length));
	expect(head.headers?.['content-type']).toBe('image/png');
	const get = await cos.getObject({ ...place, Key });
	expect(Buffer.from(get.Body)).toEqual(body);
	expect(get.ETag).toBe(put.ETag);
	expect(await sandbox.keys()).toContain(Key);
	const url = await presign(cos, { ...place, Key });
	const { origin } = new URL(url);
	const response = await send(origin, {
		method: 'GET',
		target: url.slice(origin.length),
		headers: {},
	});
	expect(response.status).toBe(200);
	expect(response.body).toEqual(body);
	expect((await cos.deleteObject({ ...place, Key })).statusCode).toBe(204);
	await expect(cos.headObject({ ...place, Key })).rejects.toMatchObject({ statusCode: 404 });
});

it.each(KEYS)(
	'an object with the key %j is copied with its type, and another one is not found',
	async (Key) => {
		const from = (key: string) => {
			const path = key.split('/').map(encodeURIComponent).join('/');
			return `${sandbox.bucket}.cos.${sandbox.region}.myqcloud.com/${path}`;
		};
		const body = Buffer.from(`bytes of ${Key}`);
		const put = await cos.putObject({ ...place, Key, Body: body, ContentType: 'image/png' });
		const copy = await cos.putObjectCopy({ ...place, Key: 'copy.png', CopySource: from(Key) });
		expect(copy.ETag).toBe(put.ETag);
		expect(await sandbox.getObject('copy.png')).toEqual(body);
		const { headers } = await cos.headObject({ ...place, Key: 'copy.png' });
		expect(headers?.['content-type']).toBe('image/png');
		expect(await sandbox.getObject(Key)).toEqual(body);
		const missing = { ...place, Key: 'copy.png', CopySource: from('nothing.png') };
		await expect(cos.putObjectCopy(missing)).rejects.toMatchObject({ statusCode: 404 });
		await cos.deleteObject({ ...place, Key });
	},
);

it('what an upload says of its object is checked, kept and told by HEAD', async () => {
	const Key = 'settings.png';
	const settings = {
		...place,
		Key,
		StorageClass: 'STANDARD_IA' as const,
		ACL: 'private' as const,
		CacheControl: 'max-age=60',
		ServerSideEncryption: 'AES256',
		Headers: { 'x-cos-meta-taken-by': 'a person', 'x-cos-tagging': 'team=a%20b&empty=' },
	};
	const { ETag } = await cos.putObject({ ...settings, Body: 'bytes' });
	const { headers } = await cos.headObject({ ...place, Key });
	expect(headers).toMatchObject({
		etag: ETag,
		'cache-control': 'max-age=60',
		'x-cos-acl': 'private',
		'x-cos-meta-taken-by': 'a person',
		'x-cos-server-side-encryption': 'AES256',
		'x-cos-storage-class': 'STANDARD_IA',
		'x-cos-tagging-count': '2',
	});
	const failing = async (Headers: Record<string, string>) =>
		await cos.putObject({ ...place, Key, Body: 'other', Headers });
	await expect(failing({ 'x-cos-storage-class': 'COLDEST' })).rejects.toMatchObject({
		code: 'InvalidArgument',
	});
	await expect(failing({ 'x-cos-forbid-overwrite': 'true' })).rejects.toMatchObject({
		code: 'FileAlreadyExists',
		statusCode: 409,
	});
	expect(String(await sandbox.getObject(Key))).toBe('bytes');
});

it('an upload with a KMS key has an ETag that is no MD5, everywhere', async () => {
	const Key = 'kms/a.png';
	const { ETag } = await cos.putObject({
		...place,
		Key,
		Body: 'bytes',
		ServerSideEncryption: 'cos/kms',
	});
	expect(ETag).not.toBe(`"${createHash('md5').update('bytes').digest('hex')}"`);
	const { Contents } = await cos.getBucket({ ...place, Prefix: 'kms/' });
	expect(Contents.map((object) => object.ETag)).toEqual([ETag]);
	expect((await cos.headObject({ ...place, Key })).ETag).toBe(ETag);
});

it('Pic-Operations on upload stores the original and the repaired image', async () => {
	const response = await cos.putObject({
		...place,
		Key: 'up/source.png',
		Body: image,
		Headers: { 'Pic-Operations': rules({ fileid: 'repaired.png', rule }) },
	});
	expect(response).toMatchObject({
		UploadResult: {
			OriginalInfo: {
				Key: 'up/source.png',
				Location: `${sandbox.bucket}.cos.${sandbox.region}.myqcloud.com/up/source.png`,
				ImageInfo: { Format: 'png', Width: '160', Height: '100' },
			},
			ProcessResults: {
				Object: { Key: 'up/repaired.png', Format: 'png', Width: '160', Height: '100' },
			},
		},
	});
	expect(await sandbox.getObject('up/source.png')).toEqual(image);
	const repaired = await sandbox.getObject('up/repaired.png');
	expect(await countChanges(image, repaired)).toEqual(onlyTheBox);
});

it('image_process repairs a stored image, also into another bucket and over the source', async () => {
	await sandbox.putObject('cloud/source.png', image, 'image/png');
	const response = await cos.request({
		...place,
		Key: 'cloud/source.png',
		Method: 'POST',
		Action: 'image_process',
		Headers: {
			'Pic-Operations': rules(
				{ fileid: '/elsewhere/a & b.png', rule },
				{ fileid: '/copy.png', rule, bucket: 'other-1250000000' },
				{ fileid: '/cloud/source.png', rule },
			),
		},
	});
	expect(response).toHaveProperty('UploadResult.ProcessResults.Object.length', 3);
	const repaired = await sandbox.getObject('elsewhere/a & b.png');
	expect(await countChanges(image, repaired)).toEqual(onlyTheBox);
	expect(await sandbox.getObject('copy.png', 'other-1250000000')).toEqual(repaired);
	expect(await sandbox.getObject('cloud/source.png')).toEqual(repaired);
	const calls = await sandbox.calls();
	expect(calls.at(-1)).toMatchObject({
		kind: 'repair-cloud',
		status: 200,
		billed: true,
		results: ['elsewhere/a & b.png', 'copy.png', 'cloud/source.png'],
	});
	expect(JSON.stringify(calls)).not.toContain('q-signature');
});

it('ci-process returns the repaired image, signed in the header or presigned', async () => {
	await sandbox.putObject('down.png', image, 'image/png');
	// A new object each time, because the SDK modifies it.
	const params = () => ({
		...place,
		Key: 'down.png',
		Query: { 'ci-process': 'ImageRepair', MaskPoly: boxPolygon },
	});
	const direct = await cos.getObject(params());
	expect(await countChanges(image, Buffer.from(direct.Body))).toEqual(onlyTheBox);
	const syncUrl = presignSync(cos, params());
	const asyncUrl = await presign(cos, params());
	// Only the asynchronous interface encodes q-url-param-list a second time.
	expect(asyncUrl).toContain('%3b');
	expect(syncUrl).not.toContain('%3b');
	for (const url of [syncUrl, asyncUrl]) {
		const response = await fetch(url);
		expect(response.headers.get('content-type')).toBe('image/png');
		expect(Buffer.from(await response.arrayBuffer())).toEqual(direct.Body);
	}
});

it('a mask image in the bucket needs a presigned URL', async () => {
	const sharp = (await import('sharp')).default;
	const white = { create: { width: 50, height: 30, channels: 3, background: '#fff' } } as const;
	const mask = await sharp({
		create: { ...white.create, width: 160, height: 100, background: '#000' },
	})
		.composite([{ input: await sharp(white).png().toBuffer(), left: 40, top: 30 }])
		.png()
		.toBuffer();
	await sandbox.putObject('down.png', image, 'image/png');
	await sandbox.putObject('mask.png', mask, 'image/png');
	const repairWith = async (url: string) => {
		const MaskPic = Buffer.from(url).toString('base64url');
		const Query = { 'ci-process': 'ImageRepair', MaskPic };
		return Buffer.from((await cos.getObject({ ...place, Key: 'down.png', Query })).Body);
	};
	const presigned = presignSync(cos, { ...place, Key: 'mask.png' });
	expect(await countChanges(image, await repairWith(presigned))).toEqual(onlyTheBox);
	await expect(repairWith(`${sandbox.url}/mask.png`)).rejects.toMatchObject({
		code: 'InvalidArgument',
		message: expect.stringContaining('403 AccessDenied') as unknown,
	});
	await expect(repairWith('http://192.0.2.1/mask.png')).rejects.toMatchObject({
		code: 'InvalidArgument',
		message: expect.stringContaining('this machine only') as unknown,
	});
});

it('detect-url repairs an image from any server on this machine', async () => {
	const server = http.createServer((_request, response) => response.end(image));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const response = await cos.request({
		...place,
		Method: 'GET',
		Key: '',
		Query: {
			'ci-process': 'ImageRepair',
			'detect-url': `http://127.0.0.1:${port}/any?a=b`,
			MaskPoly: boxPolygon,
		},
		RawBody: true,
	});
	await new Promise((resolve) => server.close(resolve));
	expect(await countChanges(image, Buffer.from(response.Body ?? ''))).toEqual(onlyTheBox);
});

it('imageInfo returns its values as strings', async () => {
	await sandbox.putObject('info.png', image, 'image/png');
	const response = await cos.request({
		...place,
		Method: 'GET',
		Key: 'info.png',
		Action: 'imageInfo',
	});
	expect(response).toMatchObject({
		format: 'png',
		width: '160',
		height: '100',
		size: String(image.length),
		md5: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
		photo_rgb: expect.stringMatching(/^0x[0-9a-f]{6}$/) as unknown,
	});
});

it('listing returns keys and folders in pages', async () => {
	for (const name of ['a/1', 'a/2', 'b', 'c&<d', 'é']) {
		await sandbox.putObject(`list/${name}`, Buffer.from(name), 'text/plain');
	}
	const names: string[] = [];
	let Marker: string | undefined = '';
	while (Marker !== undefined) {
		const page: COS.GetBucketResult = await cos.getBucket({
			...place,
			Prefix: 'list/',
			Delimiter: '/',
			MaxKeys: 2,
			Marker,
		});
		names.push(...page.CommonPrefixes.map((entry) => entry.Prefix));
		names.push(...page.Contents.map((entry) => entry.Key));
		Marker = page.IsTruncated === 'true' ? page.NextMarker : undefined;
	}
	expect(names).toEqual(['list/a/', 'list/b', 'list/c&<d', 'list/é']);
	const encoded = await cos.getBucket({ ...place, Prefix: 'list/c', EncodingType: 'url' });
	expect(encoded.Contents.map((entry) => decodeURIComponent(entry.Key))).toEqual(['list/c&<d']);
	expect((await cos.headBucket(place)).statusCode).toBe(200);
});

it('temporary credentials require their token', async () => {
	const temporary = await spawnSandbox({ token: 'a+b/c=' });
	try {
		const list = (client: COS) => client.getBucket({ ...place });
		expect((await list(connect(temporary, 'a+b/c='))).statusCode).toBe(200);
		await expect(list(connect(temporary, 'other'))).rejects.toMatchObject({ code: 'ExpiredToken' });
		await expect(list(connect(temporary))).rejects.toMatchObject({ code: 'InvalidAccessKeyId' });
		const client = connect(temporary, 'a+b/c=');
		await client.putObject({ ...place, Key: 'a', Body: 'x' });
		const url = presignSync(client, { ...place, Key: 'a' });
		expect((await fetch(url)).status).toBe(200);
	} finally {
		await temporary.close();
	}
});

it('after the clock is set, the SDK corrects its own and retries', async () => {
	const consoleError = jest.spyOn(console, 'error').mockImplementation(() => undefined);
	await sandbox.setClock(3600);
	const late = connect(sandbox);
	// The SDK corrects its clock by the Date of the response and retries.
	await expect(late.getBucket(place)).resolves.toMatchObject({ statusCode: 200 });
	await sandbox.setClock(0);
	consoleError.mockRestore();
	const codes = (await sandbox.calls()).slice(-2).map((call) => call.code);
	expect(codes).toEqual(['AccessDenied', '']);
});

describe('the command', () => {
	let folder: string;
	beforeEach(() => {
		folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sandbox-command-'));
	});
	afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

	it('imports the images in a folder and keeps its objects for the next start', async () => {
		const images = path.join(folder, 'images');
		fs.mkdirSync(path.join(images, 'deep'), { recursive: true });
		fs.writeFileSync(path.join(images, 'deep', 'é.PNG'), image);
		fs.writeFileSync(path.join(images, 'notes.txt'), 'not an image');
		const data = path.join(folder, 'data');
		const first = await spawnSandbox({ data, importFrom: images });
		await first.putObject('more', Buffer.from('bytes'), 'text/plain');
		expect(await first.keys()).toEqual(['deep/é.PNG', 'more']);
		await first.close();
		const second = await spawnSandbox({ data });
		expect(await second.keys()).toEqual(['deep/é.PNG', 'more']);
		expect(await second.getObject('deep/é.PNG')).toEqual(image);
		await second.close();
	});

	it('removes its temporary folder and reports a port that is taken', async () => {
		const first = await spawnSandbox({ delay: 5 });
		expect(fs.existsSync(first.folder)).toBe(true);
		const port = Number(new URL(first.url).port);
		await expect(spawnSandbox({ port })).rejects.toThrow(`Port ${port} is taken`);
		await first.putObject('a.png', image, 'image/png');
		const query = { 'ci-process': 'ImageRepair' };
		const response = await connect(first).getObject({ ...place, Key: 'a.png', Query: query });
		expect(Buffer.from(response.Body)).toEqual(image);
		await first.close();
		expect(fs.existsSync(first.folder)).toBe(false);
	});
});
