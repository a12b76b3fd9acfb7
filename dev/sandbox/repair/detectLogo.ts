import type { Pixels } from './bmp';
import type { Cv } from './openCv';
import type { Mask } from './polygonFill';

interface Region {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

/** How much brighter than its surroundings an overlay must be, out of 255. */
const CONTRAST = 32;
/** Share of a corner that a logo can cover: less is noise, more is the image itself. */
const MIN_SHARE = 0.004;
const MAX_SHARE = 0.4;
/** Pixels by which the mask grows, to include the soft edges of letters. */
const GROWTH = 3;

function corners(width: number, height: number): Region[] {
	const size = { width: Math.ceil(width * 0.45), height: Math.ceil(height * 0.25) };
	return [0, width - size.width].flatMap((left) =>
		[0, height - size.height].map((top) => ({ left, top, ...size })),
	);
}

/**
 * The lowest of the three colour values of each pixel. A white overlay raises it over any
 * background.
 */
function lowestColour({ data, width, channels }: Pixels, region: Region): Uint8Array {
	const plane = new Uint8Array(region.width * region.height);
	for (let row = 0; row < region.height; row++) {
		for (let column = 0; column < region.width; column++) {
			const offset = ((region.top + row) * width + region.left + column) * channels;
			plane[row * region.width + column] = Math.min(
				data[offset] ?? 0,
				data[offset + 1] ?? 0,
				data[offset + 2] ?? 0,
			);
		}
	}
	return plane;
}

/** Marks strokes that are brighter than their surroundings, and computes their share of the region. */
function markStrokes(cv: Cv, plane: Uint8Array, { width, height }: Region) {
	const kernelSide = Math.max(9, Math.round(height / 6)) | 1;
	const image = cv.matFromArray(height, width, cv.CV_8UC1, plane);
	const wide = cv.getStructuringElement(cv.MORPH_RECT, new cv.Size(kernelSide, kernelSide));
	const small = cv.getStructuringElement(cv.MORPH_RECT, new cv.Size(2, 2));
	const grown = cv.getStructuringElement(
		cv.MORPH_ELLIPSE,
		new cv.Size(2 * GROWTH + 1, 2 * GROWTH + 1),
	);
	try {
		cv.medianBlur(image, image, 3);
		cv.morphologyEx(image, image, cv.MORPH_TOPHAT, wide);
		cv.threshold(image, image, CONTRAST, 255, cv.THRESH_BINARY);
		cv.morphologyEx(image, image, cv.MORPH_OPEN, small);
		const share = cv.countNonZero(image) / (width * height);
		cv.dilate(image, image, grown);
		return { share, marks: Uint8Array.from(image.data) };
	} finally {
		for (const mat of [image, wide, small, grown]) mat.delete();
	}
}

/**
 * A simple replacement for the service's logo detector. It searches the four corners of the image
 * (45 % of its width, 25 % of its height) for strokes that are whiter than their surroundings by 32
 * of 255 or more, like white, half-transparent text, and takes the corner with the most of them. It
 * does not find dark, coloured, large or central marks.
 * @returns undefined if no corner has such strokes
 */
export function detectLogo(cv: Cv, pixels: Pixels): Mask | undefined {
	const { width, height } = pixels;
	if (width < 16 || height < 16) return undefined;
	const best = corners(width, height)
		.map((region) => ({ region, ...markStrokes(cv, lowestColour(pixels, region), region) }))
		.filter(({ share }) => share >= MIN_SHARE && share <= MAX_SHARE)
		.sort((a, b) => b.share - a.share)[0];
	if (!best) return undefined;
	const { region, marks } = best;
	const mask = new Uint8Array(width * height);
	for (let row = 0; row < region.height; row++) {
		const line = marks.subarray(row * region.width, (row + 1) * region.width);
		mask.set(line, (region.top + row) * width + region.left);
	}
	return mask;
}
