import { doubleArea, isSimple } from './outline';
import { boxCorners, samePoint, turn, type Box, type Point, type Polygon } from './points';

/**
 * Unions and cuts of outlines.
 *
 * All outlines are cut into pieces where they meet, so that pieces share nothing but their ends. Then a
 * piece belongs to the result's outline when only one of its two sides is inside. Everything is computed
 * in whole numbers, sixty-fourths of a pixel, and cannot fail on outlines that touch or lie on each other.
 */

/** Steps in a pixel. */
const SCALE = 64;
/** Rounds in which pieces are cut again because rounding moved them across each other; two are common. */
const MOST_ROUNDS = 30;

/** Strands at most: those of any logo take a tenth of a second, and these about one. */
const MOST_STRANDS = 20_000;

type Piece = readonly [from: Point, to: Point];

/** Closed curves that may cross themselves; the area of one is where its winding number is not 0. */
type Curves = ReadonlyArray<readonly Point[]>;

/** A piece that all curves of all groups have in common, with how often each group runs along it. */
interface Strand {
	readonly piece: Piece;
	/** For each group: times from the first end to the second, minus times back. */
	readonly runs: number[];
}

function before(a: Point, b: Point): boolean {
	return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}

/** A number of its own for each point. */
function keyOf([x, y]: Point): number {
	return (x + 2 ** 25) * 2 ** 26 + (y + 2 ** 25);
}

/** Pieces that lie on each other become one strand. */
function strandsOf(groups: ReadonlyArray<readonly Piece[]>): Strand[] {
	const strands: Strand[] = [];
	const byEnds = new Map<number, Map<number, Strand>>();
	groups.forEach((pieces, group) => {
		for (const [from, to] of pieces) {
			if (samePoint(from, to)) continue;
			const forward = before(from, to);
			const piece: Piece = forward ? [from, to] : [to, from];
			const [first, second] = piece.map(keyOf);
			if (first === undefined || second === undefined) continue;
			const fromFirst = byEnds.get(first) ?? new Map<number, Strand>();
			byEnds.set(first, fromFirst);
			let strand = fromFirst.get(second);
			if (!strand) {
				strand = { piece, runs: groups.map(() => 0) };
				fromFirst.set(second, strand);
				strands.push(strand);
			}
			strand.runs[group] = (strand.runs[group] ?? 0) + (forward ? 1 : -1);
		}
	});
	return strands;
}

function crossingOf([a, b]: Piece, [c, d]: Piece): Point | undefined {
	const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
	if (Math.sign(abc) * Math.sign(abd) >= 0 || Math.sign(cda) * Math.sign(cdb) >= 0) return;
	const share = cda / (cda - cdb);
	return [Math.round(a[0] + share * (b[0] - a[0])), Math.round(a[1] + share * (b[1] - a[1]))];
}

/** Whether a point lies on a piece, but not at its end. The piece runs from left to right. */
function isWithin(point: Point, [a, b]: Piece): boolean {
	return (
		before(a, point) &&
		before(point, b) &&
		Math.min(a[1], b[1]) <= point[1] &&
		point[1] <= Math.max(a[1], b[1]) &&
		turn(a, b, point) === 0
	);
}

/** Where two strands meet, but for the ends that they share. */
function meetingPoints(one: Piece, other: Piece): readonly Point[] {
	const crossing = crossingOf(one, other);
	if (crossing) return [crossing];
	return [
		...other.filter((end) => isWithin(end, one)),
		...one.filter((end) => isWithin(end, other)),
	];
}

/** For each strand that others meet, the points where they do. */
function findCuts(strands: readonly Strand[]): Map<Strand, Point[]> {
	const cuts = new Map<Strand, Point[]>();
	const fromLeft = [...strands].sort((one, other) => one.piece[0][0] - other.piece[0][0]);
	fromLeft.forEach((one, index) => {
		const [first, second] = one.piece;
		const [right, top] = [second[0], Math.min(first[1], second[1])];
		const bottom = Math.max(first[1], second[1]);
		for (let next = index + 1; next < fromLeft.length; next++) {
			const other = fromLeft[next];
			if (!other || other.piece[0][0] > right) break;
			// Most pairs end here.
			const from = other.piece[0][1];
			const to = other.piece[1][1];
			if ((from < top && to < top) || (from > bottom && to > bottom)) continue;
			for (const point of meetingPoints(one.piece, other.piece)) {
				for (const strand of [one, other]) {
					if (strand.piece.some((end) => samePoint(end, point))) continue;
					const points = cuts.get(strand);
					if (points) points.push(point);
					else cuts.set(strand, [point]);
				}
			}
		}
	});
	return cuts;
}

/** The pieces of a strand between its ends and the points where it is cut. */
function piecesOf({ piece: [a, b] }: Strand, cuts: readonly Point[]): Piece[] {
	const along = (point: Point) =>
		(point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1]);
	const stops = [a, ...[...cuts].sort((one, other) => along(one) - along(other)), b];
	return stops.slice(1).map((to, index): Piece => [stops[index] ?? to, to]);
}

/** Strands that meet at their ends only, or undefined when there are too many crossings. */
function cutStrands(groups: ReadonlyArray<readonly Piece[]>): Strand[] | undefined {
	let strands = strandsOf(groups);
	for (let round = 0; round < MOST_ROUNDS && strands.length <= MOST_STRANDS; round++) {
		const cuts = findCuts(strands);
		if (cuts.size === 0) return strands;
		strands = strandsOf(
			groups.map((_, group) =>
				strands.flatMap((strand) => {
					const count = strand.runs[group] ?? 0;
					const pieces = piecesOf(strand, cuts.get(strand) ?? []);
					const run = count > 0 ? pieces : pieces.map(([from, to]): Piece => [to, from]);
					return Array.from({ length: Math.abs(count) }, () => run).flat();
				}),
			),
		).filter(({ runs }) => runs.some((count) => count !== 0));
	}
	return undefined;
}

/** Strands by the stripes of the plane that they reach into: columns, or rows. */
class Stripes {
	private readonly width: number;
	private readonly stripes: Strand[][] = [];
	private readonly start: number;

	constructor(strands: readonly Strand[], axis: 0 | 1) {
		const ends = strands.flatMap(({ piece }) => piece.map((end) => end[axis]));
		const [start, end] = ends.reduce(
			([low, high], value) => [Math.min(low, value), Math.max(high, value)],
			[Infinity, -Infinity],
		);
		this.start = start;
		this.width = (end - start) / Math.ceil(Math.sqrt(strands.length)) + 1;
		for (const strand of strands) {
			const [a, b] = strand.piece;
			// Those along the stripes are never looked for across them.
			if (a[axis] === b[axis]) continue;
			const [first, last] = [this.stripeOf(a[axis]), this.stripeOf(b[axis])];
			for (let at = Math.min(first, last); at <= Math.max(first, last); at++) {
				(this.stripes[at] ??= []).push(strand);
			}
		}
	}

	private stripeOf(value: number): number {
		return Math.floor((value - this.start) / this.width);
	}

	at(value: number): readonly Strand[] {
		return this.stripes[this.stripeOf(value)] ?? [];
	}
}

/** How often each group goes round what lies to the right and to the left of a strand. */
function windingsBeside(
	own: Strand,
	columns: Stripes,
	rows: Stripes,
): { readonly right: readonly number[]; readonly left: readonly number[] } {
	const [a, b] = own.piece;
	// Counted from the middle of the strand upwards; from an upright one to the left.
	const axis = a[0] === b[0] ? 1 : 0;
	const signOf = (piece: Piece) => (axis === 1 && piece[0][1] < piece[1][1] ? -1 : 1);
	// Twice the coordinates, so that the middle is whole numbers.
	const middle: Point = [a[0] + b[0], a[1] + b[1]];
	const near = own.runs.map(() => 0);
	for (const strand of (axis === 0 ? columns : rows).at(middle[axis] / 2)) {
		const c = strand.piece[0];
		const d = strand.piece[1];
		const from = 2 * Math.min(c[axis], d[axis]);
		if (strand === own || middle[axis] < from) continue;
		if (middle[axis] >= 2 * Math.max(c[axis], d[axis])) continue;
		const sign = signOf(strand.piece);
		const side = (d[0] - c[0]) * (middle[1] - 2 * c[1]) - (d[1] - c[1]) * (middle[0] - 2 * c[0]);
		if (side * sign <= 0) continue;
		strand.runs.forEach((count, group) => {
			near[group] = (near[group] ?? 0) + sign * count;
		});
	}
	const far = near.map((sum, group) => sum + signOf(own.piece) * (own.runs[group] ?? 0));
	return axis === 1 ? { right: near, left: far } : { right: far, left: near };
}

/** Whether what groups go round so often each is part of the result. */
type Inside = (windings: readonly number[]) => boolean;

/** The pieces of the result's outline, with the inside to their right. */
function outlinePieces(strands: readonly Strand[], inside: Inside): Piece[] {
	const [columns, rows] = [new Stripes(strands, 0), new Stripes(strands, 1)];
	return strands.flatMap((strand): Piece[] => {
		const { right, left } = windingsBeside(strand, columns, rows);
		const [isRight, isLeft] = [inside(right), inside(left)];
		if (isRight === isLeft) return [];
		const [from, to] = strand.piece;
		return [isRight ? [from, to] : [to, from]];
	});
}

/** How far the way turns to the right, from -180 to 180 degrees, in radians. */
function angle(before: Point, at: Point, after: Point): number {
	const ahead = (at[0] - before[0]) * (after[0] - at[0]) + (at[1] - before[1]) * (after[1] - at[1]);
	return Math.atan2(turn(before, at, after), ahead);
}

/** A ring that comes to a corner twice, as rings that do not. */
function splitRing(ring: readonly Point[]): Point[][] {
	const rings: Point[][] = [];
	const way: Point[] = [];
	const places = new Map<number, number>();
	for (const point of ring) {
		const place = places.get(keyOf(point));
		if (place !== undefined) {
			const loop = way.splice(place);
			for (const passed of loop) places.delete(keyOf(passed));
			rings.push(loop);
		}
		places.set(keyOf(point), way.length);
		way.push(point);
	}
	return [...rings, way];
}

/** Joins pieces to rings. Where several meet, the way turns as far to the right as it can. */
function ringsOf(pieces: readonly Piece[]): Point[][] {
	const leaving = new Map<number, Point[]>();
	for (const [from, to] of pieces) {
		leaving.set(keyOf(from), [...(leaving.get(keyOf(from)) ?? []), to]);
	}
	const take = (before: Point | undefined, at: Point): Point | undefined => {
		const ends = leaving.get(keyOf(at)) ?? [];
		const [best] = before
			? [...ends].sort((one, other) => angle(before, at, other) - angle(before, at, one))
			: ends;
		leaving.set(
			keyOf(at),
			ends.filter((end) => end !== best),
		);
		return best;
	};
	return pieces.flatMap(([start]) => {
		const ring: Point[] = [];
		let [previous, at]: [Point | undefined, Point | undefined] = [undefined, start];
		for (;;) {
			const next: Point | undefined = take(previous, at);
			if (!next) break;
			ring.push(at);
			[previous, at] = [at, next];
		}
		return ring.length < 3 ? [] : splitRing(ring);
	});
}

/** Without corners at which the outline goes straight on. */
function withoutStraights(ring: readonly Point[]): Point[] {
	return ring.filter((corner, index) => {
		const before = ring.at(index - 1) ?? corner;
		const after = ring[(index + 1) % ring.length] ?? corner;
		return turn(before, corner, after) !== 0;
	});
}

/** Whole numbers near a value; the value alone if it is one, as on the edge of an image. */
function wholeNear(value: number): number[] {
	const whole = Math.floor(value);
	return whole === value ? [whole] : [whole - 1, whole, whole + 1, whole + 2];
}

/**
 * A corner in whole pixels: the nearest with which the outline goes round all that it did, if there is one
 * close by.
 */
function toPixel(before: Point, at: Point, after: Point): Point {
	const [x, y] = [at[0] / SCALE, at[1] / SCALE];
	const turnsIn = turn(before, at, after) < 0;
	const distance = (point: Point) => Math.hypot(point[0] - x, point[1] - y);
	const [nearest] = wholeNear(x)
		.flatMap((column) => wholeNear(y).map((row): Point => [column, row]))
		.filter(([column, row]) => {
			const place: Point = [column * SCALE, row * SCALE];
			return turnsIn
				? turn(before, at, place) <= 0 && turn(at, after, place) <= 0
				: turn(before, place, at) >= 0 && turn(place, after, at) >= 0;
		})
		.sort((one, other) => distance(one) - distance(other));
	return nearest ?? [Math.round(x), Math.round(y)];
}

function inPixels(ring: readonly Point[]): Point[] {
	const corners = ring.map((corner, index) =>
		toPixel(ring.at(index - 1) ?? corner, corner, ring[(index + 1) % ring.length] ?? corner),
	);
	return withoutStraights(
		corners.filter((corner, index) => !samePoint(corner, corners.at(index - 1) ?? corner)),
	);
}

/** The smallest convex outline around points, clockwise. */
export function hullOf(points: readonly Point[]): Polygon {
	const sorted = [...points].sort(([x1, y1], [x2, y2]) => x1 - x2 || y1 - y2);
	const chain = (way: readonly Point[]) => {
		const kept: Point[] = [];
		for (const point of way) {
			for (;;) {
				const [a, b] = kept.slice(-2);
				if (!a || !b || turn(a, b, point) > 0) break;
				kept.pop();
			}
			kept.push(point);
		}
		return kept.slice(0, -1);
	};
	return [...chain(sorted), ...chain(sorted.reverse())];
}

const scaled = (curves: Curves): Curves =>
	curves.map((curve) => curve.map(([x, y]): Point => [x * SCALE, y * SCALE]));

const piecesOfCurves = (curves: Curves): Piece[] =>
	curves.flatMap((curve) => curve.map((to, index): Piece => [curve.at(index - 1) ?? to, to]));

/** Pixels, beyond any image and its margin. */
const EVERYTHING = 200_000;

const isWound: Inside = ([winding]) => winding !== 0;

/** The whole columns of pixels that a ring spans. */
function columnsOf(ring: readonly Point[]): Pick<Box, 'left' | 'right'> {
	const xs = ring.map(([x]) => x / SCALE);
	return { left: Math.ceil(Math.min(...xs)), right: Math.floor(Math.max(...xs)) };
}

/** What is narrower than a pixel is no hole. */
const isWide = ({ left, right }: Pick<Box, 'left' | 'right'>) => left < right;

/**
 * The outlines of what is inside, without holes: a region with a hole comes in two parts, left and right
 * of a line through the hole.
 */
function regionsOf(groups: readonly Curves[], inside: Inside, rounds = 3): Polygon[] | undefined {
	const strands = cutStrands(groups.map(piecesOfCurves));
	if (!strands) return undefined;
	const rings = ringsOf(outlinePieces(strands, inside)).map(withoutStraights);
	const hole = rings
		.filter((ring) => doubleArea(ring) < 0)
		.map(columnsOf)
		.find(isWide);
	if (hole) {
		const middle = Math.floor((hole.left + hole.right) / 2);
		const halves: Box[] = [
			{ left: -EVERYTHING, top: -EVERYTHING, right: middle, bottom: EVERYTHING },
			{ left: middle, top: -EVERYTHING, right: EVERYTHING, bottom: EVERYTHING },
		];
		const [one, other] = halves.map((half) =>
			regionsOf(
				[...groups, scaled([boxCorners(half)])],
				(windings) => windings.at(-1) !== 0 && inside(windings.slice(0, -1)),
				rounds,
			),
		);
		return one && other && [...one, ...other];
	}
	return rings
		.filter((ring) => doubleArea(ring) > 0)
		.map(inPixels)
		.filter((corners) => corners.length >= 3)
		.flatMap((corners) => {
			if (isSimple(corners) && doubleArea(corners) > 0) return [corners];
			// Whole pixels have moved sides across each other: once more, from where they are now.
			const again = rounds > 0 ? regionsOf([scaled([corners])], isWound, rounds - 1) : undefined;
			return again ?? [hullOf(corners)];
		});
}

/**
 * The area that curves go round, in whole pixels: clockwise outlines without holes that do not cross
 * themselves.
 *
 * @param curves closed, in whole pixels; one may cross itself, and counts where it goes round more often
 *   clockwise than the other way, or less often
 * @returns undefined when the curves are too tangled
 */
export function unionOf(curves: Curves): Polygon[] | undefined {
	return regionsOf([scaled(curves)], isWound);
}

/** The parts of a polygon inside a box, as `unionOf` gives them. */
export function cutToBox(polygon: Polygon, box: Box): Polygon[] | undefined {
	return regionsOf(
		[scaled([polygon]), scaled([boxCorners(box)])],
		([ofPolygon, ofBox]) => ofPolygon !== 0 && ofBox !== 0,
	);
}
