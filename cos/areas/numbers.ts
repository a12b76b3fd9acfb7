import { isRecord } from '../values';
import type { Point } from './points';

/** A finite number, or text that holds one. */
export function asNumber(value: unknown): number | undefined {
	if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	const number = Number(value);
	return Number.isFinite(number) ? number : undefined;
}

/** By its name, whatever its spelling: `x_min`, `xMin` and `XMin` are one. */
export type Fields = ReadonlyMap<string, unknown>;

/** What every object has, or pretends to have: never the name of a detector's field. */
const OWN_TO_OBJECTS = new Set(['proto', 'constructor', 'prototype']);

/** The fields of a record by their names without case and separators. What is null counts as absent. */
export function fieldsOf(record: Readonly<Record<string, unknown>>): Fields {
	const fields = new Map<string, unknown>();
	for (const [spelled, value] of Object.entries(record)) {
		const name = spelled.replace(/[_\s-]/g, '').toLowerCase();
		if (OWN_TO_OBJECTS.has(name) || value === null || value === undefined) continue;
		if (!fields.has(name)) fields.set(name, value);
	}
	return fields;
}

/** The first number in these fields. */
export function numberIn(fields: Fields, names: readonly string[]): number | undefined {
	for (const name of names) {
		const number = asNumber(fields.get(name));
		if (number !== undefined) return number;
	}
	return undefined;
}

function isCoordinate(value: unknown): boolean {
	return typeof value === 'string' || typeof value === 'number';
}

/** A list of numbers, or of text for numbers, that is not empty. */
export function isNumberList(value: unknown): value is unknown[] {
	return Array.isArray(value) && value.length > 0 && value.every(isCoordinate);
}

/** A corner, by its shape alone: `[x, y]` or `{x, y}`. */
export function looksLikeCorner(value: unknown): boolean {
	if (!isRecord(value)) return isNumberList(value);
	const fields = fieldsOf(value);
	return (
		fields.has('x') && fields.has('y') && !['width', 'w', 'right'].some((name) => fields.has(name))
	);
}

/**
 * @param isSparse whether a coordinate that is 0 is left out
 * @returns undefined for what is not two numbers
 */
export function cornerOf(value: unknown, isSparse: boolean): Point | undefined {
	const fields = isRecord(value) ? fieldsOf(value) : undefined;
	const pair: readonly unknown[] = fields
		? [fields.get('x') ?? (isSparse ? 0 : undefined), fields.get('y') ?? (isSparse ? 0 : undefined)]
		: Array.isArray(value)
			? value
			: [];
	const [x, y] = pair.map(asNumber);
	return pair.length !== 2 || x === undefined || y === undefined ? undefined : [x, y];
}
