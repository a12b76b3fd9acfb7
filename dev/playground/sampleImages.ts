import sharp from 'sharp';
import { encodeMask, encodeImage } from '../demo/image';
import { paintScenes, type Scene } from '../demo/scenes';
import { burnIn, wordWidth, wordmark } from '../demo/watermark';
import type { Pixels } from '../demo/paint';

/** An image of the sample bucket. */
export interface SampleImage {
	readonly key: string;
	readonly bytes: Buffer;
	readonly contentType: string;
}

/** The images of the sample bucket and of the local services. */
export interface Samples {
	/** Objects of the bucket. */
	readonly bucket: readonly SampleImage[];
	/** Files served by URL, by name. */
	readonly files: ReadonlyMap<string, Buffer>;
	/** Images of `inbox/` without their watermark, by key. */
	readonly unmarked: ReadonlyMap<string, Pixels>;
}

const WORD = 'SAMPLE';

/** The folder of the nightly example: one watermark on images of different sizes. */
const INBOX: ReadonlyArray<{ name: string; scene: Scene['name']; width: number }> = [
	{ name: 'harbour.jpg', scene: 'coast', width: 960 },
	{ name: 'kitchen table.jpg', scene: 'still-life', width: 640 },
	{ name: 'forest walk.jpg', scene: 'forest', width: 1200 },
];

async function resize(image: Pixels, width: number): Promise<Pixels> {
	const { data, info } = await sharp(image.data, {
		raw: { width: image.width, height: image.height, channels: 3 },
	})
		.resize({ width })
		.raw()
		.toBuffer({ resolveWithObject: true });
	return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** Adds the watermark in the bottom right corner, scaled to the image. */
async function signed(image: Pixels): Promise<Pixels> {
	const { width, height } = image;
	const size = height * 0.05;
	const x = width * 0.97 - wordWidth(WORD, size);
	const y = height * 0.965 - size;
	return await burnIn(image, wordmark(WORD, { x, y, size, weight: size / 8 }), 0.66);
}

/** Paints the images for the example workflows; the same each time. */
export async function paintSamples(): Promise<Samples> {
	const scenes = await paintScenes();
	const { coast, forest } = scenes;
	const stillLife = await encodeImage(scenes['still-life'].marked, 'jpeg');
	const bucket: SampleImage[] = [
		{
			key: 'holiday/coast.png',
			bytes: await encodeImage(coast.marked, 'png'),
			contentType: 'image/png',
		},
		{
			key: 'archive/forest.webp',
			bytes: await encodeImage(forest.marked, 'webp'),
			contentType: 'image/webp',
		},
		{ key: 'shop/table.jpg', bytes: stillLife, contentType: 'image/jpeg' },
	];
	const unmarked = new Map<string, Pixels>();
	for (const { name, scene, width } of INBOX) {
		const key = `inbox/${name}`;
		const image = await resize(scenes[scene].unmarked, width);
		unmarked.set(key, image);
		const bytes = await encodeImage(await signed(image), 'jpeg');
		bucket.push({ key, bytes, contentType: 'image/jpeg' });
	}
	const { width, height } = forest.unmarked;
	const files = new Map([
		['still-life.jpg', stillLife],
		['forest-mask.png', await encodeMask(forest.mask, width, height)],
	]);
	return { bucket, files, unmarked };
}
