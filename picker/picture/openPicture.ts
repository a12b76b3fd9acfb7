import type { PictureSize } from '../../cos/area';
import { readOrientation } from './orientation';
import { Pyramid } from './pyramid';

/** A picture on the page. Nothing of it leaves the browser. */
export interface Picture {
	readonly name: string;
	/** Pixels as they are stored, which is how the service counts: EXIF turns nothing here. */
	readonly size: PictureSize;
	/** EXIF orientation, 1 to 8; 1: shown as it is stored. */
	readonly orientation: number;
	readonly pyramid: Pyramid;
}

/** A file that cannot be shown; the message is for the user. */
export class UnreadablePicture extends Error {}

/** A black JPEG of 2 by 1 pixels that EXIF orientation 6 would stand upright. */
const TURNED_JPEG =
	'/9j/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAABAAIDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAf/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AJgAD//Z';

const asStored = { imageOrientation: 'none' } as const;

/**
 * Whether this browser leaves pixels as they are stored when told to. Older ones took the same word
 * for "turn as EXIF says", and coordinates would then be those of another picture.
 */
async function leavesPixelsAsStored(): Promise<boolean> {
	const bytes = Uint8Array.from(atob(TURNED_JPEG), (character) => character.charCodeAt(0));
	const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }), asStored);
	const { width } = bitmap;
	bitmap.close();
	return width === 2;
}

async function decode(file: Blob, name: string): Promise<ImageBitmap> {
	try {
		return await createImageBitmap(file, asStored);
	} catch {
		throw new UnreadablePicture(
			`This browser cannot show ${name}. Use a JPG, PNG, WebP, GIF or BMP picture; save a picture of another kind as PNG first, in the same size.`,
		);
	}
}

/**
 * Decodes a picture once and prepares it for zooming.
 *
 * @throws UnreadablePicture when the browser cannot show it, or only turned
 */
export async function openPicture(file: Blob, name: string): Promise<Picture> {
	const orientation = readOrientation(new Uint8Array(await file.arrayBuffer()));
	if (orientation > 1 && !(await leavesPixelsAsStored())) {
		throw new UnreadablePicture(
			'This browser only shows the picture turned, so the coordinates would not fit. Use a newer browser, or save the picture as PNG without its camera data.',
		);
	}
	const pyramid = await Pyramid.build(await decode(file, name));
	return { name, size: pyramid.size, orientation, pyramid };
}
