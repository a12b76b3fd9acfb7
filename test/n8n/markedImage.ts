import sharp from 'sharp';
import { pixelsOf } from '../unit/cos/areas/pixels';

type Corners = ReadonlyArray<readonly [number, number]>;

/** An image, and the pixels in it that are to be removed. */
export interface MarkedImage {
	readonly width: number;
	readonly height: number;
	/** RGB, row by row */
	readonly data: Buffer;
	/** `x,y` of each pixel to remove */
	readonly marked: ReadonlySet<string>;
}

/**
 * Paints magenta shapes on green ground. A repair fills them with a colour of the ground, so it
 * changes every pixel that it touches.
 */
export function paintMarked(
	width: number,
	height: number,
	shapes: readonly Corners[],
): MarkedImage {
	const marked = new Set(shapes.flatMap((corners) => pixelsOf(corners, width, height)));
	const data = Buffer.alloc(width * height * 3);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const colour = marked.has(`${x},${y}`)
				? [255, 0, 255]
				: [(x * 60) / width, 110 + (y * 90) / height, 40];
			data.set(colour.map(Math.round), (y * width + x) * 3);
		}
	}
	return { width, height, data, marked };
}

/** The image as a file. The orientation is only stored in the metadata; the pixels are not rotated. */
export async function encodeMarked(
	{ width, height, data }: MarkedImage,
	format: 'png' | 'jpeg',
	orientation?: number,
): Promise<Buffer> {
	const image = sharp(data, { raw: { width, height, channels: 3 } });
	const withOrientation = orientation === undefined ? image : image.withMetadata({ orientation });
	return format === 'png'
		? await withOrientation.png().toBuffer()
		: await withOrientation.jpeg({ quality: 98, chromaSubsampling: '4:4:4' }).toBuffer();
}

/**
 * The pixels, as `x,y`, that have another colour in a repaired file.
 *
 * @param tolerance for each channel, for lossy formats
 */
export async function changedPixels(
	{ width, height, data }: MarkedImage,
	repaired: Buffer,
	tolerance = 0,
): Promise<Set<string>> {
	const { data: after, info } = await sharp(repaired)
		.removeAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	if (info.width !== width || info.height !== height) throw new Error('The size has changed.');
	const changed = new Set<string>();
	for (let pixel = 0; pixel < width * height; pixel++) {
		const differs = [0, 1, 2].some(
			(channel) =>
				Math.abs((data[pixel * 3 + channel] ?? 0) - (after[pixel * 3 + channel] ?? 0)) > tolerance,
		);
		if (differs) changed.add(`${pixel % width},${Math.floor(pixel / width)}`);
	}
	return changed;
}
