import { Container } from '@n8n/di';
import {
	ActiveWorkflowTriggers,
	PollContext,
	PollTriggerExecutor,
	WorkflowExecute,
	type IGetExecuteTriggerFunctions,
} from 'n8n-core';
import {
	UnexpectedError,
	createRunExecutionData,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type IPollFunctions,
	type IRun,
	type IWorkflowExecuteAdditionalData,
	type Workflow,
} from 'n8n-workflow';

/** An active workflow with a polling trigger. */
export interface Activation<Result> {
	/** Polls again, as n8n does on schedule. Never rejects: see `pollErrors`. */
	poll(): Promise<void>;
	/** The items of each poll that found any, including the first poll. */
	readonly emitted: ReadonlyArray<readonly INodeExecutionData[]>;
	/** The executions started with them. */
	readonly executions: ReadonlyArray<Promise<Result>>;
	/** The errors of failed polls, which n8n stores as failed executions. */
	readonly pollErrors: readonly Error[];
	/** The static data as n8n last saved it, for another activation. */
	saved(): IDataObject;
	deactivate(): Promise<void>;
}

interface ActivationContext<Result> {
	workflow: Workflow;
	additionalData: IWorkflowExecuteAdditionalData;
	/** Milliseconds that n8n allows for a poll. */
	pollBudgetMs?: number;
	toResult: (run: IRun) => Result;
}

const noTriggers: IGetExecuteTriggerFunctions = () => {
	throw new UnexpectedError('This engine can activate only polling triggers');
};

/** Executes a workflow from a trigger that has emitted items. */
async function executeFrom(
	node: INode,
	data: INodeExecutionData[][],
	workflow: Workflow,
	additionalData: IWorkflowExecuteAdditionalData,
): Promise<IRun> {
	const stack = [{ node, data: { main: data }, source: null }];
	const runData = createRunExecutionData({ executionData: { nodeExecutionStack: stack } });
	const execution = new WorkflowExecute(additionalData, 'trigger', runData);
	return await execution.processRunExecutionData(workflow);
}

/**
 * Activates a workflow with n8n's own code: it polls at once and rejects if that poll fails. As in
 * n8n's server, static data is saved before the execution of a poll's items starts.
 */
export async function activate<Result>({
	workflow,
	additionalData,
	pollBudgetMs,
	toResult,
}: ActivationContext<Result>): Promise<Activation<Result>> {
	const emitted: INodeExecutionData[][] = [];
	const executions: Array<Promise<Result>> = [];
	const pollErrors: Error[] = [];
	let saved = JSON.stringify(workflow.staticData);
	let polling: { node: INode; functions: IPollFunctions } | undefined;

	// The server saves static data whenever a poll emits items, and at the end of an activation.
	const save = () => {
		saved = JSON.stringify(workflow.staticData);
	};
	const emit = (node: INode) => (data: INodeExecutionData[][]) => {
		save();
		emitted.push(data.flat());
		executions.push(executeFrom(node, data, workflow, additionalData).then(toResult));
	};
	const triggers = Container.get(ActiveWorkflowTriggers);
	await triggers.addAllTriggers(
		workflow.id,
		workflow,
		additionalData,
		'trigger',
		'activate',
		noTriggers,
		(_, node, _data, mode, activation) => {
			const functions = new PollContext(
				workflow,
				node,
				additionalData,
				mode,
				activation,
				emit(node),
				(error) => pollErrors.push(error),
				undefined,
				undefined,
				undefined,
				pollBudgetMs === undefined ? undefined : () => pollBudgetMs,
			);
			polling = { node, functions };
			return functions;
		},
	);
	save();
	if (!polling) throw new UnexpectedError('The workflow has no polling trigger');
	const { node, functions } = polling;
	const isCurrent = () => triggers.isActive(workflow.id);
	const poll = Container.get(PollTriggerExecutor).create(workflow, node, functions, isCurrent);
	return {
		poll: async () => await poll(),
		emitted,
		executions,
		pollErrors,
		saved: () => JSON.parse(saved) as IDataObject,
		async deactivate() {
			await triggers.remove(workflow.id);
		},
	};
}
