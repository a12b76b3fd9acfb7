import type { Sharp } from 'sharp';

import { CosFailure } from '../http/failure';
import { openImage } from './image';
import type { Repaired } from './repair';

/**
 * What may be stored in place of the right result. `original`: the source's own bytes; `elsewhere`: the source
 * with a box at its top left painted over; `smaller`: half as wide and high; `sideways`, `upsideDown` and
 * `mirrored`: the pixels in other places; `recolored`: red and blue shifted; `withoutOrientation`: the right
 * pixels, without the EXIF orientation that shows them upright.
 */
export const WRONG_RESULTS = [
	'original',
	'elsewhere',
	'smaller',
	'sideways',
	'upsideDown',
	'mirrored',
	'recolored',
	'withoutOrientation',
] as const;

export type WrongResult = (typeof WRONG_RESULTS)[number];

/** Levels of 255. */
const COLOR_SHIFT = 6;

function painted(image: Sharp, { width, height }: Repaired): Sharp {
	const create = {
		width: Math.max(1, Math.round(width / 4)),
		height: Math.max(1, Math.round(height / 5)),
		channels: 3 as const,
		background: '#d04090',
	};
	return image.composite([{ input: { create }, left: 0, top: 0 }]);
}

/** @throws CosFailure `NotImplemented` for a format that it cannot write */
async function encoded(image: Sharp, { format }: Repaired): Promise<Buffer> {
	switch (format) {
		case 'jpeg':
			return await image.jpeg({ quality: 90 }).toBuffer();
		case 'png':
			return await image.png().toBuffer();
		case 'webp':
			return await image.webp({ quality: 90 }).toBuffer();
		default:
			throw new CosFailure('NotImplemented', `The sandbox has no wrong result in ${format}.`);
	}
}

/** A result as `as` says, in place of the right one. @throws CosFailure `NotImplemented` */
export async function wrongResult(
	source: Buffer,
	right: Repaired,
	as: WrongResult,
): Promise<Repaired> {
	const { width, height } = right;
	const image = openImage(Buffer.from(right.image));
	const same = async (made: Sharp) => ({
		...right,
		image: await encoded(made.keepMetadata(), right),
	});
	switch (as) {
		case 'original':
			return { ...right, image: source };
		case 'elsewhere':
			return await same(painted(openImage(source), right));
		case 'smaller': {
			const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
			return { ...(await same(image.resize({ ...half, fit: 'fill' }))), ...half };
		}
		case 'sideways':
			return { ...(await same(image.rotate(90))), width: height, height: width };
		case 'upsideDown':
			return await same(image.rotate(180));
		case 'mirrored':
			return await same(image.flop());
		case 'recolored':
			return await same(image.removeAlpha().linear([1, 1, 1], [COLOR_SHIFT, 0, -COLOR_SHIFT]));
		case 'withoutOrientation':
			return { ...right, image: await encoded(image, right) };
	}
}
