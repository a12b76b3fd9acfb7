/** The middle value, which ignores a single disturbed run. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] ?? NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** What each contender measured in one round. */
export type Round<Name extends string> = Readonly<Record<Name, number>>;

/**
 * Measures all contenders in turn, several times, so that other load on the machine affects all of
 * them alike. Each round begins with another contender: none always runs after the same one.
 */
export async function takeTurns<Name extends string>(
	names: readonly Name[],
	count: number,
	measure: (name: Name) => Promise<number>,
): Promise<Array<Round<Name>>> {
	const all: Array<Round<Name>> = [];
	for (let round = 0; round < count; round++) {
		const first = round % names.length;
		const measured: Array<[Name, number]> = [];
		for (const name of [...names.slice(first), ...names.slice(0, first)]) {
			measured.push([name, await measure(name)]);
		}
		all.push(Object.fromEntries(measured) as Round<Name>);
	}
	return all;
}

/** The median of one contender's rounds. */
export function medianOf<Name extends string>(
	rounds: ReadonlyArray<Round<Name>>,
	name: Name,
): number {
	return median(rounds.map((round) => round[name]));
}

/**
 * One contender as a share of another: the median of the shares of the rounds. Both ran within seconds of
 * each other in a round, so that what slows the machine down for a while does not count.
 */
export function shareOf<Name extends string>(
	rounds: ReadonlyArray<Round<Name>>,
	name: Name,
	of: Name,
): number {
	return median(rounds.map((round) => round[name] / round[of]));
}

/** The median of each contender, measured in turns. */
export async function medians<Name extends string>(
	names: readonly Name[],
	count: number,
	measure: (name: Name) => Promise<number>,
): Promise<Readonly<Record<string, number>>> {
	const measured = await takeTurns(names, count, measure);
	return Object.fromEntries(names.map((name) => [name, medianOf(measured, name)]));
}
