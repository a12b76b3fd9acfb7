import { encodeImage, encodeMask, toPixels, toSharp, type Pixels } from '../demo/image';
import { loadScenes, type Scene } from '../demo/scenes';
import { burnIn, wordWidth, wordmark } from '../demo/watermark';

/** An image file and its key in the sample bucket. */
export interface SampleImage {
	readonly key: string;
	readonly bytes: Buffer;
	readonly contentType: string;
}

/** The contents of the sample bucket and of the local file server. */
export interface Samples {
	/** In the bucket. */
	readonly bucket: readonly SampleImage[];
	/** On the file server, by file name. */
	readonly files: ReadonlyMap<string, Buffer>;
	/** The images of `inbox/` without their watermark, by key. */
	readonly unmarked: ReadonlyMap<string, Pixels>;
}

const WORD = 'SAMPLE';

/** The folder of the nightly example: the same watermark on images of different sizes. */
const INBOX: ReadonlyArray<{ name: string; scene: Scene['name']; width: number }> = [
	{ name: 'harbour.jpg', scene: 'coast', width: 960 },
	{ name: 'kitchen table.jpg', scene: 'still-life', width: 640 },
	{ name: 'forest walk.jpg', scene: 'forest', width: 1200 },
];

/** Adds the word in the bottom right corner, scaled to the image. */
async function signed(image: Pixels): Promise<Pixels> {
	const { width, height } = image;
	const size = height * 0.05;
	const x = width * 0.97 - wordWidth(WORD, size);
	const y = height * 0.965 - size;
	return await burnIn(image, wordmark(WORD, { x, y, size, weight: size / 8 }), 0.66);
}

/** Makes the images for the example workflows; the same ones on every run. */
export async function makeSamples(): Promise<Samples> {
	const scenes = await loadScenes();
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
		const image = await toPixels(toSharp(scenes[scene].unmarked).resize({ width }));
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
