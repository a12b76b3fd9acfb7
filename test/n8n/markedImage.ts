import sharp from 'sharp';
import { pixelsOf } from '../unit/cos/areas/pixels';

type Corners = ReadonlyArray<readonly [number, number]>;

/** An image with something to remove, and which pixels that is. */
export interface MarkedImage {
	readonly width: number;
	readonly height: number;
	/** RGB, row by row */
	readonly data: Buffer;
	/** `x,y` of each pixel to remove */
	readonly marked: ReadonlySet<string>;
}

/**
 * Paints green ground with magenta shapes: whatever is filled in from the ground differs from
 * magenta, so a repair changes every pixel it touches.
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

/** The image as a file; the orientation is only noted in it, the pixels stay where they are. */
export async function encodeMarked(
	{ width, height, data }: MarkedImage,
	format: 'png' | 'jpeg',
	orientation?: number,
): Promise<Buffer> {
	const image = sharp(data, { raw: { width, height, channels: 3 } });
	const noted = orientation === undefined ? image : image.withMetadata({ orientation });
	return format === 'png'
		? await noted.png().toBuffer()
		: await noted.jpeg({ quality: 98, chromaSubsampling: '4:4:4' }).toBuffer();
}

/**
 * The pixels, as `x,y`, whose colour is another one in a repaired file.
 *
 * @param tolerance of each channel: 0 unless the file is lossy
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
