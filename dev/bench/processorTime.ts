import { CONTENDERS, type ContenderName } from './contenders/contender';
import { digits, type Part } from './report';
import { openRig, SMALL_KEY } from './rig';
import { median, rounds } from './statistics';

const NAMES = ['floor', 'sdk', 'n8n', 'node'] as const satisfies readonly ContenderName[];
const CALLS = ['cloud', 'download'] as const;
const CALL_NAMES = { cloud: 'repair in bucket', download: 'download' } as const;

/** (b) Processor time an item where the service takes none. */
export async function measureProcessorTime(quick: boolean): Promise<Part> {
	const items = quick ? 200 : 1000;
	const rig = await openRig(0, NAMES);
	const measured: Array<{
		call: (typeof CALLS)[number];
		milliseconds: Readonly<Record<string, number>>;
	}> = [];
	try {
		for (const call of CALLS) {
			const job = { call, items, concurrency: 8, source: SMALL_KEY };
			for (const name of NAMES) await rig.run(name, { ...job, items: 200 });
			const milliseconds = await rounds(
				NAMES,
				quick ? 1 : 3,
				async (name) => ((await rig.run(name, job)).cpuSeconds * 1000) / items,
				median,
			);
			measured.push({ call, milliseconds });
		}
	} finally {
		await rig.close();
	}
	const own = ({ node = NaN, n8n = NaN }: Readonly<Record<string, number>>) => node - n8n;
	return {
		letter: 'b',
		title: 'Processor time an item, in ms, when a repair takes no time',
		how: `User and system time of the contender's process; ${quick ? 'one run' : 'the median of three runs'} of ${items} items at concurrency 8. "n8n alone" is a node of twenty lines in the same engine that reads the two parameters which differ from item to item and hands requests, signed before the clock runs, to n8n's own HTTP helper: n8n's own share, whoever writes the node. "Our own share" is what is left of this node's time without it: checks, signature, XML, output.`,
		columns: ['call', ...NAMES.map((name) => CONTENDERS[name]), 'our own share'],
		rows: measured.map(({ call, milliseconds }) => [
			CALL_NAMES[call],
			...NAMES.map((name) => digits(milliseconds[name] ?? NaN)),
			digits(own(milliseconds)),
		]),
		goals: measured.map(({ call, milliseconds }) => {
			const { sdk = NaN, n8n = NaN } = milliseconds;
			return {
				text: `${CALL_NAMES[call]}: no more than the SDK's, n8n's own share of ${digits(n8n)} ms taken off`,
				measured: `${digits(own(milliseconds))} ms, ${(own(milliseconds) / sdk).toFixed(2)} times the SDK's ${digits(sdk)} ms`,
				reached: own(milliseconds) <= sdk,
			};
		}),
		chart: {
			title: '(b) Processor time an item',
			unit: 'in ms',
			groups: measured.map(({ call }) => CALL_NAMES[call]),
			series: NAMES.map((name) => ({
				name: CONTENDERS[name],
				values: measured.map(({ milliseconds }) => milliseconds[name]),
			})),
		},
		data: measured,
	};
}
