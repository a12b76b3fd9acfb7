import fc from 'fast-check';
import sharp from 'sharp';

import { InvalidInput } from '../../../cos/invalidInput';
import { parsePolygons } from '../cos/areas/shapes';
import type { ImageSize, Polygon } from '../../../cos/areas/points';
import { maskRows } from '../../../picker/output/maskRows';
import { encodeGreyPng } from '../../../picker/output/png';
import { fillPolygon } from '../../../dev/sandbox/repair/polygonFill';
import { starCorners } from './arbitraries';

function mask(polygons: readonly Polygon[], size: ImageSize): Buffer {
	return Buffer.concat([...maskRows(polygons, size)].map((row) => Buffer.from(row)));
}

function simple(corners: unknown): Polygon[] | undefined {
	try {
		return parsePolygons([corners]);
	} catch (error) {
		if (error instanceof InvalidInput) return undefined;
		throw error;
	}
}

test('the mask marks the same pixels for a polygon as the sandbox', () => {
	const side = 60;
	const size = { width: side, height: side };
	fc.assert(
		fc.property(fc.array(starCorners(side), { minLength: 1, maxLength: 3 }), (shapes) => {
			const polygons = shapes.flatMap((corners) => simple(corners) ?? []);
			const found = mask(polygons, size);
			const filled = new Uint8Array(side * side);
			for (const polygon of polygons) fillPolygon(filled, side, side, polygon);
			expect(found.equals(filled)).toBe(true);
		}),
		{ numRuns: 200 },
	);
});

test('a rectangle from [10,20] to [30,40] marks 20 by 20 pixels', () => {
	const found = mask(parsePolygons('[[10,20],[30,20],[30,40],[10,40]]'), { width: 50, height: 50 });
	expect(found).toHaveLength(2500);
	expect(found.filter((value) => value === 255)).toHaveLength(400);
	expect([found.indexOf(255), found.lastIndexOf(255)]).toEqual([20 * 50 + 10, 39 * 50 + 29]);
});

test.each([
	[1, 1],
	[7, 3],
	[1500, 900],
])('a PNG of %d by %d pixels has exactly the given bytes, in greyscale', async (width, height) => {
	const rows = Array.from({ length: height }, (_, row) =>
		Uint8Array.from({ length: width }, (__, column) => (row * 31 + column * 7) % 256),
	);
	const blob = await encodeGreyPng(rows, { width, height });
	const file = Buffer.from(await blob.arrayBuffer());
	const metadata = await sharp(file).metadata();
	expect(metadata).toMatchObject({ format: 'png', width, height, channels: 1, depth: 'uchar' });
	const { data } = await sharp(file)
		.toColourspace('b-w')
		.raw()
		.toBuffer({ resolveWithObject: true });
	expect(data.equals(Buffer.concat(rows))).toBe(true);
});
