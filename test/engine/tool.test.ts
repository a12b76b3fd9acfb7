import { join } from 'node:path';
import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
} from 'n8n-workflow';

import type { WorkflowJson } from '../../dev/engine/engine';

import {
	byKey,
	expectLogoRepaired,
	LOGO_POLYGON,
	NODE,
	openScene,
	image,
	workflowOf,
	type Scene,
} from './bucketAndEngine';

interface Tool {
	name: string;
	description: string;
	invoke(input: object): Promise<unknown>;
}

/** Calls its tool like an AI agent, with the input item in place of the model's choice. */
class Agent implements INodeType {
	description: INodeType['description'] = {
		displayName: 'Agent',
		name: 'agent',
		group: [],
		version: 1,
		description: '',
		defaults: { name: 'Agent' },
		inputs: [NodeConnectionTypes.Main, NodeConnectionTypes.AiTool],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const connected = await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0);
		const [tool] = (Array.isArray(connected) ? connected : [connected]) as Tool[];
		if (!tool) throw new Error('No tool is connected');
		// All at once, as an agent does when a model asks for several calls.
		const calls = this.getInputData().map(async ({ json }) => await tool.invoke(json));
		const results = await Promise.all(calls);
		const { name, description } = tool;
		return [
			[{ json: { name, description, result: results.map((one) => JSON.stringify(one)).join() } }],
		];
	}
}

/** The built node as n8n offers it to agents: with the connections of a tool. */
async function imageRepairTool(): Promise<INodeType> {
	const built: string = join(__dirname, '../../dist/nodes/ImageRepair/ImageRepair.node.js');
	const { ImageRepair } = (await import(built)) as { ImageRepair: new () => INodeType };
	const tool = new ImageRepair();
	tool.description.name = 'imageRepairTool';
	tool.description.inputs = [];
	tool.description.outputs = [NodeConnectionTypes.AiTool];
	return tool;
}

let scene: Scene;

beforeAll(async () => {
	scene = await openScene({
		extra: {
			nodes: { 'test.agent': new Agent(), 'test.imageRepairTool': await imageRepairTool() },
		},
	});
});
afterAll(async () => {
	await scene.close();
});

/** An agent whose only tool is the node with these parameters. */
function agentWith(parameters: INodeParameters): WorkflowJson {
	const workflow = workflowOf(parameters);
	const [start, tool] = workflow.nodes;
	if (!start || !tool) throw new Error('The workflow has no two nodes');
	tool.type = 'test.imageRepairTool';
	workflow.nodes.push({ ...start, id: 'agent', name: 'Agent', type: 'test.agent' });
	workflow.connections = {
		Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
		[NODE]: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
	};
	return workflow;
}

test('an AI agent can repair an image with an object key and an area that it chooses', async () => {
	const original = await image();
	await scene.sandbox.putObject('agent/a.png', original, 'image/png');
	// Without a Mode, as n8n stores a tool that was just added.
	const workflow = agentWith({
		objectKey: byKey("={{ $fromAI('key', 'Object key of the image', 'string') }}"),
		area: 'polygons',
		polygons: "={{ $fromAI('corners', 'Corners of the logo as [[x, y], …]', 'string') }}",
	});

	const result = await scene.engine.run(workflow, {
		credentials: { bucket: scene.credential },
		input: [{ json: { key: 'agent/a.png', corners: LOGO_POLYGON } }],
	});

	expect(result.error).toBeUndefined();
	const json = result.output('Agent')[0]?.json;
	expect(json?.name).toBe('Image_Repair');
	expect(json?.description).toMatch(/^Removes a logo or watermark .* billed/);
	expect(json?.result).toContain('agent/a-repaired.png');
	await expectLogoRepaired(original, await scene.sandbox.getObject('agent/a-repaired.png'));
});

test('an AI agent can list the images of a folder that it chooses', async () => {
	for (const name of ['a', 'b']) {
		await scene.sandbox.putObject(`album/${name}.jpg`, Buffer.from('x'), 'image/jpeg');
	}
	const workflow = agentWith({
		operation: 'getMany',
		folder: {
			__rl: true,
			mode: 'path',
			value: "={{ $fromAI('folder', 'Folder of the images', 'string') }}",
		},
	});
	const result = await scene.engine.run(workflow, {
		credentials: { bucket: scene.credential },
		input: [{ json: { folder: 'album' } }],
	});
	expect(result.error).toBeUndefined();
	const json = result.output('Agent')[0]?.json;
	expect(json?.result).toContain('album/a.jpg');
	expect(json?.result).toContain('album/b.jpg');
	expect(json?.description).toMatch(/^Lists images .* no repair is billed/);
});

/** What an agent reads from its tool, after a call in which it chooses the object key. */
async function answerOf(parameters: INodeParameters, key: string): Promise<string> {
	const workflow = agentWith({
		objectKey: byKey("={{ $fromAI('key', 'Object key of the image', 'string') }}"),
		...parameters,
	});
	await scene.sandbox.resetCalls();
	const result = await scene.engine.run(workflow, {
		credentials: { bucket: scene.credential },
		input: [{ json: { key } }],
	});
	expect(result.error).toBeUndefined();
	return String(result.output('Agent')[0]?.json.result);
}

test.each([
	['agent/none.png', 'There is no image under this path in the bucket', 'Check '],
	['agent/', 'is a folder', 'Enter the path of an image in that folder'],
])('an AI agent reads what is wrong with the key %s, and what to do', async (key, ...texts) => {
	const answer = await answerOf({}, key);
	for (const text of texts) expect(answer).toContain(text);
	expect((await scene.sandbox.calls()).filter(({ billed }) => billed)).toEqual([]);
});

test.each([
	['download', 'Download Repaired Image'],
	['upload', 'Upload and Repair Image'],
])('%s as a tool says which mode to use, and sends nothing', async (operation, name) => {
	const answer = await answerOf({ operation }, 'agent/a.png');
	expect(answer).toContain(`Mode is ${name}, which does not work as a tool`);
	expect(answer).toContain('Repair Image in Bucket');
	expect(await scene.sandbox.calls()).toEqual([]);
});

test('Max Billed Calls limits what the calls of an agent cost together, also at once', async () => {
	for (const name of ['one', 'two']) {
		await scene.sandbox.putObject(`agent/${name}.png`, await image(), 'image/png');
	}
	const workflow = agentWith({
		objectKey: byKey("={{ $fromAI('key', 'Object key of the image', 'string') }}"),
		area: 'polygons',
		polygons: LOGO_POLYGON,
		options: { maxBilledCalls: 1 },
	});
	await scene.sandbox.resetCalls();
	const result = await scene.engine.run(workflow, {
		credentials: { bucket: scene.credential },
		input: [{ json: { key: 'agent/one.png' } }, { json: { key: 'agent/two.png' } }],
	});
	expect(result.error).toBeUndefined();
	expect(result.output('Agent')[0]?.json.result).toContain('maxBilledCalls');
	expect((await scene.sandbox.calls()).filter(({ billed }) => billed)).toHaveLength(1);
});

test('an AI agent reads that a folder has no images', async () => {
	const folder = { __rl: true, mode: 'path', value: 'nowhere' };
	expect(await answerOf({ operation: 'getMany', folder }, '')).toContain('No image was found');
});

test('a tool that is set to stop the workflow stops it', async () => {
	const workflow = agentWith({ objectKey: byKey('agent/none.png') });
	const tool = workflow.nodes.find(({ name }) => name === NODE);
	if (tool) tool.onError = 'stopWorkflow';
	const result = await scene.engine.run(workflow, { credentials: { bucket: scene.credential } });
	expect(result.error?.message).toContain('There is no image under this path in the bucket');
});
