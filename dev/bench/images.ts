import { randomBytes } from 'node:crypto';

import { encodeBmp } from '../sandbox/repair/bmp';

/** A BMP of noise: nothing compresses it, and its size in bytes is `3 × width × height` and a head. */
export function noise(width: number, height: number): Buffer {
	const data = randomBytes(width * height * 3);
	return encodeBmp({ data, width, height, channels: 3 });
}

/** A logo-sized one, 9 kB. */
export const SMALL = { width: 64, height: 48 };

/** 30 MB. */
export const LARGE = { width: 2500, height: 4000 };
