import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import {
	BinaryDataConfig,
	BinaryDataService,
	CredentialTestContext,
	ErrorReporter,
	LoadOptionsContext,
	WorkflowExecute,
	prepareBinaryData,
} from 'n8n-core';
import {
	UserError,
	Workflow,
	createRunExecutionData,
	type ExecutionError,
	type ExecutionStatus,
	type IBinaryData,
	type IBinaryKeyData,
	type IConnections,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INode,
	type INodeCredentialTestResult,
	type INodeExecutionData,
	type INodeListSearchResult,
	type INodeParameters,
	type INodeType,
	type IRun,
	type IRunData,
	type ITaskData,
	type IWorkflowSettings,
	type NodeExecutionHint,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { activate, type Activation } from './activation';
import { createAdditionalData } from './additionalData';
import {
	RecordCredentialsHelper,
	attachOnlyCredential,
	withDefaults,
	type StoredCredentials,
} from './credentials';
import { captureLog, logSettings } from './log';
import { LoadedNodeTypes, loadTypes, type ExtraTypes } from './nodeTypes';

/** A workflow as n8n exports it; what the engine has no use for is left alone. */
export interface WorkflowJson {
	id?: string;
	name?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

export interface EngineOptions {
	/** n8n's binary data mode: `default` keeps files in memory. */
	binaryMode?: 'default' | 'filesystem';
	/** Where n8n keeps its settings and binary data. A temporary folder when left out. */
	userFolder?: string;
	/** Folder of the package to load, built. This repository when left out, none when false. */
	packageFolder?: string | false;
	/** Nodes and credentials besides the package's and the standard ones. */
	extra?: ExtraTypes;
}

/** A file for an item's binary field. n8n guesses the MIME type when it is left out. */
export interface EngineFile {
	content: Buffer | Readable;
	fileName?: string;
	mimeType?: string;
}

export interface EngineItem {
	json?: IDataObject;
	/** By binary field name. */
	binary?: Readonly<Record<string, EngineFile>>;
}

export interface RunOptions {
	/** By id. A node that names no credential gets the only one there is. */
	credentials?: StoredCredentials;
	/**
	 * What enters the workflow: the output of its trigger (as if pinned there), or the input of the
	 * start node when that is no trigger.
	 */
	input?: readonly EngineItem[];
	mode?: WorkflowExecuteMode;
	/** Name of the node to start from. n8n's own choice, a trigger, when left out. */
	startNode?: string;
}

export interface ExecutionResult {
	status: ExecutionStatus;
	/** What stopped the execution, as the editor would show it. */
	error?: ExecutionError;
	/** The items a node gave in its last run, for each of its outputs. */
	outputs(nodeName: string): INodeExecutionData[][];
	/** The items a node gave in its last run at one output, the first unless told otherwise. */
	output(nodeName: string, branch?: number): INodeExecutionData[];
	/** The lines n8n shows above a node's output. */
	hints(nodeName: string): NodeExecutionHint[];
	runData: IRunData;
	raw: IRun;
}

export interface ActivationOptions {
	/** By id. A node that names no credential gets the only one there is. */
	credentials?: StoredCredentials;
	/** What an earlier activation has left behind: its `saved()`. */
	staticData?: IDataObject;
	/** Milliseconds that n8n gives a poll; its own choice when left out. */
	pollBudgetMs?: number;
}

export interface Execution {
	result: Promise<ExecutionResult>;
	/** Stops the execution as the editor's Stop button does. */
	cancel(): void;
}

export interface ListSearchRequest {
	/** Full name of the node type, such as `n8n-nodes-tencent-image-repair.imageRepair`. */
	nodeType: string;
	/** Name of the method under `methods.listSearch`. */
	method: string;
	nodeParameters: INodeParameters;
	credentials?: StoredCredentials;
	filter?: string;
	paginationToken?: string;
}

export interface Engine {
	/** Starts a workflow and gives a handle on it. */
	start(workflow: WorkflowJson, options?: RunOptions): Execution;
	/** Runs a workflow to its end. Never rejects for what a node does: see `status` and `error`. */
	run(workflow: WorkflowJson, options?: RunOptions): Promise<ExecutionResult>;
	/**
	 * Activates a workflow that begins with a polling trigger.
	 * @throws Error when the poll at the activation fails
	 */
	activate(
		workflow: WorkflowJson,
		options?: ActivationOptions,
	): Promise<Activation<ExecutionResult>>;
	/** The bytes of a file in an item, wherever the binary data mode put them. */
	readBinary(binary: IBinaryData): Promise<Buffer>;
	/** What the user reads after pressing Test in the credential's window. */
	testCredential(
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<INodeCredentialTestResult>;
	/** One page of what a resource locator offers under "From list". */
	listSearch(request: ListSearchRequest): Promise<INodeListSearchResult>;
	/** Everything n8n logged since the start, debug level and metadata included. */
	log: readonly string[];
	/** Ends the engine and removes its temporary folder. */
	close(): Promise<void>;
}

const repository = join(__dirname, '../..');

/** n8n's services are single for a process, so two engines at a time would share their binary data. */
let running = false;

/**
 * Starts n8n's execution engine in this process: no server, no database, but n8n-core's own
 * WorkflowExecute, request helpers, expressions and binary data.
 * @throws UserError when the package has not been built, or another engine is running
 */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
	if (running) throw new UserError('Another engine is running in this process: close it first.');
	running = true;
	const ownFolder =
		options.userFolder === undefined ? await mkdtemp(join(tmpdir(), 'n8n-engine-')) : undefined;
	const removeOwnFolder = async () => {
		if (ownFolder !== undefined) await rm(ownFolder, { recursive: true, force: true });
	};
	try {
		return await openEngine(options, options.userFolder ?? ownFolder ?? '', removeOwnFolder);
	} catch (error) {
		running = false;
		await removeOwnFolder();
		throw error;
	}
}

async function openEngine(
	{ binaryMode = 'default', packageFolder = repository, extra }: EngineOptions,
	userFolder: string,
	removeFolder: () => Promise<void>,
): Promise<Engine> {
	// n8n reads these when the first of its services is asked for, which is below.
	Object.assign(process.env, { N8N_USER_FOLDER: userFolder, ...logSettings });
	const log = captureLog();
	const binaryData = await startBinaryData(binaryMode, join(userFolder, 'storage'));
	const types = await loadTypes(packageFolder, extra).catch((error: unknown) => {
		log.stop();
		throw error;
	});
	const nodeTypes = new LoadedNodeTypes(types.nodes);
	let executions = 0;

	const start = (json: WorkflowJson, runOptions: RunOptions = {}): Execution => {
		const { credentials = {}, input, mode = 'manual', startNode } = runOptions;
		const executionId = String(++executions);
		let execution: ReturnType<WorkflowExecute['run']> | undefined;
		let cancelled = false;

		const execute = async (): Promise<IRun> => {
			const workflow = toWorkflow(json, nodeTypes, credentials);
			const first = findStartNode(workflow, startNode);
			const items = input && (await storeItems(input, workflow.id, executionId));
			const additionalData = createAdditionalData({
				credentialsHelper: new RecordCredentialsHelper(types.credentials, credentials),
				workflow,
				executionId,
				mode,
			});
			execution = new WorkflowExecute(additionalData, mode).run({
				workflow,
				startNode: first,
				...startingWith(items, first, nodeTypes),
			});
			if (cancelled) execution.cancel();
			return await execution;
		};

		const startedAt = new Date();
		return {
			// The engine throws at once when a required field is empty: n8n's server makes a failed
			// execution of that, and so does this.
			result: execute()
				.catch((error: unknown) => failedRun(error, mode, startedAt))
				.then(toResult),
			cancel() {
				cancelled = true;
				execution?.cancel();
			},
		};
	};

	return {
		start,
		run: async (workflow, runOptions) => await start(workflow, runOptions).result,
		async activate(json, { credentials = {}, staticData, pollBudgetMs } = {}) {
			const workflow = toWorkflow(json, nodeTypes, credentials, staticData);
			const additionalData = createAdditionalData({
				credentialsHelper: new RecordCredentialsHelper(types.credentials, credentials),
				workflow,
				executionId: String(++executions),
				mode: 'trigger',
			});
			return await activate({ workflow, additionalData, pollBudgetMs, toResult });
		},

		readBinary: async (binary) => await binaryData.getAsBuffer(binary),

		async testCredential(typeName, data) {
			const type = types.credentials.get(typeName);
			if (type === undefined) throw new UserError(`Unknown credential type: ${typeName}`);
			const test = findCredentialTest(typeName, [...types.nodes.keys()], nodeTypes);
			return await test.call(new CredentialTestContext(), {
				id: typeName,
				name: typeName,
				type: typeName,
				data: withDefaults(type, data),
			});
		},

		async listSearch(request) {
			const { nodeType: type, method, nodeParameters, credentials = {} } = request;
			const search = nodeTypes.getByNameAndVersion(type).methods?.listSearch?.[method];
			if (search === undefined) throw new UserError(`${type} has no list search "${method}".`);
			const node: INode = {
				id: 'list-search',
				name: 'Temp-Node',
				type,
				typeVersion: latestVersion(nodeTypes.getByNameAndVersion(type)),
				position: [0, 0],
				parameters: nodeParameters,
			};
			const workflow = toWorkflow({ nodes: [node], connections: {} }, nodeTypes, credentials);
			const additionalData = createAdditionalData({
				credentialsHelper: new RecordCredentialsHelper(types.credentials, credentials),
				workflow,
				executionId: 'list-search',
				mode: 'internal',
			});
			additionalData.currentNodeParameters = nodeParameters;
			const context = new LoadOptionsContext(
				workflow,
				findStartNode(workflow, node.name),
				additionalData,
				`parameters.${method}`,
			);
			return await search.call(context, request.filter, request.paginationToken);
		},

		log: log.lines,

		async close() {
			log.stop();
			running = false;
			await removeFolder();
		},
	};
}

/** Puts a fresh binary data service where n8n looks for it, with the mode and folder asked for. */
async function startBinaryData(
	mode: 'default' | 'filesystem',
	localStoragePath: string,
): Promise<BinaryDataService> {
	const config = Container.get(BinaryDataConfig);
	Object.assign(config, { mode, localStoragePath });
	const service = new BinaryDataService(
		config,
		Container.get(ErrorReporter),
		Container.get(Logger),
	);
	await service.init();
	Container.set(BinaryDataService, service);
	return service;
}

function toWorkflow(
	{ id = 'workflow', name, nodes, connections, settings }: WorkflowJson,
	nodeTypes: LoadedNodeTypes,
	credentials: StoredCredentials,
	staticData?: IDataObject,
): Workflow {
	// The engine writes into the workflow it runs, and the caller's may be run again.
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

function findStartNode(workflow: Workflow, name: string | undefined): INode {
	const node = name === undefined ? workflow.getStartNode() : workflow.getNode(name);
	if (node) return node;
	throw new UserError(
		name === undefined ? 'The workflow has no trigger.' : `The workflow has no node "${name}".`,
	);
}

/** Stores the files of the items as n8n does with those of a node, and gives the items as n8n has them. */
async function storeItems(
	items: readonly EngineItem[],
	workflowId: string,
	executionId: string,
): Promise<INodeExecutionData[]> {
	return await Promise.all(
		items.map(async ({ json = {}, binary }, item) => {
			const data: INodeExecutionData = { json, pairedItem: { item } };
			if (binary === undefined) return data;
			const stored: IBinaryKeyData = {};
			for (const [field, { content, fileName, mimeType }] of Object.entries(binary)) {
				stored[field] = await prepareBinaryData(
					content,
					executionId,
					workflowId,
					fileName,
					mimeType,
				);
			}
			return { ...data, binary: stored };
		}),
	);
}

function startingWith(
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

function failedRun(error: unknown, mode: WorkflowExecuteMode, startedAt: Date): IRun {
	return {
		data: createRunExecutionData({ resultData: { error: error as ExecutionError, runData: {} } }),
		mode,
		startedAt,
		stoppedAt: new Date(),
		storedAt: 'db',
		status: 'error',
	};
}

function toResult(raw: IRun): ExecutionResult {
	const { runData, error } = raw.data.resultData;
	const lastRun = (nodeName: string) => runData[nodeName]?.at(-1);
	const outputs = (nodeName: string) =>
		(lastRun(nodeName)?.data?.main ?? []).map((items) => items ?? []);
	return {
		status: raw.status,
		error,
		outputs,
		output: (nodeName, branch = 0) => outputs(nodeName)[branch] ?? [],
		hints: (nodeName) => lastRun(nodeName)?.hints ?? [],
		runData,
		raw,
	};
}

type CredentialTest = NonNullable<NonNullable<INodeType['methods']>['credentialTest']>[string];

/** The function a node names in `testedBy` for the credential type, as n8n's server looks it up. */
function findCredentialTest(
	typeName: string,
	nodeNames: readonly string[],
	nodeTypes: LoadedNodeTypes,
): CredentialTest {
	for (const nodeName of nodeNames) {
		const { description, methods } = nodeTypes.getByNameAndVersion(nodeName);
		const testedBy = description.credentials?.find(({ name }) => name === typeName)?.testedBy;
		const test = typeof testedBy === 'string' && methods?.credentialTest?.[testedBy];
		if (test) return test;
	}
	throw new UserError(`No node says how to test the credential "${typeName}".`);
}

function latestVersion({ description }: INodeType): number {
	return Math.max(...[description.version].flat());
}
