import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

import { boxCorners, type Box } from '../../cos/areas/points';
import type { Bitmap } from '../../cos/images/bitmap';
import { COPY_SIDE } from '../../cos/verification/copy';
import { markPolygons } from '../../cos/verification/marked';
import { verify, type Seen, type Verification } from '../../cos/verification/verdict';
import { encodeImage, decodeImage, toSharp, type Pixels } from '../demo/image';
import { burnIn, wordmark, wordWidth } from '../demo/watermark';
import { percent, type Part } from './report';

/** A folder of photographs to measure with; without the variable, the scenes of the demo. */
const FOLDER = process.env.BENCH_PHOTOS ?? join(__dirname, '../demo/scenes');
const MOST = 250;
const QUALITIES = [60, 65, 70, 75, 80, 85, 90, 95];
/** How opaque a mark is. */
const OPACITIES = [0.15, 0.3, 0.6, 1];
/** From which on a mark is clear. */
const CLEAR = 0.6;

async function seen(file: Buffer): Promise<Seen> {
	const { width, height } = await sharp(file).metadata();
	const scale = Math.min(1, COPY_SIDE / Math.max(width, height));
	const side = (length: number) => Math.max(1, Math.round(length * scale));
	const { data, info } = await sharp(file)
		.toColourspace('srgb')
		.ensureAlpha()
		.resize({ width: side(width), height: side(height), fit: 'fill' })
		.raw()
		.toBuffer({ resolveWithObject: true });
	const copy: Bitmap = { width: info.width, height: info.height, pixels: data };
	return { size: { width, height }, copy };
}

/** A photograph with a mark on it. */
interface Scene {
	readonly clean: Pixels;
	readonly marked: Buffer;
	/** Around the mark. */
	readonly area: Box;
	readonly opacity: number;
}

/** Different for each photograph, and the same in each run. */
function draw(index: number, from: number, to: number): number {
	const share = ((index * 2654435761) % 2 ** 32) / 2 ** 32;
	return from + share * (to - from);
}

async function sceneOf(clean: Pixels, index: number): Promise<Scene> {
	const { width, height } = clean;
	const word = 'SHOP';
	const size = Math.max(8, Math.round(height * draw(index, 0.04, 0.1)));
	const across = Math.ceil(wordWidth(word, size));
	const x = Math.round(draw(index + 1, 0.03, 0.45) * Math.max(1, width - across));
	const y = Math.round(draw(index + 2, 0.05, 0.9) * (height - size * 2)) + 2;
	const opacity = OPACITIES[index % OPACITIES.length] ?? 1;
	const lines = wordmark(word, { x, y, size, weight: Math.max(1.5, size / 9) });
	const marked = await encodeImage(await burnIn(clean, lines, opacity), 'jpeg');
	const area: Box = {
		left: Math.max(0, x - 4),
		top: Math.max(0, y - 4),
		right: Math.min(width, x + across + 4),
		bottom: Math.min(height, y + size + 4),
	};
	return { clean, marked, area, opacity };
}

/** The marked image with a box of pixels from elsewhere in it, at a quality. */
async function withBox(scene: Scene, pixels: Buffer, at: Box, quality: number): Promise<Buffer> {
	return await sharp(scene.marked)
		.composite([{ input: pixels, left: at.left, top: at.top }])
		.jpeg({ quality })
		.toBuffer();
}

const extent = ({ left, top, right, bottom }: Box) => ({
	left,
	top,
	width: right - left,
	height: bottom - top,
});

async function repaired(scene: Scene, quality: number): Promise<Buffer> {
	const pixels = await toSharp(scene.clean).extract(extent(scene.area)).png().toBuffer();
	return await withBox(scene, pixels, scene.area, quality);
}

/** A box of the area's size elsewhere, painted over. */
async function repairedElsewhere(scene: Scene): Promise<Buffer> {
	const { left, top, width, height } = extent(scene.area);
	const far = Math.min(scene.clean.width - width, Math.max(0, scene.clean.width - left - width));
	const y = top > scene.clean.height / 2 ? Math.max(0, top - height * 3) : top + height * 2;
	const at: Box = {
		left: far,
		top: Math.min(y, scene.clean.height - height),
		right: far + width,
		bottom: y + height,
	};
	const { channels } = await toSharp(scene.clean)
		.extract({ left: far, top: at.top, width, height })
		.stats();
	const isBright = (channels[0]?.mean ?? 0) > 127;
	const paint = await sharp({
		create: { width, height, channels: 3, background: isBright ? '#303030' : '#d0d0d0' },
	})
		.png()
		.toBuffer();
	return await withBox(scene, paint, at, 85);
}

interface Case {
	readonly name: string;
	readonly expected: Verification['verdict'];
	readonly knows: boolean;
	/** Marks that it is counted for; by default all. */
	readonly marks?: 'clear' | 'faint';
	readonly results: (scene: Scene) => Promise<Buffer[]>;
}

const atAll = (make: (scene: Scene, quality: number) => Promise<Buffer>) => async (scene: Scene) =>
	await Promise.all(QUALITIES.map(async (quality) => await make(scene, quality)));
const again = atAll(
	async ({ marked }, quality) => await sharp(marked).jpeg({ quality }).toBuffer(),
);
const fault = (change: (scene: Scene) => Promise<Buffer>) => async (scene: Scene) => [
	await change(scene),
];
const shifted = async ({ marked }: Scene) =>
	await sharp(marked).linear([1, 1, 1], [6, 0, -6]).jpeg({ quality: 85 }).toBuffer();

const CASES: readonly Case[] = [
	{
		name: 'repaired, clear mark',
		expected: 'repaired',
		knows: true,
		marks: 'clear',
		results: atAll(repaired),
	},
	{
		name: 'repaired, clear mark, area unknown',
		expected: 'repaired',
		knows: false,
		marks: 'clear',
		results: atAll(repaired),
	},
	{
		name: 'repaired, faint mark',
		expected: 'repaired',
		knows: true,
		marks: 'faint',
		results: atAll(repaired),
	},
	{
		name: 'repaired, faint mark, area unknown',
		expected: 'repaired',
		knows: false,
		marks: 'faint',
		results: atAll(repaired),
	},
	{ name: 'encoded anew', expected: 'unchanged', knows: true, results: again },
	{ name: 'encoded anew, area unknown', expected: 'unchanged', knows: false, results: again },
	{
		name: 'original',
		expected: 'unchanged',
		knows: true,
		results: fault(({ marked }) => Promise.resolve(marked)),
	},
	{
		name: 'other place',
		expected: 'changedElsewhere',
		knows: true,
		results: fault(repairedElsewhere),
	},
	{
		name: 'smaller',
		expected: 'resized',
		knows: true,
		results: fault(
			async ({ marked, clean }) =>
				await sharp(marked)
					.resize(Math.ceil(clean.width * 0.9))
					.jpeg()
					.toBuffer(),
		),
	},
	{
		name: 'turned by 180°',
		expected: 'changedElsewhere',
		knows: true,
		results: fault(async ({ marked }) => await sharp(marked).rotate(180).jpeg().toBuffer()),
	},
	{
		name: 'turned by 90°',
		expected: 'resized',
		knows: true,
		results: fault(async ({ marked }) => await sharp(marked).rotate(90).jpeg().toBuffer()),
	},
	{
		name: 'mirrored',
		expected: 'changedElsewhere',
		knows: true,
		results: fault(async ({ marked }) => await sharp(marked).flop().jpeg().toBuffer()),
	},
	{ name: 'other colors', expected: 'changedElsewhere', knows: true, results: fault(shifted) },
	{
		name: 'other colors, area unknown',
		expected: 'changedElsewhere',
		knows: false,
		results: fault(shifted),
	},
];

const isSure = ({ knows, marks }: Case) => knows && marks === 'clear';

/** (n) How often Verify Result is right, on photographs that were encoded at qualities from 60 to 95. */
export async function measureVerification(quick: boolean): Promise<Part> {
	const names = (await readdir(FOLDER)).filter((name) => /\.(jpe?g|webp)$/i.test(name)).sort();
	const counts = CASES.map(() => ({ right: 0, wrong: 0, verdicts: new Map<string, number>() }));
	const misses: string[] = [];
	let photos = 0;
	for (const [index, name] of names.slice(0, quick ? 3 : MOST).entries()) {
		const clean = await decodeImage(await readFile(join(FOLDER, name)));
		if (Math.min(clean.width, clean.height) < 100) continue;
		photos++;
		const scene = await sceneOf(clean, index);
		const original = await seen(scene.marked);
		const marked = markPolygons(
			[boxCorners(scene.area)],
			{ ...original.size, orientation: 1 },
			original.copy,
		);
		for (const [at, { name: what, expected, knows, marks, results }] of CASES.entries()) {
			const count = counts[at];
			if (marks !== undefined && (marks === 'clear') !== scene.opacity >= CLEAR) continue;
			for (const result of await results(scene)) {
				if (!count) continue;
				const found = verify(original, await seen(result), knows ? marked : undefined);
				// A square image has the same size when it is turned.
				const isRight =
					found.verdict === expected || (what.includes('90') && found.orientation === 'turned');
				if (isRight) count.right++;
				else {
					count.wrong++;
					count.verdicts.set(found.verdict, (count.verdicts.get(found.verdict) ?? 0) + 1);
					misses.push(`${name}: ${what}: ${JSON.stringify(found)}`);
				}
			}
		}
	}
	const rows = CASES.map(({ name, expected }, at) => {
		const { right = 0, wrong = 0, verdicts = new Map<string, number>() } = counts[at] ?? {};
		const others = [...verdicts].map(([verdict, times]) => `${verdict} ${times}`).join(', ');
		return [name, expected, String(right + wrong), percent(right / (right + wrong)), others];
	});
	// A faint mark that is gone may count as nothing, and so may any where the area is not known.
	const wrong = counts.reduce(
		(sum, count, at) =>
			sum + (CASES[at]?.expected === 'repaired' && !isSure(CASES[at]) ? 0 : count.wrong),
		0,
	);
	return {
		letter: 'n',
		title: 'Verify Result',
		how: `${photos} photographs, each with a word of an opacity of ${OPACITIES.map((one) => one * 100).join(', ')} % burnt in, and what might come back for them; the good cases at the JPEG qualities ${QUALITIES.join(', ')}.`,
		columns: ['result', 'right verdict', 'images', 'told so', 'otherwise'],
		rows,
		goals: [
			{
				text: 'No wrong verdict, but of marks that are faint or of unknown areas',
				measured: `${wrong} wrong`,
				reached: wrong === 0,
			},
		],
		data: { photos, misses },
	};
}
