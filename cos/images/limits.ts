import type { ImageSize } from '../areas/points';
import {
	MAX_FRAMES,
	MAX_PIXELS,
	MAX_SOURCE_BYTES,
	MAX_SOURCE_SIDE,
	MAX_WEBP_SIDE,
} from '../limits';

/** What is known of an image that the service is to repair. */
export interface KnownImage {
	/** A name of `ImageFormat`. */
	readonly formatName?: string;
	/** Pixels, whatever they are. */
	readonly size?: ImageSize;
	readonly frames?: number;
	/** Of the file. */
	readonly bytes?: number;
}

/** A limit of the service that an image goes beyond. */
export type LimitBroken =
	| { readonly limit: 'bytes'; readonly bytes: number; readonly most: number }
	| { readonly limit: 'side'; readonly size: ImageSize; readonly most: number }
	| { readonly limit: 'pixels'; readonly size: ImageSize; readonly most: number }
	| { readonly limit: 'frames'; readonly frames: number; readonly most: number }
	| {
			readonly limit: 'framePixels';
			readonly size: ImageSize;
			readonly frames: number;
			readonly most: number;
	  };

/**
 * Holds an image against the documented limits ("Usage Limits"): bytes, sides, pixels, frames.
 *
 * @returns undefined when it keeps to them, as far as is known
 */
export function limitBroken(image: KnownImage): LimitBroken | undefined {
	const { formatName, size, frames, bytes = 0 } = image;
	if (bytes > MAX_SOURCE_BYTES) return { limit: 'bytes', bytes, most: MAX_SOURCE_BYTES };
	if (frames !== undefined && frames > MAX_FRAMES) {
		return { limit: 'frames', frames, most: MAX_FRAMES };
	}
	if (!size) return undefined;
	const most = formatName === 'WebP' ? MAX_WEBP_SIDE : MAX_SOURCE_SIDE;
	if (Math.max(size.width, size.height) > most) return { limit: 'side', size, most };
	const pixels = size.width * size.height;
	if (pixels > MAX_PIXELS) return { limit: 'pixels', size, most: MAX_PIXELS };
	if (frames !== undefined && pixels * frames > MAX_PIXELS) {
		return { limit: 'framePixels', size, frames, most: MAX_PIXELS };
	}
	return undefined;
}
