import fc from 'fast-check';

import { readImage } from '../../cos/images/readImage';
import { FAMILIES, specimens, type Specimen } from '../../test/corpus/corpus';
import { timeOf } from './fuzz';
import { digits, type Part } from './report';

const LIMIT_MS = 50;
const SEED = 1;
const MEGABYTE = 1024 * 1024;

/** A place in a file: so many parts of 65,536 of the whole, or so many bytes from its start. */
type Place = { part: number } | { byte: number };

type Mutation =
	| { kind: 'flip'; at: Place; bit: number }
	| { kind: 'cut'; at: Place }
	| { kind: 'splice'; at: Place; bytes: readonly number[] }
	| { kind: 'repeat'; at: Place; length: number; times: number }
	| { kind: 'grow'; at: Place; length: number };

const place: fc.Arbitrary<Place> = fc.oneof(
	fc.record({ part: fc.nat(65_535) }),
	// Most of the structure of a large file is at its start.
	fc.record({ byte: fc.nat(300) }),
);

/** Lengths and counts that are likely to be misunderstood, in both byte orders. */
const splice = fc
	.tuple(
		fc.constantFrom(
			0,
			1,
			2,
			7,
			8,
			15,
			16,
			255,
			0x7fff,
			0xffff,
			0x7fffffff,
			0x80000000,
			2 ** 32 - 1,
		),
		fc.constantFrom(1, 2, 4, 8),
		fc.boolean(),
	)
	.map(([value, size, isLittle]) => {
		const bytes = Array.from(
			{ length: size },
			(_, index) => Math.floor(value / 256 ** index) % 256,
		);
		return isLittle ? bytes : bytes.reverse();
	});

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
	fc.record({ kind: fc.constant('flip'), at: place, bit: fc.nat(7) }),
	fc.record({ kind: fc.constant('cut'), at: place }),
	fc.record({ kind: fc.constant('splice'), at: place, bytes: splice }),
	fc.record({
		kind: fc.constant('repeat'),
		at: place,
		length: fc.integer({ min: 1, max: 300 }),
		times: fc.integer({ min: 1, max: 5 }),
	}),
);

/** Repeats a few bytes until the file has 1 MB. */
const grow = fc.record({
	kind: fc.constant('grow'),
	at: place,
	length: fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 300 })),
});

/** One to four changes; every twentieth file grows to 1 MB. */
const mutations = fc
	.tuple(
		fc.array(mutation, { minLength: 1, maxLength: 4 }),
		fc.oneof({ weight: 19, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: grow }),
		fc.boolean(),
	)
	.map(([changes, growth, growsFirst]): Mutation[] => {
		if (!growth) return changes;
		return growsFirst ? [growth, ...changes] : [...changes, growth];
	});

function indexOf(at: Place, { length }: Uint8Array): number {
	if ('byte' in at) return Math.min(at.byte, length);
	return Math.floor((at.part / 65_536) * length);
}

/** The file with a range of it inserted again, so often that so many bytes are added. */
function inserted(file: Uint8Array, at: number, length: number, added: number): Uint8Array {
	const range = file.subarray(at, at + length);
	if (range.length === 0 || added <= 0) return file;
	const longer = new Uint8Array(file.length + added);
	longer.set(file.subarray(0, at));
	longer.subarray(at, at + added).set(Buffer.alloc(added, range));
	longer.set(file.subarray(at), at + added);
	return longer;
}

function mutated(file: Uint8Array, change: Mutation): Uint8Array {
	const at = indexOf(change.at, file);
	switch (change.kind) {
		case 'cut':
			return file.slice(0, at);
		case 'repeat':
			return inserted(file, at, change.length, change.length * change.times);
		case 'grow':
			return inserted(file, at, change.length, MEGABYTE - file.length);
		case 'flip': {
			const copy = file.slice();
			if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << change.bit);
			return copy;
		}
		case 'splice': {
			const copy = file.slice();
			copy.set(change.bytes.slice(0, copy.length - at), at);
			return copy;
		}
	}
}

/** What the files of one family took. */
interface Outcome {
	family: string;
	files: number;
	/** Milliseconds of each file, by whether it has 1 MB or so. */
	small: number[];
	large: number[];
	/** The error, with a file that causes it. */
	wrong?: string;
}

function read(file: Uint8Array, outcome: Outcome): void {
	const ms = timeOf(() => readImage(file));
	outcome.files++;
	(file.length >= MEGABYTE / 2 ? outcome.large : outcome.small).push(ms);
}

function fuzzFamily(family: string, files: readonly Specimen[], cases: number): Outcome {
	const outcome: Outcome = { family, files: 0, small: [], large: [] };
	const byName = new Map(files.map(({ name, bytes }) => [name, bytes]));
	const property = fc.property(fc.constantFrom(...byName.keys()), mutations, (name, changes) => {
		read(changes.reduce(mutated, byName.get(name) ?? new Uint8Array()), outcome);
	});
	const result = fc.check(property, { numRuns: cases, seed: SEED });
	if (!result.failed) return outcome;
	const example = JSON.stringify(result.counterexample);
	return { ...outcome, wrong: `${String(result.errorInstance)} for ${example}` };
}

/** The value that only one of a thousand is above. */
function nearlyLongest(times: readonly number[]): number {
	const sorted = [...times].sort((a, b) => a - b);
	return sorted[Math.ceil(sorted.length * 0.999) - 1] ?? 0;
}

const longest = (times: readonly number[]) => times.reduce((most, time) => Math.max(most, time), 0);

/** (h) The reader of image files, with files of the corpus that are changed at random. */
export async function measureImages(quick: boolean): Promise<Part> {
	const cases = quick ? 2000 : 100_000;
	const all = await specimens();
	const share = Math.ceil(cases / FAMILIES.length);
	const outcomes = FAMILIES.map((family) =>
		fuzzFamily(
			family,
			all.filter((one) => one.family === family),
			share,
		),
	);
	const wrong = outcomes.filter((one) => one.wrong !== undefined);
	const large = outcomes.flatMap((one) => one.large);
	return {
		letter: 'h',
		title: 'Image files',
		how: 'Files of the corpus (`test/corpus/`) with one to four changes each: bits flipped, the end cut off, lengths overwritten, ranges repeated; every twentieth grows to 1 MB by repeating up to 300 bytes. The reader must give a value for each. A file over 10 ms is measured four times, and the fastest counts.',
		columns: [
			...['family', 'files', 'longest, ms', 'files of 1 MB'],
			...['longest, ms', '99.9th percentile, ms', 'errors'],
		],
		rows: outcomes.map((one) => [
			one.family,
			String(one.files),
			digits(longest(one.small)),
			String(one.large.length),
			digits(longest(one.large)),
			digits(nearlyLongest(one.large)),
			one.wrong ?? 'none',
		]),
		goals: [
			{
				text: `No file of 1 MB over ${LIMIT_MS} ms`,
				measured: `${digits(longest(large))} ms, 99.9th percentile ${digits(nearlyLongest(large))} ms`,
				reached: longest(large) <= LIMIT_MS,
			},
			{
				text: 'No error',
				measured: wrong.length === 0 ? 'none' : wrong.map(({ family }) => family).join(', '),
				reached: wrong.length === 0,
			},
		],
		data: outcomes.map(({ family, files, wrong: error, large: times }) => ({
			...{ family, files, longest: longest(times), nearlyLongest: nearlyLongest(times) },
			...(error === undefined ? {} : { error }),
		})),
	};
}
