import sharp from 'sharp';

import { pngSize, tinyImage } from '../../../dev/sandbox/repair/tinyImage';

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
