import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeImage, type Mask, type Pixels } from './image';
import {
	aperture,
	box,
	burnIn,
	maskOfLines,
	maskOfPolygons,
	stroke,
	wordWidth,
	wordmark,
	type Lines,
	type Polygon,
} from './watermark';

/** An image without and with a watermark. */
export interface Scene {
	name: SceneName;
	unmarked: Pixels;
	marked: Pixels;
	/** Outlines around the watermark; empty when it covers the whole image. */
	polygons: readonly Polygon[];
	/** The pixels to remove: the inside of the polygons, or the lines of the watermark. */
	mask: Mask;
}

export type SceneName = 'coast' | 'still-life' | 'forest';

/** Size of every scene, in pixels. */
const WIDTH = 960;
const HEIGHT = 640;
const WORD = 'SAMPLE';

/** A photographer's signature in the corner, and a seal in the sky. */
async function coast(): Promise<Scene> {
	const lines: Lines = [
		...aperture(48, 596, 19, 2.8),
		...wordmark(WORD, { x: 80, y: 586, size: 20, weight: 3 }),
		...aperture(888, 66, 28, 3.2),
	];
	const around = (x: number, y: number, radius: number): Polygon =>
		[202.5, 247.5, 292.5, 337.5, 22.5, 67.5, 112.5, 157.5].map((degrees) => {
			const angle = (degrees * Math.PI) / 180;
			return [
				Math.round(x + Math.cos(angle) * radius),
				Math.round(y + Math.sin(angle) * radius),
			] as const;
		});
	const word = box(75, 581, wordWidth(WORD, 20) + 10, 30);
	return await scene('coast', lines, 0.72, [around(48, 596, 24), word, around(888, 66, 33)]);
}

/** A slanted word on the wall, and a small one on the table. */
async function stillLife(): Promise<Scene> {
	const turn = -14;
	const lines: Lines = [
		...wordmark(WORD, { x: 70, y: 190, size: 52, weight: 7, turn }),
		...wordmark(WORD, { x: 742, y: 588, size: 24, weight: 3.6 }),
	];
	const margin = 9;
	const lean = (turn * Math.PI) / 180;
	const corner = {
		x: 70 - margin * (Math.cos(lean) - Math.sin(lean)),
		y: 190 - margin * (Math.sin(lean) + Math.cos(lean)),
	};
	return await scene('still-life', lines, 0.66, [
		box(corner.x, corner.y, wordWidth(WORD, 52) + 2 * margin, 52 + 2 * margin, turn),
		box(734, 580, wordWidth(WORD, 24) + 16, 40),
	]);
}

/** A net over the whole image, as stock agencies put it on their previews. */
async function forest(): Promise<Scene> {
	const words = [
		{ x: 96, y: 190 },
		{ x: 664, y: 190 },
		{ x: 96, y: 520 },
		{ x: 664, y: 520 },
	].flatMap(({ x, y }) => wordmark(WORD, { x, y, size: 40, weight: 5, turn: -12 }));
	const centre = [WIDTH / 2, HEIGHT / 2] as const;
	const spokes = [
		[0, 0],
		[WIDTH, 0],
		[WIDTH, HEIGHT],
		[0, HEIGHT],
	].flatMap(([x = 0, y = 0]) => {
		const reach = 96 / Math.hypot(x - centre[0], y - centre[1]);
		const start = [
			centre[0] + (x - centre[0]) * reach,
			centre[1] + (y - centre[1]) * reach,
		] as const;
		return stroke(start, [x, y], 4);
	});
	const lines: Lines = [...aperture(...centre, 84, 7), ...spokes, ...words];
	return await scene('forest', lines, 0.62, []);
}

async function scene(
	name: SceneName,
	lines: Lines,
	opacity: number,
	polygons: readonly Polygon[],
): Promise<Scene> {
	const unmarked = await decodeImage(await readFile(join(__dirname, 'scenes', `${name}.webp`)));
	const marked = await burnIn(unmarked, lines, opacity);
	const mask =
		polygons.length > 0
			? await maskOfPolygons(unmarked, polygons)
			: await maskOfLines(unmarked, lines);
	return { name, unmarked, marked, polygons, mask };
}

/** Reads the three scenes and draws their watermarks: the same pixels on every run. */
export async function loadScenes(): Promise<Record<SceneName, Scene>> {
	return { coast: await coast(), 'still-life': await stillLife(), forest: await forest() };
}
