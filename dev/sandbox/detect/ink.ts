import sharp from 'sharp';

import type { SourceFormat } from '../repair/formats';
import { losslessCopy, openImage } from '../repair/image';

/** One byte for each pixel, row by row. */
export interface Plane {
	readonly data: Buffer;
	/** pixels */
	readonly width: number;
	/** pixels */
	readonly height: number;
}

/** Which side of their surroundings the letters are on. */
export type Shade = 'light' | 'dark';

/** Tells letters from what they stand on: less than a line is high, more than a stroke is wide. */
const BLUR = 7;
/** How much a difference of brightness is enlarged. */
const GAIN = 4;
/** Differences that are taken for noise, out of 255. */
const NOISE = 5;

const asRaw = ({ width, height }: Plane) =>
	({ raw: { width, height, channels: 1 } }) as const satisfies sharp.SharpOptions;

const planeOf = async (image: sharp.Sharp): Promise<Plane> => {
	const { data, info } = await image
		.toColourspace('b-w')
		.raw()
		.toBuffer({ resolveWithObject: true });
	return { data, width: info.width, height: info.height };
};

/**
 * The brightness of an image, with the pixels as they are stored. What is transparent is white.
 * @throws CosFailure as `losslessCopy` does
 */
export async function greyPlane(bytes: Buffer, format: SourceFormat): Promise<Plane> {
	const png = await losslessCopy('The image', bytes, format);
	return await planeOf(openImage(png).flatten({ background: '#fff' }).greyscale());
}

export async function scaled(plane: Plane, factor: number): Promise<Plane> {
	if (factor === 1) return plane;
	const side = (length: number) => Math.max(1, Math.round(length * factor));
	const size = { width: side(plane.width), height: side(plane.height) };
	return await planeOf(sharp(plane.data, asRaw(plane)).resize({ ...size, fit: 'fill' }));
}

/** What stands out from its surroundings as dark as ink, and everything else as white as paper. */
export async function ink(grey: Plane, shade: Shade): Promise<Plane> {
	const around = await planeOf(sharp(grey.data, asRaw(grey)).blur(BLUR));
	const sign = shade === 'light' ? 1 : -1;
	const data = Buffer.alloc(grey.data.length);
	for (let index = 0; index < data.length; index++) {
		const difference = sign * ((grey.data[index] ?? 0) - (around.data[index] ?? 0)) - NOISE;
		data[index] = 255 - Math.max(0, Math.min(255, difference * GAIN));
	}
	return { ...grey, data };
}

/** Turns an image around its middle, clockwise, on paper that is large enough. */
export async function turned(plane: Plane, degrees: number): Promise<Plane> {
	if (degrees === 0) return plane;
	return await planeOf(sharp(plane.data, asRaw(plane)).rotate(degrees, { background: '#fff' }));
}

export async function toPng(plane: Plane): Promise<Buffer> {
	// The engine would guess the resolution by the letters, and say so.
	return await sharp(plane.data, asRaw(plane))
		.png({ compressionLevel: 0 })
		.withMetadata({ density: 150 })
		.toBuffer();
}

/** A rectangle of an image. */
export function part(
	{ data, width }: Plane,
	left: number,
	top: number,
	size: Pick<Plane, 'width' | 'height'>,
): Plane {
	const rows = Array.from({ length: size.height }, (_, row) => {
		const start = (top + row) * width + left;
		return data.subarray(start, start + size.width);
	});
	return { data: Buffer.concat(rows), width: size.width, height: size.height };
}
