import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { NOTHING_FOUND } from '../shared/messages';
import { withLocks } from './run/locks';

/**
 * Whether a model calls the node. n8n runs it as a node of its own type then; its `isToolExecution()` knows
 * only the calls of older agents.
 */
export function isTool(functions: IExecuteFunctions): boolean {
	return functions.getNode().type.endsWith('Tool');
}

/**
 * Whether the run goes on after an item that fails, with what happened as its output.
 *
 * A tool always does unless its settings say to stop: n8n 1 ends the workflow when a tool throws, and
 * n8n 2 gives the model the message without the advice.
 */
export function goesOn(functions: IExecuteFunctions): boolean {
	if (functions.continueOnFail()) return true;
	return isTool(functions) && functions.getNode().onError !== 'stopWorkflow';
}

/**
 * Does the work of a run as a tool: after the other calls of its execution, which share the budget of
 * Max Billed Calls and which some agents make all at once, and with something to say when there is no
 * output.
 */
export async function runAsCalled(
	functions: IExecuteFunctions,
	work: () => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	if (!isTool(functions)) return await work();
	const turn = `tool ${functions.getExecutionId()} ${functions.getNode().id}`;
	const output = await withLocks([turn], work);
	return output.length > 0 ? output : [{ json: { message: NOTHING_FOUND } }];
}
