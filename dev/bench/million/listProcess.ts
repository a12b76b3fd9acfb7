/** The process of an n8n that lists a bucket. It gets the bucket as an argument and the jobs as messages. */
import type { INodeParameters } from 'n8n-workflow';

import { startEngine, type Engine, type WorkflowJson } from '../../engine/engine';
import { NODE_TYPE, TRIGGER_TYPE } from '../../packageNames';
import type { Bucket } from '../contenders/contender';
import { peakBytes, resetPeak } from '../peak';

const NAME = 'List';

/** A list of Get Many Images, or a poll of the trigger. */
export interface ListJob {
	kind: 'list' | 'poll';
	parameters: INodeParameters;
	/** Of the workflow. */
	timezone?: string;
}

export interface Listed {
	/** Images that came out. */
	images: number;
	/** Wall clock. */
	seconds: number;
	/** Resident memory before, after a garbage collection, in bytes. */
	idleBytes: number;
	/** Highest resident memory, in bytes. */
	peakBytes: number;
}

/** A message to the parent. */
export type Message =
	| { ready: true }
	/** The poll that measures is next: the requests before it do not count. */
	| { activated: true }
	| { listed: Listed }
	| { failed: string };

function workflowOf({ kind, parameters, timezone }: ListJob): WorkflowJson {
	const own = { id: NAME, name: NAME, typeVersion: 1, position: [0, 0] as [number, number] };
	if (kind === 'poll') {
		const polled = { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...parameters };
		const nodes = [{ ...own, type: TRIGGER_TYPE, parameters: polled }];
		return { nodes, connections: {}, settings: { timezone } };
	}
	const start = { ...own, id: 'Start', name: 'Start', type: 'n8n-nodes-base.manualTrigger' };
	return {
		nodes: [
			{ ...start, parameters: {} },
			{ ...own, type: NODE_TYPE, parameters: { operation: 'getMany', ...parameters } },
		],
		connections: { Start: { main: [[{ node: NAME, type: 'main', index: 0 }]] } },
	};
}

async function measured(work: () => Promise<number>): Promise<Listed> {
	globalThis.gc?.();
	const idleBytes = process.memoryUsage.rss();
	resetPeak();
	const start = performance.now();
	const images = await work();
	const seconds = (performance.now() - start) / 1000;
	return { images, seconds, idleBytes, peakBytes: peakBytes() };
}

const send = (message: Message) => process.send?.(message);

/** Waits until the parent has begun to count. */
const begun = async () =>
	await new Promise<void>((resolve) => process.once('message', () => resolve()));

async function work(engine: Engine, bucket: Bucket, job: ListJob): Promise<Listed> {
	const { url, ...own } = bucket;
	const credentials = { bucket: { ...own, endpoint: 'custom', customDomain: url } };
	const workflow = workflowOf(job);
	if (job.kind === 'list') {
		return await measured(async () => {
			const result = await engine.run(workflow, { credentials });
			if (result.error) throw result.error;
			return result.output(NAME).length;
		});
	}
	const active = await engine.activate(workflow, { credentials });
	// It finds the folder of yesterday quiet.
	await active.poll();
	send({ activated: true });
	await begun();
	const listed = await measured(async () => {
		await active.poll();
		return active.emitted.flat().length;
	});
	await active.deactivate();
	const [error] = active.pollErrors;
	if (error) throw error;
	return listed;
}

async function main(bucket: Bucket): Promise<void> {
	const engine = await startEngine({});
	process.on('message', (job: ListJob | 'begin') => {
		if (job === 'begin') return;
		work(engine, bucket, job).then(
			(listed) => send({ listed }),
			(error: unknown) =>
				send({ failed: error instanceof Error ? (error.stack ?? '') : String(error) }),
		);
	});
	process.on('disconnect', () => {
		void engine.close().then(() => process.exit(0));
	});
	send({ ready: true });
}

void main(JSON.parse(process.argv[2] ?? '') as Bucket);
