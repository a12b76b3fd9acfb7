import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../../cos/values';
import type { Cursor } from './newImages';

/**
 * All that the trigger remembers: the last image it gave out, and of which folder that is true. It is
 * as small for a million images as for one, and n8n keeps it with the workflow.
 */
export interface State {
	/** Bucket and prefix. */
	watching: string;
	cursor: Cursor;
}

/**
 * Reads it out of what n8n keeps for the node.
 * @returns undefined at the first activation, and when another folder was watched before
 */
export function readState(data: IDataObject, watching: string): State | undefined {
	const { state } = data;
	if (!isRecord(state) || state.watching !== watching || !isRecord(state.cursor)) return undefined;
	const { time, key } = state.cursor;
	if (typeof time !== 'number' || typeof key !== 'string') return undefined;
	return { watching, cursor: { time, key } };
}

/** Puts it there. */
export function writeState(data: IDataObject, { watching, cursor }: State): void {
	data.state = { watching, cursor: { ...cursor } };
}
