import { join } from 'node:path';
import sharp from 'sharp';

/** The animation at the top of the README. */
const FILM = join(__dirname, '../../docs/images/repair.webp');
const WIDTH = 960;
const HEIGHT = 600;
/** How long each frame stays, in milliseconds. */
const STAYS = 1600;
const LAST_STAYS = 3000;

/** An image of any size on a frame of the film. */
const frame = async (image: Buffer) =>
	await sharp(image)
		.resize(WIDTH, HEIGHT, { fit: 'contain', background: '#ffffff' })
		.flatten({ background: '#ffffff' })
		.png()
		.toBuffer();

/** Keeps images in the order in which they come, as an animation that repeats. */
export class Film {
	private readonly frames: Buffer[] = [];

	async show(image: Buffer): Promise<void> {
		this.frames.push(await frame(image));
	}

	async save(): Promise<void> {
		const delay = this.frames.map((_, index) =>
			index === this.frames.length - 1 ? LAST_STAYS : STAYS,
		);
		await sharp(this.frames, { join: { animated: true } })
			.webp({ delay, loop: 0, quality: 80, effort: 6 })
			.toFile(FILM);
	}
}
