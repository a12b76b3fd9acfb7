import { CONTENDERS, type ContenderName } from './contenders/contender';
import { digits, percent, type Goal, type Part } from './report';
import { openRig, SMALL_KEY } from './rig';
import { median, rounds } from './statistics';

const NAMES = ['floor', 'sdk', 'n8n', 'node'] as const satisfies readonly ContenderName[];
const COUNTS = [10, 100, 1000, 10_000];
const MOST_FOR_OTHERS = 1000;
/** Short runs are measured several times, as a moment of something else weighs more on them. */
const ROUNDS: Readonly<Record<number, number>> = { 10: 7, 100: 3 };

/**
 * Milliseconds a repair takes, by concurrency. At 200 ms, 10,000 items one at a time would take more
 * than half an hour: the delay is shorter where fewer go at a time, so that each run stays near a
 * minute.
 */
const DELAYS: ReadonlyArray<readonly [concurrency: number, delay: number]> = [
	[1, 5],
	[8, 50],
	[32, 200],
];

/** What (a) is measured at. */
const FULL_DELAY = 200;

interface Run {
	concurrency: number;
	delay: number;
	items: number;
	/** Of the whole run, by contender. */
	seconds: Readonly<Record<string, number>>;
	/** Processor time of this node, of the whole run. */
	cpuSeconds: number;
}

/** Seconds that a delay (milliseconds) alone takes. */
function leastSeconds({ concurrency, items }: Run, delay: number): number {
	return (Math.ceil(items / concurrency) * delay) / 1000;
}

/** Seconds on top of what the delay alone takes. */
function beyondDelay(run: Run, name: (typeof NAMES)[number]): number {
	return (run.seconds[name] ?? NaN) - leastSeconds(run, run.delay);
}

/** Time as a multiple of the least, had each repair taken the full delay. */
function stretch(run: Run, name: (typeof NAMES)[number]): number {
	return 1 + beyondDelay(run, name) / leastSeconds(run, FULL_DELAY);
}

async function measureRuns(quick: boolean): Promise<Run[]> {
	const runs: Run[] = [];
	for (const [concurrency, delay] of DELAYS) {
		const rig = await openRig(delay, NAMES);
		try {
			for (const items of quick ? COUNTS.slice(0, 3) : COUNTS) {
				const names = items > MOST_FOR_OTHERS ? (['node'] as const) : NAMES;
				const job = { call: 'cloud', items, concurrency, source: SMALL_KEY } as const;
				const cpuSeconds: number[] = [];
				const seconds = await rounds<(typeof NAMES)[number]>(
					names,
					quick ? 1 : (ROUNDS[items] ?? 1),
					async (name) => {
						const measured = await rig.run(name, job);
						if (name === 'node') cpuSeconds.push(measured.cpuSeconds);
						return measured.seconds;
					},
					median,
				);
				runs.push({ concurrency, delay, items, seconds, cpuSeconds: median(cpuSeconds) });
			}
		} finally {
			await rig.close();
		}
	}
	return runs;
}

/** How far the largest is above the smallest: 0.1 for 10 %. */
function spread(values: readonly number[]): number {
	return Math.max(...values) / Math.min(...values) - 1;
}

function goalOf(runs: readonly Run[], concurrency: number): Goal {
	const own = runs.filter((run) => run.concurrency === concurrency);
	const all = spread(own.map((run) => stretch(run, 'node')));
	return {
		text: `Concurrency ${concurrency}: time an item level within 10 %`,
		measured: `${percent(all)} apart`,
		reached: all <= 0.1,
	};
}

/** (f) Whether an item takes as long among 10,000 as among ten. */
export async function measureScaling(quick: boolean): Promise<Part> {
	const runs = await measureRuns(quick);
	return {
		letter: 'f',
		title: `Time an item from 10 to 10,000 items, as a multiple of what ${FULL_DELAY} ms a repair alone take`,
		how: `Repairs in the bucket. 1.000 is the least possible: items / concurrency, rounded up, times ${FULL_DELAY} ms. At that delay 10,000 items one at a time would take over half an hour, so the repairs of the measured runs take ${DELAYS.map(([concurrency, delay]) => `${delay} ms at concurrency ${concurrency}`).join(', ')}, and what a run takes beyond its delay is added to the full one. Up to 100 items the median of several runs; the others stop at 1,000 items to save time. What ten items take longer is the start of a run, which n8n alone has too. The last two columns are this node's, in ms an item; processor time tells most on a machine that has other things to do.`,
		columns: [
			'items',
			...NAMES.map((name) => CONTENDERS[name]),
			'beyond the delay',
			'processor time',
		],
		rows: runs.map((run) => [
			`${run.items} at concurrency ${run.concurrency}`,
			...NAMES.map((name) => (name in run.seconds ? stretch(run, name).toFixed(3) : '')),
			digits((beyondDelay(run, 'node') * 1000) / run.items),
			digits((run.cpuSeconds * 1000) / run.items),
		]),
		goals: DELAYS.map(([concurrency]) => goalOf(runs, concurrency)),
		chart: {
			title: '(f) Time an item with this node',
			unit: 'as a multiple of the least possible',
			groups: DELAYS.map(([concurrency]) => `concurrency ${concurrency}`),
			series: (quick ? COUNTS.slice(0, 3) : COUNTS).map((items) => ({
				name: `${items} items`,
				values: DELAYS.map(([concurrency]) => {
					const run = runs.find((one) => one.items === items && one.concurrency === concurrency);
					return run && stretch(run, 'node');
				}),
			})),
		},
		data: runs,
	};
}
