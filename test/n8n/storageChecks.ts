import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { IBinaryData, IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';
import { startEngine, type EngineItem, type WorkflowJson } from '../../dev/engine/engine';
import type { ObjectStoreAddress } from '../../dev/engine/objectStore';
import { nextMessage } from '../../dev/nextMessage';
import { NODE_TYPE } from '../../dev/packageNames';
import { Endings } from '../../dev/playground/childProcess';
import type { Installation } from '../../dev/playground/install';
import { idOf, type LocalWorkflow } from '../../dev/playground/localWorkflows';
import { spawnSandbox, type SpawnedSandbox } from '../../dev/sandbox/spawn';
import { batchWorkflow, NODE } from './batch';
import { digest } from './digest';
import type { Report } from './report';
import { startObjectStore, type ObjectStore, type StoreFault } from './s3Server';
import { seconds } from './serverChecks';
import { callWebhook, openStage, prepareStage } from './stage';
import type { Done, Settings, Work } from './storageWorker';

const ITEMS = 200;
const SIZE = { width: 200, height: 120 };

/** A process with n8n's engine that keeps its files in the store. */
class EngineWorker {
	private constructor(private readonly child: ChildProcess) {}

	static async start(settings: Settings, endings: Endings): Promise<EngineWorker> {
		const child = fork(join(__dirname, 'storageWorker.ts'), [JSON.stringify(settings)], {
			execArgv: ['--require', require.resolve('tsx/cjs')],
			// With it, files can be sent.
			serialization: 'advanced',
		});
		const ended = once(child, 'exit');
		endings.add(async () => {
			if (child.connected) child.disconnect();
			await ended;
		});
		await nextMessage(child);
		return new EngineWorker(child);
	}

	async run(workflow: WorkflowJson, input: EngineItem[]): Promise<Done> {
		return await this.send({ workflow, node: NODE, input });
	}

	/** The items of a workflow that has to succeed. */
	async outputOf(workflow: WorkflowJson, input: EngineItem[]): Promise<INodeExecutionData[]> {
		const { items, error } = await this.run(workflow, input);
		assert.equal(error, undefined);
		return items;
	}

	async digestsOf(files: readonly IBinaryData[]): Promise<string[]> {
		return (await this.send({ read: files })).digests;
	}

	private async send(work: Work): Promise<Done> {
		const done = nextMessage(this.child);
		this.child.send(work);
		return (await done) as Done;
	}
}

/** A workflow with nothing but the node. */
function workflowOf(parameters: INodeParameters): WorkflowJson {
	const node = { id: 'node', name: NODE, type: NODE_TYPE, typeVersion: 1, parameters };
	return { nodes: [{ ...node, position: [0, 0] }], connections: {} };
}

const DOWNLOAD = workflowOf({
	operation: 'download',
	objectKey: { __rl: true, mode: 'key', value: '={{ $json.key }}' },
	area: 'rectangles',
	rectangles: {
		rectangle: [{ corner: 'bottomRight', unit: 'pixels', left: 4, top: 4, width: 40, height: 16 }],
	},
	outputBinaryPropertyName: 'image',
	options: {},
});

const UPLOADING: INodeParameters = {
	operation: 'upload',
	binaryPropertyName: 'image',
	storeAs: '={{ $json.folder }}/{name}{extension}',
	area: 'mask',
	maskSource: 'binary',
	maskBinaryPropertyName: 'mask',
	resultKey: '{name}-repaired{extension}',
	downloadResult: true,
	outputBinaryPropertyName: 'repaired',
	options: {},
};
const UPLOAD = workflowOf(UPLOADING);
const RETRIED_UPLOAD = workflowOf({ ...UPLOADING, options: { skipExisting: true } });

const fileOf = (item: INodeExecutionData | undefined, field: string): IBinaryData =>
	item?.binary?.[field] ?? assert.fail(`The item has no file "${field}".`);

/** An item for the upload. */
function uploadOf(
	downloaded: INodeExecutionData | undefined,
	mask: MaskFile | IBinaryData,
	folder: string,
) {
	return { json: { folder }, binary: { image: fileOf(downloaded, 'image'), mask } };
}

interface MaskFile {
	readonly content: Buffer;
	readonly fileName: string;
}

/**
 * Puts images into the bucket that all differ, with a white mark; and makes a mask of the mark. They are of
 * noise, so that each file takes more than one chunk of a stream.
 */
async function storeImages(sandbox: SpawnedSandbox): Promise<{ keys: string[]; mask: MaskFile }> {
	const raw = { ...SIZE, channels: 3 } as const;
	const outputLength = raw.width * raw.height * raw.channels;
	const create = { width: 30, height: 12, channels: 3, background: 'white' } as const;
	const mark = await sharp({ create }).png().toBuffer();
	const withMark = async (pixels: Buffer) =>
		await sharp(pixels, { raw })
			.composite([{ input: mark, left: 20, top: 20 }])
			.png()
			.toBuffer();
	const objects = await Promise.all(
		Array.from({ length: ITEMS }, async (_, index) => {
			const noise = createHash('shake256', { outputLength }).update(String(index)).digest();
			const key = `many/${String(index).padStart(3, '0')}.png`;
			return { key, bytes: await withMark(noise) };
		}),
	);
	await sandbox.putObjects(objects, 'image/png');
	const content = await withMark(Buffer.alloc(outputLength));
	return { keys: objects.map(({ key }) => key), mask: { content, fileName: 'mask.png' } };
}

interface Digests {
	readonly images: string[];
	readonly repaired: string[];
}

/** What one process makes of the images with its files in memory. */
async function makeAlone(
	{ credentials }: Settings,
	keys: readonly string[],
	mask: MaskFile,
): Promise<Digests> {
	const engine = await startEngine();
	try {
		const output = async (workflow: WorkflowJson, input: EngineItem[]) => {
			const result = await engine.run(workflow, { credentials, input, startNode: NODE });
			assert.equal(result.error?.message, undefined);
			assert.equal(result.output(NODE).length, ITEMS);
			return result.output(NODE);
		};
		const digests = async (items: INodeExecutionData[], field: string) =>
			await Promise.all(
				items.map(async (item) => digest(await engine.readBinary(fileOf(item, field)))),
			);
		const images = await output(
			DOWNLOAD,
			keys.map((key) => ({ json: { key } })),
		);
		const repaired = await output(
			UPLOAD,
			images.map((item) => uploadOf(item, mask, 'alone')),
		);
		return {
			images: await digests(images, 'image'),
			repaired: await digests(repaired, 'repaired'),
		};
	} finally {
		await engine.close();
	}
}

type Pair = readonly [EngineWorker, EngineWorker];

/** Lets the first process do the first half of a list while the second one does the other. */
async function inHalves<Entry, Result>(
	[first, second]: Pair,
	list: readonly Entry[],
	work: (worker: EngineWorker, half: Entry[]) => Promise<Result[]>,
): Promise<Result[]> {
	const middle = list.length / 2;
	const done = await Promise.all([
		work(first, list.slice(0, middle)),
		work(second, list.slice(middle)),
	]);
	return done.flat();
}

/** SHA-256 of the files in a field, each read by the process that has not stored it. */
async function readCrosswise(
	[first, second]: Pair,
	items: readonly INodeExecutionData[],
	field: string,
): Promise<string[]> {
	const files = items.map((item) => fileOf(item, field));
	for (const { id } of files) assert.match(id ?? '', /^s3:/);
	return await inHalves([second, first], files, async (worker, half) => {
		return await worker.digestsOf(half);
	});
}

/** SHA-256 of the results in the bucket. */
async function storedResults(
	sandbox: SpawnedSandbox,
	output: readonly IDataObject[],
): Promise<string[]> {
	return await Promise.all(
		output.map(async ({ results }) => {
			const [result] = results as Array<{ key: string }>;
			return digest(await sandbox.getObject(result?.key ?? ''));
		}),
	);
}

interface FailureScene {
	readonly store: ObjectStore;
	readonly sandbox: SpawnedSandbox;
	readonly pair: Pair;
	/** An item for the upload to a folder. */
	readonly itemFor: (folder: string) => EngineItem;
	/** SHA-256 of its result. */
	readonly repaired: string | undefined;
}

async function checkFailures(
	report: Report,
	{ store, sandbox, pair: [first, second], itemFor, repaired }: FailureScene,
): Promise<void> {
	// A result that is stored in the same second as its original may be of another image, and is not found.
	await sandbox.setFaults([{ kind: 'repair-upload', fault: { fault: 'work', workMs: 1100 } }]);
	/** Repairs an image in one process while the store fails, and then in the other one. */
	const failAndRetry = async (method: 'GET' | 'PUT', fault: StoreFault) => {
		const input = [itemFor(`${method}-${fault}`)];
		const billed = async () => (await sandbox.ledger()).calls.filter((call) => call.billed).length;
		await sandbox.resetLedger();
		const { error = '' } = await store.whileFailing(method, fault, async () => {
			return await first.run(UPLOAD, input);
		});
		report.note(error.replaceAll('\n', ' '));
		const billedAtFirst = await billed();
		const [item] = await second.outputOf(RETRIED_UPLOAD, input);
		assert.deepEqual(await second.digestsOf([fileOf(item, 'repaired')]), [repaired]);
		return { error, billedAtFirst, billedInAll: await billed() };
	};
	for (const [fault, what] of [
		[404, 'is gone'],
		['cut', 'arrives in part'],
	] as const) {
		await report.check(
			`a file that ${what}: nothing is billed, and a retry in the other process succeeds`,
			async () => {
				const { error, ...billed } = await failAndRetry('GET', fault);
				assert.match(error, /\[item 0\]/);
				assert.deepEqual(billed, { billedAtFirst: 0, billedInAll: 1 });
			},
		);
	}
	await report.check(
		'a result that the store refuses: it is said to be billed, and a retry in the other process finds it',
		async () => {
			const { error, ...billed } = await failAndRetry('PUT', 403);
			assert.match(error, /billed/);
			assert.deepEqual(billed, { billedAtFirst: 1, billedInAll: 1 });
		},
	);
}

const READ = 'read';

/** A workflow whose webhook takes items for the node, files included, and responds with what it gives. */
function readingWorkflow(): LocalWorkflow {
	const workflow = batchWorkflow(READ, { parameters: UPLOADING });
	const code = {
		type: 'n8n-nodes-base.code',
		typeVersion: 2,
		parameters: { jsCode: 'return $json.body;' },
	};
	const respond = { responseMode: 'lastNode', responseData: 'allEntries' };
	const nodes = workflow.nodes.map((node) => {
		if (node.name === 'Items') return { ...node, ...code };
		if (node.name === 'Batch') return { ...node, parameters: { ...node.parameters, ...respond } };
		return node;
	});
	return { ...workflow, nodes };
}

/** @param expected SHA-256 of the results */
async function checkServer(
	installation: Installation,
	report: Report,
	{ host, bucket, accessKey, accessSecret }: ObjectStoreAddress,
	items: readonly object[],
	expected: readonly string[],
): Promise<void> {
	const endings = new Endings();
	try {
		const stage = await prepareStage(installation, endings, {
			env: {
				N8N_EXTERNAL_STORAGE_S3_HOST: host,
				N8N_EXTERNAL_STORAGE_S3_PROTOCOL: 'http',
				N8N_EXTERNAL_STORAGE_S3_BUCKET_NAME: bucket,
				N8N_EXTERNAL_STORAGE_S3_BUCKET_REGION: 'local',
				N8N_EXTERNAL_STORAGE_S3_ACCESS_KEY: accessKey,
				N8N_EXTERNAL_STORAGE_S3_ACCESS_SECRET: accessSecret,
			},
			adapt: () => [readingWorkflow()],
		});
		await report.check("n8n's server does not start if it is to write to the store", async () => {
			const env = { ...stage.home.env, N8N_DEFAULT_BINARY_DATA_MODE: 's3' };
			await assert.rejects(
				openStage({ ...stage, home: { ...stage.home, env } }, endings),
				/S3 binary data storage requires a valid license/,
			);
		});
		await report.check(
			"in n8n's server, the node repairs files that are in the store already",
			async () => {
				const { client } = await openStage(stage, endings);
				await client.activate(idOf(READ));
				const response = await callWebhook(client, READ, {
					headers: { 'Content-Type': 'application/json' },
					body: JSON.stringify(items),
				});
				const text = await response.text();
				assert.equal(response.status, 200, text);
				const output = JSON.parse(text) as IDataObject[];
				assert.deepEqual(await storedResults(stage.sandbox, output), expected);
			},
		);
	} finally {
		await endings.run();
	}
}

/**
 * Files in an S3-compatible store. n8n's server writes to one with a license only, so two processes with
 * n8n's engine and its own classes for such a store stand for its workers.
 */
export async function checkStorage(installation: Installation, report: Report): Promise<void> {
	report.heading("Files in an S3-compatible store, two processes with n8n's engine");
	const endings = new Endings();
	try {
		const store = await startObjectStore(installation.node, endings);
		const sandbox = await spawnSandbox();
		endings.add(async () => await sandbox.close());
		const { secretId, secretKey, bucket, region, url } = sandbox;
		const account = { secretId, secretKey, bucket, region, endpoint: 'custom', customDomain: url };
		const settings = { objectStore: store.address, credentials: { bucket: account } };
		const { keys, mask } = await storeImages(sandbox);
		let started = Date.now();
		const alone = await makeAlone(settings, keys, mask);
		report.note(`one process, files in memory, ${ITEMS} items twice: ${seconds(started)}`);
		for (const digests of [alone.images, alone.repaired])
			assert.equal(new Set(digests).size, ITEMS);
		const [first, second] = await Promise.all([
			EngineWorker.start(settings, endings),
			EngineWorker.start(settings, endings),
		]);

		let images: INodeExecutionData[] = [];
		await report.check(
			`download: the files of ${ITEMS} items are those of one process`,
			async () => {
				started = Date.now();
				images = await inHalves([first, second], keys, async (worker, half) => {
					const input = half.map((key) => ({ json: { key } }));
					return await worker.outputOf(DOWNLOAD, input);
				});
				report.note(`two processes, ${ITEMS} downloads: ${seconds(started)}`);
				assert.deepEqual(await readCrosswise([first, second], images, 'image'), alone.images);
			},
		);
		await report.check(
			`upload of what the other process has stored: the results of ${ITEMS} items are those of one process`,
			async () => {
				started = Date.now();
				const crossed = [second, first] as const;
				const output = await inHalves(crossed, images, async (worker, half) => {
					const input = half.map((item) => uploadOf(item, mask, 'two'));
					return await worker.outputOf(UPLOAD, input);
				});
				report.note(`two processes, ${ITEMS} uploads: ${seconds(started)}`);
				assert.deepEqual(await readCrosswise(crossed, output, 'repaired'), alone.repaired);
				assert.deepEqual(
					await storedResults(
						sandbox,
						output.map(({ json }) => json),
					),
					alone.repaired,
				);
			},
		);
		/** In the item itself, so that nothing but the node writes to the store. */
		const maskInItem = { data: mask.content.toString('base64'), mimeType: 'image/png' };
		const itemFor = (folder: string) => uploadOf(images[0], maskInItem, folder);
		await checkFailures(report, {
			store,
			sandbox,
			pair: [first, second],
			itemFor,
			repaired: alone.repaired[0],
		});
		const items = images.slice(0, 10).map((item) => uploadOf(item, maskInItem, 'server'));
		await checkServer(installation, report, store.address, items, alone.repaired.slice(0, 10));
	} finally {
		await endings.run();
	}
}
