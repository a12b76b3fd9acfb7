import type { Line, Word } from 'tesseract.js';

import type { Corners, FoundCharacter, FoundText, Point } from '../http/found';
import type { SourceFormat } from '../repair/formats';
import { greyPlane, ink, scaled, toPng, turned, type Plane, type Shade } from './ink';
import type { TextEngine } from './textEngine';

/** Long side of what is read, in pixels: more takes longer, and marks are large on large images. */
const LONGEST = 1600;
/** Below this long side, an image is read twice as large. */
const SMALL = 700;
/** A word below this confidence is noise. */
const MIN_CONFIDENCE = 60;
/** Text that is turned is looked for at these angles, in degrees clockwise, if none is upright. */
const ANGLES = [-30, 30, -45, 45, 270, 90, -15, 15];

interface Pass {
	readonly grey: Plane;
	readonly shade: Shade;
	/** clockwise, of the text */
	readonly angle: number;
	/** size of what is read by that of the image */
	readonly scale: number;
}

/** Where a point of an image that was turned and scaled is in the image as it is stored. */
function backwards(read: Plane, { grey, angle, scale }: Pass) {
	const radians = (angle * Math.PI) / 180;
	const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
	return (x: number, y: number): Point => {
		const [dx, dy] = [x - read.width / 2, y - read.height / 2];
		return [
			(grey.width / 2 + dx * cos - dy * sin) / scale,
			(grey.height / 2 + dx * sin + dy * cos) / scale,
		];
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

/** Noise is read as one letter, or as one letter again and again. */
const isText = (text: string) => new Set(text.match(/[\p{L}\p{N}]/gu)).size > 1;

function foundIn(line: Line, back: Backwards): FoundText | undefined {
	const words = line.words.filter(isWord);
	const text = words.map((word) => word.text).join(' ');
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
	const read = await turned(await ink(pass.grey, pass.shade), -pass.angle);
	const back = backwards(read, pass);
	const lines = await engine.read(await toPng(read));
	return lines.map((line) => foundIn(line, back)).filter((found) => found !== undefined);
}

/** How much there is to a line: one that is long and sure is better than a part of it. */
const worth = ({ text, confidence }: FoundText) => text.length * (confidence - 50);

function boundsOf({ corners }: FoundText): Bounds {
	return around(corners.map(([x, y]) => ({ x0: x, y0: y, x1: x, y1: y })));
}

function overlap(one: FoundText, other: FoundText): boolean {
	const [a, b] = [boundsOf(one), boundsOf(other)];
	const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
	const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
	return width > 0 && height > 0;
}

/** Of lines that were read at one place, the best. */
function best(found: readonly FoundText[]): FoundText[] {
	const kept: FoundText[] = [];
	for (const line of found.toSorted((a, b) => worth(b) - worth(a))) {
		if (!kept.some((other) => overlap(line, other))) kept.push(line);
	}
	return kept;
}

/** Several passes, one after the other: light letters and dark ones. */
async function readShades(engine: TextEngine, pass: Omit<Pass, 'shade'>): Promise<FoundText[]> {
	const light = await readPass(engine, { ...pass, shade: 'light' });
	return [...light, ...(await readPass(engine, { ...pass, shade: 'dark' }))];
}

/**
 * Reads the text in an image. Large letters are read in a copy of half the size. Only if no text is upright, it is
 * looked for at other angles.
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
	const full = await scaled(grey, scale);
	const half = await scaled(full, 0.5);
	const upright = best([
		...(await readShades(engine, { grey: full, angle: 0, scale })),
		...(await readShades(engine, { grey: half, angle: 0, scale: scale / 2 })),
	]);
	if (upright.length > 0) return upright;
	const found: FoundText[] = [];
	for (const angle of ANGLES) {
		found.push(...(await readShades(engine, { grey: half, angle, scale: scale / 2 })));
	}
	return best(found);
}
