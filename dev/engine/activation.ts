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

/** A workflow whose polling trigger is on. */
export interface Activation<Result> {
	/** Polls once more, as n8n does when the time has come. Never rejects: see `refusals`. */
	poll(): Promise<void>;
	/** What each poll that found something gave out, the one at the activation included. */
	readonly given: ReadonlyArray<readonly INodeExecutionData[]>;
	/** The executions that were started with it. */
	readonly executions: ReadonlyArray<Promise<Result>>;
	/** What made polls fail, which n8n stores as failed executions. */
	readonly refusals: readonly Error[];
	/** The static data as n8n has stored it last, to go on from after a restart. */
	saved(): IDataObject;
	deactivate(): Promise<void>;
}

export interface ActivationFacts<Result> {
	workflow: Workflow;
	additionalData: IWorkflowExecuteAdditionalData;
	/** Milliseconds that n8n gives a poll. */
	pollBudgetMs?: number;
	toResult: (run: IRun) => Result;
}

const noTriggers: IGetExecuteTriggerFunctions = () => {
	throw new UnexpectedError('Only polling triggers can be activated in this engine');
};

/**
 * Switches a workflow's polling trigger on, with n8n's own activation: it polls at once, and rejects
 * when that poll fails. What a poll gives is stored and executed in the order of n8n's server.
 */
export async function activate<Result>({
	workflow,
	additionalData,
	pollBudgetMs,
	toResult,
}: ActivationFacts<Result>): Promise<Activation<Result>> {
	const given: INodeExecutionData[][] = [];
	const executions: Array<Promise<Result>> = [];
	const refusals: Error[] = [];
	let saved = JSON.stringify(workflow.staticData);
	let polling: { node: INode; functions: IPollFunctions } | undefined;

	// The server writes static data where something is given out and at the end of an activation.
	const save = () => {
		saved = JSON.stringify(workflow.staticData);
	};
	const emit = (node: INode) => (data: INodeExecutionData[][]) => {
		save();
		given.push(data.flat());
		const stack = [{ node, data: { main: data }, source: null }];
		const runData = createRunExecutionData({ executionData: { nodeExecutionStack: stack } });
		const execution = new WorkflowExecute(additionalData, 'trigger', runData);
		executions.push(execution.processRunExecutionData(workflow).then(toResult));
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
				(error) => refusals.push(error),
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
		given,
		executions,
		refusals,
		saved: () => JSON.parse(saved) as IDataObject,
		async deactivate() {
			await triggers.remove(workflow.id);
		},
	};
}
