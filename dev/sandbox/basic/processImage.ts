import type { Sharp } from 'sharp';

import { CosFailure } from '../http/failure';
import { encodeBmp } from '../repair/bmp';
import type { ImageFormat } from '../repair/formats';
import {
	checkBytes,
	checkSides,
	decodePixels,
	isAnimated,
	losslessCopy,
	openImage,
	readSource,
	type ImageHeader,
} from '../repair/image';
import type { MogrStep } from './mogrOperations';
import { scaledSize } from './thumbnail';

const RESULT = 'The result';

/** What comes of an image. */
export interface ProcessedImage {
	readonly image: Buffer;
	readonly format: ImageFormat;
}

/** @throws CosFailure `NotImplemented` for what the sandbox cannot encode */
function resultFormat(source: ImageHeader, asked: ImageFormat | undefined): ImageFormat {
	const format = asked ?? source.format;
	if (format === 'tiff' || format === 'avif' || format === 'heif') {
		throw new CosFailure(
			'NotImplemented',
			`imageMogr2: the sandbox does not encode ${format}; ask for another format.`,
		);
	}
	if (source.frames > 1 && isAnimated(format)) {
		throw new CosFailure(
			'NotImplemented',
			'imageMogr2: the sandbox does not encode animations; ask for bmp, jpg or png.',
		);
	}
	return format;
}

/** The image after one operation. @throws CosFailure */
async function afterStep(
	png: Buffer,
	{ shape, strip }: MogrStep,
	source: ImageHeader,
): Promise<Buffer> {
	if (!shape && !strip) return png;
	const image = await shaped(png, shape, source);
	return await (strip ? image : image.keepMetadata()).png({ compressionLevel: 0 }).toBuffer();
}

async function shaped(png: Buffer, shape: MogrStep['shape'], source: ImageHeader): Promise<Sharp> {
	const image = openImage(png);
	if (!shape) return image;
	if (shape.kind === 'auto-orient') return image.autoOrient();
	const { width, height } = await image.metadata();
	if (shape.kind === 'cut') {
		const { left, top } = shape;
		if (left + shape.width <= width && top + shape.height <= height) return image.extract(shape);
		throw new CosFailure(
			'InvalidArgument',
			`imageMogr2: the cut is not inside the image, which is ${width}x${height} pixels.`,
		);
	}
	const size = scaledSize(shape, { width, height });
	checkSides(RESULT, { ...size, format: 'png', frames: 1 });
	if (source.format === 'gif' && (size.width > width || size.height > height)) {
		throw new CosFailure('InvalidArgument', 'imageMogr2: a GIF image cannot be enlarged.');
	}
	return image.resize({ ...size, fit: 'fill' });
}

async function encode(
	png: Buffer,
	format: ImageFormat,
	{ quality, isStripped }: { readonly quality: number; readonly isStripped: boolean },
): Promise<Buffer> {
	const opened = openImage(png);
	const { width, height, channels } = await opened.metadata();
	// Even of an image without metadata, sharp would write some.
	const image = isStripped ? opened : opened.keepMetadata();
	checkSides(RESULT, { width, height, format, frames: 1 });
	switch (format) {
		case 'bmp':
			checkBytes(RESULT, width * height * channels);
			return encodeBmp(await decodePixels(RESULT, png, 'png'));
		case 'jpeg':
			return await image.jpeg({ quality }).toBuffer();
		case 'webp':
			return await image.webp({ quality }).toBuffer();
		case 'gif':
			return await image.gif().toBuffer();
		case 'png':
			return await image.png().toBuffer();
	}
}

/**
 * Does the operations of `imageMogr2` on the first frame of an image, one after the other. Pixels are taken as
 * they are stored: an EXIF orientation turns them only in `auto-orient`.
 * @throws CosFailure as `readSource` does; `InvalidImageSource` if the image is broken, `ImageTooLarge` or
 * `ImageResolutionExceed` if the result is over the limits, `InvalidArgument` if the image does not allow what
 * is asked, `NotImplemented`
 */
export async function processImage(
	source: Buffer,
	steps: readonly MogrStep[],
): Promise<ProcessedImage> {
	const header = await readSource('The image', source);
	const last = steps.at(-1);
	const format = resultFormat(header, last?.format);
	let png = await losslessCopy('The image', source, header.format);
	for (const step of steps) png = await afterStep(png, step, header);
	const isStripped = steps.some(({ strip }) => strip);
	const image = await encode(png, format, { quality: last?.quality ?? 100, isStripped });
	checkBytes(RESULT, image.length);
	return { image, format };
}
