import { explainInvalid } from '../../../nodes/shared/explainInvalid';
import type { Message } from '../../../nodes/shared/messages';
import { thrownBy } from '../cos/thrown';

/** The message for the user if a call rejects its input. */
export function refusal(call: () => unknown): Message {
	const thrown = thrownBy(call);
	const message = explainInvalid(thrown);
	if (message) return message;
	throw new TypeError(`Expected an invalid input, got ${String(thrown)}`);
}
