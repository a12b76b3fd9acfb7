import type { INodeParameters } from 'n8n-workflow';

import { decodeImage, encodeImage, type Pixels } from '../demo/image';
import type { Polygon } from '../demo/watermark';
import { startEngine, type ExecutionResult, type WorkflowJson } from '../engine/engine';
import { NODE_TYPE } from '../packageNames';
import { spawnSandbox } from '../sandbox/spawn';

/** An image, and what its mark says. */
export interface MarkImage {
	key: string;
	pixels: Pixels;
	word: string;
}

/** A line of text as the node tells it. */
export interface FoundLine {
	label: string;
	polygon: Polygon;
}

/** What became of an image. */
export interface Outcome {
	isRepaired: boolean;
	lines: readonly FoundLine[];
	/** What the repair was asked for: the lines with their margin. */
	asked: readonly Polygon[];
	/** The downloaded image, if it was repaired. */
	after: Pixels | undefined;
	/** How often a repair and a detection were billed, by the sandbox's ledger. */
	repairs: number;
	detections: number;
}

/** The built node in n8n's engine, and a sandbox that reads text. */
export interface MarkRun {
	/** Found Text in the mode Download, with everything else as it is by default. */
	repair(images: readonly MarkImage[]): Promise<Outcome[]>;
	/** The lines with the image's word, or all of them. */
	look(images: readonly MarkImage[], which: 'contains' | 'any'): Promise<FoundLine[][]>;
	close(): Promise<void>;
}

const NODE = 'Image Repair';

function workflowOf(parameters: INodeParameters): WorkflowJson {
	const node = (name: string, type: string, given: INodeParameters = {}) => ({
		...{ id: name, name, type, typeVersion: 1, parameters: given },
		position: [0, 0] as [number, number],
	});
	const objectKey = { __rl: true, mode: 'key', value: '={{ $json.key }}' };
	return {
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger'),
			node(NODE, NODE_TYPE, { ...parameters, objectKey, texts: ['={{ $json.word }}'] }),
		],
		connections: { Start: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
	};
}

/** The node's own output schema holds it to this form. */
const linesOf = (areas: unknown) => areas as readonly FoundLine[];

/** Of an area as the ledger has it: `polygons` and JSON. */
function polygonsOf(area: string): Polygon[] {
	const [kind, json] = area.split(/ (.*)/s);
	if (kind !== 'polygons') throw new Error(`The node has asked for ${area}`);
	return JSON.parse(json ?? '') as Polygon[];
}

export async function openMarkRun(): Promise<MarkRun> {
	const sandbox = await spawnSandbox();
	const { secretId, secretKey, bucket, region, url } = sandbox;
	const credential = {
		...{ secretId, secretKey, bucket, region },
		...{ endpoint: 'custom', customDomain: url },
	};
	const engine = await startEngine().catch(async (error: unknown) => {
		await sandbox.close();
		throw error;
	});

	async function run(parameters: INodeParameters, images: readonly MarkImage[]) {
		const files = images.map(async ({ key, pixels }) => ({
			key,
			bytes: await encodeImage(pixels, 'png'),
		}));
		await sandbox.putObjects(await Promise.all(files), 'image/png');
		await sandbox.resetLedger();
		const result = await engine.run(workflowOf(parameters), {
			credentials: { credential },
			input: images.map(({ key, word }) => ({ json: { key, word } })),
		});
		if (result.error) throw result.error;
		const items = result.output(NODE);
		if (items.length === images.length) return items;
		throw new Error(`The node returned ${items.length} of ${images.length} items`);
	}

	type Item = ReturnType<ExecutionResult['output']>[number];
	async function download({ json, binary }: Item): Promise<Pixels | undefined> {
		if (json.repaired !== true || !binary?.data) return undefined;
		return await decodeImage(await engine.readBinary(binary.data));
	}

	return {
		async repair(images) {
			const items = await run({ operation: 'download', area: 'text' }, images);
			const { calls } = await sandbox.ledger();
			const outcomes: Outcome[] = [];
			for (const [index, item] of items.entries()) {
				const ofImage = calls.filter(({ key }) => key === images[index]?.key);
				const repairs = ofImage.filter(({ billed }) => billed);
				outcomes.push({
					isRepaired: item.json.repaired === true,
					lines: linesOf(item.json.areas),
					asked: repairs.flatMap(({ asked }) => asked).flatMap(({ area }) => polygonsOf(area)),
					after: await download(item),
					repairs: repairs.length,
					detections: ofImage.filter(({ detected }) => detected).length,
				});
			}
			return outcomes;
		},
		async look(images, which) {
			if (images.length === 0) return [];
			const parameters = { operation: 'detect', lookFor: 'text', textFilter: which };
			const items = await run(parameters, images);
			return items.map(({ json }) => [...linesOf(json.areas)]);
		},
		async close() {
			await sandbox.close();
			await engine.close();
		},
	};
}
