import { CONTENDER_NAMES, CONTENDERS, type ContenderName } from './contenders/contender';
import { digits, percent, type Goal, type Part } from './report';
import { openRig, SMALL_KEY } from './rig';
import { medianOf, shareOf, takeTurns, type Round } from './statistics';

const DELAY = 200;
const CONCURRENCIES = [1, 8, 32];
/** Of the bare loop, which has the same requests to wait for on the same machine. */
const LEAST_SHARE = 0.98;
/** Two runs of the same code differ by this much. */
const NOISE = 0.01;

interface Rate {
	concurrency: number;
	/** The most items per second that the delay allows. */
	maximum: number;
	/** Items per second. */
	rounds: Array<Round<ContenderName>>;
}

function goalsOf({ concurrency, rounds }: Rate): Goal[] {
	const [toFloor, toN8n, toSdk] = (['floor', 'n8n', 'sdk'] as const).map((other) =>
		shareOf(rounds, 'node', other),
	) as [number, number, number];
	return [
		{
			text: `Concurrency ${concurrency}: at least ${LEAST_SHARE * 100} % of the bare loop`,
			measured: `${percent(toFloor)}; of n8n alone ${percent(toN8n)}`,
			reached: toFloor >= LEAST_SHARE,
		},
		{
			text: `Concurrency ${concurrency}: not behind the SDK (±${percent(NOISE)})`,
			measured: percent(toSdk),
			reached: toSdk >= 1 - NOISE,
		},
	];
}

/** (a) Items per second when each repair takes a fixed time. */
export async function measureThroughput(quick: boolean): Promise<Part> {
	const rig = await openRig(DELAY, CONTENDER_NAMES);
	const measured: Rate[] = [];
	try {
		for (const concurrency of CONCURRENCIES) {
			const items = concurrency * (quick ? 5 : 20);
			const job = { call: 'cloud', items, concurrency, source: SMALL_KEY } as const;
			const rounds = await takeTurns(
				CONTENDER_NAMES,
				quick ? 1 : 5,
				async (name) => items / (await rig.run(name, job)).seconds,
			);
			measured.push({ concurrency, maximum: (concurrency * 1000) / DELAY, rounds });
		}
	} finally {
		await rig.close();
	}
	return {
		letter: 'a',
		title: `Items per second when each repair takes ${DELAY} ms`,
		how: `Repairs in the bucket; ${quick ? 'one run of 5' : 'the median of five runs of 20'} items per concurrent call. In brackets: the share of the bare loop, which is compared run by run, because the machine is not the same for all of them. "Maximum" is what the delay allows, concurrency / ${DELAY} ms; the loop stays below it as much as network, sandbox and other load take.`,
		columns: ['concurrency', 'maximum', ...CONTENDER_NAMES.map((name) => CONTENDERS[name])],
		rows: measured.map(({ concurrency, maximum, rounds }) => [
			String(concurrency),
			digits(maximum),
			...CONTENDER_NAMES.map((name) => {
				const rate = digits(medianOf(rounds, name));
				return name === 'floor' ? rate : `${rate} (${percent(shareOf(rounds, name, 'floor'))})`;
			}),
		]),
		goals: measured.flatMap(goalsOf),
		chart: {
			title: `(a) Throughput, ${DELAY} ms per repair`,
			unit: 'in % of the bare loop',
			groups: measured.map(({ concurrency }) => `concurrency ${concurrency}`),
			series: CONTENDER_NAMES.map((name) => ({
				name: CONTENDERS[name],
				values: measured.map(({ rounds }) => shareOf(rounds, name, 'floor') * 100),
			})),
			marks: measured.map(() => LEAST_SHARE * 100),
		},
		data: measured,
	};
}
