import { explainInvalid } from '../../../nodes/shared/invalidParameter';
import type { Message } from '../../../nodes/shared/messages';
import { thrownBy } from '../cos/thrown';

/** What a user reads when a call refuses its input. */
export function refusal(call: () => unknown): Message {
	const thrown = thrownBy(call);
	const message = explainInvalid(thrown);
	if (message) return message;
	throw new TypeError(`Expected an invalid input, got ${String(thrown)}`);
}
