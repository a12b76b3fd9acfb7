import sharp from 'sharp';

/** A PNG of 160x100 pixels: noise with a white box from [40, 30] to [90, 60]. */
export async function markedImage(): Promise<Buffer> {
	const [width, height] = [160, 100];
	const pixels = Buffer.alloc(width * height * 3);
	for (let index = 0; index < width * height; index++) {
		const [x, y] = [index % width, Math.floor(index / width)];
		const marked = x >= 40 && x < 90 && y >= 30 && y < 60;
		pixels.fill(marked ? 255 : 60 + ((x * 7919 + y * 104_729) % 90), index * 3, index * 3 + 3);
	}
	return await sharp(pixels, { raw: { width, height, channels: 3 } })
		.png()
		.toBuffer();
}

const corners = [
	[40, 30],
	[90, 30],
	[90, 60],
	[40, 60],
];

/** `MaskPoly` for the white box. */
export const boxPolygon = Buffer.from(JSON.stringify(corners)).toString('base64url');

/** Counts the pixels that differ between two images, inside and outside the box. */
export async function countChanges(before: Uint8Array, after: Uint8Array) {
	const [first, second] = [
		await sharp(before).raw().toBuffer(),
		await sharp(after).raw().toBuffer(),
	];
	const changes = { inside: 0, outside: 0 };
	for (let index = 0; index < 160 * 100; index++) {
		if (first.compare(second, index * 3, index * 3 + 3, index * 3, index * 3 + 3) === 0) continue;
		const [x, y] = [index % 160, Math.floor(index / 160)];
		if (x >= 40 && x < 90 && y >= 30 && y < 60) changes.inside++;
		else changes.outside++;
	}
	return changes;
}

/** The result if all pixels in the box changed and no others. */
export const onlyTheBox = { inside: 50 * 30, outside: 0 };
