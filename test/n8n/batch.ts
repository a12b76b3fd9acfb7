import assert from 'node:assert/strict';
import type { INodeParameters } from 'n8n-workflow';
import { CREDENTIAL_TYPE, NODE_TYPE } from '../../dev/packageNames';
import { idOf, type LocalWorkflow } from '../../dev/playground/localWorkflows';
import type { N8nClient } from '../../dev/playground/n8nClient';
import { callWebhook } from './stage';

export const NODE = 'Tencent Image Repair';

/** Keys of an image to repair and of its result. */
export interface Entry {
	readonly key: string;
	readonly result: string;
}

export interface BatchOptions {
	/** Parameters of the node, besides or instead of those that repair in the bucket. */
	readonly parameters?: INodeParameters;
	/** Settings of the node, such as `retryOnFail`. */
	readonly settings?: object;
}

/**
 * A workflow that repairs the images named in a webhook request, in one execution.
 *
 * @param name of the webhook's path, too
 */
export function batchWorkflow(
	name: string,
	{ parameters, settings }: BatchOptions = {},
): LocalWorkflow {
	const node = (
		nodeName: string,
		type: string,
		typeVersion: number,
		x: number,
		nodeParameters: object,
	) => ({
		id: `b0000000-0000-4000-8000-00000000000${x}`,
		name: nodeName,
		type,
		typeVersion,
		position: [x * 220, 0] as [number, number],
		parameters: { ...nodeParameters },
	});
	const to = (next: string) => ({ main: [[{ node: next, type: 'main' as const, index: 0 }]] });
	return {
		id: idOf(name),
		name: `Repair a batch (${name})`,
		active: false,
		settings: { executionOrder: 'v1' },
		nodes: [
			{
				...node('Batch', 'n8n-nodes-base.webhook', 2, 1, { httpMethod: 'POST', path: name }),
				webhookId: `webhook-${name}`,
			},
			node('Items', 'n8n-nodes-base.splitOut', 1, 2, {
				fieldToSplitOut: 'body.items',
				options: {},
			}),
			{
				...node(NODE, NODE_TYPE, 1, 3, {
					operation: 'cloud',
					objectKey: { __rl: true, mode: 'key', value: '={{ $json.key }}' },
					area: 'rectangles',
					rectangles: {
						rectangle: [
							{ corner: 'bottomRight', unit: 'percent', left: 2, top: 2.5, width: 20.5, height: 7 },
						],
					},
					resultKey: '=/{{ $json.result }}',
					downloadResult: true,
					options: {},
					...parameters,
				}),
				credentials: {
					[CREDENTIAL_TYPE]: { id: 'imageRepairLocal', name: 'Sample bucket on this machine' },
				},
				...settings,
			},
		],
		connections: { Batch: to('Items'), Items: to(NODE) },
	};
}

/** Starts an execution, and waits until n8n has accepted it. */
export async function postBatch(
	client: N8nClient,
	name: string,
	items: readonly Entry[],
): Promise<void> {
	const response = await callWebhook(client, name, {
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ items }),
	});
	assert.equal(response.status, 200);
}
