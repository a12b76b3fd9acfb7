import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { jsonParse, type INode } from 'n8n-workflow';
import type { WorkflowJson } from '../engine/engine';
import type { Scene } from './scenes';

const NODE_TYPE = 'n8n-nodes-tencent-image-repair.imageRepair';

/** A workflow of `examples/`, and the one node of ours in it. */
export interface Example {
	file: string;
	workflow: WorkflowJson;
	node: INode;
}

/** Reads an example as a user would import it. */
export async function readExample(name: string): Promise<Example> {
	const file = `examples/${name}.json`;
	const text = await readFile(join(__dirname, '../..', file), 'utf8');
	const workflow = jsonParse<WorkflowJson>(text);
	const node = workflow.nodes.find(({ type }) => type === NODE_TYPE);
	if (!node) throw new Error(`${file} has no Tencent Image Repair node.`);
	return { file, workflow, node };
}

/**
 * Fits an example to a scene. Nothing is changed but the mask's address, which can only be known
 * once the demo serves the mask; polygons have to be the scene's already.
 */
export function fitTo(scene: Scene, { file, node }: Example, maskUrl: string): void {
	const { parameters } = node;
	if (parameters.area === 'mask') {
		parameters.maskUrl = maskUrl;
		return;
	}
	const { polygons } = parameters;
	const isScenes =
		typeof polygons === 'string' && isDeepStrictEqual(jsonParse(polygons), scene.polygons);
	if (isScenes) return;
	throw new Error(
		`The polygons of ${file} are not those of the scene "${scene.name}": ` +
			`put ${JSON.stringify(scene.polygons)} there.`,
	);
}
