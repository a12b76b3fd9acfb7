import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
	jsonParse,
	type IBinaryData,
	type ICredentialDataDecryptedObject,
	type INode,
} from 'n8n-workflow';
import type { Engine, EngineItem, ExecutionResult, WorkflowJson } from '../engine/engine';
import { NODE_TYPE } from '../packageNames';
import type { SpawnedSandbox } from '../sandbox/spawn';
import { decodeImage, encodeImage, psnr, type Format, type Pixels } from './image';
import type { Scene, SceneName } from './scenes';

/** One of the node's three repair modes, with the example and the scene that show it. */
export interface Task {
	mode: 'download' | 'upload' | 'cloud';
	example: string;
	scene: SceneName;
	format: Format;
	fileName: string;
	/** Object key of the marked image in the example. */
	key: string;
	/** Object key of the repaired image; missing when n8n receives it. */
	resultKey?: string;
}

export const tasks: readonly Task[] = [
	{
		mode: 'download',
		example: 'repair-on-download',
		scene: 'coast',
		format: 'png',
		fileName: 'coast.png',
		key: 'holiday/coast.png',
	},
	{
		mode: 'upload',
		example: 'repair-on-upload',
		scene: 'still-life',
		format: 'jpeg',
		fileName: 'still-life.jpg',
		key: 'shop/still-life.jpg',
		resultKey: 'shop/repaired/still-life.jpg',
	},
	{
		mode: 'cloud',
		example: 'repair-in-bucket',
		scene: 'forest',
		format: 'webp',
		fileName: 'forest.webp',
		key: 'archive/forest.webp',
		resultKey: 'repaired/forest.webp',
	},
];

/** The result of a task. */
export interface Repair {
	task: Task;
	scene: Scene;
	before: Pixels;
	after: Pixels;
	/** Size of the repaired file. */
	bytes: number;
	/** Duration of the workflow. */
	milliseconds: number;
	/** PSNR against the unmarked scene inside the mask, in decibels. */
	psnrBefore: number;
	psnrAfter: number;
	/** Whether the repair has brought the image closer to the unmarked scene. */
	passed: boolean;
}

export interface Place {
	engine: Engine;
	sandbox: SpawnedSandbox;
	/** URL of the scene's mask image. */
	maskUrl: string;
}

/** A workflow in `examples/`, and its Image Repair node. */
interface Example {
	file: string;
	workflow: WorkflowJson;
	node: INode;
}

async function readExample(name: string): Promise<Example> {
	const file = `examples/${name}.json`;
	const text = await readFile(join(__dirname, '../..', file), 'utf8');
	const workflow = jsonParse<WorkflowJson>(text);
	const node = workflow.nodes.find(({ type }) => type === NODE_TYPE);
	if (!node) throw new Error(`${file} has no Tencent Image Repair node.`);
	return { file, workflow, node };
}

/**
 * Sets the mask URL of an example, which is only known at run time. An example with polygons is
 * left as it is.
 * @throws Error when its polygons are not those of the scene
 */
function fitTo(scene: Scene, { file, node }: Example, maskUrl: string): void {
	const { parameters } = node;
	if (parameters.area === 'mask') {
		parameters.maskUrl = maskUrl;
		return;
	}
	const { polygons } = parameters;
	if (typeof polygons === 'string' && isDeepStrictEqual(jsonParse(polygons), scene.polygons)) {
		return;
	}
	throw new Error(
		`The polygons of ${file} do not match the scene "${scene.name}". ` +
			`Change them to ${JSON.stringify(scene.polygons)}.`,
	);
}

/** Credential fields for the sandbox. */
function credentialFor(sandbox: SpawnedSandbox): ICredentialDataDecryptedObject {
	const { secretId, secretKey, bucket, region, url } = sandbox;
	return { secretId, secretKey, bucket, region, endpoint: 'custom', customDomain: url };
}

/** Runs the task's example workflow in n8n's engine and measures the result. */
export async function repair(task: Task, scene: Scene, place: Place): Promise<Repair> {
	const { engine, sandbox, maskUrl } = place;
	const example = await readExample(task.example);
	fitTo(scene, example, maskUrl);

	const marked = await encodeImage(scene.marked, task.format);
	const mimeType = `image/${task.format}`;
	let input: EngineItem[] | undefined;
	if (task.mode === 'upload') {
		const { fileName } = task;
		input = [{ binary: { data: { content: marked, fileName, mimeType } } }];
	} else {
		await sandbox.putObject(task.key, marked, mimeType);
	}

	const start = performance.now();
	const result = await engine.run(example.workflow, {
		credentials: { sandbox: credentialFor(sandbox) },
		input,
	});
	const milliseconds = performance.now() - start;
	failUnlessSuccessful(task, result);

	const repaired =
		task.resultKey === undefined
			? await engine.readBinary(fileOf(result, example.node.name))
			: await sandbox.getObject(task.resultKey);
	const before = await decodeImage(marked);
	const after = await decodeImage(repaired);
	const psnrBefore = psnr(before, scene.unmarked, scene.mask);
	const psnrAfter = psnr(after, scene.unmarked, scene.mask);
	return {
		task,
		scene,
		before,
		after,
		bytes: repaired.length,
		milliseconds,
		psnrBefore,
		psnrAfter,
		passed: psnrAfter > psnrBefore,
	};
}

function failUnlessSuccessful({ mode, example }: Task, { status, error }: ExecutionResult): void {
	if (status === 'success') return;
	const description = error && 'description' in error ? error.description : undefined;
	const reasons = [error?.message ?? `the status is "${status}"`, description].filter(Boolean);
	throw new Error(`examples/${example}.json (${mode}) failed: ${reasons.join('\n')}`);
}

function fileOf(result: ExecutionResult, nodeName: string): IBinaryData {
	const file = result.output(nodeName)[0]?.binary?.data;
	if (file) return file;
	throw new Error(`${nodeName} returned no file in the binary field "data".`);
}
