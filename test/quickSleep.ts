import { createRequire } from 'node:module';
import type * as Workflow from 'n8n-workflow';

/** What the node pauses with. */
type Sleep = (milliseconds: number) => Promise<void>;

/** n8n's module as it is required, whose getters can be replaced: an import is a copy of it. */
const workflow = createRequire(__filename)('n8n-workflow') as typeof Workflow;
const { sleep: original } = workflow;

/** Lets the nodes of this process, and n8n itself, pause in another way. In Jest: of this test file. */
export function replaceSleep(sleep: Sleep): void {
	const get = () => sleep;
	Object.defineProperty(workflow, 'sleep', { configurable: true, enumerable: true, get });
}

/** Makes pauses shorter: looking for a lost result takes half a minute otherwise. */
export function shortenPauses(divisor: number): void {
	replaceSleep(async (milliseconds) => await original(milliseconds / divisor));
}
