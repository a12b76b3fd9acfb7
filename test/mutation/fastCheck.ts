// Stands in for `fast-check`, whose name leads here in a mutation run: hence the path.
import fastCheck, {
	type IRawProperty,
	type Parameters,
} from '../../node_modules/fast-check/lib/cjs/fast-check.js';

/**
 * A change in the code that a property can tell shows within its first cases, and each change is
 * tried in turn. In this run only: `npm test` goes through all cases.
 */
const MOST_RUNS = 40;

function assert<Ts>(
	property: IRawProperty<Ts>,
	parameters: Parameters<Ts> = {},
): Promise<void> | void {
	return fastCheck.assert(property, {
		...parameters,
		numRuns: Math.min(MOST_RUNS, parameters.numRuns ?? MOST_RUNS),
		// The change is told by the case that shows it; the smallest one is of no interest.
		endOnFailure: true,
	});
}

export default { ...fastCheck, assert };
