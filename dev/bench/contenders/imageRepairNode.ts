import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { startEngine, type Engine, type EngineItem, type WorkflowJson } from '../../engine/engine';
import type { ExtraTypes } from '../../engine/nodeTypes';
import { NODE_TYPE } from '../../packageNames';
import type { Bucket, Contender, Job } from './contender';

const NODE = 'Image Repair';

/**
 * Returns numbered copies of its one input item. They share the file, which n8n stores once, so
 * that 200 uploads of 30 MB need 30 MB of disk.
 */
class Repeat implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Repeat',
		name: 'repeat',
		group: ['transform'],
		version: 1,
		description: 'Returns the input item several times',
		defaults: { name: 'Repeat' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [{ displayName: 'Times', name: 'times', type: 'number', default: 1 }],
	};

	execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const [item] = this.getInputData();
		const times = Number(this.getNodeParameter('times', 0));
		const items = Array.from({ length: times }, (_, n) => ({
			json: { n },
			binary: item?.binary,
			pairedItem: { item: 0 },
		}));
		return Promise.resolve([items]);
	}
}

/** The same keys as those of `downloadKey`, `uploadKey` and `resultKey`. */
const KEYS: Readonly<Record<Job['call'], (source: string) => string>> = {
	cloud: (source) => source,
	download: (source) => `=downloads/{{ $json.n }}/${source}`,
	upload: () => '=uploads/{{ $json.n }}.bmp',
};
const RESULT_KEY = '=/results/{{ $json.n }}.bmp';

function parametersOf({ call, source, concurrency }: Job): INodeParameters {
	const key = KEYS[call](source);
	return {
		operation: call,
		...(call === 'upload'
			? { storeAs: key }
			: { objectKey: { __rl: true, mode: 'key', value: key } }),
		area: 'automatic',
		resultKey: RESULT_KEY,
		options: { maxConcurrency: concurrency, requestsPerSecond: 0 },
	};
}

function node(name: string, type: string, parameters: INodeParameters = {}): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters };
}

function workflowOf(type: string, job: Job): WorkflowJson {
	const nodes = [
		node('Start', 'n8n-nodes-base.manualTrigger'),
		...(job.call === 'upload' ? [node('Repeat', 'bench.repeat', { times: job.items })] : []),
		node(NODE, type, parametersOf(job)),
	];
	const connections = Object.fromEntries(
		nodes.slice(1).map(({ name }, index) => {
			const from = nodes[index]?.name ?? '';
			return [from, { main: [[{ node: name, type: NodeConnectionTypes.Main, index: 0 }]] }];
		}),
	);
	return { nodes, connections };
}

function inputOf({ call, items, source }: Job): EngineItem[] {
	if (call !== 'upload') return Array.from({ length: items }, (_, n) => ({ json: { n } }));
	const content = createReadStream(source);
	return [{ binary: { data: { content, fileName: 'image.bmp', mimeType: 'image/bmp' } } }];
}

/** The node to run in the engine. */
interface EngineNode {
	/** Full name of the node type that makes the calls. */
	nodeType: string;
	/** The package to load, as for `startEngine`. */
	packageFolder?: false;
	extra?: ExtraTypes;
	/** Called with each job before the clock starts. */
	prepare?: (job: Job) => Promise<void>;
}

/** A node in n8n's engine, with `filesystem` storage, that gets its items as from a trigger. */
export async function inEngine(
	{ url, ...bucket }: Bucket,
	{ nodeType, packageFolder, extra, prepare }: EngineNode,
): Promise<Contender> {
	const userFolder = await mkdtemp(join(tmpdir(), 'image-repair-bench-'));
	const engine: Engine = await startEngine({
		binaryMode: 'filesystem',
		userFolder,
		...(packageFolder === false && { packageFolder }),
		extra: { ...extra, nodes: { ...extra?.nodes, 'bench.repeat': new Repeat() } },
	});
	const credential = { ...bucket, endpoint: 'custom', customDomain: url };
	return {
		async prepare(job) {
			await prepare?.(job);
			const workflow = workflowOf(nodeType, job);
			const input = inputOf(job);
			return async () => {
				const result = await engine.run(workflow, { credentials: { credential }, input });
				if (result.error) throw result.error;
				const { length } = result.output(NODE);
				if (length !== job.items)
					throw new Error(`The node returned ${length} of ${job.items} items`);
			};
		},
		async cleanUp() {
			await rm(join(userFolder, 'storage', 'workflows'), { recursive: true, force: true });
		},
		async close() {
			await engine.close();
			await rm(userFolder, { recursive: true, force: true });
		},
	};
}

/** The built node, loaded from `dist/` by n8n's own loader. */
export async function imageRepairNode(bucket: Bucket): Promise<Contender> {
	return await inEngine(bucket, { nodeType: NODE_TYPE });
}
