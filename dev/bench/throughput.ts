import { CONTENDERS, type ContenderName } from './contenders/contender';
import { digits, percent, type Goal, type Part } from './report';
import { openRig, SMALL_KEY } from './rig';
import { rounds } from './statistics';

const DELAY = 200;
const CONCURRENCIES = [1, 8, 32];
const NAMES = ['floor', 'sdk', 'n8n', 'node'] as const satisfies readonly ContenderName[];
/** Two runs of the same code differ by this much. */
const NOISE = 0.01;

interface Rate {
	concurrency: number;
	/** Items a second that the delay allows at all. */
	possible: number;
	/** Items a second, by contender. */
	rates: Readonly<Record<string, number>>;
}

function goalsOf(measured: readonly Rate[]): Goal[] {
	return measured.flatMap(({ concurrency, possible, rates }) => {
		const { node = NaN, sdk = NaN, n8n = NaN } = rates;
		const toSdk = node / sdk;
		const behind: Goal = {
			text: `Concurrency ${concurrency}: not behind the SDK (±${percent(NOISE)})`,
			measured: `${percent(toSdk)} of the SDK, ${percent(node / n8n)} of n8n alone`,
			reached: toSdk >= 1 - NOISE,
		};
		if (concurrency !== 8) return [behind];
		const share = node / possible;
		const text = 'Concurrency 8: at least 95 % of concurrency / delay';
		return [{ text, measured: percent(share), reached: share >= 0.95 }, behind];
	});
}

function shown(rate: number | undefined, possible: number): string {
	return rate === undefined ? '' : `${digits(rate)} (${percent(rate / possible)})`;
}

/** (a) Items a second where the service takes a fixed time. */
export async function measureThroughput(quick: boolean): Promise<Part> {
	const rig = await openRig(DELAY, NAMES);
	const measured: Rate[] = [];
	try {
		for (const concurrency of CONCURRENCIES) {
			const items = concurrency * (quick ? 5 : 20);
			const job = { call: 'cloud', items, concurrency, source: SMALL_KEY } as const;
			const rates = await rounds(
				NAMES,
				quick ? 1 : 2,
				async (name) => items / (await rig.run(name, job)).seconds,
				(values) => Math.max(...values),
			);
			measured.push({ concurrency, possible: (concurrency * 1000) / DELAY, rates });
		}
	} finally {
		await rig.close();
	}
	return {
		letter: 'a',
		title: `Items a second when each repair takes ${DELAY} ms`,
		how: `Repairs in the bucket; ${quick ? 'one run of 5' : 'the better of two runs of 20'} items for each place. In brackets: the share of what the delay allows at all, concurrency / ${DELAY} ms.`,
		columns: ['concurrency', 'possible', ...NAMES.map((name) => CONTENDERS[name])],
		rows: measured.map(({ concurrency, possible, rates }) => [
			String(concurrency),
			digits(possible),
			...NAMES.map((name) => shown(rates[name], possible)),
		]),
		goals: goalsOf(measured),
		chart: {
			title: `(a) Throughput, ${DELAY} ms a repair`,
			unit: 'in % of concurrency / delay',
			groups: measured.map(({ concurrency }) => `concurrency ${concurrency}`),
			series: NAMES.map((name) => ({
				name: CONTENDERS[name],
				values: measured.map(({ rates, possible }) => ((rates[name] ?? NaN) / possible) * 100),
			})),
			marks: measured.map(({ concurrency }) => (concurrency === 8 ? 95 : undefined)),
		},
		data: measured,
	};
}
