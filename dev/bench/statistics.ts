/** The middle value: one run that was disturbed does not count. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] ?? NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/**
 * Measures everybody once, then everybody again, so that what else the machine does in the
 * meantime meets all alike.
 *
 * @param summary makes one number of the rounds of each
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
