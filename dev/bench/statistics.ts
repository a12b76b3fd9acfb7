/** The middle value, which ignores a single disturbed run. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] ?? NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/**
 * Measures all contenders in turn, several times, so that other load on the machine affects all of
 * them alike.
 *
 * @param summary combines the rounds of one contender into one number
 */
export async function rounds<Name extends string>(
	names: readonly Name[],
	count: number,
	measure: (name: Name) => Promise<number>,
	summary: (values: readonly number[]) => number,
): Promise<Readonly<Record<string, number>>> {
	const measured = new Map<Name, number[]>(names.map((name) => [name, []]));
	for (let round = 0; round < count; round++) {
		for (const [name, values] of measured) values.push(await measure(name));
	}
	return Object.fromEntries([...measured].map(([name, values]) => [name, summary(values)]));
}
