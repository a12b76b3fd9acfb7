import type { StoredSize } from '../../cos/images/upright';
import { asStored } from './orientation';
import { Pyramid } from './pyramid';

export interface Image {
	readonly name: string;
	readonly size: StoredSize;
	readonly pyramid: Pyramid;
}

/** The browser cannot show a file; the message is for the user. */
export class UnreadableImage extends Error {}

async function decode(file: Blob, name: string): Promise<Pyramid> {
	try {
		return await Pyramid.build(await createImageBitmap(file));
	} catch {
		throw new UnreadableImage(
			`This browser cannot show ${name}. Use a JPG, PNG, WebP, GIF or BMP image, or convert the file to PNG at the same size first.`,
		);
	}
}

/** @throws UnreadableImage if the browser cannot show the file */
export async function openImage(file: Blob, name: string): Promise<Image> {
	const { bytes, orientation } = asStored(new Uint8Array(await file.arrayBuffer()));
	const pyramid = await decode(new Blob([bytes], { type: file.type }), name);
	return { name, size: { ...pyramid.size, orientation }, pyramid };
}
