import { CONTENDER_NAMES, CONTENDERS } from './contenders/contender';
import { digits, type Part } from './report';
import { openRig, SMALL_KEY } from './rig';
import { medians } from './statistics';

const CALLS = ['cloud', 'download'] as const;
const CALL_NAMES = { cloud: 'repair in bucket', download: 'download' } as const;

/** (b) CPU time per item when the service takes no time. */
export async function measureCpuTime(quick: boolean): Promise<Part> {
	const items = quick ? 200 : 1000;
	const rig = await openRig(0, CONTENDER_NAMES);
	const measured: Array<{
		call: (typeof CALLS)[number];
		milliseconds: Readonly<Record<string, number>>;
	}> = [];
	try {
		for (const call of CALLS) {
			const job = { call, items, concurrency: 8, source: SMALL_KEY };
			for (const name of CONTENDER_NAMES) await rig.run(name, { ...job, items: 200 });
			const milliseconds = await medians(
				CONTENDER_NAMES,
				quick ? 1 : 3,
				async (name) => ((await rig.run(name, job)).cpuSeconds * 1000) / items,
			);
			measured.push({ call, milliseconds });
		}
	} finally {
		await rig.close();
	}
	const own = ({ node = NaN, n8n = NaN }: Readonly<Record<string, number>>) => node - n8n;
	return {
		letter: 'b',
		title: 'CPU time per item, in ms, when a repair takes no time',
		how: `User and system time of the contender's process; ${quick ? 'one run' : 'the median of three runs'} of ${items} items at concurrency 8. "n8n alone" is a node of twenty lines in the same engine: it reads the two parameters that differ between items and passes requests, signed before the clock starts, to n8n's HTTP helper. That is n8n's share, for any node. "Our share" is the rest of this node's time: checks, signature, XML, output.`,
		columns: ['call', ...CONTENDER_NAMES.map((name) => CONTENDERS[name]), 'our share'],
		rows: measured.map(({ call, milliseconds }) => [
			CALL_NAMES[call],
			...CONTENDER_NAMES.map((name) => digits(milliseconds[name] ?? NaN)),
			digits(own(milliseconds)),
		]),
		goals: measured.map(({ call, milliseconds }) => {
			const { sdk = NaN, n8n = NaN } = milliseconds;
			return {
				text: `${CALL_NAMES[call]}: no more than the SDK, without n8n's share of ${digits(n8n)} ms`,
				measured: `${digits(own(milliseconds))} ms, ${(own(milliseconds) / sdk).toFixed(2)} times the SDK's ${digits(sdk)} ms`,
				reached: own(milliseconds) <= sdk,
			};
		}),
		chart: {
			title: '(b) CPU time per item',
			unit: 'in ms',
			groups: measured.map(({ call }) => CALL_NAMES[call]),
			series: CONTENDER_NAMES.map((name) => ({
				name: CONTENDERS[name],
				values: measured.map(({ milliseconds }) => milliseconds[name]),
			})),
		},
		data: measured,
	};
}
