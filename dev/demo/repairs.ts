import type { IBinaryData, ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { Engine, EngineItem, ExecutionResult } from '../engine/engine';
import type { SpawnedSandbox } from '../sandbox/spawn';
import type { Pixels } from './paint';
import { decodeImage, encodeImage, type Format } from './image';
import { psnr } from './psnr';
import type { Scene, SceneName } from './scenes';
import { fitTo, readExample } from './workflows';

/** One of the three ways to use Image Repair, with the example and the scene that show it. */
export interface Task {
	mode: 'download' | 'upload' | 'cloud';
	example: string;
	scene: SceneName;
	format: Format;
	fileName: string;
	/** Object key of the marked image, as the example has it. */
	key: string;
	/** Object key of the repaired image; none when it comes back to n8n. */
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

/** What became of a task. */
export interface Repair {
	task: Task;
	scene: Scene;
	before: Pixels;
	after: Pixels;
	/** Size of the repaired file. */
	bytes: number;
	/** From the start of the workflow to its end. */
	milliseconds: number;
	/** Likeness to the unmarked scene inside the area, in decibels. */
	psnrBefore: number;
	psnrAfter: number;
	/** Whether the repaired image is closer to the unmarked scene than the marked one. */
	passed: boolean;
}

export interface Place {
	engine: Engine;
	sandbox: SpawnedSandbox;
	/** Address of the scene's mask image. */
	maskUrl: string;
}

/** Fields of the Tencent Cloud COS credential that lead to the sandbox. */
function credentialFor(sandbox: SpawnedSandbox): ICredentialDataDecryptedObject {
	const { secretId, secretKey, bucket, region, url } = sandbox;
	return { secretId, secretKey, bucket, region, endpoint: 'custom', customDomain: url };
}

/** Runs the task's example workflow in n8n's engine, and measures what came of it. */
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
	const told = [error?.message ?? `it ended as "${status}"`, description].filter(Boolean);
	throw new Error(`examples/${example}.json (${mode}) did not run through: ${told.join('\n')}`);
}

function fileOf(result: ExecutionResult, nodeName: string): IBinaryData {
	const file = result.output(nodeName)[0]?.binary?.data;
	if (file) return file;
	throw new Error(`${nodeName} gave no file in the binary field "data".`);
}
