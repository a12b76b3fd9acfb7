import type * as Workflow from 'n8n-workflow';

/** What the node pauses with. */
type Sleep = (milliseconds: number) => Promise<void>;

/** n8n's module as it is required, whose getters can be replaced: an import is a copy of it. */
const workflow = jest.requireActual<typeof Workflow>('n8n-workflow');
const { sleep: original } = workflow;

/** Lets the nodes of this test file, and n8n itself, pause in another way. */
export function replaceSleep(sleep: Sleep): void {
	Object.defineProperty(workflow, 'sleep', {
		configurable: true,
		enumerable: true,
		get: () => sleep,
	});
}

/** Makes pauses shorter: looking for a lost result takes half a minute otherwise. */
export function shortenPauses(divisor: number): void {
	replaceSleep(async (milliseconds) => await original(milliseconds / divisor));
}
