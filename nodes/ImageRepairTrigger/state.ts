import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../../cos/values';
import type { Emitted, Growth, Memory, Stop } from './memory';
import type { Cursor } from './newImages';

/**
 * All that the trigger remembers: the last image it emitted, the folder that it came from, and keys that
 * it emitted. It is bounded, however many images there are, and n8n stores it with the workflow.
 */
export interface State {
	/** Bucket and prefix. */
	watching: string;
	cursor: Cursor;
	/** Absent in a state that an earlier version wrote. */
	memory?: Memory;
}

function isText(value: unknown): value is string {
	return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
	return typeof value === 'number';
}

function readGrowth(value: unknown): Growth | undefined {
	if (!Array.isArray(value)) return undefined;
	const [from, shape, alike, generation] = value as unknown[];
	return isText(from) && isText(shape) && isNumber(alike) && isNumber(generation)
		? { from, shape, alike, generation }
		: undefined;
}

function readEmitted(value: unknown): Emitted[] {
	if (!Array.isArray(value)) return [];
	const [key, at, times, grown] = value as unknown[];
	if (!isText(key) || !isNumber(at) || !isNumber(times)) return [];
	const growth = readGrowth(grown);
	return [{ key, at, times, ...(growth && { growth }) }];
}

function readStop(value: unknown): Stop | undefined {
	if (!isRecord(value)) return undefined;
	const { reason, first, second, third, key, times, node } = value;
	if (reason === 'growing' && isText(first) && isText(second) && isText(third)) {
		return { reason, first, second, third };
	}
	return reason === 'repeating' && isText(key) && isNumber(times) && isText(node)
		? { reason, key, times, node }
		: undefined;
}

function readMemory(value: unknown): Memory | undefined {
	if (!isRecord(value)) return undefined;
	const { fingerprint, emitted } = value;
	if (!isText(fingerprint) || !Array.isArray(emitted)) return undefined;
	const stop = readStop(value.stop);
	return { fingerprint, emitted: emitted.flatMap(readEmitted), ...(stop && { stop }) };
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
	if (!isNumber(time) || !isText(key)) return undefined;
	const memory = readMemory(state.memory);
	return { watching, cursor: { time, key }, ...(memory && { memory }) };
}

/** Lists take less room than names that are repeated for each key. */
function memoryData({ fingerprint, emitted, stop }: Memory): IDataObject {
	const rows = emitted.map(({ key, at, times, growth }) => [
		key,
		at,
		times,
		...(growth ? [[growth.from, growth.shape, growth.alike, growth.generation]] : []),
	]);
	return { fingerprint, emitted: rows, ...(stop && { stop: { ...stop } }) };
}

/** Writes the state into the node's static data. */
export function writeState(data: IDataObject, { watching, cursor, memory }: State): void {
	data.state = {
		watching,
		cursor: { ...cursor },
		...(memory && { memory: memoryData(memory) }),
	};
}
