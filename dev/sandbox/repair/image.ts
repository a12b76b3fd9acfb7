import sharp, { type Metadata } from 'sharp';

import { CosFailure } from '../http/failure';
import { bmpSize, decodeBmp, encodeBmp, isBmp, isPlainBmp, type Pixels } from './bmp';
import { LOSSY_QUALITY, MAX_IMAGE_BYTES, type ImageFormat, type SourceFormat } from './formats';

/** Format and size of an image, read without decoding it. */
export interface ImageHeader {
	readonly format: SourceFormat;
	/** pixels, as stored: an EXIF orientation is ignored */
	readonly width: number;
	/** pixels */
	readonly height: number;
	/** 1 for a still image */
	readonly frames: number;
	/** EXIF orientation, 0 if there is none */
	readonly orientation: number;
}

// The service's documented limits (460/36620).
const MAX_SIDE = 50_000;
const MAX_PIXELS = 250_000_000;
const MAX_FRAMES = 300;
const MAX_WEBP_SIDE = 16_383;

/** The formats that sharp reads, by its names; AVIF and HEIC have the same one. */
const SHARP_FORMATS: Readonly<Partial<Record<string, SourceFormat>>> = {
	jpeg: 'jpeg',
	png: 'png',
	webp: 'webp',
	gif: 'gif',
	tiff: 'tiff',
};

function formatOf({ format, compression }: Metadata): SourceFormat | undefined {
	if (format === 'heif') return compression === 'av1' ? 'avif' : 'heif';
	return SHARP_FORMATS[format];
}

/** Formats whose pages are the frames of an animation. */
export const isAnimated = (format: SourceFormat) => format === 'gif' || format === 'webp';

/** How files of the formats begin. */
const SIGNATURE =
	/^(\xff\xd8\xff|\x89PNG|GIF8|BM|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyp(avif|avis|heic|heix|mif1|msf1))/s;

const unreadable = (name: string, bytes: Buffer) =>
	SIGNATURE.test(bytes.toString('latin1', 0, 12))
		? new CosFailure('InvalidImageSource', `${name} is broken: its size cannot be read.`)
		: new CosFailure('InvalidImageFormat', `${name} is not an image that can be processed.`);

// Reads the first frame only. Colours stay as stored: the image keeps its colour profile.
export const openImage = (bytes: Buffer) =>
	sharp(bytes, { limitInputPixels: MAX_PIXELS, ignoreIcc: true });

async function readMetadata(bytes: Buffer): Promise<Metadata | undefined> {
	try {
		return await sharp(bytes, { limitInputPixels: false }).metadata();
	} catch {
		return undefined;
	}
}

async function readHeader(name: string, bytes: Buffer): Promise<ImageHeader> {
	if (isBmp(bytes)) {
		const size = bmpSize(bytes);
		if (!size) throw unreadable(name, bytes);
		return { format: 'bmp', ...size, frames: 1, orientation: 0 };
	}
	const metadata = await readMetadata(bytes);
	const format = metadata && formatOf(metadata);
	if (!metadata || !format) throw unreadable(name, bytes);
	return {
		format,
		width: metadata.width,
		height: metadata.height,
		frames: isAnimated(format) ? (metadata.pages ?? 1) : 1,
		orientation: metadata.orientation ?? 0,
	};
}

/** @throws CosFailure `ImageTooLarge` over 32 MB */
export function checkBytes(name: string, size: number): void {
	if (size <= MAX_IMAGE_BYTES) return;
	throw new CosFailure('ImageTooLarge', `${name} has ${size} bytes, at most 32 MB are allowed.`);
}

/**
 * Checks the sides, the pixels and the frames of a source or a result.
 * @throws CosFailure `ImageResolutionExceed`
 */
export function checkSides(
	name: string,
	{ format, width, height, frames }: Pick<ImageHeader, 'format' | 'width' | 'height' | 'frames'>,
): void {
	const exceeds = (limit: string) =>
		new CosFailure(
			'ImageResolutionExceed',
			`${name} has ${width}x${height} pixels and ${frames} frames, ${limit}.`,
		);
	const maxSide = format === 'webp' ? MAX_WEBP_SIDE : MAX_SIDE;
	if (Math.max(width, height) > maxSide) throw exceeds(`a side can have at most ${maxSide}`);
	if (frames > MAX_FRAMES) throw exceeds(`at most ${MAX_FRAMES} frames are allowed`);
	if (width * height * frames > MAX_PIXELS) {
		throw exceeds(`at most ${MAX_PIXELS} pixels in total are allowed`);
	}
}

/**
 * Reads format and size of an image that is to be processed.
 * @param name names the image in error messages
 * @throws CosFailure `InvalidImageFormat` if it is no image, `InvalidImageSource` if its header is broken,
 * `ImageTooLarge` or `ImageResolutionExceed` if it is over the limits
 */
export async function readSource(name: string, bytes: Buffer): Promise<ImageHeader> {
	checkBytes(name, bytes.length);
	const header = await readHeader(name, bytes);
	checkSides(name, header);
	return header;
}

/**
 * Checks that Image Repair takes an image of this format. HEIF it does take, but the sandbox cannot decode it;
 * of TIFF and AVIF no page says so.
 * @throws CosFailure `InvalidImageFormat`, `NotImplemented`
 */
export function checkRepairable(name: string, format: SourceFormat): ImageFormat {
	if (format === 'heif') throw noHeif(name);
	if (format !== 'tiff' && format !== 'avif') return format;
	throw new CosFailure(
		'InvalidImageFormat',
		`${name} is not a JPG, PNG, WebP, GIF or BMP image: ${format} is not repaired.`,
	);
}

const noHeif = (name: string) =>
	new CosFailure('NotImplemented', `${name} is a HEIF image, which the sandbox cannot decode.`);

/** Runs a function of sharp that decodes. @throws CosFailure `InvalidImageSource` */
async function decoded<T>(name: string, decode: () => Promise<T>): Promise<T> {
	try {
		return await decode();
	} catch (error) {
		const reason = error instanceof Error ? error.message : '';
		throw new CosFailure('InvalidImageSource', `${name} cannot be decoded: ${reason}`);
	}
}

function readBmp(name: string, bytes: Buffer): Pixels {
	if (!isPlainBmp(bytes)) {
		throw new CosFailure(
			'NotImplemented',
			`${name}: the sandbox reads only uncompressed BMP with 24 or 32 bits.`,
		);
	}
	const pixels = decodeBmp(bytes);
	if (pixels) return pixels;
	throw new CosFailure('InvalidImageSource', `${name} cannot be decoded: it is cut short.`);
}

/**
 * Decodes the first frame.
 * @param name names the image in error messages
 * @throws CosFailure `InvalidImageSource` if it is broken, `NotImplemented`
 */
export async function decodePixels(
	name: string,
	bytes: Buffer,
	format: SourceFormat,
): Promise<Pixels> {
	if (format === 'heif') throw noHeif(name);
	if (format === 'bmp') return readBmp(name, bytes);
	return await decoded(name, async () => {
		const { data, info } = await ((await isCmyk(bytes)) ? sharp(bytes) : openImage(bytes))
			.toColourspace('srgb')
			.raw({ depth: 'uchar' })
			.toBuffer({ resolveWithObject: true });
		const channels = info.channels === 4 ? 4 : 3;
		return { data, width: info.width, height: info.height, channels };
	});
}

/**
 * A PNG with the pixels of the first frame as they are stored, 8 bits per channel, and with the metadata.
 * @param name names the image in error messages
 * @throws CosFailure `InvalidImageSource` if it is broken, `NotImplemented`
 */
export async function losslessCopy(
	name: string,
	bytes: Buffer,
	format: SourceFormat,
): Promise<Buffer> {
	if (format === 'heif') throw noHeif(name);
	if (format === 'bmp') {
		const { data, ...raw } = readBmp(name, bytes);
		return await sharp(data, { raw }).png({ compressionLevel: 0 }).toBuffer();
	}
	return await decoded(name, async () => {
		const cmyk = await isCmyk(bytes);
		const image = (cmyk ? sharp(bytes) : openImage(bytes)).toColourspace('srgb');
		const copy = cmyk ? image.keepExif() : image.keepMetadata();
		return await copy.png({ compressionLevel: 0 }).toBuffer();
	});
}

/**
 * Decodes the first frame of an image that can be repaired.
 * @param name names the image in error messages
 * @throws CosFailure as `readSource` and `checkRepairable` do; `InvalidImageSource` if it is broken
 */
export async function decodeImage(name: string, bytes: Buffer): Promise<Pixels> {
	const { format } = await readSource(name, bytes);
	return await decodePixels(name, bytes, checkRepairable(name, format));
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
	const opaque = openImage(source).removeAlpha().toColourspace('srgb');
	const carrier = await (cmyk ? opaque.keepExif() : opaque.keepMetadata())
		.png({ compressionLevel: 0 })
		.toBuffer();
	const overlay = { input: rgb, raw: { width, height, channels: 3 as const } };
	const covered = openImage(carrier)
		.keepMetadata()
		.composite([{ ...overlay, blend: 'source' }])
		.removeAlpha();
	const image = alpha
		? openImage(await covered.png({ compressionLevel: 0 }).toBuffer())
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

/** The average colour of the first frame as `0xrrggbb`. @throws CosFailure as `decodePixels` does */
export async function averageColour(
	name: string,
	bytes: Buffer,
	format: SourceFormat,
): Promise<string> {
	const { data, width, height, channels } = await decodePixels(name, bytes, format);
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
