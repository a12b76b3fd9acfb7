import sharp from 'sharp';
import { toPixels, toSharp, type Mask, type Pixels } from './image';
import { LETTERS } from './letters';

/** Corners `[x, y]` in pixels from the top left, clockwise. */
export type Polygon = ReadonlyArray<readonly [x: number, y: number]>;

/**
 * Lines of a watermark: SVG paths. Letters are paths too, so that the result does not depend on
 * installed fonts.
 */
export type Lines = readonly Line[];

interface Line {
	path: string;
	/** SVG transform that positions the path. */
	transform: string;
	/** Scale factor of the transform; the stroke width is divided by it. */
	scale: number;
	/** Stroke width in pixels. */
	weight: number;
}

const LETTER_GAP = 0.34;

interface Placement {
	/** Top left corner in pixels. */
	x: number;
	y: number;
	/** Height in pixels. */
	size: number;
	/** Stroke width in pixels. */
	weight: number;
	/** Degrees clockwise around the top left corner. */
	turn?: number;
}

function drawnLetters(word: string) {
	return Array.from(word).flatMap((character) => LETTERS[character] ?? []);
}

/** A word of the letters that are drawn. */
export function wordmark(word: string, { x, y, size, weight, turn = 0 }: Placement): Lines {
	const lines: Line[] = [];
	let along = 0;
	for (const { path, width } of drawnLetters(word)) {
		const place = `translate(${x} ${y}) rotate(${turn}) scale(${size}) translate(${along} 0)`;
		lines.push({ path, transform: place, scale: size, weight });
		along += width + LETTER_GAP;
	}
	return lines;
}

/** Width in pixels of a word drawn at the given height. */
export function wordWidth(word: string, size: number): number {
	const drawn = drawnLetters(word);
	const gaps = Math.max(0, drawn.length - 1) * LETTER_GAP;
	return (drawn.reduce((sum, { width }) => sum + width, 0) + gaps) * size;
}

/** A lens aperture with six blades, given by its centre. */
export function aperture(x: number, y: number, radius: number, weight: number): Lines {
	const at = (degrees: number, distance: number) => {
		const angle = (degrees * Math.PI) / 180;
		const [px, py] = [Math.cos(angle) * distance, Math.sin(angle) * distance];
		return `${px.toFixed(4)} ${py.toFixed(4)}`;
	};
	const blades = [0, 60, 120, 180, 240, 300].map((turn) => `M${at(turn, 1)}L${at(turn + 76, 0.5)}`);
	const ring = 'M1 0A1 1 0 0 1 -1 0A1 1 0 0 1 1 0';
	const transform = `translate(${x} ${y}) scale(${radius})`;
	return [{ path: ring + blades.join(''), transform, scale: radius, weight }];
}

/** A straight line between two points. */
export function stroke(from: Polygon[number], to: Polygon[number], weight: number): Lines {
	return [{ path: `M${from.join(' ')}L${to.join(' ')}`, transform: '', scale: 1, weight }];
}

/** The four corners of a box turned clockwise around its top left corner, in whole pixels. */
export function box(x: number, y: number, width: number, height: number, turn = 0): Polygon {
	const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
	const corner = (dx: number, dy: number) =>
		[Math.round(x + dx * cos - dy * sin), Math.round(y + dx * sin + dy * cos)] as const;
	return [corner(0, 0), corner(width, 0), corner(width, height), corner(0, height)];
}

function drawing(lines: Lines, colour: string, widen = 0): string {
	const paths = lines.map(({ path, transform, scale, weight }) => {
		const width = (weight + widen) / scale;
		return `<path d="${path}" transform="${transform}" stroke-width="${width}"/>`;
	});
	const style = `stroke="${colour}" stroke-linecap="round" stroke-linejoin="round"`;
	return `<g fill="none" ${style}>${paths.join('')}</g>`;
}

function svg({ width, height }: Pixels, content: string): Buffer {
	const size = `width="${width}" height="${height}"`;
	return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${size}>${content}</svg>`);
}

/** Draws the lines in translucent white, with a soft dark edge that shows them on bright parts. */
export async function burnIn(image: Pixels, lines: Lines, opacity: number): Promise<Pixels> {
	const edge = `<g opacity="${opacity * 0.35}">${drawing(lines, '#000', 1.6)}</g>`;
	const mark = `<g opacity="${opacity}">${drawing(lines, '#fff')}</g>`;
	return await toPixels(toSharp(image).composite([{ input: svg(image, edge + mark) }]));
}

/** Everything the lines touch, and a few pixels around them. */
export async function maskOfLines(image: Pixels, lines: Lines): Promise<Mask> {
	return await maskOf(image, drawing(lines, '#fff', 5));
}

/** Everything inside the polygons. */
export async function maskOfPolygons(image: Pixels, polygons: readonly Polygon[]): Promise<Mask> {
	const shapes = polygons.map((polygon) => `<polygon fill="#fff" points="${polygon.join(' ')}"/>`);
	return await maskOf(image, shapes.join(''));
}

async function maskOf(image: Pixels, content: string): Promise<Mask> {
	const black = '<rect width="100%" height="100%" fill="#000"/>';
	const mask = await sharp(svg(image, black + content))
		.removeAlpha()
		.extractChannel(0)
		.threshold(128)
		.raw()
		.toBuffer();
	return new Uint8Array(mask);
}
