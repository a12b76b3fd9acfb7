import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';

import { toPixels, type Pixels } from '../demo/image';
import { burnIn, wordmark, wordWidth, type Polygon } from '../demo/watermark';
import type { MarkImage } from './markRun';

/** What the marks say, in strokes of `dev/demo/letters.ts`. */
export const WORDS = { Latin: 'SAMPLE', Chinese: '中国山水', Cyrillic: 'ПРИМЕР' } as const;
/** Degrees clockwise. */
export const ANGLES = [0, 15, -30, 90] as const;
/** In percent. */
export const BANDS = [
	[40, 60],
	[61, 80],
	[81, 100],
] as const;
export const SIZES = [
	{ width: 900, height: 600 },
	{ width: 480, height: 320 },
] as const;

interface Mark {
	angle: number;
	/** Whole percent. */
	opacity: number;
	/** Height of the letters and width of the strokes, in pixels. */
	height: number;
	weight: number;
	/** Where its middle is, from 0 to 1 of the way that it can be in the image. */
	across: number;
	down: number;
}

const PHOTOS = ['coast', 'still-life', 'forest'] as const;

interface Background {
	photo: (typeof PHOTOS)[number];
	/** A mirrored part of the photo, out of focus, in place of the whole. */
	isSoft: boolean;
}

export const BACKGROUNDS = PHOTOS.flatMap((photo) =>
	[false, true].map((isSoft): Background => ({ photo, isSoft })),
);

/** An image to draw. */
export interface Plan {
	/** Of everything that is left to chance. */
	seed: number;
	script: keyof typeof WORDS;
	size: (typeof SIZES)[number];
	/** Or an even grey. */
	background: Background | 'grey';
	mark?: Mark;
}

/** An image without and with its mark. */
export interface Drawn {
	unmarked: Pixels;
	marked: Pixels;
	/** The mark with 5 % of its length around it; empty if there is none. */
	around: readonly Polygon[];
}

/** An image as it is handed to the node. */
export interface Prepared {
	plan: Plan;
	drawn: Drawn;
	image: MarkImage;
}

/** Without bias, or there would be more of the smallest and the largest. */
const chance = fc.noBias(
	fc.record({
		background: fc.constantFrom(...BACKGROUNDS),
		height: fc.integer({ min: 60, max: 110 }),
		weight: fc.integer({ min: 11, max: 16 }),
		opacity: fc.nat(1000),
		across: fc.nat(1000),
		down: fc.nat(1000),
	}),
);

const inTurn = <Value>(values: readonly Value[], index: number): Value => {
	const value = values[index % values.length];
	if (value === undefined) throw new Error('There is nothing to take in turn');
	return value;
};

/**
 * Every third image is without a mark. The others have all scripts, angles, sizes and opacities equally often, as
 * far as their number allows; place, strokes and background are left to chance, by the image's seed.
 */
function planOf(index: number): Plan {
	const seed = index + 1;
	const [drawn] = fc.sample(chance, { numRuns: 1, seed });
	if (!drawn) throw new Error('Nothing was drawn by lot');
	const { background, opacity, across, down } = drawn;
	const isMarked = index % 3 < 2;
	const count = Math.floor(index / 3) * 2 + (index % 3);
	const turn = isMarked ? count : Math.floor(index / 3);
	// Of 12 in turn, each has another script and angle; size and opacity are others in the next 12.
	const size = inTurn(SIZES, turn + Math.floor(turn / 12));
	const [from, to] = inTurn(BANDS, Math.floor((turn % 12) / 4) + Math.floor(turn / 12));
	const height = (drawn.height * size.height) / 1000;
	return {
		...{ seed, size, background },
		script: inTurn(['Latin', 'Chinese', 'Cyrillic'] as const, turn),
		...(isMarked && {
			mark: {
				angle: inTurn(ANGLES, turn),
				opacity: Math.round(from + ((to - from) * opacity) / 1000),
				...{ height, weight: (height * drawn.weight) / 100 },
				...{ across: across / 1000, down: down / 1000 },
			},
		}),
	};
}

export function plans(count: number): Plan[] {
	return Array.from({ length: count }, (_, index) => planOf(index));
}

/** A part of a photo of 960x640 pixels. */
const PART = { left: 330, top: 220, width: 600, height: 400 };
/** Radius by the image's height. */
const BLUR = 0.01;

async function backgroundOf({ background, size }: Plan): Promise<Pixels> {
	if (background === 'grey') {
		return await toPixels(sharp({ create: { ...size, channels: 3, background: '#777' } }));
	}
	const file = join(__dirname, `../demo/scenes/${background.photo}.webp`);
	const photo = sharp(await readFile(file));
	const fitted = { ...size, fit: 'fill' } as const;
	return await toPixels(
		background.isSoft
			? photo
					.extract(PART)
					.flop()
					.resize(fitted)
					.blur(size.height * BLUR)
			: photo.resize(fitted),
	);
}

/** The middle of a mark, so that all of it is in the image; half its length and height. */
function placeOf({ size, script }: Plan, { angle, height, weight, across, down }: Mark) {
	const radians = (angle * Math.PI) / 180;
	const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
	// The strokes have round ends and a soft edge.
	const edge = weight / 2 + 1;
	const half = { long: wordWidth(WORDS[script], height) / 2 + edge, high: height / 2 + edge };
	const reach = (along: number, upright: number) =>
		Math.abs(half.long * along) + Math.abs(half.high * upright) + 4;
	const between = (least: number, side: number, share: number) =>
		least + (side - 2 * least) * share;
	const x = between(reach(cos, sin), size.width, across);
	const y = between(reach(sin, cos), size.height, down);
	const corner = (dx: number, dy: number) =>
		[x + dx * cos - dy * sin, y + dx * sin + dy * cos] as const;
	return { half, edge, corner };
}

async function draw(plan: Plan): Promise<Drawn> {
	const unmarked = await backgroundOf(plan);
	const { mark, script } = plan;
	if (!mark) return { unmarked, marked: unmarked, around: [] };
	const { half, edge, corner } = placeOf(plan, mark);
	const [x, y] = corner(edge - half.long, edge - half.high);
	const { height, weight, angle, opacity } = mark;
	const lines = wordmark(WORDS[script], { x, y, size: height, weight, turn: angle });
	const [long, high] = [half.long * 1.1, half.high + half.long * 0.1];
	return {
		unmarked,
		marked: await burnIn(unmarked, lines, opacity / 100),
		around: [[corner(-long, -high), corner(long, -high), corner(long, high), corner(-long, high)]],
	};
}

/** @param name told apart from other forms of the same image by it */
export async function prepare(plan: Plan, name = ''): Promise<Prepared> {
	const drawn = await draw(plan);
	const image = { key: `${plan.seed}${name}.png`, pixels: drawn.marked, word: WORDS[plan.script] };
	return { plan, drawn, image };
}
