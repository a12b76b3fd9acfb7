import type { Point } from '../areas/points';
import type { KnownImage } from '../images/limits';

/** "The image size must not exceed 7 MB after Base64 encoding" (1045/73116), in bytes of the file. */
const MAX_TEXT_BYTES = (7 * 1024 * 1024 * 3) / 4;
/** Formats that text is read in, of those that can be repaired (1045/73116). */
const TEXT_FORMATS: readonly string[] = ['JPG', 'PNG', 'BMP'];
/** Pixels of the longer side of a copy: as a JPG it stays below the limit, and text in it large enough. */
const COPY_SIDE = 2560;

/** A smaller copy of an image, as a JPG, its pixels in the place where they are stored. */
export function detectorCopyOperation(): string {
	return `imageMogr2/thumbnail/${COPY_SIDE}x${COPY_SIDE}>/strip/format/jpg`;
}

/**
 * Whether text can be read in a copy of an image only: it is too large for the detector, or of another format.
 *
 * @returns how many pixels of the image are one of the copy, by width and height; undefined when the image
 * itself will do, or is not known well enough
 */
export function copyForDetector({
	bytes,
	formatName,
	size,
}: KnownImage): { readonly scale: Point } | undefined {
	const isLarge = bytes !== undefined && bytes > MAX_TEXT_BYTES;
	const isOther = formatName !== undefined && !TEXT_FORMATS.includes(formatName);
	if ((!isLarge && !isOther) || !size) return undefined;
	const factor = Math.min(1, COPY_SIDE / Math.max(size.width, size.height));
	const side = (length: number) => Math.max(1, Math.round(length * factor));
	return { scale: [size.width / side(size.width), size.height / side(size.height)] };
}
