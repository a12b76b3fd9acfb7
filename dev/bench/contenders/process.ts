/** The process of one contender. It gets the bucket as an argument and the jobs as messages. */
import { peakBytes, resetPeak } from '../peak';
import type { Bucket, Contender, ContenderName, Job, Measurement } from './contender';

/** Dynamic imports, to load only what the contender needs: n8n's engine alone is over 100 MB. */
const OPEN: Readonly<Record<ContenderName, (bucket: Bucket) => Promise<Contender>>> = {
	node: async (bucket) => await (await import('./imageRepairNode.js')).imageRepairNode(bucket),
	n8n: async (bucket) => await (await import('./n8nAlone.js')).n8nAlone(bucket),
	sdk: async (bucket) => await (await import('./tencentSdk.js')).tencentSdk(bucket),
	floor: async (bucket) => await (await import('./bareHttp.js')).bareHttp(bucket),
};

/** A message to the parent. */
export type Message = { ready: true } | { measured: Measurement } | { failed: string };

async function measure(contender: Contender, job: Job): Promise<Measurement> {
	const run = await contender.prepare(job);
	globalThis.gc?.();
	const idleBytes = process.memoryUsage.rss();
	resetPeak();
	const cpu = process.cpuUsage();
	const start = performance.now();
	await run();
	const seconds = (performance.now() - start) / 1000;
	const { user, system } = process.cpuUsage(cpu);
	const measured = {
		seconds,
		cpuSeconds: (user + system) / 1e6,
		idleBytes,
		peakBytes: peakBytes(),
	};
	await contender.cleanUp();
	return measured;
}

function send(message: Message): void {
	process.send?.(message);
}

async function main(name: ContenderName, bucket: Bucket): Promise<void> {
	const contender = await OPEN[name](bucket);
	process.on('message', (job: Job) => {
		measure(contender, job).then(
			(measured) => send({ measured }),
			(error: unknown) =>
				send({ failed: error instanceof Error ? (error.stack ?? '') : String(error) }),
		);
	});
	process.on('disconnect', () => {
		void contender.close().then(() => process.exit(0));
	});
	send({ ready: true });
}

const [name = '', bucket = ''] = process.argv.slice(2);
void main(name as ContenderName, JSON.parse(bucket) as Bucket);
