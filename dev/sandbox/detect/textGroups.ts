import type { Plane } from './ink';

/** A blot of ink: a letter, or noise. */
interface Blot {
	/** middle of its box */
	readonly x: number;
	readonly y: number;
	/** diagonal of its box, in pixels */
	readonly size: number;
}

/** Darker than this, out of 255, is ink. */
const INK = 185;
/** Of letters: the diagonal in pixels, the longer side by the shorter one, and the share of ink in the box. */
const SIZE = { from: 7, to: 150 };
const LONGEST_SHAPE = 6;
const FILLED = { from: 0.12, to: 0.95 };
/** More blots than these are texture. */
const MOST_BLOTS = 600;
/** Letters of one line: how far they are apart, by their size, and how much their sizes differ. */
const APART = { from: 0.7, to: 6 };
const ALIKE = 1.8;
/** Degrees of one bin. */
const BIN = 5;
const BINS = 180 / BIN;
/** How much an angle must stand out of the others. */
const STANDS_OUT = 2.5;
const MOST_ANGLES = 3;
/** Fewer pairs than three letters make are noise. */
const FEWEST_PAIRS = 3;
/** Degrees within which lines are taken to be upright. */
const SNAP = 4;
/** How far a line reaches to its sides and its ends, by the size of a letter: some letters touch something else. */
const AROUND = 0.75;
const ENDS = 1;

/** Whether a blot can be a letter. @param count of its pixels */
function isLetter(count: number, width: number, height: number): boolean {
	const size = Math.hypot(width, height);
	const filled = count / (width * height);
	return (
		size >= SIZE.from &&
		size <= SIZE.to &&
		Math.max(width / height, height / width) <= LONGEST_SHAPE &&
		filled >= FILLED.from &&
		filled <= FILLED.to
	);
}

/** The blots of an image, by flood filling. Written for speed: it looks at every pixel. */
function blots({ data, width, height }: Plane): Blot[] {
	const isInk = new Uint8Array(data.length);
	for (let index = 0; index < data.length; index++) isInk[index] = (data[index] ?? 0) < INK ? 1 : 0;
	const found: Blot[] = [];
	const stack = new Int32Array(data.length);
	for (let start = isInk.indexOf(1); start >= 0; start = isInk.indexOf(1, start)) {
		let count = 0;
		let left = width;
		let right = 0;
		let bottom = 0;
		const top = Math.floor(start / width);
		let depth = 0;
		stack[depth++] = start;
		isInk[start] = 0;
		while (depth > 0) {
			const at = stack[--depth] ?? 0;
			const y = Math.floor(at / width);
			const x = at - y * width;
			count++;
			if (x < left) left = x;
			if (x > right) right = x;
			if (y > bottom) bottom = y;
			const fromX = x > 0 ? -1 : 0;
			const toX = x < width - 1 ? 1 : 0;
			for (let down = y > 0 ? -width : 0; down <= (y < height - 1 ? width : 0); down += width) {
				for (let next = at + down + fromX; next <= at + down + toX; next++) {
					if (isInk[next] === 0) continue;
					isInk[next] = 0;
					stack[depth++] = next;
				}
			}
		}
		const [wide, high] = [right - left + 1, bottom - top + 1];
		if (!isLetter(count, wide, high)) continue;
		const [x, y] = [(left + right) / 2, (top + bottom) / 2];
		found.push({ x, y, size: Math.hypot(wide, high) });
	}
	return found;
}

/** Two blots that could be letters of one line. */
interface Pair {
	readonly blots: readonly [Blot, Blot];
	/** clockwise, from 0 to 180 */
	readonly degrees: number;
}

/** All pairs of blots that could belong to one line, in bins of angles. */
function pairsByAngle(found: readonly Blot[]): Pair[][] {
	const bins = Array.from({ length: BINS }, (): Pair[] => []);
	for (const [index, one] of found.entries()) {
		for (const other of found.slice(index + 1)) {
			const [dx, dy] = [other.x - one.x, other.y - one.y];
			const apart = (2 * Math.hypot(dx, dy)) / (one.size + other.size);
			if (apart < APART.from || apart > APART.to) continue;
			if (Math.max(one.size / other.size, other.size / one.size) > ALIKE) continue;
			const degrees = ((Math.atan2(dy, dx) * 180) / Math.PI + 180) % 180;
			bins[Math.round(degrees / BIN) % BINS]?.push({ blots: [one, other], degrees });
		}
	}
	return bins;
}

const median = (values: readonly number[]) =>
	values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Lines of text that may be there, all in one direction. */
export interface TextGroup {
	/** degrees clockwise, above -90 and up to 90; 0 for what is nearly upright, and 90 in the same way */
	readonly degrees: number;
	/** diagonal of a letter, in pixels */
	readonly size: number;
	readonly pairs: readonly Pair[];
}

function snapped(degrees: number): number {
	const quarter = Math.round(degrees / 90) * 90;
	const angle = Math.abs(degrees - quarter) < SNAP ? quarter : degrees;
	return angle > 90 ? angle - 180 : angle;
}

function groupOf(pairs: readonly Pair[], middle: number): TextGroup {
	// Around 0, there are angles of nearly 180.
	const off = pairs.map(({ degrees }) => ((degrees - middle + 270) % 180) - 90);
	const mean = off.reduce((sum, value) => sum + value, 0) / off.length;
	const letters = [...new Set(pairs.flatMap(({ blots }) => blots))];
	return {
		degrees: snapped(middle + mean),
		size: median(letters.map(({ size }) => size)),
		pairs,
	};
}

/**
 * Blots of ink that follow each other in one direction, as letters do, more often than in others. A page, on which
 * there are many, is told as such.
 */
export function textGroups(ink: Plane): TextGroup[] | 'page' {
	const letters = blots(ink);
	if (letters.length > MOST_BLOTS) return 'page';
	const bins = pairsByAngle(letters);
	const at = (index: number) => bins[(index + BINS) % BINS] ?? [];
	const weights = bins.map(
		(pairs, index) => 2 * pairs.length + at(index - 1).length + at(index + 1).length,
	);
	const average = weights.reduce((sum, weight) => sum + weight, 0) / BINS;
	return weights
		.map((weight, index) => ({ weight, index }))
		.filter(({ weight, index }) => {
			const before = weights[(index + BINS - 1) % BINS] ?? 0;
			const after = weights[(index + 1) % BINS] ?? 0;
			return weight > STANDS_OUT * average && weight > before && weight >= after;
		})
		.toSorted((a, b) => b.weight - a.weight)
		.slice(0, MOST_ANGLES)
		.map(({ index }) => groupOf([...at(index - 1), ...at(index), ...at(index + 1)], index * BIN))
		.filter(({ pairs }) => pairs.length >= FEWEST_PAIRS);
}

/** Nothing but the lines of a group, on white paper. */
export function onlyLines({ data, width, height }: Plane, { pairs }: TextGroup): Plane {
	const kept = Buffer.alloc(data.length, 255);
	const keep = (x: number, y: number, around: number) => {
		const left = Math.max(0, Math.floor(x - around));
		const right = Math.min(width, Math.ceil(x + around));
		const bottom = Math.min(height, Math.ceil(y + around));
		if (left >= right) return;
		for (let row = Math.max(0, Math.floor(y - around)); row < bottom; row++) {
			data.copy(kept, row * width + left, row * width + left, row * width + right);
		}
	};
	for (const {
		blots: [one, other],
	} of pairs) {
		const [dx, dy] = [other.x - one.x, other.y - one.y];
		const apart = Math.hypot(dx, dy);
		const size = (one.size + other.size) / 2;
		for (let way = -ENDS * size; way <= apart + ENDS * size; way += size / 2) {
			keep(one.x + (dx * way) / apart, one.y + (dy * way) / apart, size * AROUND);
		}
	}
	return { data: kept, width, height };
}
