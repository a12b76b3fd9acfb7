import fc from 'fast-check';

import { complaint, isPrototypeClean, READERS, type Reader } from '../../test/unit/cos/garbage';
import { digits, type Part } from './report';

const LIMIT_MS = 50;
const SEED = 1;

interface Outcome {
	name: string;
	cases: number;
	/** Milliseconds of the slowest case. */
	slowest: number;
	/** The error, with an input that causes it. */
	wrong?: string;
}

function time(work: () => void): number {
	const start = performance.now();
	work();
	return performance.now() - start;
}

/** Measures a slow case again: it may only have been interrupted. */
export function timeOf(work: () => void): number {
	const first = time(work);
	if (first < LIMIT_MS / 5) return first;
	return Math.min(first, time(work), time(work), time(work));
}

function fuzz<Input>(reader: Reader<Input>, cases: number): Outcome {
	let slowest = 0;
	const result = fc.check(
		fc.property(reader.input, (input) => {
			let wrong: string | undefined;
			slowest = Math.max(
				slowest,
				timeOf(() => {
					wrong = complaint(reader, input);
				}),
			);
			if (wrong !== undefined) throw new Error(wrong);
		}),
		{ numRuns: cases, seed: SEED },
	);
	const outcome = { name: reader.name, cases, slowest };
	if (!result.failed) return outcome;
	const example = JSON.stringify(result.counterexample);
	return { ...outcome, wrong: `${String(result.errorInstance)} for ${example}` };
}

/** (g) Every parser of outside data, with invalid input. */
export function measureFuzz(quick: boolean): Promise<Part> {
	const cases = quick ? 2000 : 100_000;
	const outcomes = READERS.map((visit) => visit((reader) => fuzz(reader, cases)));
	const wrong = outcomes.filter((one) => one.wrong !== undefined);
	const slowest = Math.max(...outcomes.map((one) => one.slowest));
	return Promise.resolve({
		letter: 'g',
		title: 'Invalid input',
		how: 'Random text, pieces of XML and JSON, real responses with parts removed, inserted or repeated thousands of times, polygons of up to 1,000 corners: each reader must return the type it promises or throw its one error class. A case over 10 ms is measured four times, and the fastest counts.',
		columns: ['reader', 'cases', 'slowest case, ms', 'errors'],
		rows: outcomes.map((one) => [
			one.name,
			String(one.cases),
			digits(one.slowest),
			one.wrong ?? 'none',
		]),
		goals: [
			{
				text: `No case over ${LIMIT_MS} ms`,
				measured: `${digits(slowest)} ms`,
				reached: slowest <= LIMIT_MS,
			},
			{
				text: 'No wrong type, no unexpected error, no changed prototype',
				measured: wrong.length === 0 ? 'none' : wrong.map(({ name }) => name).join(', '),
				reached: wrong.length === 0 && isPrototypeClean(),
			},
		],
		data: outcomes,
	});
}
