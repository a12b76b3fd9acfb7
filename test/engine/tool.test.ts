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
		const [item] = this.getInputData();
		const result = await tool.invoke(item?.json ?? {});
		const { name, description } = tool;
		return [[{ json: { name, description, result: JSON.stringify(result) } }]];
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
	const workflow = agentWith({
		operation: 'cloud',
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
	expect(json?.description).toMatch(/image/i);
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
});
