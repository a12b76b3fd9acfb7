import type { StoredSize } from '../../cos/images/upright';
import { asStored } from './orientation';
import { Pyramid } from './pyramid';
import { UnreadableImage } from './unreadable';

export interface Image {
	readonly name: string;
	readonly size: StoredSize;
	readonly pyramid: Pyramid;
}

async function decode(
	bytes: Uint8Array<ArrayBuffer>,
	type: string,
	name: string,
): Promise<Pyramid> {
	try {
		return await Pyramid.build(await createImageBitmap(new Blob([bytes], { type })));
	} catch {
		throw new UnreadableImage(bytes, name);
	}
}

/** @throws UnreadableImage if the browser cannot show the file */
export async function openImage(file: Blob, name: string): Promise<Image> {
	const { bytes, orientation } = asStored(new Uint8Array(await file.arrayBuffer()));
	const pyramid = await decode(bytes, file.type, name);
	return { name, size: { ...pyramid.size, orientation }, pyramid };
}
