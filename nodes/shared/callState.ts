import type { Retry } from '../../cos/responses/codes';

/**
 * What is known of a call that did not bring its result.
 *
 * - `notSent`: it failed before the request left; `passing` when that may change without anybody's help.
 * - `refused`: the service itself said that it did not do it.
 * - `lost`: the request left, and neither a refusal by the service nor a complete response came. What came
 *   instead, from a gateway, says by `retry` whether an unpaid call is worth making again.
 */
export type Evidence =
	| { readonly kind: 'notSent'; readonly passing: boolean }
	| { readonly kind: 'refused'; readonly retry: Retry }
	| { readonly kind: 'lost'; readonly retry: Retry };

/** What happened to a paid call. An unknown one may have been billed. */
export type PaidState = 'notSent' | 'refused' | 'done' | 'unknown';

/** What is to be done about a call that did not bring its result. */
export type Step =
	/** Make it again after a pause. */
	| 'later'
	/** Set the clock and make it again at once, if the clock was off. */
	| 'setClock'
	/** Look whether it took effect. */
	| 'look'
	| 'fail';

/** What else the next step depends on. */
export interface Circumstances {
	/** Whether the service bills the call. */
	readonly paid: boolean;
	/** Whether Retries allow another attempt. */
	readonly attemptsLeft: boolean;
	/** Whether the clock has been set for this call before. */
	readonly clockWasSet: boolean;
	/** Whether a result that was stored could be looked for, and has not been yet. */
	readonly canLook: boolean;
	/** Retry Lost Calls. */
	readonly retryLost: boolean;
}

/** The state of a paid call, by the evidence of an attempt that did not bring its result. */
export function stateOf(evidence: Evidence): Exclude<PaidState, 'done'> {
	return evidence.kind === 'lost' ? 'unknown' : evidence.kind;
}

/** Whether the evidence, as it stands, lets the call be made again. */
function mayRepeat(evidence: Evidence, { paid, retryLost }: Circumstances): boolean {
	switch (evidence.kind) {
		case 'notSent':
			return evidence.passing;
		case 'refused':
			return evidence.retry !== 'never';
		case 'lost':
			return evidence.retry !== 'never' && (!paid || retryLost);
	}
}

/** The next step after an attempt that did not bring its result. */
export function nextStep(evidence: Evidence, circumstances: Circumstances): Step {
	const { paid, attemptsLeft, clockWasSet, canLook } = circumstances;
	if (evidence.kind === 'refused' && evidence.retry === 'afterClock') {
		return clockWasSet ? 'fail' : 'setClock';
	}
	if (evidence.kind === 'lost' && paid && canLook) return 'look';
	return attemptsLeft && mayRepeat(evidence, circumstances) ? 'later' : 'fail';
}
