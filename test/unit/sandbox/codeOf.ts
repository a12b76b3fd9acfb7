import { CosFailure } from '../../../dev/sandbox/http/failure';

/** The error code that a function throws, or `accepted` if it throws nothing. */
export function codeOf(run: () => unknown): string {
	try {
		run();
	} catch (error) {
		if (error instanceof CosFailure) return error.code;
		throw error;
	}
	return 'accepted';
}
