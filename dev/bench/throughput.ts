import { CONTENDER_NAMES, CONTENDERS } from './contenders/contender';
import { digits, percent, type Goal, type Part } from './report';
import { openRig, SMALL_KEY } from './rig';
import { rounds } from './statistics';

const DELAY = 200;
const CONCURRENCIES = [1, 8, 32];
/** Two runs of the same code differ by this much. */
const NOISE = 0.01;

interface Rate {
	concurrency: number;
	/** The most items per second that the delay allows. */
	maximum: number;
	/** Items per second, by contender. */
	rates: Readonly<Record<string, number>>;
}

function goalsOf(measured: readonly Rate[]): Goal[] {
	return measured.flatMap(({ concurrency, maximum, rates }) => {
		const { node = NaN, sdk = NaN, n8n = NaN } = rates;
		const toSdk = node / sdk;
		const behind: Goal = {
			text: `Concurrency ${concurrency}: not behind the SDK (±${percent(NOISE)})`,
			measured: `${percent(toSdk)} of the SDK, ${percent(node / n8n)} of n8n alone`,
			reached: toSdk >= 1 - NOISE,
		};
		if (concurrency !== 8) return [behind];
		const share = node / maximum;
		const text = 'Concurrency 8: at least 95 % of concurrency / delay';
		return [{ text, measured: percent(share), reached: share >= 0.95 }, behind];
	});
}

function shown(rate: number | undefined, maximum: number): string {
	return rate === undefined ? '' : `${digits(rate)} (${percent(rate / maximum)})`;
}

/** (a) Items per second when each repair takes a fixed time. */
export async function measureThroughput(quick: boolean): Promise<Part> {
	const rig = await openRig(DELAY, CONTENDER_NAMES);
	const measured: Rate[] = [];
	try {
		for (const concurrency of CONCURRENCIES) {
			const items = concurrency * (quick ? 5 : 20);
			const job = { call: 'cloud', items, concurrency, source: SMALL_KEY } as const;
			const rates = await rounds(
				CONTENDER_NAMES,
				quick ? 1 : 2,
				async (name) => items / (await rig.run(name, job)).seconds,
				(values) => Math.max(...values),
			);
			measured.push({ concurrency, maximum: (concurrency * 1000) / DELAY, rates });
		}
	} finally {
		await rig.close();
	}
	return {
		letter: 'a',
		title: `Items per second when each repair takes ${DELAY} ms`,
		how: `Repairs in the bucket; ${quick ? 'one run of 5' : 'the better of two runs of 20'} items per concurrent call. In brackets: the share of the maximum that the delay allows, concurrency / ${DELAY} ms.`,
		columns: ['concurrency', 'maximum', ...CONTENDER_NAMES.map((name) => CONTENDERS[name])],
		rows: measured.map(({ concurrency, maximum, rates }) => [
			String(concurrency),
			digits(maximum),
			...CONTENDER_NAMES.map((name) => shown(rates[name], maximum)),
		]),
		goals: goalsOf(measured),
		chart: {
			title: `(a) Throughput, ${DELAY} ms per repair`,
			unit: 'in % of concurrency / delay',
			groups: measured.map(({ concurrency }) => `concurrency ${concurrency}`),
			series: CONTENDER_NAMES.map((name) => ({
				name: CONTENDERS[name],
				values: measured.map(({ rates, maximum }) => ((rates[name] ?? NaN) / maximum) * 100),
			})),
			marks: measured.map(({ concurrency }) => (concurrency === 8 ? 95 : undefined)),
		},
		data: measured,
	};
}
