import fc from 'fast-check';

import { complaint, isPrototypeClean, READERS, type Reader } from '../../test/unit/cos/garbage';
import { digits, type Part } from './report';

const LIMIT_MS = 50;
const SEED = 1;

interface Outcome {
	name: string;
	cases: number;
	/** Milliseconds that the slowest case takes. */
	slowest: number;
	/** What was wrong, with the input that shows it. */
	wrong?: string;
}

function time(work: () => void): number {
	const start = performance.now();
	work();
	return performance.now() - start;
}

/** A case that was slow once may have been interrupted; one that is slow itself is slow each time. */
function timeOf(work: () => void): number {
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

/** (g) Everything that reads what comes from outside, with input that nobody means. */
export function measureFuzz(quick: boolean): Promise<Part> {
	const cases = quick ? 2000 : 100_000;
	const outcomes = READERS.map((visit) => visit((reader) => fuzz(reader, cases)));
	const wrong = outcomes.filter((one) => one.wrong !== undefined);
	const slowest = Math.max(...outcomes.map((one) => one.slowest));
	return Promise.resolve({
		letter: 'g',
		title: 'Input that nobody means',
		how: 'Random text, pieces of XML and JSON, real answers with something cut out or put in, one piece thousands of times, polygons of up to 1,000 corners: each reader has to give the type it promises or throw the one class it may throw. A case that takes longer than 10 ms is measured four times, and the fastest counts.',
		columns: ['reader', 'cases', 'slowest case, ms', 'wrong'],
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
				text: 'No wrong type, no other throw, nothing added to what objects share',
				measured: wrong.length === 0 ? 'none' : wrong.map(({ name }) => name).join(', '),
				reached: wrong.length === 0 && isPrototypeClean(),
			},
		],
		data: outcomes,
	});
}
