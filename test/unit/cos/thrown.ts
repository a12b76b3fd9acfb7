import { InvalidInput } from '../../../cos/invalidInput';
import { UnreadableResponse } from '../../../cos/responses/xml';
import { explainInvalid } from '../../../nodes/shared/explainInvalid';
import { LABELS } from '../../../nodes/shared/messages';

/** What a call throws, or undefined when it throws nothing. */
export function thrownBy(call: () => unknown): unknown {
	try {
		call();
	} catch (thrown) {
		return thrown;
	}
	return undefined;
}

/** An InvalidInput, with the words that the node has for its reason. */
export interface Refusal extends InvalidInput {
	/** The message without the label of the field, where it begins with that. */
	what: string;
	advice: string;
}

/** The InvalidInput that a call is expected to throw. */
export function invalidInput(call: () => unknown): Refusal {
	const thrown = thrownBy(call);
	if (!(thrown instanceof InvalidInput)) {
		throw new TypeError(`Expected an InvalidInput, got ${String(thrown)}`);
	}
	const { message = '', advice = '' } = explainInvalid(thrown) ?? {};
	const label = `${LABELS[thrown.field]} `;
	const what = message.startsWith(label) ? message.slice(label.length) : message;
	return Object.assign(thrown, { what, advice });
}

/** The UnreadableResponse that a call is expected to throw. */
export function unreadable(call: () => unknown): UnreadableResponse {
	const thrown = thrownBy(call);
	if (thrown instanceof UnreadableResponse) return thrown;
	throw new TypeError(`Expected an UnreadableResponse, got ${String(thrown)}`);
}
