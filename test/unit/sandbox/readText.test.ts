import sharp from 'sharp';

import { DetectionThread } from '../../../dev/sandbox/detect/detectionThread';
import type { FoundText, Point } from '../../../dev/sandbox/http/found';
import { encodeBmp } from '../../../dev/sandbox/repair/bmp';
import { drawnOn, marked, photo, plain } from './drawings';

const thread = new DetectionThread();
afterAll(() => thread.close());

const read = async (image: Buffer, format: 'png' | 'jpeg' | 'bmp' = 'png') =>
	await thread.findTexts(image, format);
const textsOf = (found: readonly FoundText[]) => found.map(({ text }) => text);

/** How far the corners of the only text are from where they should be, in pixels. */
function farthest(found: readonly FoundText[], corners: readonly Point[]): number {
	expect(found).toHaveLength(1);
	const distances = found[0]?.corners.map(([x, y], index) => {
		const [rightX, rightY] = corners[index] ?? [NaN, NaN];
		return Math.hypot(x - rightX, y - rightY);
	});
	return Math.max(...(distances ?? [NaN]));
}

/** Of `shop-a.com` in 40 pixels at [300, 300]: seen in the drawing itself. */
const SHOP: readonly Point[] = [
	[302, 270],
	[558, 270],
	[558, 308],
	[302, 308],
];
const shop = { text: 'shop-a.com', x: 300, y: 300 };

it('reads a line and tells where it is, to a few pixels', async () => {
	const found = await read(await marked(await plain(), { ...shop, fill: '#000' }));
	expect(textsOf(found)).toEqual(['shop-a.com']);
	expect(farthest(found, SHOP)).toBeLessThan(4);
	expect(found[0]?.confidence).toBeGreaterThan(80);
	expect(found[0]?.characters?.map(({ text }) => text).join('')).toBe('shop-a.com');
});

it.each([
	['light', '#fff'],
	['dark', '#000'],
])('reads a half-transparent %s mark on a photo', async (_, fill) => {
	const found = await read(await marked(await photo(), { ...shop, fill, opacity: 0.5 }));
	expect(textsOf(found)).toEqual(['shop-a.com']);
	expect(farthest(found, SHOP)).toBeLessThan(14);
});

it('reads two marks of different sizes', async () => {
	const image = await marked(
		await photo(),
		{ text: 'Example Shop', x: 60, y: 120, size: 90, opacity: 0.7 },
		{ ...shop, y: 560, size: 24, opacity: 0.7 },
	);
	expect(textsOf(await read(image))).toEqual(['Example Shop', 'shop-a.com']);
});

describe('text that is turned', () => {
	/** The corners of `Example Shop` in 56 pixels, turned around the left end of its baseline. */
	function cornersAt(x: number, y: number, degrees: number): Point[] {
		const [cos, sin] = [(degrees * Math.PI) / 180].flatMap((a) => [Math.cos(a), Math.sin(a)]);
		return (
			[
				[5, -43],
				[444, -43],
				[444, 11],
				[5, 11],
			] as const
		).map(([right, down]): Point => [
			x + right * (cos ?? 0) - down * (sin ?? 0),
			y + right * (sin ?? 0) + down * (cos ?? 0),
		]);
	}

	it.each([
		[-30, 200, 450],
		[37, 200, 150],
		[90, 600, 80],
		[-90, 300, 540],
	])('by %d degrees is read, and its corners keep the angle', async (angle, x, y) => {
		const image = await marked(await photo(), {
			...{ text: 'Example Shop', size: 56, opacity: 0.7 },
			...{ x, y, angle },
		});
		const found = await read(image);
		expect(textsOf(found)).toEqual(['Example Shop']);
		const corners = found[0]?.corners ?? [];
		const [[left, top] = [0, 0], [right, bottom] = [0, 0]] = corners;
		const told = (Math.atan2(bottom - top, right - left) * 180) / Math.PI;
		expect(Math.abs(told - angle)).toBeLessThan(5);
		expect(farthest(found, cornersAt(x, y, angle))).toBeLessThan(35);
	});
});

it('reads each of several lines that are turned and close to each other, from the top to the bottom', async () => {
	const line = { text: 'Example Shop', size: 44, opacity: 0.7, angle: 30 };
	const image = await marked(
		await photo(),
		{ ...line, x: 200, y: 150 },
		{ ...line, x: 170, y: 230 },
		{ ...line, x: 140, y: 310 },
	);
	const found = await read(image);
	expect(textsOf(found)).toEqual(['Example Shop', 'Example Shop', 'Example Shop']);
	const tops = found.map(({ corners: [[, top]] }) => Math.round(top));
	expect(tops.toSorted((a, b) => a - b)).toEqual(tops);
});

it('reads Chinese characters', async () => {
	// No font that can be relied on has them: 中田工日, stroke by stroke.
	const strokes = [
		'M10 25h80v35h-80zM50 5v90',
		'M12 15h76v72h-76zM50 15v72M12 50h76',
		'M15 18h70M50 18v66M8 84h84',
		'M22 10h56v80h-56zM22 50h56',
	].map((path, index) => {
		const place = `translate(${200 + index * 66} 250) scale(0.6)`;
		return `<path d="${path}" transform="${place}" stroke="#000" stroke-width="9" fill="none"/>`;
	});
	expect(textsOf(await read(await drawnOn(await plain(), strokes.join(''))))).toEqual(['中田工日']);
});

it.each([
	['an image of one colour', plain],
	['a photo without text', photo],
])('finds nothing in %s', async (_, make) => {
	expect(await read(await make())).toEqual([]);
});

it('counts the pixels as they are stored, whatever the EXIF orientation says', async () => {
	const image = await marked(await plain(), { ...shop, fill: '#000' });
	const jpeg = await sharp(image).withMetadata({ orientation: 6 }).jpeg().toBuffer();
	expect(farthest(await read(jpeg, 'jpeg'), SHOP)).toBeLessThan(4);
});

it('counts the pixels of the image, not of the smaller copy that is read', async () => {
	const image = await marked(await plain(), { ...shop, fill: '#000' });
	const large = await sharp(image).resize(2700).png().toBuffer();
	const found = await read(large);
	const corners = SHOP.map(([x, y]): Point => [x * 3, y * 3]);
	expect(farthest(found, corners)).toBeLessThan(12);
});

it('reads BMP and grey images', async () => {
	const image = sharp(await marked(await plain(), { ...shop, fill: '#000' }));
	const { data, info } = await image
		.clone()
		.removeAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	const bmp = encodeBmp({ data, width: info.width, height: info.height, channels: 3 });
	expect(textsOf(await read(bmp, 'bmp'))).toEqual(['shop-a.com']);
	const grey = await image.greyscale().jpeg().toBuffer();
	expect(textsOf(await read(grey, 'jpeg'))).toEqual(['shop-a.com']);
});
