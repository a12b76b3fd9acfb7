import { WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	type ExecutionError,
	type ExecutionStatus,
	type INodeExecutionData,
	type IRun,
	type IRunData,
	type NodeExecutionHint,
} from 'n8n-workflow';
import { createAdditionalData } from './additionalData';
import { RecordCredentialsHelper, type StoredCredentials } from './credentials';
import { LoadedNodeTypes, type LoadedTypes } from './nodeTypes';
import {
	findStartNode,
	inputOptions,
	storeItems,
	toWorkflow,
	type EngineItem,
	type WorkflowJson,
} from './workflow';

export interface RunOptions {
	/** By ID. If there is only one, nodes that name no credential use it. */
	credentials?: StoredCredentials;
	/** The output of the trigger, as if pinned, or the input of a start node that is not a trigger. */
	input?: readonly EngineItem[];
	/** Name of the node to start from. By default n8n chooses a trigger. */
	startNode?: string;
}

export interface ExecutionResult {
	status: ExecutionStatus;
	/** The error that stopped the execution, as the editor would show it. */
	error?: ExecutionError;
	/** The items from a node's last run, for each of its outputs. */
	outputs(nodeName: string): INodeExecutionData[][];
	/** The items from a node's last run at one output, by default the first. */
	output(nodeName: string, branch?: number): INodeExecutionData[];
	/** The hints n8n shows above a node's output. */
	hints(nodeName: string): NodeExecutionHint[];
	runData: IRunData;
	raw: IRun;
}

export interface Execution {
	result: Promise<ExecutionResult>;
	/** Stops the execution as the editor's Stop button does. */
	cancel(): void;
}

/** As if a user had pressed Execute Workflow. */
const MODE = 'manual';

/** Starts an execution. Its result never rejects because of a node or an invalid workflow. */
export function startExecution(
	types: LoadedTypes,
	json: WorkflowJson,
	executionId: string,
	{ credentials = {}, input, startNode }: RunOptions,
): Execution {
	const nodeTypes = new LoadedNodeTypes(types.nodes);
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
			mode: MODE,
		});
		execution = new WorkflowExecute(additionalData, MODE).run({
			workflow,
			startNode: first,
			...inputOptions(items, first, nodeTypes),
		});
		if (cancelled) execution.cancel();
		return await execution;
	};

	const startedAt = new Date();
	return {
		// The engine throws at once if a required field is empty. Like n8n's server, make that a failed
		// execution.
		result: execute()
			.catch((error: unknown) => failedRun(error, startedAt))
			.then(toResult),
		cancel() {
			cancelled = true;
			execution?.cancel();
		},
	};
}

function failedRun(error: unknown, startedAt: Date): IRun {
	return {
		data: createRunExecutionData({ resultData: { error: error as ExecutionError, runData: {} } }),
		mode: MODE,
		startedAt,
		stoppedAt: new Date(),
		storedAt: 'db',
		status: 'error',
	};
}

export function toResult(raw: IRun): ExecutionResult {
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
