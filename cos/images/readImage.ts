import type { ImageSize } from '../areas/points';
import { MAX_SOURCE_SIDE } from '../limits';
import { formatOfBytes, type ImageFormat } from './format';
import { bmp } from './formats/bmp';
import { gif } from './formats/gif';
import { heif } from './formats/heif';
import { jpeg } from './formats/jpeg';
import { png } from './formats/png';
import { tiff } from './formats/tiff';
import { webp } from './formats/webp';
import { Walker, type ImageEnd, type Walk } from './walk';

export type { ImageEnd };

const WALKS: ReadonlyMap<string, Walk> = new Map([
	['image/jpeg', jpeg],
	['image/png', png],
	['image/gif', gif],
	['image/webp', webp],
	['image/bmp', bmp],
	['image/avif', heif],
	['image/heic', heif],
	['image/tiff', tiff],
]);

/** What a file says of its image. Whatever it does not say, or cannot mean, is undefined. */
export interface ImageFacts {
	readonly format: ImageFormat;
	/**
	 * Pixels, as areas count them: an EXIF orientation is not applied; rotation, mirroring and cropping of
	 * HEIF and AVIF are, as they belong to the image. Of several images, that of the first or main one.
	 */
	readonly size?: ImageSize;
	/** What the file claims when that is beyond the longest side that an image may have. */
	readonly beyondLimits?: ImageSize;
	/** EXIF orientation, 1 to 8. */
	readonly orientation?: number;
	readonly frames?: number;
	readonly hasAlpha?: boolean;
	readonly end: ImageEnd;
}

/**
 * Reads an image file that comes in chunks of any size, from its start to its end. It keeps none of them,
 * goes forward only, and does not decode: an image that is whole may still hold garbage.
 */
export class ImageReader {
	private readonly walker: Walker;

	constructor(readonly format: ImageFormat) {
		const walk = WALKS.get(format.mimeType);
		if (!walk) throw new RangeError(format.mimeType);
		this.walker = new Walker(walk);
	}

	/** Takes in the next bytes. */
	push(bytes: Uint8Array): void {
		this.walker.push(bytes);
	}

	/** What the bytes so far say of the end. */
	get end(): ImageEnd {
		return this.walker.end;
	}

	/** Whether more bytes could change anything. */
	get isOver(): boolean {
		return this.walker.isOver;
	}

	/** The work done, in bytes looked at and steps; it grows no faster than the bytes. */
	get visited(): number {
		return this.walker.visited;
	}

	/** What the bytes so far say. */
	get facts(): ImageFacts {
		const { width = 0, height = 0, orientation, frames, hasAlpha } = this.walker.findings;
		const isSize = width >= 1 && height >= 1;
		const isWithin = Math.max(width, height) <= MAX_SOURCE_SIDE;
		return {
			format: this.format,
			...(isSize && (isWithin ? { size: { width, height } } : { beyondLimits: { width, height } })),
			...(orientation !== undefined && { orientation }),
			...(frames !== undefined && frames > 0 && { frames }),
			...(hasAlpha !== undefined && { hasAlpha }),
			end: this.end,
		};
	}
}

/**
 * Reads a whole file.
 *
 * @returns undefined when its first bytes are not those of an image
 */
export function readImage(bytes: Uint8Array): ImageFacts | undefined {
	const format = formatOfBytes(bytes);
	if (!format) return undefined;
	const reader = new ImageReader(format);
	reader.push(bytes);
	return reader.facts;
}
