import type { Readable } from 'node:stream';
import { prepareBinaryData, type WorkflowExecute } from 'n8n-core';
import {
	UserError,
	Workflow,
	type IBinaryData,
	type IBinaryKeyData,
	type IConnections,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type ITaskData,
	type IWorkflowSettings,
} from 'n8n-workflow';
import { attachOnlyCredential, type StoredCredentials } from './credentials';
import type { LoadedNodeTypes } from './nodeTypes';

/** A workflow as exported by n8n; fields the engine does not need are ignored. */
export interface WorkflowJson {
	id?: string;
	name?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

/** A file for a binary field. If the MIME type is missing, n8n detects it. */
export interface EngineFile {
	content: Buffer | Readable;
	fileName?: string;
	mimeType?: string;
}

export interface EngineItem {
	json?: IDataObject;
	/** By binary field name; a file that n8n has stored already is passed on as it is. */
	binary?: Readonly<Record<string, EngineFile | IBinaryData>>;
}

export function toWorkflow(
	{ id = 'workflow', name, nodes, connections, settings }: WorkflowJson,
	nodeTypes: LoadedNodeTypes,
	credentials: StoredCredentials,
	staticData?: IDataObject,
): Workflow {
	// The engine modifies the workflow it runs, and the caller may run the same object again.
	const ownNodes = structuredClone(nodes);
	for (const node of ownNodes) {
		const type = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		attachOnlyCredential(node, type, credentials);
	}
	return new Workflow({
		id,
		name,
		nodes: ownNodes,
		connections: structuredClone(connections),
		active: false,
		nodeTypes,
		staticData,
		settings: { executionOrder: 'v1', ...settings },
	});
}

export function findStartNode(workflow: Workflow, name: string | undefined): INode {
	const node = name === undefined ? workflow.getStartNode() : workflow.getNode(name);
	if (node) return node;
	throw new UserError(
		name === undefined ? 'The workflow has no trigger.' : `The workflow has no node "${name}".`,
	);
}

/** Converts items to n8n's form, with their files in its binary data storage. */
export async function storeItems(
	items: readonly EngineItem[],
	workflowId: string,
	executionId: string,
): Promise<INodeExecutionData[]> {
	return await Promise.all(
		items.map(async ({ json = {}, binary }, item) => {
			const data: INodeExecutionData = { json, pairedItem: { item } };
			if (binary === undefined) return data;
			const stored: IBinaryKeyData = {};
			for (const [field, file] of Object.entries(binary)) {
				stored[field] =
					'data' in file
						? file
						: await prepareBinaryData(
								file.content,
								executionId,
								workflowId,
								file.fileName,
								file.mimeType,
							);
			}
			return { ...data, binary: stored };
		}),
	);
}

/** Pins the items to a trigger, or makes them the input of any other start node. */
export function inputOptions(
	items: INodeExecutionData[] | undefined,
	startNode: INode,
	nodeTypes: LoadedNodeTypes,
): Pick<Parameters<WorkflowExecute['run']>[0], 'pinData' | 'triggerToStartFrom'> {
	if (items === undefined) return {};
	const type = nodeTypes.getByNameAndVersion(startNode.type, startNode.typeVersion);
	if ('trigger' in type || 'poll' in type || 'webhook' in type) {
		return { pinData: { [startNode.name]: items } };
	}
	const data: ITaskData = {
		startTime: Date.now(),
		executionTime: 0,
		executionIndex: 0,
		source: [],
		data: { main: [items] },
	};
	return { triggerToStartFrom: { name: startNode.name, data } };
}
