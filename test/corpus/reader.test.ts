import { formatOfBytes } from '../../cos/images/format';
import { ImageReader, readImage } from '../../cos/images/readImage';
import { FAMILIES, specimens, type Specimen } from './corpus';
import { differences } from './specimen';

/** What the reader says, in the words of the table. */
function read(bytes: Uint8Array): Required<Specimen['expected']> & { isEndTold: boolean } {
	const facts = readImage(bytes);
	const { format, size, orientation = 1, frames = 1, hasAlpha = false, end } = facts ?? {};
	return {
		format: format?.name ?? null,
		size: size ? { width: size.width, height: size.height } : null,
		orientation,
		frames,
		hasAlpha,
		isCut: end === 'missing',
		// The parts of a TIFF may stand in any order, so that a reader may leave open where it ends.
		isEndTold: end !== 'untold' || format?.name !== 'TIFF',
	};
}

const FACTS = ['format', 'size', 'orientation', 'frames', 'hasAlpha', 'isCut'] as const;

/** Facts of the table that the reader does not tell. */
function mistakes({ bytes, expected }: Specimen): string[] {
	const said = read(bytes);
	const isTold = (fact: (typeof FACTS)[number]) => fact !== 'isCut' || said.isEndTold;
	return differences(said, expected, FACTS.filter(isTold));
}

let all: readonly Specimen[];
beforeAll(async () => {
	all = await specimens();
});

describe.each(FAMILIES)('%s', (family) => {
	test.each(['ordinary', 'odd', 'hostile'] as const)('%s files are what the table says', (kind) => {
		const wrong = all
			.filter((one) => one.family === family && one.kind === kind)
			.map((one) => ({ name: one.name, found: mistakes(one) }))
			.filter(({ found }) => found.length > 0)
			.map(({ name, found }) => `${name}: ${found.join(', ')}`);
		expect(wrong).toEqual([]);
	});
});

/** What a reader has said and done that was given a file in pieces. */
function readInPieces(bytes: Uint8Array, pieceBytes: number) {
	const format = formatOfBytes(bytes);
	if (!format) return undefined;
	const reader = new ImageReader(format);
	for (let at = 0; at < bytes.length; at += pieceBytes) {
		reader.push(bytes.subarray(at, at + pieceBytes));
	}
	return reader;
}

test('no file makes the reader look at a byte more often than once, or take more than a step for it', () => {
	const greedy = all.flatMap(({ name, bytes }) => {
		const visited = readInPieces(bytes, bytes.length)?.visited ?? 0;
		return visited <= 2 * bytes.length + 2 ? [] : [`${name}: ${visited} for ${bytes.length}`];
	});
	expect(greedy).toEqual([]);
});

test.each([1, 7, 64])('files in pieces of %d bytes say the same', (pieceBytes) => {
	const small = all.filter(({ bytes }) => bytes.length <= 1024 * Math.min(pieceBytes, 8));
	const different = small.filter(({ bytes }) => {
		const facts = readInPieces(bytes, pieceBytes)?.facts;
		return JSON.stringify(facts) !== JSON.stringify(readImage(bytes));
	});
	expect(different.map(({ name }) => name)).toEqual([]);
	expect(small.length).toBeGreaterThan(500);
});
