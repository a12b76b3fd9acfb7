import sharp from 'sharp';

import { pngSize, tinyImage, tinyPixels } from '../../../dev/sandbox/repair/tinyImage';

it('a tiny image is a whole PNG of the size asked for', async () => {
	const bytes = tinyImage('text', 9, 5);
	const { data, info } = await sharp(bytes, { failOn: 'warning' })
		.raw()
		.toBuffer({ resolveWithObject: true });
	expect([info.width, info.height, info.format]).toEqual([9, 5, 'raw']);
	expect(data.length).toBeGreaterThan(0);
	expect(pngSize(bytes)).toEqual({ width: 9, height: 5 });
});

it('the same text gives the same bytes, another text gives others', () => {
	expect(tinyImage('a')).toEqual(tinyImage('a'));
	expect(tinyImage('a')).not.toEqual(tinyImage('b'));
});

it('bytes that are no PNG have no size', () => {
	expect(pngSize(Buffer.from('GIF89a'))).toBeUndefined();
	expect(pngSize(Buffer.alloc(30))).toBeUndefined();
});

it('the pixels of a tiny image are those that a decoder gives', async () => {
	const bytes = tinyImage('text', 9, 5, 96);
	const decoded = await sharp(bytes).toColourspace('srgb').removeAlpha().raw().toBuffer();
	const pixels = tinyPixels(bytes);
	expect(pixels).toMatchObject({ width: 9, height: 5, channels: 3 });
	expect(Buffer.from(pixels?.data ?? [])).toEqual(decoded);
	expect(Math.max(...decoded)).toBeLessThanOrEqual(96);
});

it('other images are left to a decoder', async () => {
	const png = await sharp({ create: { width: 3, height: 2, channels: 3, background: 'red' } })
		.png()
		.toBuffer();
	expect(tinyPixels(png)).toBeUndefined();
	expect(tinyPixels(Buffer.from('no PNG'))).toBeUndefined();
});
