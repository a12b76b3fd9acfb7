import * as fs from 'node:fs';

import sharp from 'sharp';

import type { FoundLogo, Point } from '../http/found';
import type { SourceFormat } from '../repair/formats';
import { readSource } from '../repair/image';
import { loadOpenCv, type Cv } from '../repair/openCv';
import { greyPlane, part, scaled, type Plane } from './ink';
import type { LogoFile } from './detectionThread';

/** A logo to look for, without what is transparent around it. */
interface Logo {
	readonly name: string;
	readonly look: Plane;
	/** white where the logo is; undefined if all of it is */
	readonly shape: Plane | undefined;
}

/** An upright box in pixels; right and bottom are exclusive. */
interface Box {
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

/** How well a logo fits somewhere: 1 for the same but for brightness and contrast. */
interface Fit {
	readonly name: string;
	readonly score: number;
	/** size of the logo in the image by that of its file */
	readonly scale: number;
	/** pixels of the image */
	readonly box: Box;
}

/** Long side of what is looked at, in pixels: more takes longer. */
const LONGEST = 1600;
/** From this score on, a logo counts as found. */
const FOUND = 0.75;
/** A first look is a little less exact, because of the steps of the scales. */
const CANDIDATE = 0.5;
const MOST_CANDIDATES = 3;
/** Scales of a logo that are tried, and the step from one to the next. */
const SCALES = { from: 0.2, to: 4, step: 1.15 };
/** Scales that are tried around a candidate. */
const FINE_SCALES = [0.94, 0.97, 1, 1.03, 1.06];
/** Short side of a logo, in pixels: below the first it is nothing, and it is looked for at the others. */
const SHORTEST = 12;
const COARSE = 16;
const FINE = 48;
/** Differences of brightness, out of 255, below which something is flat: everything would fit there. */
const FLAT = 6;
/** Opacity above which a pixel belongs to the logo. */
const OPAQUE = 128;
/** Share of opaque pixels above which the others do not matter: with a shape, looking takes much longer. */
const FULL = 0.85;

const loaded = new Map<string, Promise<Logo>>();

function deviation({ data }: Plane, mask?: Plane): number {
	let [count, sum, squares] = [0, 0, 0];
	for (let index = 0; index < data.length; index++) {
		if (mask && (mask.data[index] ?? 0) < OPAQUE) continue;
		const value = data[index] ?? 0;
		count++;
		sum += value;
		squares += value * value;
	}
	return count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

/** The brightness of a logo, and where it is opaque. */
async function loadLogo({ name, file }: LogoFile): Promise<Logo> {
	const bytes = fs.readFileSync(file);
	const { format } = await readSource(name, bytes);
	if (format !== 'png' && format !== 'webp') {
		return { name, look: await greyPlane(bytes, format), shape: undefined };
	}
	const visible = await sharp(bytes).ensureAlpha().trim({ threshold: 0 }).png().toBuffer();
	const [rgb, alpha] = [sharp(visible).removeAlpha(), sharp(visible).extractChannel('alpha')];
	const look = await planeOf(rgb.greyscale());
	const shape = await planeOf(alpha);
	const opaque = shape.data.reduce((count, value) => count + (value >= OPAQUE ? 1 : 0), 0);
	if (opaque >= FULL * shape.data.length) return { name, look, shape: undefined };
	// Of one colour only, a logo is known by its outline.
	if (deviation(look, shape) < FLAT) return { name, look: shape, shape: undefined };
	return { name, look, shape };
}

async function planeOf(image: sharp.Sharp): Promise<Plane> {
	const { data, info } = await image
		.toColourspace('b-w')
		.raw()
		.toBuffer({ resolveWithObject: true });
	return { data, width: info.width, height: info.height };
}

function logoOf(file: LogoFile): Promise<Logo> {
	const known = loaded.get(file.file) ?? loadLogo(file);
	loaded.set(file.file, known);
	return known;
}

interface Peak {
	readonly x: number;
	readonly y: number;
	readonly score: number;
}

/** The places where a logo fits best, none of them on another one. */
function peaks(cv: Cv, image: Plane, look: Plane, shape: Plane | undefined): Peak[] {
	const mat = ({ data, width, height }: Plane) => cv.matFromArray(height, width, cv.CV_8UC1, data);
	const result = new cv.Mat();
	// An empty mask is none.
	const mats = [mat(image), mat(look), shape ? mat(shape) : new cv.Mat()] as const;
	try {
		cv.matchTemplate(mats[0], mats[1], result, cv.TM_CCOEFF_NORMED, mats[2]);
		const scores: Float32Array = result.data32F;
		const columns = image.width - look.width + 1;
		const rows = image.height - look.height + 1;
		const found: Peak[] = [];
		while (found.length < MOST_CANDIDATES) {
			let best = -1;
			for (let index = 0; index < scores.length; index++) {
				const score = scores[index] ?? 0;
				// Where the image is flat, what comes out is no number, or none that says anything.
				if (score > CANDIDATE && score <= 1.01 && score > (scores[best] ?? 0)) best = index;
			}
			if (best < 0) return found;
			const [x, y] = [best % columns, Math.floor(best / columns)];
			found.push({ x, y, score: scores[best] ?? 0 });
			for (
				let row = Math.max(0, y - look.height / 2) | 0;
				row < Math.min(rows, y + look.height / 2);
				row++
			) {
				const from = row * columns + Math.max(0, Math.floor(x - look.width / 2));
				scores.fill(0, from, row * columns + Math.min(columns, Math.ceil(x + look.width / 2)));
			}
		}
		return found;
	} finally {
		for (const one of [...mats, result]) one.delete();
	}
}

/** Looks for a logo of one size in an image, both made smaller until the logo's short side is as given. */
async function fitsAt(
	cv: Cv,
	image: Plane,
	{ name, look, shape }: Logo,
	{ scale, short }: { readonly scale: number; readonly short: number },
): Promise<Fit[]> {
	const side = Math.min(look.width, look.height) * scale;
	const [width, height] = [look.width * scale, look.height * scale];
	if (side < SHORTEST || width > image.width || height > image.height) return [];
	const factor = Math.min(1, short / side);
	const small = await scaled(image, factor);
	const smallLook = await scaled(look, scale * factor);
	if (smallLook.width > small.width || smallLook.height > small.height) return [];
	const smallShape = shape && (await scaled(shape, scale * factor));
	return peaks(cv, small, smallLook, smallShape)
		.filter(({ x, y }) => deviation(part(small, x, y, smallLook)) >= FLAT)
		.map(({ x, y, score }) => {
			const [left, top] = [x / factor, y / factor];
			return { name, score, scale, box: { left, top, right: left + width, bottom: top + height } };
		});
}

const overlap = ({ box: a }: Fit, { box: b }: Fit) =>
	Math.min(a.right, b.right) > Math.max(a.left, b.left) &&
	Math.min(a.bottom, b.bottom) > Math.max(a.top, b.top);

/** Of those at one place, the best. */
function best(fits: readonly Fit[]): Fit[] {
	const kept: Fit[] = [];
	for (const fit of fits.toSorted((a, b) => b.score - a.score)) {
		if (!kept.some((other) => overlap(fit, other))) kept.push(fit);
	}
	return kept;
}

/** Looks closely around a candidate. */
async function refined(cv: Cv, image: Plane, logo: Logo, { box, scale }: Fit): Promise<Fit[]> {
	const margin = 0.2 * Math.max(box.right - box.left, box.bottom - box.top) + 2;
	const left = Math.max(0, Math.floor(box.left - margin));
	const top = Math.max(0, Math.floor(box.top - margin));
	const window = part(image, left, top, {
		width: Math.min(image.width, Math.ceil(box.right + margin)) - left,
		height: Math.min(image.height, Math.ceil(box.bottom + margin)) - top,
	});
	const fits: Fit[] = [];
	for (const finer of FINE_SCALES) {
		fits.push(...(await fitsAt(cv, window, logo, { scale: scale * finer, short: FINE })));
	}
	return fits.map((fit) => ({
		...fit,
		box: {
			left: fit.box.left + left,
			top: fit.box.top + top,
			right: fit.box.right + left,
			bottom: fit.box.bottom + top,
		},
	}));
}

async function findLogo(cv: Cv, image: Plane, logo: Logo): Promise<Fit[]> {
	const coarse: Fit[] = [];
	for (let scale = SCALES.from; scale <= SCALES.to; scale *= SCALES.step) {
		coarse.push(...(await fitsAt(cv, image, logo, { scale, short: COARSE })));
	}
	const fine: Fit[] = [];
	for (const candidate of best(coarse).slice(0, MOST_CANDIDATES)) {
		fine.push(...(await refined(cv, image, logo, candidate)));
	}
	return best(fine).filter(({ score }) => score >= FOUND);
}

/**
 * Finds logos in an image: OpenCV's template matching at many sizes, by brightness alone. Logos that are turned are
 * not found.
 * @throws CosFailure as `losslessCopy` does, and as `readSource` does for the files of the logos
 */
export async function findLogos(
	source: Buffer,
	format: SourceFormat,
	logos: readonly LogoFile[],
): Promise<FoundLogo[]> {
	const { cv } = await loadOpenCv();
	const whole = await greyPlane(source, format);
	const factor = Math.min(1, LONGEST / Math.max(whole.width, whole.height));
	const image = await scaled(whole, factor);
	const fits: Fit[] = [];
	for (const file of logos) fits.push(...(await findLogo(cv, image, await logoOf(file))));
	return best(fits).map(({ name, score, box: { left, top, right, bottom } }) => {
		const point = (x: number, y: number): Point => [x / factor, y / factor];
		return {
			name,
			score: Math.min(1, score) * 100,
			corners: [point(left, top), point(right, top), point(right, bottom), point(left, bottom)],
		};
	});
}
