import { UnreadableResponse } from '../../cos/responses/xml';
import { wasNotSent } from './connection';
import { CallFailed, ConnectionFailed } from './errors';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;
/** A service that asks for more is not waited for: the item fails and can be run later. */
const LONGEST_ASKED_PAUSE_MS = 120_000;

/**
 * How long to wait before the next attempt: twice as long each time, with up to half of it left to
 * chance so that many items do not come back at once, and at least what the service asks for.
 *
 * @param attempt attempts so far, counted from 0
 * @returns milliseconds
 */
export function pauseBefore(attempt: number, error: unknown): number {
	const growing = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
	const jittered = growing * (0.5 + Math.random() / 2);
	const asked = error instanceof CallFailed ? (error.failure.retryAfter ?? 0) : 0;
	return Math.max(jittered, Math.min(asked, LONGEST_ASKED_PAUSE_MS));
}

/**
 * What a failed attempt means: `again` (nothing was done, and that may change), `final` (no retry can
 * help) or `lost` (the request was sent and no complete response came, so it may have taken effect).
 */
export type Outlook = 'again' | 'final' | 'lost';

export function outlookOf(error: unknown): Outlook {
	if (error instanceof CallFailed) return error.failure.retry === 'later' ? 'again' : 'final';
	if (error instanceof ConnectionFailed && wasNotSent(error)) {
		return error.evidence === 'notSentLasting' ? 'final' : 'again';
	}
	const isLost = error instanceof ConnectionFailed || error instanceof UnreadableResponse;
	return isLost ? 'lost' : 'final';
}
