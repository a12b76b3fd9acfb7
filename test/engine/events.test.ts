import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
	NodeConnectionTypes,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import type { ExecutionResult, WorkflowJson } from '../../dev/engine/engine';
import { bucketEvent, runCloudFunction, type BucketEvent } from '../cloudFunction';
import { image, openScene, type Scene } from './bucketAndEngine';
import { serve } from './localServer';

/**
 * The example new-upload-event, from the event of the bucket to the repaired image: the cloud function of
 * docs/events.md calls a webhook, whose workflow runs in the engine. test/n8n runs it with n8n's own nodes.
 */

const REPAIR = 'Tencent Image Repair';
const SECRET = 'a shared secret';

const described = (name: string, more: Partial<INodeTypeDescription>): INodeTypeDescription => ({
	...{ displayName: name, name, group: ['transform'], version: [2, 2.2], description: name },
	...{ defaults: { name }, inputs: [], outputs: [NodeConnectionTypes.Main], properties: [] },
	...more,
});

/** Stands for n8n's Webhook, whose output the engine is given. */
class Webhook implements INodeType {
	description = described('Webhook', { group: ['trigger'] });

	async trigger() {
		return {};
	}
}

/** Stands for n8n's Filter: n8n itself judges the conditions of the parameter. */
class Filter implements INodeType {
	description = described('Filter', {
		inputs: [NodeConnectionTypes.Main],
		properties: [
			{
				...{ displayName: 'Conditions', name: 'conditions', type: 'filter', default: {} },
				typeOptions: { filter: { caseSensitive: true, typeValidation: 'strict', version: 2 } },
			},
		],
	});

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const passes = (_: unknown, index: number) =>
			this.getNodeParameter('conditions', index, false, { extractValue: true }) as boolean;
		return [this.getInputData().filter(passes)];
	}
}

const workflow = JSON.parse(
	readFileSync(join(__dirname, '../../examples/new-upload-event.json'), 'utf8'),
) as WorkflowJson;

/** What the webhook has received, and what the workflow made of it. */
interface Received {
	body: IDataObject;
	result: ExecutionResult;
}

let scene: Scene;
let webhook: Awaited<ReturnType<typeof serve>>;
const received: Received[] = [];
/** The status that the webhook answers with, if it is not to run the workflow. */
let outage: number | undefined;

beforeAll(async () => {
	scene = await openScene(
		{
			extra: {
				nodes: { 'n8n-nodes-base.webhook': new Webhook(), 'n8n-nodes-base.filter': new Filter() },
			},
		},
		{ quick: true },
	);
	const receive = async (secret: unknown, sent: string): Promise<number> => {
		if (outage !== undefined) return outage;
		// As n8n's Header Auth.
		if (secret !== SECRET) return 403;
		const body = JSON.parse(sent) as IDataObject;
		const input = [{ json: { headers: {}, params: {}, query: {}, body } }];
		const credentials = { bucket: scene.credential };
		received.push({ body, result: await scene.engine.run(workflow, { credentials, input }) });
		return 200;
	};
	webhook = await serve((request, response) => {
		void text(request)
			.then(async (sent) => await receive(request.headers['x-secret'], sent))
			.then((status) => response.writeHead(status).end());
	});
});
afterAll(async () => {
	webhook.close();
	await scene.close();
});
beforeEach(async () => {
	received.length = 0;
	outage = undefined;
	await scene.sandbox.deleteObjects();
	await scene.sandbox.resetCalls();
});

const happens = async (event: BucketEvent, secret = SECRET) =>
	await runCloudFunction(event, webhook.url, secret);
const calls = async () =>
	(await scene.sandbox.calls()).map(({ method, kind }) => `${method} ${kind}`);
const outputs = () => received.flatMap(({ result }) => result.output(REPAIR));

/** Stores an image as somebody who uploads it, some time before its event. */
async function uploaded(key: string): Promise<void> {
	const before = new Date(Date.now() - 5000);
	await scene.sandbox.putObject(key, await image('jpeg'), 'image/jpeg', before);
}

test.each(['inbox/cat.jpg', 'inbox/旅行/a b+c (1) 100%.JPG'])(
	'an uploaded image is repaired at once, whatever its key: %s',
	async (key) => {
		await uploaded(key);
		await happens(bucketEvent(key));
		expect(received).toHaveLength(1);
		expect(received[0]?.result.error).toBeUndefined();
		expect(outputs()).toMatchObject([{ json: { key, results: [{ key: `repaired/${key}` }] } }]);
		expect(await scene.billedCalls()).toBe(1);
		expect(await scene.sandbox.keys()).toContain(`repaired/${key}`);
	},
);

test('the function passes on the image, its size, its ETag and the time, and nothing of who uploaded it', async () => {
	await uploaded('inbox/cat.jpg');
	await happens(bucketEvent('inbox/cat.jpg'));
	expect(received.map(({ body }) => body)).toEqual([
		{
			key: 'inbox/cat.jpg',
			size: 1029,
			etag: '"0cc175b9c0f1b6a831c399e269772661"',
			event: 'cos:ObjectCreated:Put',
			time: 1545205770,
		},
	]);
});

test('an event that comes again costs two small requests, and no second repair', async () => {
	await uploaded('inbox/cat.jpg');
	const event = bucketEvent('inbox/cat.jpg');
	await happens(event);
	await scene.sandbox.resetCalls();
	await happens(event);
	expect(await calls()).toEqual(['HEAD head', 'HEAD head']);
	expect(outputs()[1]).toMatchObject({ json: { skipped: true } });
});

test('several events in one are several images', async () => {
	const keys = ['inbox/1.jpg', 'inbox/2.jpg', 'inbox/3.jpg'];
	for (const key of keys) await uploaded(key);
	await happens({ Records: keys.flatMap((key) => bucketEvent(key).Records) });
	expect(outputs().map(({ json }) => json.key)).toEqual(keys);
	expect(await scene.billedCalls()).toBe(3);
});

test.each([
	['a deletion', bucketEvent('inbox/cat.jpg', 'cos:ObjectRemove:Delete')],
	['a result in the folder for results', bucketEvent('repaired/inbox/cat.jpg')],
	['a result beside its original', bucketEvent('inbox/cat-repaired.jpg')],
	['a temporary mask', bucketEvent('image-repair-masks/5f0c')],
	['a file that is no image', bucketEvent('inbox/notes.txt')],
])('%s reaches the workflow, and is left alone there', async (_, event) => {
	await uploaded('inbox/cat.jpg');
	await happens(event);
	expect(received).toHaveLength(1);
	expect(outputs()).toEqual([]);
	expect(await calls()).toEqual([]);
});

test('with the wrong secret, nothing runs and nothing is billed, and the function fails', async () => {
	await uploaded('inbox/cat.jpg');
	const event = bucketEvent('inbox/cat.jpg');
	await expect(happens(event, 'a guess')).rejects.toThrow('n8n answered 403 for inbox/cat.jpg');
	expect(received).toEqual([]);
	expect(await calls()).toEqual([]);
});

test('while n8n is down, the function fails, so that it is called again: nothing is lost or paid twice', async () => {
	await uploaded('inbox/cat.jpg');
	const event = bucketEvent('inbox/cat.jpg');
	outage = 503;
	await expect(happens(event)).rejects.toThrow('n8n answered 503');
	outage = undefined;
	await happens(event);
	expect(await scene.billedCalls()).toBe(1);
});
