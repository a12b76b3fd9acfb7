import type { FileKind } from '../../cos/images/fileKind';
import { InvalidInput } from '../../cos/invalidInput';
import {
	characterName,
	EXAMPLE_ADDRESS,
	FIELD_ADVICE,
	FILE_KINDS,
	fill,
	INPUT,
	LABELS,
	PARAMETER,
	type Message,
} from './inputMessages';
import { InvalidParameter } from './invalidParameter';

function isFileKind(value: unknown): value is FileKind {
	return typeof value === 'string' && Object.hasOwn(FILE_KINDS, value);
}

function explain(label: string, { message, advice }: Message, values: object): Message {
	const named: Record<string, unknown> = { ...values };
	if (typeof named.character === 'string') named.character = characterName(named.character);
	if (isFileKind(named.kind)) named.kind = FILE_KINDS[named.kind];
	const told = fill(message, named);
	const isSentence = /^[A-Z]/.test(message);
	return { message: isSentence ? told : `${label} ${told}`, advice: fill(advice, named) };
}

/** What a value was refused for, in words; undefined for any other error. */
export function explainInvalid(error: unknown): Message | undefined {
	if (error instanceof InvalidInput) {
		const { field, reason } = error;
		const values = { example: EXAMPLE_ADDRESS[field], ...error.values };
		const { message, advice } = explain(LABELS[field], INPUT[reason], values);
		const besides = FIELD_ADVICE[reason]?.[field];
		return { message, advice: besides === undefined ? advice : `${advice} ${besides}` };
	}
	if (error instanceof InvalidParameter) {
		return explain(error.label, PARAMETER[error.reason], error.values);
	}
	return undefined;
}
