import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../../cos/values';
import type { Cursor } from './newImages';

/**
 * All that the trigger remembers: the last image it emitted, and the folder that it came from. It is as
 * small for a million images as for one, and n8n stores it with the workflow.
 */
export interface State {
	/** Bucket and prefix. */
	watching: string;
	cursor: Cursor;
}

/**
 * Reads the state from the node's static data.
 *
 * @returns undefined at the first activation, and when another folder was watched before
 */
export function readState(data: IDataObject, watching: string): State | undefined {
	const { state } = data;
	if (!isRecord(state) || state.watching !== watching || !isRecord(state.cursor)) return undefined;
	const { time, key } = state.cursor;
	if (typeof time !== 'number' || typeof key !== 'string') return undefined;
	return { watching, cursor: { time, key } };
}

/** Writes the state into the node's static data. */
export function writeState(data: IDataObject, { watching, cursor }: State): void {
	data.state = { watching, cursor: { ...cursor } };
}
