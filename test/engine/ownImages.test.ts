import { once } from 'node:events';
import { request } from 'node:http';
import sharp from 'sharp';

import { imagesPage } from '../../dev/playground/images/imagesPage';
import { Inbox, type Added, type InboxImage } from '../../dev/playground/images/inbox';
import { serveNeighbours, type Neighbours } from '../../dev/playground/neighbours';
import { image, LOGO_POLYGON, openScene, pixelChange, type Scene } from './bucketAndEngine';

/** The playground's page for one's own images. */

let scene: Scene;
let neighbours: Neighbours;
let png: Buffer;

beforeAll(async () => {
	scene = await openScene();
	const links = { n8n: 'http://127.0.0.1:5678', picker: 'http://127.0.0.1:9001/picker' };
	neighbours = await serveNeighbours(new Map(), {}, imagesPage(new Inbox(scene.sandbox), links));
	png = await image('png');
});
afterAll(async () => {
	await neighbours.close();
	await scene.close();
});
beforeEach(async () => await scene.sandbox.deleteObjects());

const post = async (query: Record<string, string>, bytes: Buffer, headers = {}) =>
	await fetch(`${neighbours.imagesUrl}/add?${new URLSearchParams(query).toString()}`, {
		method: 'POST',
		body: Uint8Array.from(bytes),
		headers: { Origin: neighbours.url, ...headers },
	});
const add = async (name: string, bytes: Buffer = png) => {
	const response = await post({ name, size: String(bytes.length) }, bytes);
	return (await response.json()) as Added & { refused?: string };
};
const get = async (path: string) => await fetch(`${neighbours.imagesUrl}${path}`);
const list = async () => ((await (await get('/list')).json()) as { images: InboxImage[] }).images;

test('an image that is put there can be repaired, and is shown before and after', async () => {
	expect(await add('my photo.png')).toEqual({ key: 'inbox/my photo.png', notes: [] });
	expect(await scene.sandbox.getObject('inbox/my photo.png')).toEqual(png);
	expect(await list()).toEqual([
		{ key: 'inbox/my photo.png', md5: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
	]);

	const result = await scene.run({
		operation: 'cloud',
		objectKey: { __rl: true, mode: 'key', value: 'inbox/my photo.png' },
		area: 'polygons',
		polygons: LOGO_POLYGON,
	});
	expect(result.status).toBe('success');
	const [{ repaired } = {}] = await list();
	expect(repaired?.key).toBe('inbox/my photo-repaired.png');
	const query = `key=${encodeURIComponent('inbox/my photo-repaired.png')}&md5=${repaired?.md5}`;
	const response = await get(`/image?${query}&whole`);
	expect(response.headers.get('content-type')).toBe('image/png');
	const after = Buffer.from(await response.arrayBuffer());
	expect(await pixelChange(png, after)).toMatchObject({ outside: 0 });
	expect((await pixelChange(png, after)).inside).toBeGreaterThan(100);
	const small = Buffer.from(await (await get(`/image?${query}`)).arrayBuffer());
	expect(await sharp(small).metadata()).toMatchObject({ format: 'webp', width: 120, height: 80 });
});

test('an image never takes the place of another one of its name', async () => {
	const jpeg = await image('jpeg');
	const other = await sharp(jpeg).negate().jpeg().toBuffer();
	await add('photo.jpg', jpeg);
	const added = await Promise.all([add('photo.jpg', other), add('photo.jpg', jpeg)]);
	expect(added).toEqual([
		{
			key: 'inbox/photo (2).jpg',
			notes: ['Another image is called photo.jpg, so this one is called photo (2).jpg.'],
		},
		{ key: 'inbox/photo.jpg', notes: ['The same image was there already.'] },
	]);
	expect(await add('photo.jpg', other)).toMatchObject({ key: 'inbox/photo (2).jpg' });
	expect(await scene.sandbox.keys()).toEqual(['inbox/photo (2).jpg', 'inbox/photo.jpg']);
	expect(await scene.sandbox.getObject('inbox/photo.jpg')).toEqual(jpeg);
	expect(await scene.sandbox.getObject('inbox/photo (2).jpg')).toEqual(other);
});

test('images of one name that arrive at once are all kept', async () => {
	const colours = ['red', 'green', 'blue', 'white'];
	const images = await Promise.all(
		colours.map(async (background) => {
			const picture = { width: 20, height: 20, channels: 3, background } as const;
			return await sharp({ create: picture }).png().toBuffer();
		}),
	);
	await Promise.all(images.map(async (bytes) => await add('colour.png', bytes)));
	const keys = await scene.sandbox.keys();
	expect(keys).toHaveLength(4);
	const stored = await Promise.all(keys.map(async (key) => await scene.sandbox.getObject(key)));
	expect(new Set(stored.map((bytes) => bytes.toString('hex'))).size).toBe(4);
});

test.each([
	['../../etc/passwd', 'passwd.png'],
	['C:\\pictures\\a?b.png', 'a?b.png'],
	['..', 'image.png'],
	['', 'image.png'],
	['line\nbreak\u202e.png', 'linebreak.png'],
	['ゾウ & Ü #1%.png', 'ゾウ & Ü #1%.png'],
	[`${'ü'.repeat(600)}.png`, `${'ü'.repeat(98)}.png`],
	['photo.jpg', 'photo.png'],
])('a file called %j becomes an object of the folder', async (given, fileName) => {
	expect(await add(given)).toMatchObject({ key: `inbox/${fileName}` });
	expect(await list()).toMatchObject([{ key: `inbox/${fileName}` }]);
	const response = await get(`/image?key=${encodeURIComponent(`inbox/${fileName}`)}`);
	expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/webp']);
});

test('what the node would refuse is not stored, and told plainly', async () => {
	const refusals: Array<[string, Buffer, RegExp]> = [
		[
			'notes.jpg',
			Buffer.from('hello'),
			/^"notes\.jpg" holds a file .* it is plain text\. .* repairs JPG, PNG/,
		],
		[
			'page.html',
			Buffer.from('<html><script>1</script>'),
			/^"page\.html" holds a file .* it is a web page/,
		],
		['empty.png', Buffer.alloc(0), /^"empty\.png" holds an empty file\. /],
		['cut.png', png.subarray(0, -40), /^"cut\.png" holds a PNG that is cut short or damaged/],
		[
			'large.png',
			Buffer.concat([png, Buffer.alloc(32 * 1024 * 1024)]),
			/^"large\.png" holds a file of 32\.0 MB\. The service takes images of up to 32 MB\. /,
		],
	];
	for (const [name, bytes, sentence] of refusals) {
		expect((await add(name, bytes)).refused).toMatch(sentence);
	}
	// As the page does: of what is too large, it sends the size alone.
	const response = await post({ name: 'film.mov', size: String(5 * 2 ** 30) }, Buffer.alloc(0));
	expect(response.status).toBe(422);
	expect(await response.json()).toEqual({
		refused: expect.stringMatching(/^"film\.mov" holds a file of 5120\.0 MB\. /) as string,
	});
	expect(await scene.sandbox.keys()).toEqual([]);
});

test('what the node takes only in part is stored with a note', async () => {
	const frame = { create: { width: 20, height: 20, channels: 3, background: 'red' } } as const;
	const frames = await Promise.all(
		['red', 'blue'].map(
			async (background) =>
				await sharp({ create: { ...frame.create, background } })
					.png()
					.toBuffer(),
		),
	);
	const gif = await sharp(frames, { join: { animated: true } })
		.gif()
		.toBuffer();
	expect((await add('two.gif', gif)).notes).toEqual([
		'It is an animation of 2 frames: the node refuses it unless Allow Animated is on, and one frame comes back.',
	]);
	expect((await add('scan.tiff', await sharp(frame).tiff().toBuffer())).notes).toEqual([
		expect.stringContaining('No documentation of the service says that it repairs TIFF images'),
		'The bucket on this machine cannot repair TIFF images.',
	]);
	expect((await add('a-repaired.png')).notes).toEqual([
		'The lists of the node leave out names that end in "-repaired": its results have them.',
	]);
});

test('no other site can put images there or see them', async () => {
	const origins = ['http://example.com', 'null', 'http://127.0.0.1:5678', 'http://localhost:1'];
	for (const Origin of origins) {
		expect((await post({ name: 'a.png' }, png, { Origin })).status).toBe(403);
	}
	const withoutOrigin = await fetch(`${neighbours.imagesUrl}/add?name=a.png`, {
		method: 'POST',
		body: Uint8Array.from(png),
	});
	expect(withoutOrigin.status).toBe(403);
	expect(await scene.sandbox.keys()).toEqual([]);

	// A name that leads to this machine: what it is called as is all that tells.
	for (const path of ['', '/list', '/image?key=inbox/a.png']) {
		const asked = request(`${neighbours.imagesUrl}${path}`, { headers: { Host: 'evil.example' } });
		asked.end();
		const [{ statusCode }] = (await once(asked, 'response')) as [{ statusCode: number }];
		expect(statusCode).toBe(403);
	}
	const { headers } = await get('/list');
	expect(headers.get('access-control-allow-origin')).toBeNull();
	expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
});

test('the page shows images of the folder alone', async () => {
	const text = Buffer.from('hello');
	await scene.sandbox.putObject('inbox/notes.txt', text, 'text/plain');
	await scene.sandbox.putObject('inbox/fake.png', Buffer.from('<svg onload="1"/>'), 'text/html');
	await scene.sandbox.putObject('inbox/deeper/a.png', png, 'image/png');
	await scene.sandbox.putObject('shop/a.png', png, 'image/png');
	expect((await list()).map(({ key }) => key)).toEqual(['inbox/fake.png']);
	for (const key of ['inbox/fake.png', 'inbox/notes.txt', 'shop/a.png', '']) {
		expect((await get(`/image?whole&key=${encodeURIComponent(key)}`)).status).toBe(404);
	}
	const page = await get('');
	expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
	const html = await page.text();
	expect(html).toContain('href="http://127.0.0.1:5678"');
	expect(html).not.toContain('{{');
});
