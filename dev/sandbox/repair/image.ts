import sharp, { type Metadata } from 'sharp';

import { bmpSize, decodeBmp, encodeBmp, isBmp, type Pixels } from './bmp';
import { CosFailure } from '../http/failure';

/** Formats that are repaired. HEIF, which the service reads too, has no free decoder here. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'bmp';

/** What an image's first bytes say. */
export interface ImageHeader {
	readonly format: ImageFormat;
	/** pixels, as stored: an EXIF orientation does not turn them */
	readonly width: number;
	/** pixels */
	readonly height: number;
	/** 1 for a still image */
	readonly frames: number;
	/** EXIF orientation, 0 when there is none */
	readonly orientation: number;
}

/** MIME types of the formats that are repaired. */
export const MIME_TYPES: Readonly<Record<ImageFormat, string>> = {
	jpeg: 'image/jpeg',
	png: 'image/png',
	webp: 'image/webp',
	gif: 'image/gif',
	bmp: 'image/bmp',
};

/** JPEG and lossy WebP are written with this quality. */
export const QUALITY = 95;

const MAX_BYTES = 32 * 1024 * 1024;
const MAX_SIDE = 50_000;
const MAX_PIXELS = 250_000_000;
const MAX_RESULT_SIDE = 9_999;

const isRepairable = (format: string | undefined): format is Exclude<ImageFormat, 'bmp'> =>
	format === 'jpeg' || format === 'png' || format === 'webp' || format === 'gif';

const unreadable = (name: string) =>
	new CosFailure('InvalidArgument', `${name} is not a JPG, PNG, WebP, GIF or BMP image.`);

// The first frame only, and colours as they are stored: a colour profile stays beside them.
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
 * @param name what the image is, for the message
 * @throws CosFailure `InvalidArgument` when it is no image that can be repaired
 */
export async function readHeader(name: string, bytes: Buffer): Promise<ImageHeader> {
	if (isBmp(bytes)) {
		const size = bmpSize(bytes);
		if (!size) throw unreadable(name);
		return { format: 'bmp', ...size, frames: 1, orientation: 0 };
	}
	const metadata = await readMetadata(bytes);
	if (!metadata || !isRepairable(metadata.format)) throw unreadable(name);
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
	if (size <= MAX_BYTES) return;
	throw new CosFailure('EntityTooLarge', `${name} has ${size} bytes, at most 32 MB are allowed.`);
}

/** @throws CosFailure `InvalidArgument` over the service's limits for a source and a result */
export function checkSides(name: string, { width, height }: ImageHeader): void {
	const invalid = (limit: string) =>
		new CosFailure('InvalidArgument', `${name} is ${width}x${height} pixels, ${limit}.`);
	if (Math.max(width, height) > MAX_SIDE) throw invalid(`a side may have ${MAX_SIDE}`);
	if (width * height > MAX_PIXELS) throw invalid(`${MAX_PIXELS} are allowed in all`);
	if (Math.max(width, height) > MAX_RESULT_SIDE) {
		throw invalid(`a side of the result may have ${MAX_RESULT_SIDE}`);
	}
}

/**
 * Decodes the first frame to RGB or RGBA, 8 bits each.
 * @throws CosFailure `InvalidArgument` when it is broken or over the limits
 */
export async function decodeImage(name: string, bytes: Buffer): Promise<Pixels> {
	checkBytes(name, bytes.length);
	const header = await readHeader(name, bytes);
	checkSides(name, header);
	if (header.format === 'bmp') {
		const pixels = decodeBmp(bytes);
		if (pixels) return pixels;
		throw new CosFailure('InvalidArgument', `${name}: only plain 24 and 32 bit BMP is read here.`);
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

/** A lossless WebP keeps its pixels in a `VP8L` chunk, behind a `VP8X` one when it has metadata. */
const isLosslessWebp = (bytes: Buffer) => bytes.subarray(0, 4096).includes('VP8L');

function planes({ data, width, height, channels }: Pixels): { rgb: Buffer; alpha?: Buffer } {
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
 * Encodes changed pixels in the format of the image they came from, with its metadata (EXIF,
 * orientation, colour profile, XMP). PNG, BMP and lossless WebP keep every pixel as given; GIF is
 * reduced to 256 colours again.
 */
export async function encodeLike(source: Buffer, pixels: Pixels): Promise<Buffer> {
	if (isBmp(source)) return encodeBmp(pixels);
	const { width, height } = pixels;
	const { rgb, alpha } = planes(pixels);
	const metadata = await sharp(source).metadata();
	const cmyk = metadata.space === 'cmyk';

	// The pixels are laid over the source because only an image that was read from a file carries
	// its metadata on. An overlay is multiplied by its transparency, which changes colours: the
	// source is made opaque first, and gets its alpha channel back at the end.
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
			return await image.jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' }).toBuffer();
		case 'webp':
			return await image
				.webp({ lossless: isLosslessWebp(source), exact: true, quality: QUALITY })
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
