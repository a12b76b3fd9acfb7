import './virtualTime';
import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

import { startEngine, type Engine } from '../../dev/engine/engine';
import { historyOf, type History } from './history';
import { countsIn, judge, type Violation } from './judge';
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

async function attempt(engine: Engine, world: World, history: History) {
	const record = await runHistory(engine, world, history);
	return { record, violations: judge(record) };
}

/** Looks for a small history that breaks one of the same laws. */
async function shrink(engine: Engine, world: World, history: History, broken: Violation[]) {
	const laws = new Set(broken.map(({ law }) => law));
	let best = { history, ...(await attempt(engine, world, history)) };
	let runs = RUNS;
	let found = best.violations.length > 0;
	while (found && runs > 0) {
		found = false;
		for (const candidate of smaller(best.history)) {
			if (runs-- <= 0) break;
			const tried = await attempt(engine, world, candidate);
			if (!tried.violations.some(({ law }) => laws.has(law))) continue;
			best = { history: candidate, ...tried };
			found = true;
			break;
		}
	}
	return best;
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
			const history = historyOf(seed);
			const { record, violations } = await attempt(engine, world, history).catch(
				(error: unknown) => {
					throw new Error(`Seed ${seed} cannot be run`, { cause: error });
				},
			);
			log.length = 0;
			for (const [name, by] of Object.entries(countsIn(record))) {
				counts[name] = (counts[name] ?? 0) + by;
			}
			if (violations.length === 0) continue;
			const failure: Failure = { seed, violations, printed: '' };
			failures.push(failure);
			if (failures.length > shrunk) {
				failure.printed = printHistory(history, record, violations);
				continue;
			}
			const small = await shrink(engine, world, history, violations);
			failure.printed =
				small.violations.length > 0
					? printHistory(small.history, small.record, small.violations)
					: printHistory(history, record, violations);
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
