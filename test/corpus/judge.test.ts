import sharp, { type Metadata } from 'sharp';

import { FAMILIES, specimens, type Specimen } from './corpus';
import { differences } from './specimen';

const FORMAT: Readonly<Partial<Record<string, string>>> = {
	jpeg: 'JPG',
	png: 'PNG',
	gif: 'GIF',
	webp: 'WebP',
	tiff: 'TIFF',
	svg: 'SVG',
};

const formatOf = ({ format, compression }: Metadata) =>
	FORMAT[format] ?? (compression === 'av1' ? 'AVIF' : 'HEIF');

/** What sharp says of the file, in the words of the table; undefined when it cannot read it. */
async function askSharp(bytes: Uint8Array): Promise<Specimen['expected'] | undefined> {
	const image = sharp(bytes, { failOn: 'none', limitInputPixels: false });
	const metadata = await image.metadata().catch(() => undefined);
	if (!metadata) return undefined;
	const { width, height, orientation = 1, pages = 1, hasAlpha } = metadata;
	const size = { width, height };
	return { format: formatOf(metadata), size, orientation, frames: pages, hasAlpha };
}

/** Facts of the table that sharp does not confirm; where a file is cut it does not say. */
async function contradictions({ bytes, expected }: Specimen): Promise<string[]> {
	const said = await askSharp(bytes);
	if (!said) return expected.size === null ? [] : ['sharp cannot read it'];
	const facts = ['format', 'size', 'orientation', 'frames', 'hasAlpha'] as const;
	return differences(said, expected, facts);
}

let all: readonly Specimen[];
beforeAll(async () => {
	all = await specimens();
});

/** Families that sharp judges; it reads no BMP, and what is no image has nothing to be read. */
const JUDGED = FAMILIES.filter((family) => family !== 'BMP' && family !== 'other');

test.each(JUDGED)('sharp says of %s files what the table says', async (family) => {
	const judged = all.filter((one) => one.family === family && one.judge === 'sharp');
	const wrong: string[] = [];
	for (const specimen of judged) {
		const found = await contradictions(specimen);
		if (found.length > 0) wrong.push(`${specimen.name}: ${found.join(', ')}`);
	}
	expect(wrong).toEqual([]);
	expect(judged.length).toBeGreaterThan(20);
});

test('the table has as many files of every family, and of every kind, as README.md says', () => {
	const few = FAMILIES.filter((family) => all.filter((one) => one.family === family).length < 40);
	expect(few).toEqual([]);
	expect(all.filter(({ kind }) => kind !== 'hostile').length).toBeGreaterThanOrEqual(500);
	expect(all.filter(({ kind }) => kind === 'hostile').length).toBeGreaterThanOrEqual(500);
});

test('each file has a name of its own, and only hostile ones are larger than 64 KB', () => {
	expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
	const isLarge = ({ bytes }: Specimen) => bytes.length > 64 * 1024;
	expect(all.filter((one) => isLarge(one) && one.kind !== 'hostile')).toEqual([]);
	expect(Math.max(...all.map(({ bytes }) => bytes.length))).toBeLessThan(1.1 * 1024 * 1024);
});

test('no size in the table is one that Image Repair does not take', () => {
	const sizes = all.flatMap(({ name, expected: { size } }) => (size ? [{ name, ...size }] : []));
	const isTaken = (side: number) => Number.isInteger(side) && side > 0 && side <= 50_000;
	expect(sizes.filter(({ width, height }) => !isTaken(width) || !isTaken(height))).toEqual([]);
});
