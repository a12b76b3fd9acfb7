import sharp from 'sharp';

import { encodeBmp } from '../../../dev/sandbox/repair/bmp';
import { decodeImage } from '../../../dev/sandbox/repair/image';
import type { Area } from '../../../dev/sandbox/repair/repair';
import { RepairThread } from '../../../dev/sandbox/repair/repairThread';

// OpenCV's WebAssembly does not start in Jest's sandboxed global scope, but it does in a thread.
const thread = new RepairThread();
const repairImage = (source: Buffer, area: Area) => thread.repair(source, area);
afterAll(() => thread.close());

const width = 120;
const height = 80;
const box = { left: 30, top: 20, right: 70, bottom: 45 };
const { left, top, right, bottom } = box;
const area: Area = {
	kind: 'polygons',
	polygons: [
		[
			[left, top],
			[right, top],
			[right, bottom],
			[left, bottom],
		],
	],
};

/** A gradient with some noise and a white box in the area. */
function scene(channels: 3 | 4, withBox = true): Buffer {
	const pixels = Buffer.alloc(width * height * channels);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const marked = withBox && x >= left && x < right && y >= top && y < bottom;
			const offset = (y * width + x) * channels;
			const noise = (x * 7919 + y * 104_729) % 11;
			pixels[offset] = marked ? 255 : 40 + x + noise;
			pixels[offset + 1] = marked ? 255 : 30 + y + noise;
			pixels[offset + 2] = marked ? 255 : 120 + noise;
			if (channels === 4) pixels[offset + 3] = (x * y) % 256;
		}
	}
	return pixels;
}

const raw = (channels: 3 | 4) => sharp(scene(channels), { raw: { width, height, channels } });

async function compare(before: Buffer, after: Buffer) {
	const first = await decodeImage('before', before);
	const second = await decodeImage('after', after);
	expect([second.width, second.height, second.channels]).toEqual([width, height, first.channels]);
	let [changedInside, changedOutside, stillWhite] = [0, 0, 0];
	for (let pixel = 0; pixel < width * height; pixel++) {
		const [x, y] = [pixel % width, Math.floor(pixel / width)];
		const inside = x >= left && x < right && y >= top && y < bottom;
		const at = (data: Uint8Array) =>
			[...data.subarray(pixel * first.channels, (pixel + 1) * first.channels)].join();
		const changed = at(first.data) !== at(second.data);
		if (changed && inside) changedInside++;
		if (changed && !inside) changedOutside++;
		if (inside && at(second.data).startsWith('255,255,255')) stillWhite++;
	}
	return { changedInside, changedOutside, stillWhite };
}

const perfect = {
	changedInside: (right - left) * (bottom - top),
	changedOutside: 0,
	stillWhite: 0,
};

const repaired = async (source: Buffer, where: Area = area) =>
	Buffer.from((await repairImage(source, where)).image);

it.each([
	['PNG', () => raw(3).png().toBuffer()],
	['PNG with transparency', () => raw(4).png().toBuffer()],
	['PNG with a colour profile', () => raw(3).withIccProfile('p3').png().toBuffer()],
	['lossless WebP', () => raw(3).webp({ lossless: true }).toBuffer()],
	[
		'lossless WebP with transparency',
		() => raw(4).webp({ lossless: true, exact: true }).toBuffer(),
	],
	['BMP, 24 bits', async () => encodeBmp({ data: scene(3), width, height, channels: 3 })],
	['BMP, 32 bits', async () => encodeBmp({ data: scene(4), width, height, channels: 4 })],
])('%s: all pixels in the area change and no others', async (_name, encode) => {
	const source = await encode();
	expect(await compare(source, await repaired(source))).toEqual(perfect);
});

it.each([
	['JPEG', 'jpeg', () => raw(3).jpeg({ quality: 90 }).toBuffer()],
	['WebP', 'webp', () => raw(3).webp({ quality: 90 }).toBuffer()],
	['GIF', 'gif', () => raw(3).gif().toBuffer()],
	['CMYK JPEG', 'jpeg', () => raw(3).toColourspace('cmyk').jpeg().toBuffer()],
	['grey JPEG', 'jpeg', () => raw(3).greyscale().jpeg().toBuffer()],
])('%s: the result is a %s without the white box', async (_name, format, encode) => {
	const source = await encode();
	const result = await repairImage(source, area);
	expect(result).toMatchObject({ format, width, height });
	expect((await sharp(result.image).metadata()).format).toBe(format);
	expect((await compare(source, Buffer.from(result.image))).stillWhite).toBe(0);
});

it('the area refers to the stored pixels, and the EXIF orientation is kept', async () => {
	const source = await raw(3).withMetadata({ orientation: 6 }).png().toBuffer();
	const result = await repaired(source);
	expect(await compare(source, result)).toEqual(perfect);
	expect((await sharp(result).metadata()).orientation).toBe(6);
});

it('a JPEG keeps its EXIF data and colour profile', async () => {
	const source = await raw(3)
		.withIccProfile('p3')
		.withExif({ IFD0: { Copyright: 'kept' } })
		.jpeg()
		.toBuffer();
	const { exif, icc } = await sharp(await repaired(source)).metadata();
	expect(exif?.includes('kept')).toBe(true);
	expect(icc?.length).toBeGreaterThan(0);
});

it.each([
	['of the same size', 1],
	['of twice the size', 2],
	['of half the size', 0.5],
])('a mask image %s marks the same pixels', async (_name, scale) => {
	const [w, h] = [width * scale, height * scale];
	const white = await sharp({
		create: {
			width: Math.round((right - left) * scale),
			height: Math.floor((bottom - top) * scale),
			channels: 3,
			background: '#fff',
		},
	})
		.png()
		.toBuffer();
	const image = await sharp({ create: { width: w, height: h, channels: 3, background: '#000' } })
		.composite([{ input: white, left: left * scale, top: top * scale }])
		.png()
		.toBuffer();
	const source = await raw(3).png().toBuffer();
	const found = await compare(source, await repaired(source, { kind: 'mask', image }));
	const rows = Math.floor((bottom - top) * scale) / scale;
	expect(found).toMatchObject({ changedInside: (right - left) * rows, changedOutside: 0 });
});

it('transparent white in a mask image marks nothing', async () => {
	const image = await sharp({
		create: { width, height, channels: 4, background: { r: 255, g: 255, b: 255, alpha: 0.2 } },
	})
		.png()
		.toBuffer();
	const source = await raw(3).png().toBuffer();
	await expect(repairImage(source, { kind: 'mask', image })).rejects.toThrow('marks no pixel');
});

it('the detector finds white text in a corner and rejects an image without it', async () => {
	const text = Buffer.from(
		'<svg width="600" height="400"><text x="380" y="380" font-size="34" font-weight="bold" ' +
			'fill="#fff" fill-opacity="0.75">SAMPLE</text></svg>',
	);
	const plain = await sharp(scene(3, false), { raw: { width, height, channels: 3 } })
		.resize(600, 400)
		.png()
		.toBuffer();
	const marked = await sharp(plain)
		.composite([{ input: text }])
		.removeAlpha()
		.png()
		.toBuffer();
	await expect(repairImage(plain, { kind: 'automatic' })).rejects.toThrow('finds no logo');
	const result = await repaired(marked, { kind: 'automatic' });
	const rms = async (image: Buffer) => {
		const [a, b] = [await decodeImage('', plain), await decodeImage('', image)];
		return Math.sqrt(a.data.reduce((sum, value, i) => sum + (value - (b.data[i] ?? 0)) ** 2, 0));
	};
	expect(await rms(result)).toBeLessThan((await rms(marked)) / 4);
});

it.each([
	['text', Buffer.from('not an image'), area, 'InvalidImageFormat'],
	['an empty body', Buffer.alloc(0), area, 'InvalidImageFormat'],
	[
		'an SVG',
		Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
		area,
		'InvalidImageFormat',
	],
	['33 MB', Buffer.alloc(33 * 1024 * 1024), area, 'ImageTooLarge'],
])('%s is rejected', async (_name, source, where, code) => {
	await expect(repairImage(source, where)).rejects.toMatchObject({ code });
});

it('a mask that is no image is rejected as an argument: the image itself is right', async () => {
	const source = await raw(3).png().toBuffer();
	const mask = { kind: 'mask', image: Buffer.from('not an image') } as const;
	await expect(repairImage(source, mask)).rejects.toMatchObject({ code: 'InvalidArgument' });
});

it('sides over the limits, broken bytes and areas outside the image are rejected', async () => {
	const wide = await sharp({
		create: { width: 50_001, height: 1, channels: 3, background: '#000' },
	})
		.png()
		.toBuffer();
	await expect(repairImage(wide, area)).rejects.toThrow('50000');
	const png = await raw(3).png().toBuffer();
	await expect(repairImage(png.subarray(0, 2000), area)).rejects.toThrow('decoded');
	const outside: Area = {
		kind: 'polygons',
		polygons: [
			[
				[0, 0],
				[121, 0],
				[121, 9],
			],
		],
	};
	await expect(repairImage(png, outside)).rejects.toThrow('outside the image');
	const whole: Area = {
		kind: 'polygons',
		polygons: [
			[
				[0, 0],
				[120, 0],
				[120, 80],
				[0, 80],
			],
		],
	};
	await expect(repairImage(png, whole)).rejects.toThrow('covers the whole image');
});
