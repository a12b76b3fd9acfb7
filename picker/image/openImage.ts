import type { ImageSize } from '../../cos/areas/points';
import { asStored } from './orientation';
import { Pyramid } from './pyramid';

/** An image on the page. Nothing of it leaves the browser. */
export interface Image {
	readonly name: string;
	/** Pixels as they are stored, which is how the service counts: EXIF turns nothing here. */
	readonly size: ImageSize;
	/** EXIF orientation, 1 to 8; 1: shown as it is stored. */
	readonly orientation: number;
	readonly pyramid: Pyramid;
}

/** A file that cannot be shown; the message is for the user. */
export class UnreadableImage extends Error {}

async function decode(file: Blob, name: string): Promise<Pyramid> {
	try {
		return await Pyramid.build(await createImageBitmap(file));
	} catch {
		throw new UnreadableImage(
			`This browser cannot show ${name}. Use a JPG, PNG, WebP, GIF or BMP image; save an image of another kind as PNG first, in the same size.`,
		);
	}
}

/**
 * Decodes an image once and prepares it for zooming.
 *
 * @throws UnreadableImage when the browser cannot show it
 */
export async function openImage(file: Blob, name: string): Promise<Image> {
	const { bytes, orientation } = asStored(new Uint8Array(await file.arrayBuffer()));
	const pyramid = await decode(new Blob([bytes], { type: file.type }), name);
	return { name, size: pyramid.size, orientation, pyramid };
}
