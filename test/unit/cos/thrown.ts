import { InvalidInput } from '../../../cos/invalidInput';

/** What a call throws, or undefined when it throws nothing. */
export function thrownBy(call: () => unknown): unknown {
	try {
		call();
	} catch (thrown) {
		return thrown;
	}
	return undefined;
}

/** The InvalidInput that a call is expected to throw. */
export function invalidInput(call: () => unknown): InvalidInput {
	const thrown = thrownBy(call);
	if (thrown instanceof InvalidInput) return thrown;
	throw new TypeError(`Expected an InvalidInput, got ${String(thrown)}`);
}
