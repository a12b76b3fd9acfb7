import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../../cos/isRecord';
import type { Cursor } from '../../cos/newPictures';

/**
 * All that the trigger remembers: the last picture it gave out, and of which folder that is true. It is
 * as small for a million pictures as for one, and n8n keeps it with the workflow.
 */
export interface State {
	/** Bucket and prefix. */
	watching: string;
	cursor: Cursor;
}

/** Where n8n keeps what belongs to the node. */
type StaticData = IDataObject;

/** Undefined at the first activation, and when another folder was watched before. */
export function readState(data: StaticData, watching: string): State | undefined {
	const { state } = data;
	if (!isRecord(state) || state.watching !== watching || !isRecord(state.cursor)) return undefined;
	const { time, key } = state.cursor;
	if (typeof time !== 'number' || typeof key !== 'string') return undefined;
	return { watching, cursor: { time, key } };
}

export function writeState(data: StaticData, { watching, cursor }: State): void {
	data.state = { watching, cursor: { ...cursor } };
}

/** Whether nothing has been given out between the two. */
export function isSameState(a: State | undefined, b: State | undefined): boolean {
	return a?.cursor.time === b?.cursor.time && a?.cursor.key === b?.cursor.key;
}
