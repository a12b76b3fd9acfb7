import { CONTENDERS } from './contenders/contender';
import { digits, type Goal, type Part } from './report';
import { openRig, SMALL_KEY } from './rig';
import { median, medianOf, takeTurns, type Round } from './statistics';

const DELAY = 200;
const ROUND_TRIP = 30;
const CONCURRENCIES = [1, 8, 32];
/** The bare loop would be the SDK once more: both keep their connections. */
const NAMES = ['sdk', 'n8n', 'node'] as const;
type Name = (typeof NAMES)[number];
/** To open a connection takes one round trip, and the TLS 1.3 handshake another one. */
const CONNECTION = 2 * ROUND_TRIP;
/** Milliseconds that the rest of a call may take longer than in the SDK. */
const TOLERANCE = 10;

interface Rate {
	concurrency: number;
	items: number;
	/** Milliseconds for an image: of the whole run, divided by the images. */
	rounds: Array<Round<Name>>;
	/** Connections that were opened in a run. */
	connections: Readonly<Record<Name, number>>;
}

function goalsOf(measured: readonly Rate[]): Goal[] {
	return measured
		.filter(({ concurrency }) => concurrency === 1)
		.map(({ rounds }) => {
			const more = median(rounds.map(({ node, sdk }) => node - sdk));
			return {
				text: `Concurrency 1: a connection (${CONNECTION} ms) and at most ${TOLERANCE} ms more than the SDK for an image`,
				measured: `${digits(more)} ms`,
				reached: more <= CONNECTION + TOLERANCE,
			};
		});
}

/** (j) What one connection a request costs at a distance, and what Max Concurrency gets back. */
export async function measureFarAway(quick: boolean): Promise<Part> {
	const rig = await openRig(DELAY, NAMES, 'cloud', ROUND_TRIP);
	const measured: Rate[] = [];
	try {
		for (const concurrency of CONCURRENCIES) {
			const items = concurrency * (quick ? 5 : 20);
			const job = { call: 'cloud', items, concurrency, source: SMALL_KEY } as const;
			const connections: Record<Name, number> = { sdk: 0, n8n: 0, node: 0 };
			const rounds = await takeTurns(NAMES, quick ? 1 : 3, async (name) => {
				const { seconds } = await rig.run(name, job);
				connections[name] = await rig.connections();
				return (seconds * 1000) / items;
			});
			measured.push({ concurrency, items, rounds, connections });
		}
	} finally {
		await rig.close();
	}
	const alone = measured[0] ? medianOf(measured[0].rounds, 'node') : NaN;
	return {
		letter: 'j',
		title: `Milliseconds for an image over TLS with ${ROUND_TRIP} ms of round trip, ${DELAY} ms per repair`,
		how: `As (a), but the sandbox is behind TLS 1.3 and at a distance: what is sent arrives ${ROUND_TRIP / 2} ms later, each way. On this machine a connection opens at once, so the first bytes of a client wait for one more round trip, which opening it would have taken. Bandwidth and lost packets are not part of it. Duration of a run divided by its images, ${quick ? 'one run' : 'the median of three'}. In brackets: connections opened, for how many images. "Faster" is this node, compared with its own run at concurrency 1.`,
		columns: ['concurrency', ...NAMES.map((name) => CONTENDERS[name]), 'faster'],
		rows: measured.map(({ concurrency, items, rounds, connections }) => [
			String(concurrency),
			...NAMES.map(
				(name) => `${digits(medianOf(rounds, name))} (${connections[name]} for ${items})`,
			),
			`${digits(alone / medianOf(rounds, 'node'))} times`,
		]),
		goals: goalsOf(measured),
		chart: {
			title: `(j) Over TLS, ${ROUND_TRIP} ms of round trip`,
			unit: 'in ms for an image',
			groups: measured.map(({ concurrency }) => `concurrency ${concurrency}`),
			series: NAMES.map((name) => ({
				name: CONTENDERS[name],
				values: measured.map(({ rounds }) => medianOf(rounds, name)),
			})),
		},
		data: measured,
	};
}
