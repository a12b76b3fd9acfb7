import type { InvalidInput } from '../../cos/invalidInput';
import {
	characterName,
	EXAMPLE_ADDRESS,
	FIELD_ADVICE,
	fill,
	INPUT,
	LABELS,
	type Message,
} from './inputMessages';

/**
 * A message about a field with its values put in.
 *
 * @param label as the editor shows it
 */
export function explain(label: string, { message, advice }: Message, values: object): Message {
	const named: Record<string, unknown> = { ...values };
	if (typeof named.character === 'string') named.character = characterName(named.character);
	const told = fill(message, named);
	const isSentence = /^[A-Z]/.test(message);
	return { message: isSentence ? told : `${label} ${told}`, advice: fill(advice, named) };
}

/** What `cos/` refused a value for, in words. */
export function explainInput({ field, reason, values }: InvalidInput): Message {
	const named = { example: EXAMPLE_ADDRESS[field], ...values };
	const { message, advice } = explain(LABELS[field], INPUT[reason], named);
	const besides = FIELD_ADVICE[reason]?.[field];
	return { message, advice: besides === undefined ? advice : `${advice} ${besides}` };
}
