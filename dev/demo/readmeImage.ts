import sharp from 'sharp';
import type { Pixels } from './paint';
import type { Repair } from './repairs';

const WIDTH = 480;
const GAP = 8;

async function small({ width, height, data }: Pixels): Promise<Buffer> {
	return await sharp(data, { raw: { width, height, channels: 3 } })
		.resize({ width: WIDTH })
		.png()
		.toBuffer();
}

/**
 * The image of the README, a row for each repair: the marked scene at the left, the repaired one
 * at the right. A PNG of 256 colours keeps it light.
 */
export async function readmeImage(repairs: readonly Repair[]): Promise<Buffer> {
	const tiles: sharp.OverlayOptions[] = [];
	let top = 0;
	for (const { before, after } of repairs) {
		tiles.push({ input: await small(before), left: 0, top });
		tiles.push({ input: await small(after), left: WIDTH + GAP, top });
		top += Math.round((WIDTH * before.height) / before.width) + GAP;
	}
	const canvas = { width: 2 * WIDTH + GAP, height: top - GAP, channels: 4 } as const;
	return await sharp({ create: { ...canvas, background: '#0000' } })
		.composite(tiles)
		.png({ palette: true, quality: 90, effort: 10, compressionLevel: 9 })
		.toBuffer();
}
