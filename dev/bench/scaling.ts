import { CONTENDER_NAMES, CONTENDERS, type ContenderName } from './contenders/contender';
import { digits, percent, type Goal, type Part } from './report';
import { openRig, SMALL_KEY } from './rig';
import { median, medians } from './statistics';

const COUNTS = [10, 100, 1000, 10_000];
const MOST_FOR_OTHERS = 1000;
/** Short runs are repeated, because they suffer more from other load on the machine. */
const ROUNDS: Readonly<Record<number, number>> = { 10: 7, 100: 3 };

/**
 * Duration of a repair in milliseconds, by concurrency. At 200 ms, 10,000 items one at a time would
 * take over half an hour, so the delay is shorter at low concurrency: each run takes about a minute.
 */
const DELAYS: ReadonlyArray<readonly [concurrency: number, delay: number]> = [
	[1, 5],
	[8, 50],
	[32, 200],
];

/** The delay of part (a). */
const FULL_DELAY = 200;

interface Run {
	concurrency: number;
	delay: number;
	items: number;
	/** Duration of the run, by contender. */
	seconds: Readonly<Record<string, number>>;
	/** CPU time of this node for the run. */
	cpuSeconds: number;
}

/** Seconds for a run with nothing but the delay (in milliseconds). */
function minimumSeconds({ concurrency, items }: Run, delay: number): number {
	return (Math.ceil(items / concurrency) * delay) / 1000;
}

/** Seconds in addition to the delay. */
function beyondDelay(run: Run, name: ContenderName): number {
	return (run.seconds[name] ?? NaN) - minimumSeconds(run, run.delay);
}

/** Time as a multiple of the minimum, projected to the full delay. */
function stretch(run: Run, name: ContenderName): number {
	return 1 + beyondDelay(run, name) / minimumSeconds(run, FULL_DELAY);
}

async function measureRuns(quick: boolean): Promise<Run[]> {
	const runs: Run[] = [];
	for (const [concurrency, delay] of DELAYS) {
		const rig = await openRig(delay, CONTENDER_NAMES);
		try {
			for (const items of quick ? COUNTS.slice(0, 3) : COUNTS) {
				const names = items > MOST_FOR_OTHERS ? (['node'] as const) : CONTENDER_NAMES;
				const job = { call: 'cloud', items, concurrency, source: SMALL_KEY } as const;
				const cpuSeconds: number[] = [];
				const seconds = await medians<ContenderName>(
					names,
					quick ? 1 : (ROUNDS[items] ?? 1),
					async (name) => {
						const measured = await rig.run(name, job);
						if (name === 'node') cpuSeconds.push(measured.cpuSeconds);
						return measured.seconds;
					},
				);
				runs.push({ concurrency, delay, items, seconds, cpuSeconds: median(cpuSeconds) });
			}
		} finally {
			await rig.close();
		}
	}
	return runs;
}

/** How far the largest value is above the smallest: 0.1 is 10 %. */
function spread(values: readonly number[]): number {
	return Math.max(...values) / Math.min(...values) - 1;
}

function goalOf(runs: readonly Run[], concurrency: number): Goal {
	const own = runs.filter((run) => run.concurrency === concurrency);
	const all = spread(own.map((run) => stretch(run, 'node')));
	return {
		text: `Concurrency ${concurrency}: time per item constant within 10 %`,
		measured: `${percent(all)} spread`,
		reached: all <= 0.1,
	};
}

/** (f) Whether the time per item stays constant from ten to 10,000 items. */
export async function measureScaling(quick: boolean): Promise<Part> {
	const runs = await measureRuns(quick);
	return {
		letter: 'f',
		title: `Time per item from 10 to 10,000 items, as a multiple of the minimum at ${FULL_DELAY} ms per repair`,
		how: `Repairs in the bucket. 1.000 is the minimum: items / concurrency, rounded up, times ${FULL_DELAY} ms. At that delay 10,000 items one at a time would take over half an hour, so the measured runs use shorter delays (${DELAYS.map(([concurrency, delay]) => `${delay} ms at concurrency ${concurrency}`).join(', ')}), and the time beyond the delay is added to the full delay. Up to 100 items, the median of several runs; the other contenders stop at 1,000 items to save time. Ten items take longer per item because of the start of a run, which affects n8n alone too. The last two columns are for this node, in ms per item; on a busy machine, CPU time is the more reliable one.`,
		columns: [
			'items',
			...CONTENDER_NAMES.map((name) => CONTENDERS[name]),
			'beyond the delay',
			'CPU time',
		],
		rows: runs.map((run) => [
			`${run.items} at concurrency ${run.concurrency}`,
			...CONTENDER_NAMES.map((name) => (name in run.seconds ? stretch(run, name).toFixed(3) : '')),
			digits((beyondDelay(run, 'node') * 1000) / run.items),
			digits((run.cpuSeconds * 1000) / run.items),
		]),
		goals: DELAYS.map(([concurrency]) => goalOf(runs, concurrency)),
		chart: {
			title: '(f) Time per item with this node',
			unit: 'as a multiple of the minimum',
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
