import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';

import {
	startEngine,
	type Engine,
	type EngineItem,
	type EngineOptions,
	type Execution,
	type ExecutionResult,
	type WorkflowJson,
} from '../../dev/engine/engine';
import { NODE_TYPE } from '../../dev/packageNames';
import type { SandboxAddress, SandboxOptions } from '../../dev/sandbox/sandbox';
import { spawnSandbox, type SpawnedSandbox } from '../../dev/sandbox/spawn';

export const NODE = 'Image Repair';

/** The white rectangle that `image` paints as a logo, and a polygon that covers exactly its pixels. */
export const LOGO = { left: 40, top: 30, width: 30, height: 16 };
export const LOGO_POLYGON = JSON.stringify([
	[
		[40, 30],
		[70, 30],
		[70, 46],
		[40, 46],
	],
]);
export const IMAGE_SIZE = { width: 120, height: 80 };

export interface RunSettings {
	/** Settings of the node itself, such as `onError`. */
	node?: IDataObject;
	credential?: ICredentialDataDecryptedObject;
	settings?: IDataObject;
}

/** A sandbox and an engine for the tests of one file. */
export interface Scene {
	sandbox: SpawnedSandbox;
	engine: Engine;
	credential: ICredentialDataDecryptedObject;
	start(parameters: INodeParameters, items?: readonly EngineItem[], more?: RunSettings): Execution;
	run(
		parameters: INodeParameters,
		items?: readonly EngineItem[],
		more?: RunSettings,
	): Promise<ExecutionResult>;
	billedCalls(): Promise<number>;
	/** The file in the field `data` of an output item, the first item by default. */
	readOutput(result: ExecutionResult, index?: number): Promise<Buffer>;
	close(): Promise<void>;
}

export function workflowOf(parameters: INodeParameters, more: RunSettings = {}): WorkflowJson {
	return {
		nodes: [
			{
				id: 'start',
				name: 'Start',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: 'repair',
				name: NODE,
				type: NODE_TYPE,
				typeVersion: 1,
				position: [200, 0],
				parameters,
				...more.node,
			},
		],
		connections: { Start: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
		settings: { ...more.settings },
	};
}

/** The credential for a sandbox. */
export function credentialOf({ secretId, secretKey, bucket, region, url }: SandboxAddress) {
	return { secretId, secretKey, bucket, region, endpoint: 'custom', customDomain: url };
}

type NodeJson = WorkflowJson['nodes'][number];

/** A node of a workflow, by the type and the parameters that it has. */
export function nodeOf(name: string, type: string, parameters: INodeParameters): NodeJson {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters };
}

/** A workflow of nodes, one after the other. */
export function chainOf(...nodes: NodeJson[]): WorkflowJson {
	const connections: WorkflowJson['connections'] = {};
	nodes.forEach(({ name }, index) => {
		const next = nodes[index + 1];
		if (next) connections[name] = { main: [[{ node: next.name, type: 'main', index: 0 }]] };
	});
	return { nodes, connections };
}

export async function openScene(
	engineOptions: EngineOptions = {},
	sandboxOptions: SandboxOptions = {},
): Promise<Scene> {
	const [engine, sandbox] = await Promise.all([
		startEngine(engineOptions),
		spawnSandbox(sandboxOptions),
	]);
	const credential = credentialOf(sandbox);
	const start: Scene['start'] = (parameters, items = [{ json: {} }], more = {}) =>
		engine.start(workflowOf(parameters, more), {
			credentials: {
				bucket: { ...credential, ...more.credential },
			},
			input: items,
		});
	return {
		engine,
		sandbox,
		credential,
		start,
		run: async (...args) => await start(...args).result,
		billedCalls: async () => (await sandbox.calls()).filter(({ billed }) => billed).length,
		async readOutput(result, index = 0) {
			const binary = result.output(NODE)[index]?.binary?.data;
			if (!binary) throw new Error('The output item has no binary data');
			return await engine.readBinary(binary);
		},
		async close() {
			await sandbox.close();
			await engine.close();
		},
	};
}

/** A textured image with a white logo at LOGO. */
export async function image(format: 'png' | 'jpeg' | 'webp' = 'png'): Promise<Buffer> {
	const { width, height } = IMAGE_SIZE;
	const pixels = Buffer.alloc(width * height * 3);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const inLogo =
				x >= LOGO.left && x < LOGO.left + LOGO.width && y >= LOGO.top && y < LOGO.top + LOGO.height;
			const at = (y * width + x) * 3;
			pixels[at] = inLogo ? 250 : (x * 2) % 200;
			pixels[at + 1] = inLogo ? 250 : (y * 3) % 200;
			pixels[at + 2] = inLogo ? 250 : (x + y) % 200;
		}
	}
	return await sharp(pixels, { raw: { width, height, channels: 3 } })
		.toFormat(format)
		.toBuffer();
}

/** A mask for `image`: white at LOGO, black elsewhere. */
export async function logoMask(): Promise<Buffer> {
	const { left, top, width, height } = LOGO;
	const white = await sharp({ create: { width, height, channels: 3, background: 'white' } })
		.png()
		.toBuffer();
	return await sharp({ create: { ...IMAGE_SIZE, channels: 3, background: 'black' } })
		.composite([{ input: white, left, top }])
		.png()
		.toBuffer();
}

export interface PixelChange {
	/** Number of pixels that differ inside the rectangle, and outside it. */
	inside: number;
	outside: number;
}

async function rawPixels(bytes: Buffer): Promise<{ data: Buffer; width: number; height: number }> {
	const { data, info } = await sharp(bytes)
		.removeAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	return { data, width: info.width, height: info.height };
}

/** Counts the pixels that differ between two images of the same size. */
export async function pixelChange(
	before: Buffer,
	after: Buffer,
	area: { left: number; top: number; width: number; height: number } = LOGO,
): Promise<PixelChange> {
	const [a, b] = await Promise.all([rawPixels(before), rawPixels(after)]);
	if (a.width !== b.width || a.height !== b.height) throw new Error('The images differ in size');
	const change = { inside: 0, outside: 0 };
	for (let y = 0; y < a.height; y++) {
		for (let x = 0; x < a.width; x++) {
			const at = (y * a.width + x) * 3;
			if (a.data.compare(b.data, at, at + 3, at, at + 3) === 0) continue;
			const inside =
				x >= area.left && x < area.left + area.width && y >= area.top && y < area.top + area.height;
			change[inside ? 'inside' : 'outside']++;
		}
	}
	return change;
}

/** Expects that the logo, and nothing else, has been repaired. */
export async function expectLogoRepaired(original: Buffer, repaired: Buffer): Promise<void> {
	const change = await pixelChange(original, repaired);
	expect(change.outside).toBe(0);
	expect(change.inside).toBeGreaterThan(400);
}

/** An image by its key in any mode: n8n leaves out the field that the mode does not have. */
export function named(key: string): INodeParameters {
	return { objectKey: byKey(key), storeAs: key };
}

/** The value of Image, By Key, as the editor stores it. */
export function byKey(key: string): INodeParameters {
	return { __rl: true, mode: 'key', value: key };
}
