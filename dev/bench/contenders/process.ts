/** The process of one contender: it is told its bucket by an argument and its jobs by messages. */
import { readFileSync, writeFileSync } from 'node:fs';

import type { Bucket, Contender, ContenderName, Job, Measurement } from './contender';

/** Loads no more than the contender needs: n8n's engine alone is more than 100 MB. */
const OPEN: Readonly<Record<ContenderName, (bucket: Bucket) => Promise<Contender>>> = {
	node: async (bucket) => await (await import('./imageRepairNode.js')).imageRepairNode(bucket),
	n8n: async (bucket) => await (await import('./n8nAlone.js')).n8nAlone(bucket),
	sdk: async (bucket) => await (await import('./tencentSdk.js')).tencentSdk(bucket),
	floor: async (bucket) => await (await import('./bareHttp.js')).bareHttp(bucket),
};

/** What the parent is told. */
export type Message = { ready: true } | { measured: Measurement } | { failed: string };

const ON_LINUX = process.platform === 'linux';

/** Linux forgets the highest resident memory so far when it is told this. */
function forgetPeak(): void {
	if (ON_LINUX) writeFileSync('/proc/self/clear_refs', '5');
}

/** Elsewhere the highest since the process began, which is never lower. */
function peakBytes(): number {
	if (!ON_LINUX) return process.resourceUsage().maxRSS * 1024;
	const status = readFileSync('/proc/self/status', 'utf8');
	return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

async function measure(contender: Contender, job: Job): Promise<Measurement> {
	const run = await contender.prepare(job);
	globalThis.gc?.();
	const idleBytes = process.memoryUsage.rss();
	forgetPeak();
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
	await contender.tidyUp();
	return measured;
}

function tell(message: Message): void {
	process.send?.(message);
}

async function main(name: ContenderName, bucket: Bucket): Promise<void> {
	const contender = await OPEN[name](bucket);
	process.on('message', (job: Job) => {
		measure(contender, job).then(
			(measured) => tell({ measured }),
			(error: unknown) =>
				tell({ failed: error instanceof Error ? (error.stack ?? '') : String(error) }),
		);
	});
	process.on('disconnect', () => {
		void contender.close().then(() => process.exit(0));
	});
	tell({ ready: true });
}

const [name = '', bucket = ''] = process.argv.slice(2);
void main(name as ContenderName, JSON.parse(bucket) as Bucket);
