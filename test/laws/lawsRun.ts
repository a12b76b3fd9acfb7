import './virtualTime';
import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

import { startEngine, type Engine } from '../../dev/engine/engine';
import { historyOf, type History } from './history';
import { tracesOf } from '../engine/secretTraces';
import { countsIn, judge, type Violation } from './judge';
import { judgeWatch, printWatch, runWatch, smallerWatches, watchOf, type Watch } from './polls';
import { printHistory } from './printHistory';
import { runHistory } from './runHistory';
import { smaller } from './shrink';
import { World } from './world';

/**
 * The process that runs and judges histories:
 * `lawsRun.ts <report> <first seed> <count> [failures to make smaller] [histories at once]`.
 */

/** What it writes to its report. */
export interface LawsReport {
	histories: number;
	failures: Failure[];
	/** what occurred, and how often */
	counts: Record<string, number>;
	/** of this process */
	cpuSeconds: number;
	seconds: number;
}

export interface Failure {
	seed: number;
	violations: Violation[];
	/** the smallest history found that breaks one of the same laws */
	printed: string;
}

/** How many histories run at once. */
const SLOTS = 12;
/** Failing histories that are made smaller, and how often each is run again for that. */
const SHRUNK = 10;
const RUNS = 60;

/** What a seed stands for: how it is run, and what can be tried in its place. */
interface Case {
	run: () => Promise<Tried>;
	smaller: () => Case[];
}

interface Tried {
	violations: Violation[];
	counts: Record<string, number>;
	print: () => string;
}

function historyCase(engine: Engine, world: World, history: History): Case {
	return {
		run: async () => {
			const record = await runHistory(engine, world, history);
			const violations = judge(record);
			const print = () => printHistory(history, record, violations);
			return { violations, counts: countsIn(record), print };
		},
		smaller: () => smaller(history).map((other) => historyCase(engine, world, other)),
	};
}

function watchCase(engine: Engine, world: World, watch: Watch): Case {
	return {
		run: async () => {
			const record = await runWatch(engine, world, watch);
			const violations = judgeWatch(watch, record);
			const counts = {
				'watched folder': 1,
				'loop broken off': Math.min(1, record.pollErrors.length),
				'loop refused': record.notActivated || record.executionErrors.length > 0 ? 1 : 0,
			};
			return { violations, counts, print: () => printWatch(watch, record, violations) };
		},
		smaller: () => smallerWatches(watch).map((other) => watchCase(engine, world, other)),
	};
}

/** One seed in so many is a watched folder. */
const WATCHED = 10;

const caseOf = (engine: Engine, world: World, seed: number) =>
	seed % WATCHED === 0
		? watchCase(engine, world, watchOf(seed))
		: historyCase(engine, world, historyOf(seed));

/** What n8n has logged since the last history ended, which may be about others that run at the same time. */
const secretsIn = (log: string, world: World): Violation[] =>
	tracesOf(log, world.secrets).map((trace) => ({
		law: '8',
		what: `a secret is in the log of this history or one beside it: ${trace}`,
	}));

/** Looks for a small history that breaks one of the same laws, and prints it. */
async function shrink(first: Case, found: Tried): Promise<string> {
	const laws = new Set(found.violations.map(({ law }) => law));
	let best = { of: first, tried: found };
	let runs = RUNS;
	let isSmaller = true;
	while (isSmaller && runs > 0) {
		isSmaller = false;
		for (const candidate of best.of.smaller()) {
			if (runs-- <= 0) break;
			const tried = await candidate.run();
			if (!tried.violations.some(({ law }) => laws.has(law))) continue;
			best = { of: candidate, tried };
			isSmaller = true;
			break;
		}
	}
	return best.tried.print();
}

async function main(
	file: string,
	first: number,
	count: number,
	shrunk: number,
	slots: number,
): Promise<void> {
	const startedAt = performance.now();
	const engine = await startEngine({ packageFolder: process.env.LAWS_PACKAGE });
	const log = engine.log as string[];
	const failures: Failure[] = [];
	const counts: Record<string, number> = {};
	let next = first;
	const work = async () => {
		const world = await World.open();
		while (next < first + count) {
			const seed = next++;
			const one = caseOf(engine, world, seed);
			const tried = await one.run().catch((error: unknown) => {
				throw new Error(`Seed ${seed} cannot be run`, { cause: error });
			});
			const logged = secretsIn(log.join('\n'), world);
			log.length = 0;
			for (const [name, by] of Object.entries(tried.counts)) {
				counts[name] = (counts[name] ?? 0) + by;
			}
			const violations = [...tried.violations, ...logged];
			if (violations.length === 0) continue;
			const failure: Failure = { seed, violations, printed: '' };
			failures.push(failure);
			const printed = failures.length > shrunk ? tried.print() : await shrink(one, tried);
			failure.printed = [...logged.map(({ what }) => what), printed].join('\n');
		}
		await world.close();
	};
	await Promise.all(Array.from({ length: Math.min(slots, count) }, work));
	await engine.close();
	const { user, system } = process.cpuUsage();
	const report: LawsReport = {
		histories: count,
		failures,
		counts,
		cpuSeconds: (user + system) / 1e6,
		seconds: (performance.now() - startedAt) / 1000,
	};
	writeFileSync(file, JSON.stringify(report));
}

if (require.main === module) {
	const [file = '', first, count, shrunk = SHRUNK, slots = SLOTS] = process.argv.slice(2);
	void main(file, Number(first), Number(count), Number(shrunk), Number(slots)).then(() =>
		process.exit(),
	);
}
