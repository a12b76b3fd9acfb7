import type { Line, Word } from 'tesseract.js';

import type { Corners, FoundCharacter, FoundText, Point } from '../http/found';
import type { SourceFormat } from '../repair/formats';
import { greyPlane, ink, scaled, toPng, turned, type Plane, type Shade } from './ink';
import { onlyLines, textGroups } from './textGroups';
import type { TextEngine } from './textEngine';

/** Long side of what is read, in pixels: more takes longer, and marks are large on large images. */
const LONGEST = 1600;
/** Below this long side, an image is read twice as large. */
const SMALL = 700;
/** A word below this confidence is noise. */
const MIN_CONFIDENCE = 60;
/**
 * Letters with a longer diagonal, in pixels, are read in a copy of half the size only, and those with a shorter one
 * not in it; between the two, in both.
 */
const LARGE = 44;
const SMALL_LETTERS = 26;
/** Lines that are steeper, in degrees, may run upwards or downwards. */
const STEEP = 75;

/** What is read at once: the ink of one shade, turned by one angle. */
interface Pass {
	readonly ink: Plane;
	/** clockwise, of the text */
	readonly angle: number;
	/** size of what is read by that of the image */
	readonly scale: number;
}

/** Where a point of an image that was turned and scaled is in the image as it is stored. */
function backwards(read: Plane, { ink: { width, height }, angle, scale }: Pass) {
	const radians = (angle * Math.PI) / 180;
	const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
	return (x: number, y: number): Point => {
		const [dx, dy] = [x - read.width / 2, y - read.height / 2];
		return [(width / 2 + dx * cos - dy * sin) / scale, (height / 2 + dx * sin + dy * cos) / scale];
	};
}

type Backwards = ReturnType<typeof backwards>;

interface Bounds {
	readonly x0: number;
	readonly y0: number;
	readonly x1: number;
	readonly y1: number;
}

const cornersOf = ({ x0, y0, x1, y1 }: Bounds, back: Backwards): Corners => [
	back(x0, y0),
	back(x1, y0),
	back(x1, y1),
	back(x0, y1),
];

const around = (boxes: readonly Bounds[]): Bounds => ({
	x0: Math.min(...boxes.map(({ x0 }) => x0)),
	y0: Math.min(...boxes.map(({ y0 }) => y0)),
	x1: Math.max(...boxes.map(({ x1 }) => x1)),
	y1: Math.max(...boxes.map(({ y1 }) => y1)),
});

const isWord = ({ text, confidence }: Word) =>
	confidence >= MIN_CONFIDENCE && /[\p{L}\p{N}]/u.test(text);

/** Noise is read as one or two letters, or as one letter again and again. */
function isText(text: string): boolean {
	const letters = text.match(/[\p{L}\p{N}]/gu) ?? [];
	const enough = /\p{Script=Han}/u.test(text) ? 2 : 3;
	return letters.length >= enough && new Set(letters).size > 1;
}

function foundIn(line: Line, back: Backwards): FoundText | undefined {
	const words = line.words.filter(isWord);
	// The engine puts Chinese characters apart, as if each were a word.
	const text = words
		.map((word) => word.text)
		.join(' ')
		.replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
	if (!isText(text)) return undefined;
	const lengths = words.map((word) => word.text.length);
	const total = lengths.reduce((sum, length) => sum + length, 0);
	const confidence = words.reduce(
		(sum, word, index) => sum + (word.confidence * (lengths[index] ?? 0)) / total,
		0,
	);
	const characters = words.flatMap(({ symbols }) =>
		symbols.map((symbol): FoundCharacter => ({
			text: symbol.text,
			confidence: symbol.confidence,
			corners: cornersOf(symbol.bbox, back),
		})),
	);
	const bounds = around(words.map(({ bbox }) => bbox));
	return { text, confidence, corners: cornersOf(bounds, back), characters };
}

async function readPass(engine: TextEngine, pass: Pass): Promise<FoundText[]> {
	const read = await turned(pass.ink, -pass.angle);
	const back = backwards(read, pass);
	const lines = await engine.read(await toPng(read));
	return lines.map((line) => foundIn(line, back)).filter((found) => found !== undefined);
}

/** How much there is to a line: one that is long and sure is better than a part of it. */
const worth = ({ text, confidence }: FoundText) => text.length * (confidence - 50);

/** Whether a line covers the middle of another one: parallel lines that are turned may be close. */
function covers({ corners }: FoundText, { corners: [from, , to] }: FoundText): boolean {
	const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
	return corners.every(([x0, y0], index) => {
		const [x1, y1] = corners[(index + 1) % corners.length] ?? [x0, y0];
		return (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) >= 0;
	});
}

/** Of lines that were read at one place, the best. */
function best(found: readonly FoundText[]): FoundText[] {
	const kept: FoundText[] = [];
	for (const line of found.toSorted((a, b) => worth(b) - worth(a))) {
		if (!kept.some((other) => covers(line, other) || covers(other, line))) kept.push(line);
	}
	return kept;
}

function bothWays(degrees: number): number[] {
	if (Math.abs(degrees) <= STEEP) return [degrees];
	return [degrees, degrees > 0 ? degrees - 180 : degrees + 180];
}

/** At which angles text of one shade is to be read, in an image of whole or half size. */
async function passes(
	grey: Plane,
	shade: Shade,
	{ scale, isHalf }: { readonly scale: number; readonly isHalf: boolean },
): Promise<Pass[]> {
	const letters = await ink(grey, shade);
	const groups = textGroups(letters);
	// A page is upright; of large letters it has too few.
	if (groups === 'page') return isHalf ? [] : [{ ink: letters, angle: 0, scale }];
	return groups
		.filter(({ size }) => (isHalf ? size * 2 > SMALL_LETTERS : size <= LARGE))
		.flatMap((group) => {
			const lines = onlyLines(letters, group);
			return bothWays(group.degrees).map((angle) => ({ ink: lines, angle, scale }));
		});
}

/**
 * Reads the text in an image, light or dark, at the angles at which there seems to be some. Large letters are read
 * in a copy of half the size. Lines are told from the top to the bottom.
 * @throws CosFailure as `losslessCopy` does
 */
export async function readText(
	engine: TextEngine,
	bytes: Buffer,
	format: SourceFormat,
): Promise<readonly FoundText[]> {
	const grey = await greyPlane(bytes, format);
	const long = Math.max(grey.width, grey.height);
	const scale = long < SMALL ? 2 : Math.min(1, LONGEST / long);
	const whole = await scaled(grey, scale);
	const half = await scaled(whole, 0.5);
	const found: FoundText[] = [];
	for (const shade of ['light', 'dark'] as const) {
		for (const pass of [
			...(await passes(whole, shade, { scale, isHalf: false })),
			...(await passes(half, shade, { scale: scale / 2, isHalf: true })),
		]) {
			found.push(...(await readPass(engine, pass)));
		}
	}
	return best(found).toSorted(({ corners: [a] }, { corners: [b] }) => a[1] - b[1] || a[0] - b[0]);
}
