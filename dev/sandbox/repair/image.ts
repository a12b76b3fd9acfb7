import sharp, { type Metadata } from 'sharp';

import { CosFailure } from '../http/failure';
import { bmpSize, decodeBmp, encodeBmp, isBmp, type Pixels } from './bmp';
import { LOSSY_QUALITY, MAX_IMAGE_BYTES, type ImageFormat } from './formats';

/** Format and size of an image, read without decoding it. */
export interface ImageHeader {
	readonly format: ImageFormat;
	/** pixels, as stored: an EXIF orientation is ignored */
	readonly width: number;
	/** pixels */
	readonly height: number;
	/** 1 for a still image */
	readonly frames: number;
	/** EXIF orientation, 0 if there is none */
	readonly orientation: number;
}

// The service's documented limits for a source and a result.
const MAX_SIDE = 50_000;
const MAX_PIXELS = 250_000_000;
const MAX_RESULT_SIDE = 9_999;

/** Formats that are decoded by sharp. */
const isSharpFormat = (format: string | undefined): format is Exclude<ImageFormat, 'bmp'> =>
	format === 'jpeg' || format === 'png' || format === 'webp' || format === 'gif';

const unreadable = (name: string) =>
	new CosFailure('InvalidArgument', `${name} is not a JPG, PNG, WebP, GIF or BMP image.`);

// Reads the first frame only. Colours stay as stored: the image keeps its colour profile.
const open = (bytes: Buffer) => sharp(bytes, { limitInputPixels: MAX_PIXELS, ignoreIcc: true });

async function readMetadata(bytes: Buffer): Promise<Metadata | undefined> {
	try {
		return await sharp(bytes, { limitInputPixels: false }).metadata();
	} catch {
		return undefined;
	}
}

/**
 * Reads an image's format and size.
 * @param name names the image in error messages
 * @throws CosFailure `InvalidArgument` if it is not an image in a supported format
 */
export async function readHeader(name: string, bytes: Buffer): Promise<ImageHeader> {
	if (isBmp(bytes)) {
		const size = bmpSize(bytes);
		if (!size) throw unreadable(name);
		return { format: 'bmp', ...size, frames: 1, orientation: 0 };
	}
	const metadata = await readMetadata(bytes);
	if (!metadata || !isSharpFormat(metadata.format)) throw unreadable(name);
	return {
		format: metadata.format,
		width: metadata.width,
		height: metadata.height,
		frames: metadata.pages ?? 1,
		orientation: metadata.orientation ?? 0,
	};
}

/** @throws CosFailure `EntityTooLarge` over 32 MB */
export function checkBytes(name: string, size: number): void {
	if (size <= MAX_IMAGE_BYTES) return;
	throw new CosFailure('EntityTooLarge', `${name} has ${size} bytes, at most 32 MB are allowed.`);
}

/** @throws CosFailure `InvalidArgument` if a side or the number of pixels is over the limits */
export function checkSides(name: string, { width, height }: ImageHeader): void {
	const invalid = (limit: string) =>
		new CosFailure('InvalidArgument', `${name} is ${width}x${height} pixels, ${limit}.`);
	if (Math.max(width, height) > MAX_SIDE) throw invalid(`a side can have at most ${MAX_SIDE}`);
	if (width * height > MAX_PIXELS) throw invalid(`at most ${MAX_PIXELS} in total are allowed`);
	if (Math.max(width, height) > MAX_RESULT_SIDE) {
		throw invalid(`a side of the result can have at most ${MAX_RESULT_SIDE}`);
	}
}

/**
 * Decodes the first frame.
 * @param name names the image in error messages
 * @throws CosFailure `EntityTooLarge`, or `InvalidArgument` if it is broken or over the limits
 */
export async function decodeImage(name: string, bytes: Buffer): Promise<Pixels> {
	checkBytes(name, bytes.length);
	const header = await readHeader(name, bytes);
	checkSides(name, header);
	if (header.format === 'bmp') {
		const pixels = decodeBmp(bytes);
		if (pixels) return pixels;
		throw new CosFailure(
			'InvalidArgument',
			`${name}: only uncompressed BMP with 24 or 32 bits is supported.`,
		);
	}
	try {
		const { data, info } = await ((await isCmyk(bytes)) ? sharp(bytes) : open(bytes))
			.toColourspace('srgb')
			.raw({ depth: 'uchar' })
			.toBuffer({ resolveWithObject: true });
		const channels = info.channels === 4 ? 4 : 3;
		return { data, width: info.width, height: info.height, channels };
	} catch (error) {
		const reason = error instanceof Error ? error.message : '';
		throw new CosFailure('InvalidArgument', `${name} cannot be decoded: ${reason}`);
	}
}

const isCmyk = async (bytes: Buffer) => (await sharp(bytes).metadata()).space === 'cmyk';

/** A lossless WebP has a `VP8L` chunk, after a `VP8X` chunk if it has metadata. */
const isLosslessWebp = (bytes: Buffer) => bytes.subarray(0, 4096).includes('VP8L');

/** Separates colour and alpha channel. */
function splitAlpha({ data, width, height, channels }: Pixels): { rgb: Buffer; alpha?: Buffer } {
	if (channels === 3) return { rgb: Buffer.from(data.buffer, data.byteOffset, data.byteLength) };
	const rgb = Buffer.alloc(width * height * 3);
	const alpha = Buffer.alloc(width * height);
	for (let pixel = 0; pixel < width * height; pixel++) {
		rgb[pixel * 3] = data[pixel * 4] ?? 0;
		rgb[pixel * 3 + 1] = data[pixel * 4 + 1] ?? 0;
		rgb[pixel * 3 + 2] = data[pixel * 4 + 2] ?? 0;
		alpha[pixel] = data[pixel * 4 + 3] ?? 0;
	}
	return { rgb, alpha };
}

/**
 * Encodes changed pixels in the format of the source image, with its metadata (EXIF, orientation,
 * colour profile, XMP). PNG, BMP and lossless WebP keep every pixel exactly; GIF is reduced to 256
 * colours again.
 */
export async function encodeLike(source: Buffer, pixels: Pixels): Promise<Buffer> {
	if (isBmp(source)) return encodeBmp(pixels);
	const { width, height } = pixels;
	const { rgb, alpha } = splitAlpha(pixels);
	const metadata = await sharp(source).metadata();
	const cmyk = metadata.space === 'cmyk';

	// sharp keeps metadata only of an image it has decoded, so the pixels are composited over the
	// source. Compositing multiplies by alpha, which would change colours, so the alpha channel is
	// removed first and joined again at the end.
	const opaque = open(source).removeAlpha().toColourspace('srgb');
	const carrier = await (cmyk ? opaque.keepExif() : opaque.keepMetadata())
		.png({ compressionLevel: 0 })
		.toBuffer();
	const overlay = { input: rgb, raw: { width, height, channels: 3 as const } };
	const covered = open(carrier)
		.keepMetadata()
		.composite([{ ...overlay, blend: 'source' }])
		.removeAlpha();
	const image = alpha
		? open(await covered.png({ compressionLevel: 0 }).toBuffer())
				.keepMetadata()
				.joinChannel(alpha, { raw: { width, height, channels: 1 } })
		: covered;
	switch (metadata.format) {
		case 'jpeg':
			return await image.jpeg({ quality: LOSSY_QUALITY, chromaSubsampling: '4:4:4' }).toBuffer();
		case 'webp':
			return await image
				.webp({ lossless: isLosslessWebp(source), exact: true, quality: LOSSY_QUALITY })
				.toBuffer();
		case 'gif':
			return await image.gif().toBuffer();
		default:
			return await image.png().toBuffer();
	}
}

/** The average colour as `0xrrggbb`. @throws CosFailure `InvalidArgument` */
export async function averageColour(name: string, bytes: Buffer): Promise<string> {
	const { data, width, height, channels } = await decodeImage(name, bytes);
	const sums = [0, 0, 0];
	for (let offset = 0; offset < data.length; offset += channels) {
		for (let channel = 0; channel < 3; channel++) {
			sums[channel] = (sums[channel] ?? 0) + (data[offset + channel] ?? 0);
		}
	}
	const hex = sums.map((sum) =>
		Math.round(sum / (width * height))
			.toString(16)
			.padStart(2, '0'),
	);
	return `0x${hex.join('')}`;
}
