import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
	NodeConnectionTypes,
	NodeOperationError,
	type ICredentialType,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { startEngine, type Engine, type WorkflowJson } from '../../dev/engine/engine';
import { serve } from './localServer';

type Execute = (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

function nodeType(
	execute: Execute,
	properties: INodeProperties[] = [],
	description: Partial<INodeTypeDescription> = {},
	methods?: INodeType['methods'],
): INodeType {
	return {
		description: {
			displayName: 'Test',
			name: 'test',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name: 'Test' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties,
			...description,
		},
		execute,
		methods,
	};
}

const text: INodeProperties = {
	displayName: 'Text',
	name: 'text',
	type: 'string',
	default: '',
	required: true,
};

/** Outputs its parameter for each item. */
const echo = nodeType(
	async function () {
		const items = this.getInputData();
		return [
			items.map((_, item) => ({
				json: { text: this.getNodeParameter('text', item) as string },
				pairedItem: { item },
			})),
		];
	},
	[text],
);

/** Outputs its items in reverse order, still paired. */
const reverse = nodeType(async function () {
	const items = this.getInputData();
	return [items.map(({ json }, item) => ({ json, pairedItem: { item } })).reverse()];
});

/** Copies the binary field `data` to `copy.txt` in upper case. */
const shout = nodeType(async function () {
	const items = this.getInputData();
	return [
		await Promise.all(
			items.map(async (_, item) => {
				const content = await this.helpers.getBinaryDataBuffer(item, 'data');
				const shouted = Buffer.from(content.toString('latin1').toUpperCase(), 'latin1');
				const data = await this.helpers.prepareBinaryData(shouted, 'copy.txt', 'text/plain');
				return { json: {}, binary: { data }, pairedItem: { item } };
			}),
		),
	];
});

/** Fails for every odd item, and adds a hint. */
const evenOnly = nodeType(async function () {
	const results: INodeExecutionData[] = [];
	this.addExecutionHints({ message: 'Odd items fail', location: 'outputPane' });
	for (const [item, { json }] of this.getInputData().entries()) {
		if (Number(json.n) % 2 === 0) {
			results.push({ json, pairedItem: { item } });
			continue;
		}
		const error = new NodeOperationError(this.getNode(), 'That is odd', { itemIndex: item });
		if (!this.continueOnFail()) throw error;
		results.push({ json: { n: json.n }, error, pairedItem: { item } });
	}
	return [results];
});

/** Waits until the execution is cancelled. */
const waitForever = nodeType(async function () {
	const signal = this.getExecutionCancelSignal();
	await new Promise<void>((resolve) =>
		signal?.addEventListener('abort', () => {
			resolve();
		}),
	);
	return [this.getInputData()];
});

/** The property that n8n's loader adds to every polling node of a package. */
const pollTimes: INodeProperties = {
	displayName: 'Poll Times',
	name: 'pollTimes',
	type: 'json',
	default: '',
};

/** Counts its polls in static data, emits every second count, and fails at the fourth. */
const counter: INodeType = {
	...nodeType(async () => [[]], [pollTimes], { group: ['trigger'], polling: true, inputs: [] }),
	execute: undefined,
	async poll() {
		const data = this.getWorkflowStaticData('node');
		const count = Number(data.count ?? 0) + 1;
		if (count === 4) throw new NodeOperationError(this.getNode(), 'That is too far');
		data.count = count;
		return count % 2 === 0 ? [[{ json: { count } }]] : null;
	},
};

const stamp: ICredentialType = {
	name: 'stampApi',
	displayName: 'Stamp',
	properties: [
		{ displayName: 'Ink', name: 'ink', type: 'string', default: '' },
		{ displayName: 'Colour', name: 'colour', type: 'string', default: 'blue' },
	],
	authenticate: async ({ ink, colour }, request) => ({
		...request,
		headers: { ...request.headers, stamp: `${String(ink)} ${String(colour)}` },
	}),
};

/** Sends a request with the credential and outputs the body of the response. */
const call = nodeType(
	async function () {
		const body: unknown = await this.helpers.httpRequestWithAuthentication.call(this, 'stampApi', {
			url: this.getNodeParameter('text', 0) as string,
		});
		this.logger.debug('Called', { secret: 'not so secret' });
		return [[{ json: { body: String(body) }, pairedItem: { item: 0 } }]];
	},
	[text],
	{ credentials: [{ name: 'stampApi', required: true, testedBy: 'pressTest' }] },
	{
		credentialTest: {
			async pressTest({ data }) {
				await Promise.resolve();
				return { status: 'OK', message: `Stamps in ${String(data?.colour)}` };
			},
		},
		listSearch: {
			async inks(filter, paginationToken) {
				const { colour } = await this.getCredentials<{ colour: string }>('stampApi');
				const start = Number(paginationToken ?? 0);
				const name = `${String(this.getCurrentNodeParameter('shop'))}: ${colour} ${filter ?? ''}`;
				return {
					results: [{ name, value: start }],
					paginationToken: String(start + 1),
				};
			},
		},
	},
);

const extra = {
	nodes: {
		'test.echo': echo,
		'test.reverse': reverse,
		'test.shout': shout,
		'test.evenOnly': evenOnly,
		'test.waitForever': waitForever,
		'test.call': call,
		'test.counter': counter,
	},
	credentials: [stamp],
};

/** Nodes in a row after a Manual Trigger, each named after its type. */
function chain(...nodes: Array<Partial<INode> & { type: string }>): WorkflowJson {
	const named: INode[] = [{ type: 'n8n-nodes-base.manualTrigger' }, ...nodes].map(
		(node, index) => ({
			id: String(index),
			name: node.type.split('.').at(-1) ?? '',
			typeVersion: 1,
			position: [index * 200, 0],
			parameters: {},
			...node,
		}),
	);
	const connections: WorkflowJson['connections'] = {};
	for (const [index, { name }] of named.slice(1).entries()) {
		const source = named[index]?.name ?? '';
		connections[source] = { main: [[{ node: name, type: 'main', index: 0 }]] };
	}
	const note: INode = {
		id: 'note',
		name: 'Note',
		type: 'n8n-nodes-base.stickyNote',
		typeVersion: 1,
		position: [0, -200],
		parameters: { content: 'A note' },
	};
	return { nodes: [...named, note], connections };
}

const numbered = (...numbers: number[]) => numbers.map((n) => ({ json: { n } }));

let engine: Engine;
let server: Server;
let url: string;

beforeAll(async () => {
	({ server, url } = await serve((request, response) => {
		response.end(`stamped ${String(request.headers.stamp)}`);
	}));
	engine = await startEngine({ packageFolder: false, extra });
});

afterAll(async () => {
	await engine.close();
	await new Promise((resolve) => server.close(resolve));
});

test('an expression is evaluated for each item', async () => {
	const workflow = chain({ type: 'test.echo', parameters: { text: '=no. {{ $json.n + 1 }}' } });
	const result = await engine.run(workflow, { input: numbered(1, 2) });
	expect(result.status).toBe('success');
	expect(result.output('echo').map(({ json }) => json)).toEqual([
		{ text: 'no. 2' },
		{ text: 'no. 3' },
	]);
});

test('an item is paired with its source item, several nodes back', async () => {
	const workflow = chain(
		{ type: 'test.reverse' },
		{ type: 'n8n-nodes-base.noOp' },
		{ type: 'test.echo', parameters: { text: "={{ $('manualTrigger').item.json.n }}" } },
	);
	const result = await engine.run(workflow, { input: numbered(7, 8, 9) });
	expect(result.output('echo').map(({ json }) => json.text)).toEqual([9, 8, 7]);
});

test('without input, the Manual Trigger outputs one empty item', async () => {
	const result = await engine.run(chain({ type: 'n8n-nodes-base.noOp' }));
	expect(result.output('noOp')).toEqual([{ json: {}, pairedItem: { item: 0 } }]);
});

test('a start node that is not a trigger receives the items as its input', async () => {
	const workflow = chain({ type: 'test.reverse' }, { type: 'n8n-nodes-base.noOp' });
	const result = await engine.run(workflow, { input: numbered(1, 2), startNode: 'reverse' });
	expect(result.output('noOp').map(({ json }) => json.n)).toEqual([2, 1]);
	expect(result.output('manualTrigger')).toEqual([]);
});

describe('a node that fails for an item', () => {
	test('ends the execution by default', async () => {
		const workflow = chain({ type: 'test.evenOnly' }, { type: 'n8n-nodes-base.noOp' });
		const result = await engine.run(workflow, { input: numbered(2, 3) });
		expect(result.status).toBe('error');
		expect(result.error?.message).toBe('That is odd');
		expect(result.error).toMatchObject({ context: { itemIndex: 1 } });
		expect(result.output('noOp')).toEqual([]);
	});

	test('outputs an item with the message if it continues on error', async () => {
		const workflow = chain({ type: 'test.evenOnly', onError: 'continueRegularOutput' });
		const result = await engine.run(workflow, { input: numbered(2, 3, 4) });
		expect(result.status).toBe('success');
		expect(result.output('evenOnly').map(({ json }) => json)).toEqual([
			{ n: 2 },
			{ error: 'That is odd' },
			{ n: 4 },
		]);
		expect(result.output('evenOnly')[1]?.pairedItem).toEqual({ item: 1 });
	});

	test('outputs that item at the error output if there is one', async () => {
		const workflow = chain({ type: 'test.evenOnly', onError: 'continueErrorOutput' });
		const result = await engine.run(workflow, { input: numbered(2, 3, 4) });
		expect(result.output('evenOnly').map(({ json }) => json.n)).toEqual([2, 4]);
		expect(result.output('evenOnly', 1)).toMatchObject([
			{ json: { error: 'That is odd' }, pairedItem: { item: 1 } },
		]);
		expect(result.outputs('evenOnly')).toHaveLength(2);
	});

	test('can add a hint', async () => {
		const result = await engine.run(chain({ type: 'test.evenOnly' }), { input: numbered(2) });
		expect(result.hints('evenOnly').map(({ message }) => message)).toEqual(['Odd items fail']);
	});
});

test('an empty required field ends the execution before any node runs', async () => {
	const workflow = chain({ type: 'test.echo', parameters: { text: '' } });
	const result = await engine.run(workflow);
	expect(result.status).toBe('error');
	expect(result.error?.message).toContain('issues');
	expect(result.runData).toEqual({});
});

test('a cancelled execution ends as canceled', async () => {
	const workflow = chain({ type: 'test.waitForever' }, { type: 'n8n-nodes-base.noOp' });
	const execution = engine.start(workflow);
	await delay(50);
	execution.cancel();
	const result = await execution.result;
	expect(result.status).toBe('canceled');
	expect(result.output('noOp')).toEqual([]);
});

test('an execution that is cancelled at once ends as canceled', async () => {
	const execution = engine.start(chain({ type: 'test.waitForever' }));
	execution.cancel();
	expect((await execution.result).status).toBe('canceled');
});

describe('a polling trigger', () => {
	const counting = (): WorkflowJson => {
		const { nodes, connections } = chain({ type: 'n8n-nodes-base.noOp' });
		const [trigger] = nodes;
		if (!trigger) throw new Error('The chain has no trigger');
		trigger.type = 'test.counter';
		trigger.parameters = { pollTimes: { item: [{ mode: 'everyMinute' }] } };
		return { nodes, connections };
	};

	test('polls at activation and on request, and starts an execution for each poll that emits items', async () => {
		const active = await engine.activate(counting());
		expect(active.emitted).toEqual([]);
		await active.poll();
		expect(active.emitted).toEqual([[{ json: { count: 2 } }]]);
		const results = await Promise.all(active.executions);
		expect(results.map((result) => result.output('noOp')[0]?.json)).toEqual([{ count: 2 }]);
		await active.deactivate();
		await active.poll();
		expect(active.emitted).toHaveLength(1);
	});

	test('continues after a restart with the static data that n8n saved when it last emitted items', async () => {
		const first = await engine.activate(counting());
		await first.poll();
		await first.poll();
		await first.deactivate();
		const second = await engine.activate(counting(), { staticData: first.saved() });
		await second.poll();
		expect(second.pollErrors.map(({ message }) => message)).toEqual(['That is too far']);
		expect(second.saved()).toMatchObject({ 'node:manualTrigger': { count: 3 } });
		await second.deactivate();
	});

	test('whose first poll fails cannot be activated', async () => {
		const staticData = { 'node:manualTrigger': { count: 3 } };
		await expect(engine.activate(counting(), { staticData })).rejects.toThrow('That is too far');
	});

	test('can be executed manually', async () => {
		const result = await engine.run(counting());
		expect(result.status).toBe('success');
		expect(result.output('noOp')).toEqual([]);
	});
});

describe('a credential', () => {
	const workflow = () => chain({ type: 'test.call', parameters: { text: url } });

	test('signs a real request, with defaults for missing fields', async () => {
		const result = await engine.run(workflow(), { credentials: { mine: { ink: 'black' } } });
		expect(result.output('call')[0]?.json).toEqual({ body: 'stamped black blue' });
	});

	test('is the one that the node names if there are several', async () => {
		const named = chain({
			type: 'test.call',
			parameters: { text: url },
			credentials: { stampApi: { id: 'b', name: 'Second' } },
		});
		const credentials = { a: { ink: 'ink A' }, b: { ink: 'ink B', colour: 'red' } };
		const result = await engine.run(named, { credentials });
		expect(result.output('call')[0]?.json).toEqual({ body: 'stamped ink B red' });
	});

	test('that is missing is reported by n8n', async () => {
		const result = await engine.run(workflow());
		expect(result.error?.message).toContain('Node does not have any credentials set');
	});

	test('can contain an expression', async () => {
		const credentials = { mine: { ink: '={{ $json.n }}' } };
		const result = await engine.run(workflow(), { credentials, input: numbered(5) });
		expect(result.output('call')[0]?.json).toEqual({ body: 'stamped 5 blue' });
	});

	test('is tested by the function that the node names', async () => {
		expect(await engine.testCredential('stampApi', { ink: 'black' })).toEqual({
			status: 'OK',
			message: 'Stamps in blue',
		});
	});

	test('can be used by a list search', async () => {
		const page = await engine.listSearch({
			nodeType: 'test.call',
			method: 'inks',
			nodeParameters: { shop: 'Corner' },
			credentials: { mine: { colour: 'green' } },
			filter: 'dark',
			paginationToken: '3',
		});
		expect(page).toEqual({
			results: [{ name: 'Corner: green dark', value: 3 }],
			paginationToken: '4',
		});
	});
});

test('the log of n8n is captured', async () => {
	const workflow = chain({ type: 'test.call', parameters: { text: url } });
	await engine.run(workflow, { credentials: { mine: {} } });
	expect(engine.log.some((line) => line.includes('not so secret'))).toBe(true);
});

test('a second engine in the same process is rejected', async () => {
	await expect(startEngine({ packageFolder: false })).rejects.toThrow('Another engine is running');
});

describe.each(['default', 'filesystem'] as const)('binary data mode %s', (binaryMode) => {
	beforeAll(async () => {
		await engine.close();
		engine = await startEngine({ packageFolder: false, extra, binaryMode });
	});

	test('a file passes through a node byte by byte', async () => {
		const content = Buffer.alloc(3_000_000, 'abcdefg');
		const input = [{ binary: { data: { content, fileName: 'letters.txt' } } }];
		const result = await engine.run(chain({ type: 'test.shout' }), { input });
		expect(result.error).toBeUndefined();

		const original = result.output('manualTrigger')[0]?.binary?.data;
		expect(original).toMatchObject({ fileName: 'letters.txt', mimeType: 'text/plain' });
		expect(typeof original?.id).toBe(binaryMode === 'filesystem' ? 'string' : 'undefined');

		const copy = result.output('shout')[0]?.binary?.data;
		if (copy === undefined) throw new Error('The node has output no file');
		const digest = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex');
		expect(copy).toMatchObject({ fileName: 'copy.txt', bytes: 3_000_000 });
		expect(digest(await engine.readBinary(copy))).toBe(digest(Buffer.alloc(3_000_000, 'ABCDEFG')));
	});
});

test('the error for a package that has not been built says how to build it', async () => {
	await engine.close();
	const packageFolder = await mkdtemp(join(tmpdir(), 'unbuilt-'));
	const manifest = { name: 'n8n-nodes-unbuilt', n8n: { nodes: ['dist/A.node.js'] } };
	await writeFile(join(packageFolder, 'package.json'), JSON.stringify(manifest));
	await expect(startEngine({ packageFolder })).rejects.toThrow(
		'dist/A.node.js has not been built yet. Run "npm run build" first.',
	);
	await rm(packageFolder, { recursive: true });
	engine = await startEngine({ packageFolder: false });
});
