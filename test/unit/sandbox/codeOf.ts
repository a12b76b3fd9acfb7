import { CosFailure } from '../../../dev/sandbox/http/failure';

/** The error code something is refused with, or `accepted`. */
export function codeOf(run: () => unknown): string {
	try {
		run();
	} catch (error) {
		if (error instanceof CosFailure) return error.code;
		throw error;
	}
	return 'accepted';
}
