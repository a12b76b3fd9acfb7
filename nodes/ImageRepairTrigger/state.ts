import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../../cos/values';
import type { Days } from './days';
import type { Emitted, Growth, Memory, Stop } from './memory';
import type { Cursor } from './newImages';

/**
 * All that the trigger remembers: the last image it emitted, the folder that it came from, the days whose folders
 * it lists, and keys that it emitted. It is bounded, however many images there are, and n8n stores it with the workflow.
 */
export interface State {
	/** Bucket and prefix. */
	watching: string;
	cursor: Cursor;
	/** Of a folder with a date. */
	days?: Days;
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

function readCursor(value: unknown): Cursor | undefined {
	if (!isRecord(value)) return undefined;
	const { time, key } = value;
	return isNumber(time) && isText(key) ? { time, key } : undefined;
}

function readDays(value: unknown): Days | undefined {
	if (!isRecord(value)) return undefined;
	const { from, next, open } = value;
	if (!isNumber(from) || !isText(next) || !Array.isArray(open)) return undefined;
	const days = open.flatMap((one: unknown) => {
		const [day, time, key] = Array.isArray(one) ? (one as unknown[]) : [];
		const cursor = readCursor({ time, key });
		return isText(day) && cursor ? [{ day, cursor }] : [];
	});
	return { from, next, open: days };
}

function daysData({ from, next, open }: Days): IDataObject {
	return { from, next, open: open.map(({ day, cursor: { time, key } }) => [day, time, key]) };
}

function readStateData(state: unknown, watching: string): State | undefined {
	if (!isRecord(state) || state.watching !== watching) return undefined;
	const cursor = readCursor(state.cursor);
	if (!cursor) return undefined;
	const days = readDays(state.days);
	const memory = readMemory(state.memory);
	return { watching, cursor, ...(days && { days }), ...(memory && { memory }) };
}

/**
 * Where n8n keeps what a trigger remembers. It keeps data of a node under the node's name, so a renamed node
 * has none. The id stays: with it, the data of the workflow tell where the trigger was.
 */
export interface Shelf {
	readonly ofNode: IDataObject;
	readonly ofWorkflow: IDataObject;
	readonly id: string;
	readonly name: string;
}

/** Under which the data of the workflow hold the places of its triggers, by their ids. */
const PLACES = 'imageRepairTriggers';
/** Triggers whose places are kept: those that were written last. */
const MOST_PLACES = 20;

/** Where a trigger was when it had this name. */
interface Place {
	name: string;
	state: unknown;
}

function readPlaces({ ofWorkflow }: Shelf): Map<string, Place> {
	const places = ofWorkflow[PLACES];
	if (!isRecord(places)) return new Map();
	return new Map(
		Object.entries(places).flatMap(([id, place]) => {
			if (!isRecord(place) || !isText(place.name)) return [];
			return [[id, { name: place.name, state: place.state }] as const];
		}),
	);
}

/** What the trigger left, under whatever name; not what another one did that had its name before. */
function findState(shelf: Shelf): unknown {
	const { ofNode, id, name } = shelf;
	const { state } = ofNode;
	const writer = isRecord(state) && isText(state.node) ? state.node : undefined;
	const places = readPlaces(shelf);
	const own = places.get(id);
	if (own) return own.name === name && writer === id ? state : own.state;
	const lastNameOfWriter = writer === undefined ? undefined : places.get(writer)?.name;
	return (lastNameOfWriter ?? name) === name ? state : undefined;
}

/**
 * Reads the state from the static data.
 *
 * @returns undefined at the first activation, and when another folder was watched before
 */
export function readState(shelf: Shelf, watching: string): State | undefined {
	return readStateData(findState(shelf), watching);
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

/** The place alone, and why the trigger has stopped: keys that were emitted are found anew. */
function placeState({ watching, cursor, days, memory }: State): IDataObject {
	const stopped = memory?.stop && memoryData({ ...memory, emitted: [] });
	return {
		watching,
		cursor: { ...cursor },
		...(days && { days: daysData(days) }),
		...(stopped && { memory: stopped }),
	};
}

/** Writes the state into the static data. */
export function writeState(shelf: Shelf, state: State): void {
	const { ofNode, ofWorkflow, id, name } = shelf;
	const { watching, cursor, days, memory } = state;
	ofNode.state = {
		node: id,
		watching,
		cursor: { ...cursor },
		...(days && { days: daysData(days) }),
		...(memory && { memory: memoryData(memory) }),
	};
	const others = [...readPlaces(shelf)].filter(([other]) => other !== id).slice(1 - MOST_PLACES);
	const places = [...others, [id, { name, state: placeState(state) }]];
	ofWorkflow[PLACES] = Object.fromEntries(places) as IDataObject;
}
