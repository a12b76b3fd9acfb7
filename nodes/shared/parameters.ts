import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { isRecord, show } from '../../cos/values';
import { InvalidParameter } from './invalidParameter';

/**
 * Gives a parameter by its name, expressions resolved: of the node, of its Options, or of a row.
 * `undefined` and `null` stand for one that is not set.
 */
export type Get = (name: string) => unknown;

/** Whether a parameter, as the workflow holds it, is known only when its node runs. */
export function isExpression(value: unknown): boolean {
	return typeof value === 'string' && value.startsWith('=');
}

/** Whether a parameter, as the workflow holds it, is an expression or holds one. */
export function holdsExpression(value: unknown): boolean {
	if (isExpression(value)) return true;
	return typeof value === 'object' && value !== null && Object.values(value).some(holdsExpression);
}

/** What a reader needs of a field: shown and read by one definition, they cannot drift apart. */
type Field = Pick<INodeProperties, 'displayName' | 'name' | 'default' | 'typeOptions'>;

/** A field with a fixed list of values. */
export interface ChoiceField<T extends string> extends INodeProperties {
	default: T;
	options: Array<INodePropertyOptions & { value: T }>;
}

/** Keeps the values of the list as a type. */
export function choiceField<T extends string>(field: ChoiceField<T>): ChoiceField<T> {
	return field;
}

/** Fields that are shown under a further condition, besides their own. */
export function shownWhen(
	display: IDisplayOptions,
	fields: readonly INodeProperties[],
): INodeProperties[] {
	return fields.map((field) => {
		const show = { ...display.show, ...field.displayOptions?.show };
		const { hide } = field.displayOptions ?? {};
		const conditions = { ...(Object.keys(show).length > 0 && { show }), ...(hide && { hide }) };
		return {
			...field,
			...(Object.keys(conditions).length > 0 && { displayOptions: conditions }),
		};
	});
}

function isAbsent(value: unknown): value is undefined | null {
	return value === undefined || value === null;
}

/** @throws InvalidParameter for a value that is not on the list: a guess could cost money */
function listed<T extends string>(values: readonly T[], given: unknown, where: string): T {
	const found = values.find((value) => value === given);
	if (found !== undefined) return found;
	throw new InvalidParameter(where, 'unlisted', {
		shown: show(given),
		allowed: values.join(', '),
	});
}

function valuesOf<T extends string>({ options }: Pick<ChoiceField<T>, 'options'>): T[] {
	return options.map(({ value }) => value);
}

/** Letters and digits alone, as a model may write a value, or what the editor calls it. */
function plain(text: string): string {
	return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** The value that is meant: written in another way, or by the name that the editor shows for it. */
function meant<T extends string>(
	{ options }: Pick<ChoiceField<T>, 'options'>,
	given: unknown,
): unknown {
	if (typeof given !== 'string') return given;
	const text = plain(given);
	if (text === '') return given;
	const found = options.filter(({ name, value }) => [value, name].map(plain).includes(text));
	const [only] = found;
	return only && found.length === 1 ? only.value : given;
}

/**
 * @param where the label, with the row that it is in
 * @throws InvalidParameter for a value that is not on the list
 */
export function oneOf<T extends string>(
	field: ChoiceField<T>,
	get: Get,
	where = field.displayName,
): T {
	const value = get(field.name);
	return isAbsent(value) ? field.default : listed(valuesOf(field), meant(field, value), where);
}

/** Tables and forms give switches as text or as 1 and 0. */
const SWITCH: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false };

/** @throws InvalidParameter unless the value is true, false, 1 or 0, or text that says so */
export function readSwitch(field: Field, get: Get): boolean {
	const value = get(field.name);
	if (isAbsent(value)) return field.default === true;
	if (typeof value === 'boolean') return value;
	const word =
		typeof value === 'string' || typeof value === 'number'
			? String(value).trim().toLowerCase()
			: '';
	const said = Object.hasOwn(SWITCH, word) ? SWITCH[word] : undefined;
	if (said !== undefined) return said;
	throw new InvalidParameter(field.displayName, 'notSwitch', { shown: show(value) });
}

/** A number, or text that holds one; NaN for anything else. */
function toNumber(value: unknown): number {
	if (typeof value === 'number') return value;
	return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

/** The number that a value stands for, for whoever checks it later; NaN for anything else. */
export function numberOf(field: Field, get: Get): number {
	const value = get(field.name);
	return toNumber(isAbsent(value) ? field.default : value);
}

/** @throws InvalidParameter unless the value is a number within the limits that the editor sets */
export function readNumber(field: Field, get: Get): number {
	const number = numberOf(field, get);
	const where = field.displayName;
	if (!Number.isFinite(number)) {
		throw new InvalidParameter(where, 'notNumber', { shown: show(get(field.name)) });
	}
	const { minValue: least = -Infinity, maxValue: most = Infinity } = field.typeOptions ?? {};
	if (number < least) throw new InvalidParameter(where, 'tooSmall', { least });
	if (number > most) throw new InvalidParameter(where, 'tooLarge', { most });
	return field.typeOptions?.numberPrecision === 0 ? Math.floor(number) : number;
}

/**
 * A number that may be left out, whatever its default in the editor.
 *
 * @throws InvalidParameter unless the value is a number within the limits that the editor sets
 */
export function readOptionalNumber(field: Field, get: Get): number | undefined {
	return isAbsent(get(field.name)) ? undefined : readNumber(field, get);
}

/** Spaces around the text are kept: they may be meant. */
function toText(value: unknown, where: string): string {
	if (typeof value === 'string' || typeof value === 'number') return String(value);
	throw new InvalidParameter(where, 'notText', { shown: show(value) });
}

/** @throws InvalidParameter unless the value is text, or a number, which counts as its digits */
export function readText(field: Field, get: Get): string {
	const value = get(field.name);
	return toText(isAbsent(value) ? field.default : value, field.displayName);
}

/**
 * Text that has to be something: an empty one counts as not set.
 *
 * @throws InvalidParameter unless the value is text, or a number, which counts as its digits
 */
export function readFilledText(field: Field, get: Get): string {
	return readText(field, get) || toText(field.default, field.displayName);
}

/** @throws InvalidParameter unless the value is a list of texts, or one text */
export function readTexts(field: Field, get: Get): string[] {
	const value = get(field.name);
	const given: unknown = isAbsent(value) ? field.default : value;
	const list: unknown[] = Array.isArray(given) ? given : [given];
	return list.map((entry) => toText(entry, field.displayName));
}

/** @throws InvalidParameter for an entry that is not on the list */
export function someOf<T extends string>(
	field: Omit<ChoiceField<T>, 'default'>,
	get: Get,
): readonly T[] {
	const value = get(field.name);
	if (isAbsent(value)) return [];
	const list: unknown[] = Array.isArray(value) ? value : [value];
	return list.map((entry) => listed(valuesOf(field), meant(field, entry), field.displayName));
}

/** The fields of a collection. n8n gives a collection or nothing, whatever an expression gives. */
export function readCollection(field: Field, get: Get): Get {
	const value = get(field.name);
	return (name) => (isRecord(value) ? value[name] : undefined);
}

/** What a person picked, and in which way. */
export interface Locator<M extends string> {
	mode: M;
	text: string;
}

/**
 * A resource locator, or its bare value: workflows that were not made in the editor hold that.
 *
 * @param bare the mode that a bare value counts as
 * @throws InvalidParameter for a mode that the field does not have
 */
export function readLocator<M extends string>(
	field: Field & { modes?: INodeProperties['modes'] },
	get: Get,
	bare: M,
	modes: readonly M[],
): Locator<M> {
	const value = get(field.name);
	if (!isRecord(value)) {
		return { mode: bare, text: isAbsent(value) ? '' : toText(value, field.displayName) };
	}
	const text = isAbsent(value.value) ? '' : toText(value.value, field.displayName);
	if (isAbsent(value.mode)) return { mode: bare, text };
	return { mode: listed(modes, value.mode, field.displayName), text };
}

/**
 * The rows of a fixed collection.
 *
 * @throws InvalidParameter when it is something else, such as an expression's text
 */
export function readRows(field: Field, rowName: string, get: Get): Get[] {
	const value = get(field.name);
	if (isAbsent(value)) return [];
	const rows = isRecord(value) ? (value[rowName] ?? []) : undefined;
	if (!Array.isArray(rows) || !rows.every(isRecord)) {
		throw new InvalidParameter(field.displayName, 'notRows', { shown: show(value) });
	}
	return rows.map((row) => (name) => row[name]);
}
