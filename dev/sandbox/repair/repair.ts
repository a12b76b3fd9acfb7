import { CosFailure, toFailure } from '../http/failure';
import type { Pixels } from './bmp';
import { detectLogo } from './detectLogo';
import { reportedQuality, type ImageFormat } from './formats';
import { checkRepairable, decodeImage, encodeLike, readSource } from './image';
import type { Polygon } from './maskParameters';
import { loadOpenCv, type Cv } from './openCv';
import { fillPolygon, type Mask } from './polygonFill';

/** The area to repair, with a mask image already fetched. */
export type Area =
	| { readonly kind: 'automatic' }
	| { readonly kind: 'polygons'; readonly polygons: readonly Polygon[] }
	| { readonly kind: 'mask'; readonly image: Uint8Array };

/** A repaired image. */
export interface Repaired {
	readonly image: Uint8Array;
	readonly format: ImageFormat;
	/** pixels */
	readonly width: number;
	/** pixels */
	readonly height: number;
	readonly quality: number;
}

interface Box {
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

/** Pixels around the mask that are given to OpenCV; more than the radius it reads. */
const MARGIN = 16;
const TELEA_RADIUS = 5;

const invalid = (message: string) => new CosFailure('InvalidArgument', message);

function maskFromPolygons(width: number, height: number, polygons: readonly Polygon[]): Mask {
	const mask = new Uint8Array(width * height);
	for (const polygon of polygons) {
		const outside = polygon.find(([x, y]) => x > width || y > height);
		if (outside) {
			throw invalid(
				`MaskPoly: the corner [${outside.join(', ')}] is outside the image, ` +
					`which is ${width}x${height} pixels.`,
			);
		}
		fillPolygon(mask, width, height, polygon);
	}
	return mask;
}

/**
 * White marks the area to repair: a pixel is marked if its luminance times its opacity is 128 of 255
 * or more. A mask of another size is scaled to the image by nearest neighbour.
 */
function maskFromImage(width: number, height: number, image: Pixels): Mask {
	const mask = new Uint8Array(width * height);
	const { data, channels } = image;
	for (let row = 0; row < height; row++) {
		const fromRow = Math.floor(((row + 0.5) * image.height) / height);
		for (let column = 0; column < width; column++) {
			const fromColumn = Math.floor(((column + 0.5) * image.width) / width);
			const offset = (fromRow * image.width + fromColumn) * channels;
			const luminance =
				0.299 * (data[offset] ?? 0) +
				0.587 * (data[offset + 1] ?? 0) +
				0.114 * (data[offset + 2] ?? 0);
			const opacity = channels === 4 ? (data[offset + 3] ?? 0) / 255 : 1;
			if (luminance * opacity >= 127.5) mask[row * width + column] = 255;
		}
	}
	return mask;
}

/** @throws CosFailure `InvalidArgument`: the codes for images are about the one to repair */
async function decodeMask(bytes: Uint8Array): Promise<Pixels> {
	try {
		return await decodeImage('MaskPic', Buffer.from(bytes));
	} catch (error) {
		throw invalid(toFailure(error).message);
	}
}

async function makeMask(cv: Cv, pixels: Pixels, area: Area): Promise<Mask> {
	const { width, height } = pixels;
	switch (area.kind) {
		case 'polygons':
			return maskFromPolygons(width, height, area.polygons);
		case 'mask': {
			return maskFromImage(width, height, await decodeMask(area.image));
		}
		case 'automatic': {
			const mask = detectLogo(cv, pixels);
			if (mask) return mask;
			throw invalid(
				'The sandbox finds no logo in the corners of this image: give MaskPoly or MaskPic.',
			);
		}
	}
}

/** The bounding box of all marked pixels; `right` and `bottom` are exclusive. Undefined if none. */
function boxOf(mask: Mask, width: number): Box | undefined {
	let [left, top, right, bottom] = [Infinity, Infinity, 0, 0];
	for (let index = mask.indexOf(255); index >= 0; index = mask.indexOf(255, index + 1)) {
		const row = Math.floor(index / width);
		const column = index - row * width;
		left = Math.min(left, column);
		right = Math.max(right, column + 1);
		top = Math.min(top, row);
		bottom = row + 1;
	}
	return bottom === 0 ? undefined : { left, top, right, bottom };
}

const widen = (box: Box, { width, height }: Pixels): Box => ({
	left: Math.max(0, box.left - MARGIN),
	top: Math.max(0, box.top - MARGIN),
	right: Math.min(width, box.right + MARGIN),
	bottom: Math.min(height, box.bottom + MARGIN),
});

/** Inpaints inside a box and writes back only the marked pixels; the alpha channel is unchanged. */
function inpaint(cv: Cv, { data, width, channels }: Pixels, mask: Mask, box: Box): void {
	const columns = box.right - box.left;
	const rows = box.bottom - box.top;
	const colours = new cv.Mat(rows, columns, cv.CV_8UC3);
	const marks = new cv.Mat(rows, columns, cv.CV_8UC1);
	const result = new cv.Mat();
	const eachPixel = (visit: (inBox: number, inImage: number) => void) => {
		for (let row = 0; row < rows; row++) {
			const start = (box.top + row) * width + box.left;
			for (let column = 0; column < columns; column++) {
				visit(row * columns + column, start + column);
			}
		}
	};
	const copyColour = (from: Uint8Array, source: number, to: Uint8Array, target: number) => {
		for (let channel = 0; channel < 3; channel++) {
			to[target + channel] = from[source + channel] ?? 0;
		}
	};
	try {
		const known: Uint8Array = colours.data;
		const marked: Uint8Array = marks.data;
		eachPixel((inBox, inImage) => {
			copyColour(data, inImage * channels, known, inBox * 3);
			marked[inBox] = mask[inImage] ?? 0;
		});
		cv.inpaint(colours, marks, result, TELEA_RADIUS, cv.INPAINT_TELEA);
		const painted: Uint8Array = result.data;
		eachPixel((inBox, inImage) => {
			if (mask[inImage] === 255) copyColour(painted, inBox * 3, data, inImage * channels);
		});
	} finally {
		for (const mat of [colours, marks, result]) mat.delete();
	}
}

/**
 * Repairs an image: fills the area from its surroundings with Telea's inpainting method and encodes
 * the result in the format of the source. Coordinates refer to the stored pixels; an EXIF orientation
 * is ignored. The result of an animated image is its first frame.
 * @throws CosFailure as `decodeImage` does; `InvalidArgument` if there is something wrong with the area
 */
export async function repairImage(source: Buffer, area: Area): Promise<Repaired> {
	const pixels = await decodeImage('The image', source);
	const format = checkRepairable('The image', (await readSource('The image', source)).format);
	const { cv } = await loadOpenCv();
	const mask = await makeMask(cv, pixels, area);
	const box = boxOf(mask, pixels.width);
	if (!box) throw invalid('The mask marks no pixel of the image.');
	if (!mask.includes(0)) {
		throw invalid('The mask covers the whole image: there is nothing to repair it from.');
	}
	inpaint(cv, pixels, mask, widen(box, pixels));
	return {
		image: await encodeLike(source, pixels),
		format,
		width: pixels.width,
		height: pixels.height,
		quality: reportedQuality(format),
	};
}
