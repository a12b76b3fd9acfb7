import assert from 'node:assert/strict';
import type { INodeParameters } from 'n8n-workflow';
import { Endings } from '../../dev/playground/childProcess';
import type { Installation } from '../../dev/playground/install';
import { CREDENTIAL_TYPE, NODE_TYPE } from '../../dev/packageNames';
import { idOf, type LocalWorkflow } from '../../dev/playground/localWorkflows';
import type { N8nClient } from '../../dev/playground/n8nClient';
import { openBrowser } from './browser';
import { assertBox } from './detectionChecks';
import { Editor } from './editor';
import { serveFakeModel, type FakeModel, type OfferedTool } from './fakeModel';
import type { Report } from './report';
import { assertSucceeded } from './serverChecks';
import { keepScreenshot } from './screenshots';
import { openStage, prepareStage, type Stage } from './stage';
import { assertFound } from './words';

const TRIGGER = 'When clicking ‘Execute workflow’';
const AGENT = 'AI Agent';
const TOOL = 'Tencent Image Repair';
const MODEL_CREDENTIAL = { id: 'imageRepairModel', name: 'Model on this machine' };
const SOURCE = 'inbox/harbour.jpg';
const OTHER = 'inbox/kitchen table.jpg';

/** Agents that let n8n's engine run their tools, and those that call them within themselves. */
const AGENT_VERSIONS = [3, 2.2];

interface ToolWorkflow {
	readonly name: string;
	/** Of the tool; what is not set is as n8n adds it to a workflow. */
	readonly parameters: INodeParameters;
}

/** As the editor sets it with "Let the model define this parameter". */
const KEY = {
	__rl: true,
	mode: 'list',
	value: "={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('Object_Key', ``, 'string') }}",
};
const CORNER = {
	area: 'rectangles',
	rectangles: {
		rectangle: [
			{ corner: 'bottomRight', unit: 'percent', left: 2, top: 2.5, width: 20.5, height: 7 },
		],
	},
};

/** The same as `CORNER`, as `assertBox` takes it. */
const CORNER_BOX = [905, 775, 975, 980] as const;
const MODEL_BOX = [905, 725, 975, 980] as const;

const IN_BUCKET: ToolWorkflow = {
	name: 'tool-in-bucket',
	parameters: { objectKey: KEY, ...CORNER, resultKey: '/tool/{name}-clean{extension}' },
};
const LIMITED: ToolWorkflow = {
	name: 'tool-limited',
	parameters: { ...IN_BUCKET.parameters, options: { maxBilledCalls: 1 } },
};
const DOWNLOAD: ToolWorkflow = {
	name: 'tool-download',
	parameters: { operation: 'download', objectKey: KEY },
};
/** A model fills in where the mark is; what it may choose from is told in words, as a person would. */
const filledIn = (key: string, type: 'string' | 'json') =>
	`={{ $fromAI('${key}', '', '${type}') }}`;
const FOUND_BY_MODEL: ToolWorkflow = {
	name: 'tool-found-by-model',
	parameters: {
		...IN_BUCKET.parameters,
		area: filledIn('Area', 'string'),
		polygons: filledIn('Polygons', 'string'),
		coordinates: filledIn('Coordinates', 'string'),
	},
};
/** As the editor sets the type for a field of this kind. */
const FOUND_AS_JSON: ToolWorkflow = {
	name: 'tool-found-as-json',
	parameters: { ...FOUND_BY_MODEL.parameters, polygons: filledIn('Polygons', 'json') },
};
const DETECT: ToolWorkflow = {
	name: 'tool-detect',
	parameters: { operation: 'detect', objectKey: KEY, lookFor: 'text' },
};
const GET_MANY: ToolWorkflow = {
	name: 'tool-get-many',
	parameters: {
		operation: 'getMany',
		folder: {
			__rl: true,
			mode: 'path',
			value: "={{ $fromAI('folder', 'Folder of the images', 'string') }}",
		},
	},
};

const WORKFLOWS: readonly ToolWorkflow[] = [
	IN_BUCKET,
	LIMITED,
	DOWNLOAD,
	FOUND_BY_MODEL,
	FOUND_AS_JSON,
	DETECT,
	GET_MANY,
];

function idOfTool({ name }: ToolWorkflow, agentVersion: number): string {
	return idOf(`${name}-${agentVersion}`);
}

/** A workflow with an agent whose only tool is the node. */
function agentWorkflow(workflow: ToolWorkflow, agentVersion: number): LocalWorkflow {
	const node = (
		name: string,
		type: string,
		typeVersion: number,
		[x, y]: [number, number],
		parameters: INodeParameters,
	) => ({
		id: `c0000000-0000-4000-8000-0000000000${x}${y}`,
		name,
		type,
		typeVersion,
		position: [x * 220, y * 220] as [number, number],
		parameters: { ...parameters },
	});
	return {
		id: idOfTool(workflow, agentVersion),
		name: `${workflow.name}, agent ${agentVersion}`,
		active: false,
		settings: { executionOrder: 'v1' },
		nodes: [
			node(TRIGGER, 'n8n-nodes-base.manualTrigger', 1, [1, 0], {}),
			node(AGENT, '@n8n/n8n-nodes-langchain.agent', agentVersion, [2, 0], {
				promptType: 'define',
				text: 'Use your tool.',
				options: {},
			}),
			{
				...node('OpenAI Chat Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', 1.2, [2, 1], {
					model: { __rl: true, mode: 'id', value: 'fake' },
					options: {},
				}),
				credentials: { openAiApi: MODEL_CREDENTIAL },
			},
			{
				...node(TOOL, `${NODE_TYPE}Tool`, 1, [3, 1], workflow.parameters),
				credentials: {
					[CREDENTIAL_TYPE]: { id: 'imageRepairLocal', name: 'Sample bucket on this machine' },
				},
			},
		],
		connections: {
			[TRIGGER]: { main: [[{ node: AGENT, type: 'main', index: 0 }]] },
			'OpenAI Chat Model': {
				ai_languageModel: [[{ node: AGENT, type: 'ai_languageModel', index: 0 }]],
			},
			[TOOL]: { ai_tool: [[{ node: AGENT, type: 'ai_tool', index: 0 }]] },
		},
	};
}

/** What the model has read, and what was offered to it. */
interface Answer {
	readonly text: string;
	readonly tool: OfferedTool;
}

async function ask(
	client: N8nClient,
	model: FakeModel,
	id: string,
	inputs: readonly object[],
): Promise<Answer> {
	model.willCall(inputs);
	const execution = await client.untilOver(await client.start(id, TRIGGER));
	assertSucceeded(execution);
	const text = execution.output(AGENT)[0]?.json.output;
	assert.ok(typeof text === 'string', 'The agent has no output.');
	const [tool] = model.tools;
	assert.ok(tool, 'The model was offered no tool.');
	return { text, tool };
}

async function checkAgent(
	client: N8nClient,
	model: FakeModel,
	stage: Stage,
	report: Report,
	version: number,
): Promise<void> {
	const { sandbox } = stage;
	const billed = async () => (await sandbox.calls()).filter((call) => call.billed).length;
	const answer = async (workflow: ToolWorkflow, ...inputs: object[]) => {
		await sandbox.resetCalls();
		await sandbox.resetLedger();
		return await ask(client, model, idOfTool(workflow, version), inputs);
	};
	const of = `agent ${version}:`;

	await report.check(`${of} a model repairs an image, and learns its key and address`, async () => {
		const { text, tool } = await answer(IN_BUCKET, { Object_Key: SOURCE });
		assert.match(text, /tool\/harbour-clean\.jpg/);
		assert.ok(text.includes(`${sandbox.url}/tool/harbour-clean.jpg`), text);
		assert.ok((await sandbox.keys()).includes('tool/harbour-clean.jpg'));
		assert.equal(await billed(), 1);
		assert.match(tool.description, /Removes a logo or watermark .* billed/);
		assert.deepEqual(Object.keys(tool.parameters.properties ?? {}), ['Object_Key']);
		assert.doesNotMatch(text, /q-signature/);
	});
	await report.check(`${of} a key that does not exist reaches the model as text`, async () => {
		const { text } = await answer(IN_BUCKET, { Object_Key: 'inbox/nothing.jpg' });
		assert.match(text, /There is no image under this path in the bucket/i);
		assert.match(text, /Check /);
		assert.equal(await billed(), 0);
	});
	await report.check(`${of} an invalid key reaches the model as text`, async () => {
		const { text } = await answer(IN_BUCKET, { Object_Key: 'inbox/' });
		assert.match(text, /\\"inbox\/\\" is a folder/);
		assert.match(text, /Enter the path of an image in that folder/);
		assert.equal(await billed(), 0);
	});
	await report.check(`${of} what the service refuses reaches the model as text`, async () => {
		const fault = { fault: 'status', status: 403, code: 'AccessDenied' } as const;
		await sandbox.setFaults([{ kind: ['repair-cloud'], fault }]);
		const { text } = await answer(IN_BUCKET, { Object_Key: SOURCE }).finally(
			async () => await sandbox.clearFaults(),
		);
		assert.match(text, /AccessDenied/);
		assert.match(text, /not billed/);
	});
	await report.check(`${of} Max Billed Calls limits all calls of an execution`, async () => {
		const { text } = await answer(LIMITED, { Object_Key: SOURCE }, { Object_Key: OTHER });
		assert.equal(await billed(), 1);
		assert.match(text, /maxBilledCalls/);
	});
	await report.check(`${of} download says which mode to use, and sends nothing`, async () => {
		const { text } = await answer(DOWNLOAD, { Object_Key: SOURCE });
		assert.match(text, /Mode is Download Repaired Image, which does not work as a tool/);
		assert.match(text, /change Mode to Repair Image in Bucket/);
		assert.deepEqual(await sandbox.calls(), []);
	});
	await report.check(`${of} a model says where the mark is, in words of its own`, async () => {
		const box = '{"box_2d":[905,725,975,980]}';
		const filled = { Object_Key: SOURCE, Area: 'Polygons', Coordinates: 'per mille' };
		const asText = await answer(FOUND_BY_MODEL, { ...filled, Polygons: box });
		assert.match(asText.text, /tool\/harbour-clean\.jpg/);
		await assertBox(stage, SOURCE, MODEL_BOX);
		const { text } = await answer(FOUND_AS_JSON, {
			...filled,
			Polygons: { x1: 725, y1: 905, x2: 980, y2: 975 },
		});
		assert.match(text, /tool\/harbour-clean\.jpg/);
		await assertBox(stage, SOURCE, MODEL_BOX);
	});
	await report.check(`${of} a model chooses the rectangles that a person has entered`, async () => {
		const filled = { Object_Key: SOURCE, Polygons: '[]', Coordinates: '' };
		const { text } = await answer(FOUND_BY_MODEL, { ...filled, Area: 'Rectangles' });
		assert.match(text, /tool\/harbour-clean\.jpg/);
		await assertBox(stage, SOURCE, CORNER_BOX);
	});
	await report.check(`${of} an area that does not exist is not repaired as another`, async () => {
		const filled = { Object_Key: SOURCE, Polygons: '[]', Coordinates: '' };
		const { text } = await answer(FOUND_BY_MODEL, { ...filled, Area: 'bottom right corner' });
		assert.match(text, /Area is .*bottom right corner/);
		assert.match(text, /rectangles/);
		assert.equal(await billed(), 0);
	});
	await report.check(`${of} a model learns what is in an image, and where`, async () => {
		const { text, tool } = await answer(DETECT, { Object_Key: SOURCE });
		assert.match(text, /SAMPLE/);
		assert.match(text, /polygon/);
		assert.match(tool.description, /Finds logos and text .* billed/);
		const { calls } = await sandbox.ledger();
		assert.equal(calls.filter(({ detected }) => detected).length, 1);
		assert.equal(await billed(), 0);
	});
	await report.check(`${of} a model lists images, and an empty folder`, async () => {
		const { text, tool } = await answer(GET_MANY, { folder: 'inbox' });
		assert.match(text, /inbox\/harbour\.jpg/);
		assert.match(tool.description, /Lists images .* no repair is billed/);
		const empty = await answer(GET_MANY, { folder: 'nowhere' });
		assert.match(empty.text, /No image was found/);
	});
}

/** @param shoot keeps a screenshot of the open tool */
async function checkPanel(editor: Editor, shoot: () => Promise<void>): Promise<void> {
	await editor.openWorkflow(idOfTool(IN_BUCKET, 3));
	await editor.openNode(TOOL);
	const description = editor.part('parameter-input-toolDescription').locator('textarea, input');
	assert.match(await description.first().inputValue(), /Removes a logo or watermark/);
	await editor.part('parameter-input-resultKey').waitFor();
	assert.equal(await editor.part('parameter-input-downloadResult').count(), 0);
	await shoot();
	await editor.part('parameter-input-operation').click();
	const options = editor.page.getByRole('option');
	await options.first().waitFor();
	const names = (await options.allInnerTexts()).map((text) => text.split('\n')[0]);
	// n8n adds the last one to every node with a credential.
	assert.deepEqual(names, [
		'Detect Logos and Text',
		'Get Many Images',
		'Repair Image in Bucket',
		'Custom API Call',
	]);
	await options.filter({ hasText: 'Get Many Images' }).click();
	await editor.part('parameter-input-folder').waitFor();
	assert.match(await description.first().inputValue(), /Lists images/);
}

/**
 * The node as a tool of an AI agent.
 *
 * @param keepImages whether to keep the screenshots of the documentation
 * @param searches whether to look in the node panel too
 */
export async function checkTool(
	installation: Installation,
	report: Report,
	{ keepImages = false, searches = false } = {},
): Promise<void> {
	report.heading(`The node as a tool on n8n ${installation.release.version}`);
	const endings = new Endings();
	try {
		const model = await serveFakeModel();
		endings.add(async () => await model.close());
		const stage = await prepareStage(installation, endings, {
			credentials: [
				{
					...MODEL_CREDENTIAL,
					type: 'openAiApi',
					data: { apiKey: 'for this machine only', url: model.url },
				},
			],
			adapt: (workflows) => [
				...workflows,
				...AGENT_VERSIONS.flatMap((version) =>
					WORKFLOWS.map((workflow) => agentWorkflow(workflow, version)),
				),
			],
		});
		const { server, client } = await openStage(stage, endings);
		for (const version of AGENT_VERSIONS) {
			await checkAgent(client, model, stage, report, version);
		}
		const { browser, page } = await openBrowser();
		endings.add(async () => await browser.close());
		page.setDefaultTimeout(60_000);
		const editor = new Editor(page, server.url);
		await report.check('the editor offers the modes that work as a tool', async () => {
			await editor.logIn();
			await checkPanel(editor, async () => {
				if (keepImages) await keepScreenshot(editor, 'tool');
			});
		});
		if (searches) {
			await report.check(
				'each word for what the node does finds it in the node panel',
				async () => {
					await editor.newWorkflow();
					await assertFound(editor);
				},
			);
		}
	} finally {
		await endings.run();
	}
}
