import { kindOfFile } from '../../cos/images/fileKind';
import { REPAIRABLE_FORMATS } from '../../cos/images/format';
import { limitBroken, type KnownImage } from '../../cos/images/limits';
import type { ImageFacts } from '../../cos/images/readImage';
import { MAX_SOURCE_BYTES } from '../../cos/limits';
import { InvalidParameter } from '../shared/invalidParameter';
import { fill, WARNING } from '../shared/messages';

const MEGABYTE = 1024 * 1024;

/** What a file says of its image, as far as it is checked; sides that it cannot have included. */
export function knownOf({ format, size, beyondLimits, frames }: ImageFacts): KnownImage {
	const sides = size ?? beyondLimits;
	return {
		formatName: format.name,
		...(sides && { size: sides }),
		...(frames !== undefined && { frames }),
	};
}

/**
 * Refuses an image that the service would refuse, before anything is sent or billed.
 *
 * @param label of the parameter that gives the image
 * @param image its binary field, or its key
 * @throws InvalidParameter for an image beyond the limits of the service
 */
export function checkLimits(label: string, image: string, known: KnownImage): void {
	const broken = limitBroken(known);
	if (!broken) return;
	const { most } = broken;
	switch (broken.limit) {
		case 'bytes':
			throw new InvalidParameter(label, 'imageBytes', {
				image,
				megabytes: (broken.bytes / MEGABYTE).toFixed(1),
				most: most / MEGABYTE,
			});
		case 'side':
			throw new InvalidParameter(label, 'imageSide', { image, ...broken.size, most });
		case 'pixels':
			throw new InvalidParameter(label, 'imagePixels', { image, ...broken.size, most });
		case 'frames':
			throw new InvalidParameter(label, 'imageFrames', { image, frames: broken.frames, most });
		case 'framePixels': {
			const { size, frames } = broken;
			throw new InvalidParameter(label, 'imageFramePixels', { image, ...size, frames, most });
		}
	}
}

/**
 * @param label of the parameter that gives the file
 * @param field its binary field
 * @param size bytes
 * @throws InvalidParameter for a file that is empty, or larger than the service takes
 */
export function checkSize(label: string, field: string, size: number): void {
	if (size === 0) throw new InvalidParameter(label, 'binaryEmpty', { field });
	if (size <= MAX_SOURCE_BYTES) return;
	throw new InvalidParameter(label, 'binaryTooLarge', {
		field,
		megabytes: (size / MEGABYTE).toFixed(1),
		limit: MAX_SOURCE_BYTES / MEGABYTE,
	});
}

/**
 * Refuses a file that cannot be an image to repair.
 *
 * @param label of the parameter that gives the file
 * @param field its binary field
 * @param read what it says of its image; its first bytes where it is none
 * @param named its name, as part of a sentence
 * @throws InvalidParameter for a file that is no image, is cut short, or is beyond the limits of the service
 */
export function checkFile(
	label: string,
	field: string,
	read: ImageFacts | Buffer,
	named: string,
): ImageFacts {
	if (Buffer.isBuffer(read)) {
		throw new InvalidParameter(label, 'binaryNotImage', { field, kind: kindOfFile(read), named });
	}
	if (read.end === 'missing') {
		throw new InvalidParameter(label, 'binaryCut', { field, format: read.format.name });
	}
	checkLimits(label, field, knownOf(read));
	return read;
}

/** @throws InvalidParameter for an animation that is not allowed: one frame of it would come back */
export function checkAnimated(
	label: string,
	image: string,
	{ frames }: KnownImage,
	allowAnimated: boolean,
): void {
	if (allowAnimated || frames === undefined || frames <= 1) return;
	throw new InvalidParameter(label, 'imageAnimated', { image, frames });
}

/** Whether the service repairs images of a format, as far as its pages say. */
function isSettled(formatName: string): boolean {
	return REPAIRABLE_FORMATS.some(({ name }) => name === formatName);
}

/** What may be wrong with an image although it is sent. */
export function warningsOf({ formatName, frames = 1 }: KnownImage): string[] {
	return [
		...(formatName === undefined || isSettled(formatName)
			? []
			: [fill(WARNING.formatUnsettled, { format: formatName })]),
		...(frames > 1 ? [fill(WARNING.animated, { frames })] : []),
	];
}
