import fc from 'fast-check';
import sharp from 'sharp';

import { coveredShare } from '../../../../cos/areas/coverage';
import { boxCorners, type Polygon } from '../../../../cos/areas/points';

const size = { width: 400, height: 200 };
const box = (left: number, top: number, right: number, bottom: number) =>
	boxCorners({ left, top, right, bottom });

test.each<[what: string, polygons: Polygon[], share: number]>([
	['the whole image', [box(0, 0, 400, 200)], 1],
	['its left half', [box(0, 0, 200, 200)], 0.5],
	['a logo in a corner', [box(300, 160, 400, 200)], 0.05],
	['two halves that overlap', [box(0, 0, 300, 200), box(100, 0, 400, 200)], 1],
	['one box twice', [box(0, 0, 100, 200), box(0, 0, 100, 200)], 0.25],
	['two boxes side by side', [box(0, 0, 100, 200), box(300, 0, 400, 200)], 0.5],
	[
		'a triangle',
		[
			[
				[0, 0],
				[400, 0],
				[0, 200],
			],
		],
		0.5,
	],
	[
		'a shape with a bay',
		[
			[
				[0, 0],
				[400, 0],
				[400, 200],
				[300, 200],
				[300, 50],
				[100, 50],
				[100, 200],
				[0, 200],
			],
		],
		0.625,
	],
	['nothing', [], 0],
])('%s', (_, polygons, share) => {
	expect(coveredShare(polygons, size)).toBeCloseTo(share, 2);
});

const corner = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 200 }));

/** What a drawing program paints of each image; one below the other, as opening a drawing takes its time. */
async function paintedShares(all: readonly Polygon[][]): Promise<number[]> {
	const { width, height } = size;
	const images = all.map((polygons, index) => {
		const drawn = polygons.map((polygon) => `<polygon points="${polygon.join(' ')}"/>`).join('');
		return `<svg y="${index * height}" width="${width}" height="${height}" fill="white">${drawn}</svg>`;
	});
	const sheet = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${all.length * height}">${images.join('')}</svg>`;
	const pixels = await sharp(Buffer.from(sheet)).flatten().extractChannel(0).raw().toBuffer();
	const area = width * height;
	return all.map((_, index) => {
		const image = pixels.subarray(index * area, (index + 1) * area);
		return image.reduce((sum, value) => sum + value, 0) / (255 * area);
	});
}

test('triangles and boxes cover what a drawing program paints', async () => {
	const shapes = fc.array(
		fc.oneof(
			fc.tuple(corner, corner, corner),
			fc
				.tuple(corner, corner)
				.map(([[a, b], [c, d]]) =>
					box(Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)),
				),
		),
		{ minLength: 1, maxLength: 5 },
	);
	const many = fc.array(shapes, { minLength: 100, maxLength: 100 });
	await fc.assert(
		fc.asyncProperty(many, async (all: Polygon[][]) => {
			const shares = await paintedShares(all);
			for (const [index, polygons] of all.entries()) {
				const difference = coveredShare(polygons, size) - (shares[index] ?? NaN);
				// Each shape is measured on 256 lines, and the program smooths its edges.
				expect(Math.abs(difference)).toBeLessThan(polygons.length / 256 + 0.003);
			}
		}),
		{ numRuns: 3 },
	);
});
